"""The parts of an official letter, before any file format is known.

Sizes of letters are in points, lengths on paper in millimetres, as the rules give them.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Align(StrEnum):
    """Where the lines of a paragraph stand."""

    LEFT = "left"
    CENTRE = "center"
    RIGHT = "right"
    BOTH = "both"


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """Words of one look; `size` 0 is the letter's own."""

    text: str
    size: float = 0
    bold: bool = False
    italic: bool = False
    underline: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Paragraph:
    """Words across the page or a cell. `spaced` gives it the first-line indent and gap of running text.

    `rule_mm` draws a line of this length below the words, and nothing if 0.
    """

    runs: tuple[Run, ...]
    align: Align = Align.BOTH
    spaced: bool = False
    with_next: bool = False
    gap_before: float = 0
    gap_after: float = 0
    rule_mm: float = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """One cell of a grid, and over how many columns it goes."""

    paragraphs: tuple[Paragraph, ...]
    span: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Grid:
    """A table: widths of its columns, rows of cells, how many rows are repeated on every page.

    Without `ruled` it only sets things side by side and shows no lines. `height_mm` is the least
    height of the rows below the heading, for what a person writes by hand.
    """

    widths: tuple[float, ...]
    rows: tuple[tuple[Cell, ...], ...]
    heading_rows: int = 0
    ruled: bool = True
    height_mm: float = 0


Block = Paragraph | Grid


@dataclass(frozen=True, kw_only=True, slots=True)
class Margins:
    """The margins of a page."""

    top: float
    bottom: float
    left: float
    right: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Measure:
    """How running text is set: size, first-line indent, and either an exact line height or a multiple."""

    size: float
    indent_mm: float
    gap_before: float
    line_points: float = 0
    line_multiple: float = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """A letter on A4: the pages that are signed, then pages across that go with it."""

    title: str
    author: str
    made_on: date
    margins: Margins
    measure: Measure
    draft_mark: str
    pages: tuple[Block, ...]
    annex: tuple[Block, ...] = field(default=())


def words(text: str, align: Align = Align.LEFT, *, size: float = 0, bold: bool = False) -> Paragraph:
    """A paragraph of one look."""
    return Paragraph(runs=(Run(text=text, size=size, bold=bold),), align=align)


def cell(text: str, align: Align = Align.LEFT, *, size: float = 0, bold: bool = False) -> Cell:
    """A cell with one paragraph for each line of the text."""
    return Cell(
        paragraphs=tuple(words(line, align, size=size, bold=bold) for line in text.split("\n") or [""])
    )
