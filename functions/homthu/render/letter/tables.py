"""The six tables of the official report, as grids.

A reference stays with the citizen, so a suggestion is identified by its short number. Columns for people to
fill in are empty.
"""

from collections.abc import Iterable, Sequence

from homthu.domain.boxes.questionnaire import RATINGS, Questionnaire, say
from homthu.domain.releases.figure import Figure
from homthu.domain.releases.series import OVERALL, WARD, Asked, Series, SeriesKind
from homthu.domain.reports.suggestion import Suggestion
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.render.defang import defang
from homthu.render.letter.document import Align, Cell, Grid, cell
from homthu.render.marks import mark
from homthu.render.numbers import format_count, format_date, format_decimal
from homthu.render.report import told
from homthu.render.report.cases import about, publication, state, unit
from homthu.render.report.names import Names
from homthu.render.report.quotes import forms
from homthu.render.report.tables import choice, in_order
from homthu.render.shorten import shorten
from homthu.render.texts import Texts

_SIZE, _SMALL = 11.0, 9.5
_EMPTY_ROWS = 6
#: How much of a suggestion the letter has; the workbook has all of it.
TEXT_CHARACTERS, EXCERPT_CHARACTERS = 500, 140
#: The most cases in table 6; the workbook has more.
MAX_CASES = 40

Values = Sequence[str]


def place_grid(report: WeeklyReport, names: Names) -> Grid:
    """Table 1: the forms of every place, beside those of an earlier time and of the round up to now."""
    texts, forms = names.texts, report.forms
    is_cumulated = forms.in_round is not None

    def row(first: str, name: str, received: int, before: int | None, in_round: int | None) -> Values:
        counts = (received, before, *([in_round] if is_cumulated else []))
        none = texts("report.figure.none")
        return (first, name, *(none if n is None else format_count(n) for n in counts), "")

    rows = [
        row(str(number), names.place(one.code), one.received, one.before, one.in_round)
        for number, one in enumerate(forms.by_place, 1)
    ]
    total = row("", texts("letter.table.total"), forms.received, forms.before, forms.in_round)
    keys = ("ordinal", "place", "received", f"before_{report.kind}", *(["in_round"] if is_cumulated else []))
    widths = (10, 75, 20, 18, 18, 24) if is_cumulated else (10, 85, 22, 22, 26)
    return _grid(
        texts,
        (*keys, "remark"),
        widths,
        [*rows, total],
        title=texts("letter.caption.places"),
        numbers=range(2, len(widths) - 1),
        bold_last=True,
    )


def question_grid(report: WeeklyReport, version: Questionnaire, names: Names) -> Grid:
    """Table 2: the rating questions of one version."""
    texts = names.texts
    overall = version.question(version.overall)
    labels = [
        say(option.label, texts.language) if overall and (option := overall.option(id)) else id
        for id in RATINGS
    ]
    none = texts("report.figure.none")
    rows = []
    for number, (question, asked) in enumerate(report.rated(version), 1):
        figure, name = report.tells(WARD, asked).figure, say(question.short, texts.language)
        if figure and not told.is_own_time(figure, report):
            name = texts("letter.table.dated", question=name, dates=told.dates(figure))
        rows.append(
            (
                str(number),
                name,
                *(_counted(figure, rating, none) for rating in RATINGS),
                format_count(figure.answers) if figure else none,
                told.share(figure, texts) if figure else none,
                none if figure is None or figure.mean is None else format_decimal(figure.mean),
            )
        )
    headings = [
        texts("letter.table.ordinal"),
        texts("letter.table.question"),
        *labels,
        *(texts(f"letter.table.{key}") for key in ("valid", "share", "mean")),
    ]
    widths = (10.5, 39, 13, 13, 13.5, 14, 14, 14, 22, 12)
    title = texts("letter.caption.questions")
    return ruled_grid(headings, widths, rows, title=title, numbers=range(2, 10), heading_size=_SMALL)


def group_grid(report: WeeklyReport, names: Names) -> Grid:
    """Table 3: the overall rating by service, by mode and by place, as far as it is told."""
    texts = names.texts
    headings = [texts(f"letter.table.{key}") for key in ("group", "group_days", "group_overall")]
    rows: list[tuple[str, ...]] = []
    for kind in (SeriesKind.SERVICE, SeriesKind.MODE, SeriesKind.PLACE):
        rows.append((texts(f"letter.table.by_{kind}"),))
        found = in_order(kind, report)
        rows += [_group(series, report, names) for series in found]
        if not found:
            rows.append((texts("letter.table.none_yet"), "", texts("report.figure.none")))
    return ruled_grid(headings, (76, 43, 46), rows, title=texts("letter.caption.groups"), numbers=range(1, 3))


