"""The tables of a report's workbook: numbers of forms, and of answers only what was told."""

from collections.abc import Iterable, Iterator

from homthu.domain.boxes.questionnaire import RATINGS, Questionnaire, say
from homthu.domain.releases.series import OVERALL, WARD, Asked, Series, SeriesKind
from homthu.domain.reports.forms import PlaceForms
from homthu.domain.reports.suggestion import Suggestion
from homthu.domain.reports.weekly_report import Telling, WeeklyReport
from homthu.render.defang import defang
from homthu.render.marks import mark
from homthu.render.numbers import format_week
from homthu.render.report import told
from homthu.render.report.cases import about, publication, state, unit
from homthu.render.report.names import Names
from homthu.render.report.period import capitalised
from homthu.render.report.tables import in_order, option_label
from homthu.render.report.themes import theme_rows
from homthu.render.texts import Texts
from homthu.render.workbook.cells import (
    Cell,
    Figures,
    Share,
    Table,
    columns_of,
    counted,
    interval,
    run,
    share_of,
)
from homthu.render.workbook.told import rating_label

#: The widths of the summary's columns: its tables lie below each other, so that they share them. What is told
#: in words («nhiều nhất 1/2.034 lượt») has to fit where figures stand, and all of them on upright paper.
_SUMMARY = (35, 19, 10, 20, 18)


def summary_tables(report: WeeklyReport, names: Names) -> Iterator[Table]:
    """The numbers of forms, then what is told by mode and by service, and of the choice questions."""
    texts = names.texts
    headings = [texts(f"report.sheet.{key}") for key in ("item", "value")]
    yield Table(columns=columns_of(headings, _SUMMARY[:2]), rows=tuple(_summary(report, names)))
    yield from _serious(report, texts)
    if themes := theme_rows(report, texts):
        columns = columns_of([texts("report.themes.theme"), texts("report.sheet.value")], _SUMMARY[:2])
        yield Table(title=texts("report.themes.heading"), columns=columns, rows=themes)
    keys = ("group", "answers", "satisfied", "share", "days")
    columns = columns_of([texts(f"report.sheet.{key}") for key in keys], _SUMMARY)
    for kind, title in (
        (SeriesKind.MODE, "report.modes.heading"),
        (SeriesKind.SERVICE, "report.services.heading"),
    ):
        rows = tuple(_group(series, report, names) for series in in_order(kind, report))
        yield Table(title=texts(title), columns=columns, rows=rows)
    for version in report.versions:
        yield from _choices(report, version, names)


def place_table(report: WeeklyReport, names: Names) -> Table:
    """Every place with its numbers of forms, and what is told of it for each rating question."""
    texts = names.texts
    cumulated = () if report.forms.in_round is None else ("in_round",)
    keys = ("code", "place", "former_ward", "received", "before", *cumulated, "in_year")
    headings = [texts(f"report.sheet.{key}") for key in keys]
    several = len(report.versions) > 1
    for question, asked in report.place_columns:
        if question is None:
            headings.append(texts("report.sheet.overall"))
            continue
        name = say(question.short, texts.language)
        headings.append(
            texts("report.sheet.versioned", question=name, version=asked.version) if several else name
        )
    headings.append(texts("report.sheet.waiting"))
    widths = (8, 36, 14, 9, 9, *(9 for _ in cumulated), 9, *(13 for _ in report.place_columns), 44)
    return Table(
        columns=columns_of(headings, widths),
        rows=tuple(_place(one, report, names) for one in report.forms.by_place),
    )


def week_table(report: WeeklyReport, names: Names) -> Table:
    """Every week of the round and the year up to this one; the runs of the ward by the week they end in."""
    texts = names.texts
    keys = (
        "week",
        "monday",
        "sunday",
        "received",
        "texts",
        "answers",
        "satisfied",
        "share",
        "low",
        "high",
        "days",
    )
    headings = [texts(f"report.sheet.{key}") for key in keys]
    rows = tuple(
        (
            format_week(one.week),
            one.week.monday,
            one.week.sunday,
            one.received,
            one.texts,
            *run(report.releases.within(one.week, one.week, WARD, OVERALL), texts),
        )
        for one in report.forms.weeks
    )
    widths = (11, 13, 13, 11, 11, 11, 11, 24, 11, 11, 26)
    return Table(columns=columns_of(headings, widths), rows=rows)


def question_table(report: WeeklyReport, version: Questionnaire, names: Names) -> Table:
    """The rating questions of a version: what is told by rating, base, share with interval, mean, change."""
    texts = names.texts
    labels = [rating_label(report, rating, texts) for rating in RATINGS]
    keys = ("answers", "satisfied", "share", "low", "high", "mean", "days", "change", "waiting")
    headings = [
        texts("report.sheet.ordinal"),
        texts("report.questions.question"),
        *labels,
        *(texts(f"report.sheet.{key}") for key in keys),
    ]
    rows = [
        (number, say(question.short, texts.language), *_rating(report.tells(WARD, asked), report, texts))
        for number, (question, asked) in enumerate(report.rated(version), 1)
    ]
    widths = (5, 30, *(9 for _ in labels), 9, 9, 24, 9, 9, 9, 26, 44, 44)
    return Table(columns=columns_of(headings, widths), rows=tuple(rows))


def suggestion_table(suggestions: Iterable[Suggestion], names: Names) -> Table:
    """The suggestions in the order they come in, which is random, streamed; links defanged."""
    keys = ("name", "place", "service", "text", "kind", "same_as", "forms")
    headings = [names.texts(f"report.sheet.{key}") for key in keys]
    return Table(
        columns=columns_of(headings, (10, 36, 24, 80, 11, 11, 11)),
        rows=(
            (
                one.name,
                names.place(one.place) if one.place else "",
                names.service(one.service) if one.service else "",
                mark(one.id, defang(one.text)),
                names.texts("report.sheet.praise") if one.is_praise else "",
                one.matter,
                one.forms if one.matter else None,
            )
            for one in suggestions
        ),
    )


