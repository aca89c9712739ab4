"""The sheet for the meeting: a file of its own, prefilled with what waits, and with room for the decisions.

It comes from the desk: the open cases and where each stands, then what people wrote that nobody has taken in
hand, then what was done since, to be noted.
"""

from collections.abc import Iterator, Sequence

from homthu.domain.cases.statistics import CaseSummary
from homthu.domain.reports.suggestion import Suggestion
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.render.letter.document import (
    Align,
    Block,
    Cell,
    Grid,
    Letter,
    Margins,
    Measure,
    Paragraph,
    Role,
    Run,
    body,
    words,
)
from homthu.render.letter.form import in_full
from homthu.render.letter.tables import EXCERPT_CHARACTERS, called, cut, ruled_grid
from homthu.render.letter.word import write_letter
from homthu.render.marks import mark
from homthu.render.numbers import format_count, format_date
from homthu.render.report.cases import about, state, task
from homthu.render.report.period import period_name
from homthu.render.report.quotes import in_order
from homthu.render.texts import Texts

_MARGINS = Margins(top=15, bottom=15, left=20, right=15)
_MEASURE = Measure(size=13, indent_mm=0, gap_before=4)
#: Number, matter, where it stands; then what the meeting decides, who does it, by when.
_WIDTHS = (17, 80, 45, 66, 32, 22)
_DONE_WIDTHS = (17, 150, 95)
_ROW_MM = 12
_SPARE_ROWS = 3


def has_meeting(report: WeeklyReport) -> bool:
    """Whether there is anything to decide or to note."""
    return bool(report.case_statistics.cases or report.suggestions.quoted)


def render_meeting(report: WeeklyReport, *, texts: Texts) -> bytes:
    """The sheet as the bytes of a .docx."""
    return write_letter(meeting_of(report, texts))


def meeting_of(report: WeeklyReport, texts: Texts) -> Letter:
    """The sheet, before any file format."""
    style = report.box.report
    return Letter(
        title=texts(
            "letter.meeting.file_title", period=period_name(report, texts), ward=report.box.ward.full_name
        ),
        author=style.issuer,
        notes_by=texts("letter.note.by"),
        made_on=report.made_on,
        margins=_MARGINS,
        measure=_MEASURE,
        draft_mark="",
        is_across=True,
        pages=(*_head(report, texts), *_matters(report, texts), *_signatures(texts)),
    )


def _head(report: WeeklyReport, texts: Texts) -> Iterator[Block]:
    yield words(in_full(report.box.report.issuer).upper(), size=12, bold=True)
    yield Paragraph(runs=(Run(text=texts("letter.meeting.title"), size=15),), role=Role.TITLE, gap_before=6)
    about_what = texts("letter.meeting.about", period=period_name(report, texts))
    yield Paragraph(runs=(Run(text=about_what, size=14, bold=True),), align=Align.CENTRE, gap_after=6)
    yield body(texts("letter.meeting.when"), align=Align.LEFT)
    yield body(texts("letter.meeting.who"), align=Align.LEFT)


def _matters(report: WeeklyReport, texts: Texts) -> Iterator[Block]:
    cases = report.case_statistics.cases
    open_cases = [one for one in cases if one.ended_on is None]
    done = [one for one in cases if one.ended_on is not None]
    taken = {one.name for one in cases if one.name}
    quoted = in_order(report, report.suggestions.quoted)
    waiting = [one for one in quoted if one.name not in taken]
    sections: list[tuple[str, Sequence[Sequence[str]]]] = []
    if open_cases:
        sections.append(("open", [_case(one, texts) for one in open_cases]))
    if waiting:
        sections.append(("waiting", [_suggestion(one, texts) for one in waiting]))
    for number, (key, rows) in enumerate(sections, 1):
        yield _heading(number, key, report, texts)
        spare = [("",) * len(_WIDTHS)] * _SPARE_ROWS if number == len(sections) else []
        yield _grid(
            key,
            ("name", "matter", "state", "direction", "person", "deadline"),
            _WIDTHS,
            [*rows, *spare],
            texts,
        )
    if (petitions := report.forms.petitions) and report.tells_petitions:
        yield body(texts("letter.meeting.petitions", petitions=format_count(petitions)))
    if done:
        yield _heading(len(sections) + 1, "done", report, texts)
        rows = [(called(one.name, one.forms, texts), _about(one, texts), state(one, texts)) for one in done]
        yield _grid("done", ("name", "matter", "result"), _DONE_WIDTHS, rows, texts, height_mm=0)


def _heading(number: int, key: str, report: WeeklyReport, texts: Texts) -> Paragraph:
    text = texts(f"letter.meeting.{key}", day=format_date(report.last_day))
    return Paragraph(
        runs=(Run(text=texts("letter.meeting.section", number=number, title=text)),),
        role=Role.HEADING,
        gap_before=8,
        gap_after=3,
    )


def _grid(
    key: str,
    columns: Sequence[str],
    widths: Sequence[float],
    rows: Sequence[Sequence[str]],
    texts: Texts,
    *,
    height_mm: float = _ROW_MM,
) -> Grid:
    headings = [texts(f"letter.table.{column}") for column in columns]
    title = texts(f"letter.meeting.{key}", day="")
    return ruled_grid(headings, widths, rows, title=title, height_mm=height_mm)


def _case(one: CaseSummary, texts: Texts) -> Sequence[str]:
    stands = [state(one, texts), task(one, texts)]
    name = called(one.name, one.forms, texts)
    return (name, _about(one, texts), "\n".join(line for line in stands if line), "", "", "")


def _about(one: CaseSummary, texts: Texts) -> str:
    return about(one, texts, characters=EXCERPT_CHARACTERS, cut="letter.annex.cut")


def _suggestion(one: Suggestion, texts: Texts) -> Sequence[str]:
    excerpt = mark(one.id, cut(one.text, EXCERPT_CHARACTERS, texts))
    return (called(one.name, one.forms, texts), excerpt, texts("letter.meeting.new"), "", "", "")


def _signatures(texts: Texts) -> Iterator[Block]:
    yield Paragraph(runs=(), gap_before=4, with_next=True)
    cells = tuple(
        Cell(
            paragraphs=(
                words(texts(f"letter.meeting.{who}"), Align.CENTRE, bold=True),
                *(words("", Align.CENTRE) for _ in range(3)),
            )
        )
        for who in ("writer", "chair")
    )
    width = (297 - _MARGINS.left - _MARGINS.right) / 2
    yield Grid(widths=(width, width), rows=(cells,), ruled=False)