def _group(series: Series, report: WeeklyReport, names: Names) -> tuple[str, ...]:
    figure = report.tells(series, OVERALL).figure
    if figure is None:
        return names.series(series), "", names.texts("report.figure.none")
    return names.series(series), told.dates(figure), told.short(figure, names.texts)


def choice_grid(report: WeeklyReport, version: Questionnaire, names: Names) -> Grid:
    """Table 4: the choice questions, each under its own heading."""
    texts = names.texts
    rows: list[tuple[str, ...]] = []
    for question in version.choices:
        rows.append((say(question.text, texts.language),))
        made = choice(question, report.tells(WARD, Asked(version.version, question.id)), report, texts)
        rows += [(row.label, row.count, row.share) for row in made.rows]
        rows.append((" ".join(made.sentences), "", ""))
    headings = [texts(f"letter.table.{key}") for key in ("option", "count", "option_share")]
    return ruled_grid(
        headings, (105, 30, 30), rows, title=texts("letter.caption.choices"), numbers=range(1, 3)
    )


def _counted(figure: Figure | None, rating: str, none: str) -> str:
    """How many gave a rating, where that is told exactly."""
    return format_count(figure.chose({rating}).least) if figure and figure.is_exact else none


def suggestion_grid(suggestions: Iterable[Suggestion], names: Names) -> Grid:
    """Table 5: what people wrote, with columns to be filled in."""
    keys = ("name", "place", "service", "text", "proposed", "deadline")
    rows = [
        (
            called(one.name, one.forms, names.texts),
            names.place(one.place) if one.place and one.is_one_place else "",
            names.service(one.service) if one.service else "",
            mark(one.id, cut(one.text, TEXT_CHARACTERS, names.texts)),
            "",
            "",
        )
        for one in suggestions
    ]
    return _grid(
        names.texts,
        keys,
        (17, 40, 34, 112, 38, 26),
        rows,
        title=names.texts("letter.caption.suggestions"),
    )


def case_grid(report: WeeklyReport, names: Names) -> Grid:
    """Table 6: how the cases stand, the most urgent first; empty rows for the clerk if there are none."""
    texts = names.texts
    keys = ("name", "case", "day", "unit", "due", "result", "published")
    rows = [
        (
            called(summary.name, summary.forms, texts),
            about(summary, texts, characters=EXCERPT_CHARACTERS, cut="letter.annex.cut"),
            format_date(summary.opened_on),
            unit(summary),
            format_date(summary.due_on) if summary.due_on else "",
            state(summary, texts),
            publication(summary, texts),
        )
        for summary in report.case_statistics.cases[:MAX_CASES]
    ]
    widths = (17, 92, 24, 48, 24, 34, 28)
    title = texts("letter.caption.handling")
    return _grid(texts, keys, widths, rows or [("",) * len(keys)] * _EMPTY_ROWS, title=title, height_mm=10)


def called(name: str, count: int, texts: Texts) -> str:
    """What a suggestion or a case is called, with the number of forms where several say the same."""
    return "\n".join(part for part in (name, forms(count, texts)) if part)


def cut(text: str, characters: int, texts: Texts) -> str:
    """Words of a citizen on one line, no longer than this, with no live address."""
    flat = " ".join(defang(text).split())
    start = shorten(flat, characters)
    return flat if start == flat else texts("letter.annex.cut", text=start)


def _grid(
    texts: Texts,
    keys: Sequence[str],
    widths: Sequence[float],
    rows: Sequence[Values],
    *,
    title: str,
    numbers: Iterable[int] = (),
    bold_last: bool = False,
    height_mm: float = 0,
) -> Grid:
    headings = [texts(f"letter.table.{key}") for key in keys]
    return ruled_grid(
        headings, widths, rows, title=title, numbers=numbers, bold_last=bold_last, height_mm=height_mm
    )


def ruled_grid(
    headings: Sequence[str],
    widths: Sequence[float],
    rows: Sequence[Values],
    *,
    title: str,
    numbers: Iterable[int] = (),
    heading_size: float = _SIZE,
    bold_last: bool = False,
    height_mm: float = 0,
) -> Grid:
    """A ruled grid; a row with one value spans all columns, in bold."""
    # Row numbers are centred, as figures are.
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
    return Grid(widths=tuple(widths), rows=(heading, *body), title=title, heading_rows=1, height_mm=height_mm)
