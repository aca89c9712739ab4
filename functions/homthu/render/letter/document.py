"""The parts of an official letter, before any file format is known.

Sizes of letters are in points, lengths on paper in millimetres, as the rules give them.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Align(StrEnum):
    """How the lines of a paragraph are aligned."""

    LEFT = "left"
    CENTRE = "center"
    RIGHT = "right"
    BOTH = "both"


class Role(StrEnum):
    """The role of a paragraph, as the id of its style: screen readers and the navigation pane use it."""

    PLAIN = "Normal"
    BODY = "BodyText"
    TITLE = "Title"
    HEADING = "Heading1"
    CAPTION = "Caption"


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """Words in one format; `size` 0 is the letter's own. `field` is what a word processor recalculates (`SEQ
    Bảng`), and `text` what it shows until then.
    """

    text: str
    field: str = ""
    size: float = 0
    bold: bool = False
    italic: bool = False
    underline: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Paragraph:
    """Words across the page or a cell, aligned by its role unless `align` says otherwise.

    `rule_mm` draws a line of this length below the words, if not 0. `note` is a comment for the drafter, kept
    beside the text and gone when it is signed.
    """

    runs: tuple[Run, ...]
    align: Align | None = None
    role: Role = Role.PLAIN
    note: str = ""
    with_next: bool = False
    gap_before: float = 0
    gap_after: float = 0
    rule_mm: float = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """One cell of a grid, and how many columns it spans."""

    paragraphs: tuple[Paragraph, ...]
    span: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Grid:
    """A table: widths of its columns, rows of cells, how many rows are repeated on every page.

    `title` is for who cannot see it. Without `ruled` it only sets things side by side and shows no
    lines. `height_mm` is the least height of the rows below the heading, for what a person writes by hand.
    """

    widths: tuple[float, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""
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
    """A letter on A4: the pages that are signed, then landscape annexes, each with its own page numbers.

    With `is_across` its first pages are landscape too. `notes_by` signs the comments for the drafter.
    """

    title: str
    author: str
    notes_by: str
    made_on: date
    margins: Margins
    measure: Measure
    draft_mark: str
    pages: tuple[Block, ...]
    annexes: tuple[tuple[Block, ...], ...] = ()
    is_across: bool = False


def body(text: str, *, note: str = "", with_next: bool = False, align: Align | None = None) -> Paragraph:
    """Running text."""
    return Paragraph(runs=(Run(text=text),), role=Role.BODY, note=note, with_next=with_next, align=align)


def words(text: str, align: Align = Align.LEFT, *, size: float = 0, bold: bool = False) -> Paragraph:
    """A paragraph in one format."""
    return Paragraph(runs=(Run(text=text, size=size, bold=bold),), align=align)


def cell(text: str, align: Align = Align.LEFT, *, size: float = 0, bold: bool = False) -> Cell:
    """A cell with one paragraph per line of the text."""
    return Cell(
        paragraphs=tuple(words(line, align, size=size, bold=bold) for line in text.split("\n") or [""])
    )
