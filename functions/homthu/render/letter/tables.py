"""The six tables of the official report and the sheet for the meeting, as grids.

Their columns follow the frame of `domain.md` §3.2; a reference stays with the citizen, so a
suggestion is told by its running number. Columns that people fill in are empty.
"""

from collections.abc import Iterable, Sequence

from homthu.domain.boxes.questionnaire import NO_OPINION, RATINGS, Questionnaire, say
from homthu.domain.reports.suggestion import Suggestion
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.render.defang import defang
from homthu.render.letter.document import Align, Cell, Grid, cell
from homthu.render.numbers import format_count, format_date, format_decimal, format_share
from homthu.render.report.matters import about, publication, state, unit
from homthu.render.report.names import Names
from homthu.render.report.tables import option_label
from homthu.render.shorten import shorten
from homthu.render.texts import Texts

_SIZE, _SMALL = 11.0, 9.5
_EMPTY_ROWS = 3
#: So much of a suggestion stands in the letter; the workbook has all of it.
TEXT_CHARACTERS, EXCERPT_CHARACTERS = 500, 140
#: So many cases stand in table 6; the workbook has more.
MAX_CASES = 40

Values = Sequence[str]


def place_grid(report: WeeklyReport, names: Names) -> Grid:
    """Table 1: the submissions of every place."""
    texts = names.texts
    rows = [
        (
            str(number),
            names.place(figures.code),
            format_count(figures.received),
            texts("report.figure.none") if figures.before is None else format_count(figures.before),
            format_count(figures.in_round),
            "",
        )
        for number, figures in enumerate(report.by_place(), 1)
    ]
    before = report.received_before
    total = (
        "",
        texts("letter.table.total"),
        format_count(report.received),
        texts("report.figure.none") if before is None else format_count(before),
        format_count(report.in_round),
        "",
    )
    keys = ("ordinal", "place", "received", "before", "in_round", "remark")
    return _grid(texts, keys, (10, 75, 20, 18, 18, 24), [*rows, total], numbers=range(2, 5), bold_last=True)


def question_grid(report: WeeklyReport, asked: Questionnaire, names: Names) -> Grid:
    """Table 2: the rating questions of one version."""
    texts = names.texts
    overall = asked.question(asked.overall)
    labels = [
        say(option.label, texts.language) if overall and (option := overall.option(id)) else id
        for id in (*RATINGS, NO_OPINION)
    ]
    none = texts("report.figure.none")
    rows = []
    for number, figures in enumerate(report.ratings(asked), 1):
        now = figures.now
        rows.append(
            (
                str(number),
                say(figures.question.short, texts.language),
                *(format_count(now.by_rating[rating]) for rating in RATINGS),
                format_count(now.no_opinion),
                format_count(now.valid),
                none if now.share is None else format_share(now.share),
                none if now.mean is None else format_decimal(now.mean),
            )
        )
    headings = [
        texts("letter.table.ordinal"),
        texts("letter.table.question"),
        *labels,
        *(texts(f"letter.table.{key}") for key in ("valid", "share", "mean")),
    ]
    widths = (10.5, 39, 12, 12, 13.5, 13, 13.5, 13, 13, 13.5, 12)
    return _ruled(headings, widths, rows, numbers=range(2, 11), heading_size=_SMALL)


def group_grid(report: WeeklyReport, names: Names) -> Grid:
    """Table 3: the overall rating by service and by place, hidden where the rules want it."""
    texts = names.texts
    keys = ("group", "group_received", "group_valid", "group_overall", "group_dissatisfied")
    headings = [texts(f"letter.table.{key}") for key in keys]
    hidden = texts("report.figure.hidden")
    services = [(names.service(group.id), group.received, group.overall) for group in report.by_service()]
    if report.without_service:
        services.append((names.service(""), report.without_service, report.overall_without_service))
    places = [(names.place(one.code), one.received, one.overall) for one in report.by_place() if one.received]
    rows: list[tuple[str, ...]] = []
    for title, groups in (("by_service", services), ("by_place", places)):
        rows.append((texts(f"letter.table.{title}"),))
        for name, received, overall in groups:
            if overall is None:
                rows.append((name, format_count(received), hidden, hidden, hidden))
                continue
            dissatisfied = overall.by_rating["2"] + overall.by_rating["1"]
            counts = format_count(overall.valid), names.figure(overall), format_count(dissatisfied)
            rows.append((name, format_count(received), *counts))
    return _ruled(headings, (73, 20, 20, 32, 20), rows, numbers=range(1, 5))