def matter_table(report: WeeklyReport, names: Names) -> Table:
    """The cases that were open or done in the report's time, the most urgent first."""
    texts = names.texts
    keys = ("matter", "place", "service", "of_week", "opened_on", "unit", "due_on", "state", "ended_on")
    headings = [texts(f"report.sheet.{key}") for key in ("name", *keys, "published", "forms")]
    rows = tuple(
        (
            summary.name,
            about(summary, texts),
            names.place(summary.place) if summary.place else "",
            names.service(summary.service) if summary.service else "",
            format_week(summary.week),
            summary.opened_on,
            unit(summary),
            summary.due_on,
            state(summary, texts),
            summary.ended_on,
            publication(summary, texts),
            summary.forms,
        )
        for summary in report.case_statistics.cases
    )
    return Table(columns=columns_of(headings, (10, 60, 30, 20, 11, 13, 24, 13, 18, 13, 14, 11)), rows=rows)


def _summary(report: WeeklyReport, names: Names) -> Iterator[tuple[Cell, ...]]:
    forms = report.forms
    values: dict[str, Cell] = {
        "received": forms.received,
        "before": forms.before,
        "in_round": forms.in_round,
        "in_year": forms.in_year,
        "readable": report.to_read,
        "praise": report.suggestions.praise or None,
        "petitions": forms.petitions if report.tells_petitions else None,
        "automatic": forms.automatic,
        "flagged": forms.flagged,
        "bursts": forms.bursts,
        "repeated": forms.repeated,
        "late": forms.late,
        "outside": forms.outside_round,
        "silent": len(report.silent_places),
    }
    case_statistics = report.case_statistics
    if case_statistics.is_used:
        values |= {
            "carried": case_statistics.carried,
            "taken": case_statistics.taken,
            "done": case_statistics.done,
            "open": case_statistics.open,
            "unassigned": case_statistics.unassigned,
            "overdue": case_statistics.overdue,
        }
    for key, value in values.items():
        yield names.texts(f"report.sheet.{key}"), value


def _serious(report: WeeklyReport, texts: Texts) -> Iterator[Table]:
    """The serious signals, where a question asks for them."""
    if signals := report.serious:
        headings = [texts(f"report.sheet.{key}") for key in ("option", "count")]
        yield Table(
            title=texts("report.headline.serious"),
            columns=columns_of(headings, _SUMMARY[:2]),
            rows=tuple(
                (
                    capitalised(texts(f"report.serious.{one.option}")),
                    one.chosen.least
                    if one.answers and one.chosen.is_exact
                    else Figures(told.number(one, texts)),
                )
                for one in signals
            ),
        )


def _group(series: Series, report: WeeklyReport, names: Names) -> tuple[Cell, ...]:
    figure = report.tells(series, OVERALL).figure
    return names.series(series), *counted(figure, names.texts), told.dates(figure) if figure else None


def _choices(report: WeeklyReport, version: Questionnaire, names: Names) -> Iterator[Table]:
    texts = names.texts
    headings = [texts(f"report.sheet.{key}") for key in ("option", "count", "option_share", "days")]
    for question in version.choices:
        title = say(question.text, texts.language)
        if len(report.versions) > 1:
            title = texts("report.sheet.versioned", question=title, version=version.version)
        telling = report.tells(WARD, Asked(version.version, question.id))
        figure = telling.figure
        rows: list[tuple[Cell, ...]] = []
        if figure is None:
            rows.append((_why_not(telling, texts), None, None, None))
        elif figure.alike:
            label = texts("report.told.option", option=option_label(question, figure.alike, texts))
            rows.append((label, None, None, told.dates(figure)))
        for option in question.answers if figure and not figure.alike else ():
            count = figure.chose({option}) if figure else None
            rows.append(
                (
                    option_label(question, option, texts),
                    count.least if count and count.is_exact else None,
                    Share(figure.share({option})) if figure else None,
                    told.dates(figure) if figure else None,
                )
            )
        yield Table(title=title, columns=columns_of(headings, _SUMMARY[:4]), rows=tuple(rows))


def _place(forms: PlaceForms, report: WeeklyReport, names: Names) -> tuple[Cell, ...]:
    series = Series(SeriesKind.PLACE, forms.code)
    tellings = [report.tells(series, asked) for _, asked in report.place_columns]
    waiting = tellings[0].waiting
    return (
        forms.code,
        forms.place.name if forms.place else names.place(forms.code),
        forms.place.former_ward if forms.place else "",
        forms.received,
        forms.before,
        *(() if forms.in_round is None else (forms.in_round,)),
        forms.in_year,
        *(share_of(telling.figure, names.texts) for telling in tellings),
        told.waiting(waiting, names.texts) if waiting else None,
    )


def _rating(telling: Telling, report: WeeklyReport, texts: Texts) -> tuple[Cell, ...]:
    figure, waiting = telling.figure, telling.waiting
    why = told.waiting(waiting, texts) if waiting else None
    if figure is None:
        return (None,) * (len(RATINGS) + 8) + (why,)
    low, high = interval(figure)
    by_rating = (figure.chose({rating}).least if figure.is_exact else None for rating in RATINGS)
    return (
        *by_rating,
        *counted(figure, texts),
        low,
        high,
        figure.mean,
        told.dates(figure),
        told.change(telling.change, report, texts) if telling.change else None,
        why,
    )


def _why_not(telling: Telling, texts: Texts) -> str:
    return told.waiting(telling.waiting, texts) if telling.waiting else texts("report.questions.nothing")
