"""Typed cells and tables of a workbook, before any file format is known.

A cell is an `int` (a count), a `Share`, a `float` (one decimal), a `date`, a text, a `Figures`, or
None for nothing to say.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from homthu.domain.releases.figure import Figure
from homthu.render.report import told
from homthu.render.texts import Texts


class Share(float):
    """A share from 0 to 1, to be shown as a percentage."""


class Figures(str):
    """Words in the place of a number, where almost all answered alike."""

    __slots__ = ()


Cell = str | int | float | date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column: its heading and its width in characters."""

    heading: str
    width: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """Columns and their rows; the title is empty where the sheet's own name says it."""

    columns: tuple[Column, ...]
    rows: Iterable[tuple[Cell, ...]]
    title: str = ""


def columns_of(headings: Iterable[str], widths: Iterable[int]) -> tuple[Column, ...]:
    """A column for each heading and width."""
    return tuple(Column(heading=h, width=w) for h, w in zip(headings, widths, strict=True))


def share_of(figure: Figure | None, texts: Texts) -> Cell:
    """The share satisfied; words where almost all said the same."""
    if figure is None:
        return None
    return Figures(told.alike(figure.alike, texts)) if figure.alike else Share(figure.satisfied_share)


def counted(figure: Figure | None, texts: Texts) -> tuple[Cell, Cell, Cell]:
    """Answers, those satisfied where they are told exactly, and the share."""
    if figure is None:
        return None, None, None
    return figure.answers, figure.satisfied.least if figure.is_exact else None, share_of(figure, texts)


def run(figure: Figure | None, texts: Texts) -> tuple[Cell, ...]:
    """Answers, satisfied, share, interval and days of a run; empty cells for none."""
    if figure is None:
        return (None,) * 6
    low, high = interval(figure)
    return *counted(figure, texts), low, high, told.dates(figure)


def interval(figure: Figure) -> tuple[Cell, Cell]:
    """The bounds of the share satisfied; empty where it was told in words."""
    if figure.alike:
        return None, None
    return Share(figure.interval.low), Share(figure.interval.high)