def choice_grid(report: WeeklyReport, asked: Questionnaire, names: Names) -> Grid:
    """Table 4: the choice questions, each under its own heading."""
    texts = names.texts
    rows: list[tuple[str, ...]] = []
    for figures in report.choices(asked):
        rows.append((say(figures.question.text, texts.language),))
        for id, count in figures.by_option.items():
            share = figures.share(id)
            shown = texts("report.figure.none") if share is None else format_share(share)
            rows.append((option_label(figures, id, texts), format_count(count), shown))
    headings = [texts(f"letter.table.{key}") for key in ("option", "count", "option_share")]
    return _ruled(headings, (105, 30, 30), rows, numbers=range(1, 3))


def suggestion_grid(suggestions: Iterable[Suggestion], names: Names) -> Grid:
    """Table 5: what people wrote, with columns to be filled in."""
    keys = ("ordinal", "day", "place", "service", "text", "proposed", "deadline")
    rows = [
        (
            str(number),
            format_date(one.received_on),
            names.place(one.place),
            names.service(one.service),
            _cut(one.text, TEXT_CHARACTERS, names.texts),
            "",
            "",
        )
        for number, one in enumerate(suggestions, 1)
    ]
    return _grid(names.texts, keys, (10, 23, 38, 32, 104, 36, 24), rows)


def case_grid(report: WeeklyReport, names: Names) -> Grid:
    """Table 6: how the cases stand, the most urgent first; empty rows for the clerk if there are none."""
    texts = names.texts
    keys = ("ordinal", "case", "day", "unit", "due", "result", "published")
    rows = [
        (
            str(number),
            _cut(about(matter, texts), EXCERPT_CHARACTERS, texts),
            format_date(matter.opened_on),
            unit(matter),
            format_date(matter.due_on) if matter.due_on else "",
            state(matter, texts),
            publication(matter, texts),
        )
        for number, matter in enumerate(report.handling.matters[:MAX_CASES], 1)
    ]
    widths = (10, 40, 23, 26, 23, 22, 21)
    return _grid(texts, keys, widths, rows or [("",) * len(keys)] * _EMPTY_ROWS, height_mm=8)


def meeting_grid(suggestions: Sequence[Suggestion], names: Names) -> Grid:
    """The sheet for the meeting: one line a matter, and room for what is decided."""
    keys = ("ordinal", "excerpt", "direction", "person", "deadline", "remark")
    rows = [
        (str(number), _cut(one.text, EXCERPT_CHARACTERS, names.texts), "", "", "", "")
        for number, one in enumerate(suggestions, 1)
    ]
    return _grid(names.texts, keys, (10, 80, 82, 40, 28, 27), rows, height_mm=12)


def _cut(text: str, characters: int, texts: Texts) -> str:
    flat = " ".join(defang(text).split())
    start = shorten(flat, characters)
    return flat if start == flat else texts("letter.annex.cut", text=start)


def _grid(
    texts: Texts,
    keys: Sequence[str],
    widths: Sequence[float],
    rows: Sequence[Values],
    *,
    numbers: Iterable[int] = (),
    bold_last: bool = False,
    height_mm: float = 0,
) -> Grid:
    headings = [texts(f"letter.table.{key}") for key in keys]
    return _ruled(headings, widths, rows, numbers=numbers, bold_last=bold_last, height_mm=height_mm)


def _ruled(
    headings: Sequence[str],
    widths: Sequence[float],
    rows: Sequence[Values],
    *,
    numbers: Iterable[int] = (),
    heading_size: float = _SIZE,
    bold_last: bool = False,
    height_mm: float = 0,
) -> Grid:
    """A ruled grid; a row of one value goes across all columns, in bold."""
    # A running number stands in the middle of its column, as figures do.
    centred = {*numbers, *([0] if len(widths) > 5 else [])}

    def row(values: Values, *, bold: bool) -> tuple[Cell, ...]:
        if len(values) == 1:
            whole = cell(values[0], size=_SIZE, bold=True)
            return (Cell(paragraphs=whole.paragraphs, span=len(headings)),)
        aligned = [Align.CENTRE if at in centred else Align.LEFT for at in range(len(values))]
        return tuple(
            cell(value, align, size=_SIZE, bold=bold) for value, align in zip(values, aligned, strict=True)
        )

    heading = tuple(cell(name, Align.CENTRE, size=heading_size, bold=True) for name in headings)
    last = len(rows) - 1
    body = (row(values, bold=bold_last and at == last) for at, values in enumerate(rows))
    return Grid(widths=tuple(widths), rows=(heading, *body), heading_rows=1, height_mm=height_mm)
