"""The tables of a report's workbook as typed cells, before any file format is known.

A cell is an `int` (a count), a `Share`, a `float` (one decimal), a `date`, a text, a `Figure`, or
None for nothing to say.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from homthu.domain.boxes.questionnaire import NO_OPINION, RATINGS, Questionnaire, say
from homthu.domain.reports.figures import Satisfaction
from homthu.domain.reports.rows import NO_ANSWER, GroupFigures, PlaceFigures, RatingFigures
from homthu.domain.reports.suggestion import Suggestion
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.domain.submissions.mode import CollectionMode as Mode
from homthu.render.defang import defang
from homthu.render.numbers import format_fraction, format_week
from homthu.render.report.matters import about, publication, state, unit
from homthu.render.report.names import Names
from homthu.render.report.tables import option_label


class Share(float):
    """A share from 0 to 1, to be shown as a percentage."""


class Figure(str):
    """What stands in place of a number: counts where no share is given, or the sign for hidden."""

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


def summary_tables(report: WeeklyReport, names: Names) -> Iterator[Table]:
    """The week in counts, then modes, services and choice questions."""
    texts = names.texts
    headings = [texts(f"report.sheet.{key}") for key in ("item", "value")]
    yield Table(columns=_columns(headings, (50, 12)), rows=tuple(_summary(report, names)))
    headings = [texts(f"report.sheet.{key}") for key in ("group", "received", "valid", "satisfied", "share")]
    columns = _columns(headings, (50, 12, 12, 12, 14))
    modes = tuple(_group(names.mode(figures.id), figures) for figures in report.by_mode())
    yield Table(title=texts("report.modes.heading"), columns=columns, rows=modes)
    services = [_group(names.service(figures.id), figures) for figures in report.by_service()]
    if report.without_service:
        unnamed = GroupFigures(id="", received=report.without_service, overall=report.overall_without_service)
        services.append(_group(names.service(""), unnamed))
    yield Table(title=texts("report.services.heading"), columns=columns, rows=tuple(services))
    for asked in report.versions:
        yield from _choices(report, asked, names)


def place_table(report: WeeklyReport, names: Names) -> Table:
    """Every place with its counts, and its cell for each rating question where it may be shown."""
    texts = names.texts
    keys = ("code", "place", "former_ward", "received", "before", "in_round", "in_year")
    headings = [texts(f"report.sheet.{key}") for key in keys]
    several = len(report.versions) > 1
    for column in report.place_columns:
        if column.question is None:
            headings.append(texts("report.sheet.overall"))
            continue
        name = say(column.question.short, texts.language)
        version = column.sources[0][0]
        headings.append(texts("report.sheet.versioned", question=name, version=version) if several else name)
    widths = (8, 36, 14, 9, 9, 9, 9, *(11 for _ in report.place_columns))
    hidden = texts("report.figure.hidden")
    return Table(
        columns=_columns(headings, widths),
        rows=tuple(_place(figures, names, hidden) for figures in report.by_place()),
    )


def week_table(report: WeeklyReport, names: Names) -> Table:
    """Every week of the round and the year up to this one, oldest first."""
    texts = names.texts
    keys = (
        *("week", "monday", "sunday", "received", "valid", "satisfied", "share", "low", "high", "texts"),
        *(f"by_{mode}" for mode in Mode),
    )
    rows: list[tuple[Cell, ...]] = []
    for figures in report.weeks:
        overall, interval = figures.overall, figures.overall.interval
        rows.append(
            (
                format_week(figures.week),
                figures.week.monday,
                figures.week.sunday,
                figures.received,
                overall.valid,
                overall.satisfied,
                _share(overall.share),
                _share(interval.low if interval else None),
                _share(interval.high if interval else None),
                figures.texts,
                *(figures.by_mode[mode] for mode in Mode),
            )
        )
    headings = [texts(f"report.sheet.{key}") for key in keys]
    return Table(columns=_columns(headings, (11, 13, 13, *(11 for _ in keys[3:]))), rows=tuple(rows))


def question_table(report: WeeklyReport, asked: Questionnaire, names: Names) -> Table:
    """The rating questions of a version: counts by rating, base, share with interval, mean, change."""
    texts = names.texts
    overall = asked.question(asked.overall)
    labels = [
        say(option.label, texts.language) if overall and (option := overall.option(id)) else id
        for id in (*RATINGS, NO_OPINION)
    ]
    keys = ("valid_answers", "satisfied", "share", "low", "high", "mean", "share_before", "change")
    headings = [
        texts("report.sheet.ordinal"),
        texts("report.questions.question"),
        *labels,
        *(texts(f"report.sheet.{key}") for key in keys),
    ]
    rows = [
        (number, say(figures.question.short, texts.language), *_rating(figures))
        for number, figures in enumerate(report.ratings(asked), 1)
    ]
    return Table(columns=_columns(headings, (5, 30, *(9 for _ in headings[2:]))), rows=tuple(rows))


def suggestion_table(suggestions: Iterable[Suggestion], names: Names) -> Table:
    """The suggestions in the order they come in, streamed; links defanged."""
    keys = ("ordinal", "day", "place", "service", "overall", "text")
    headings = [names.texts(f"report.sheet.{key}") for key in keys]
    return Table(
        columns=_columns(headings, (6, 12, 36, 24, 16, 80)),
        rows=(
            (
                number,
                one.received_on,
                names.place(one.place),
                names.service(one.service),
                names.rating(one),
                defang(one.text),
            )
            for number, one in enumerate(suggestions, 1)
        ),
    )


def matter_table(report: WeeklyReport, names: Names) -> Table:
    """The cases that were open or done in the report's time, the most urgent first."""
    texts = names.texts
    keys = ("matter", "place", "service", "of_week", "opened_on", "unit", "due_on", "state", "ended_on")
    headings = [texts(f"report.sheet.{key}") for key in ("ordinal", *keys, "published")]
    rows = tuple(
        (
            number,
            about(matter, texts),
            names.place(matter.place) if matter.place else "",
            names.service(matter.service) if matter.place else "",
            format_week(matter.week),
            matter.opened_on,
            unit(matter),
            matter.due_on,
            state(matter, texts),
            matter.ended_on,
            publication(matter, texts),
        )
        for number, matter in enumerate(report.handling.matters, 1)
    )
    return Table(columns=_columns(headings, (6, 60, 30, 20, 11, 13, 24, 13, 18, 13, 14)), rows=rows)


def _columns(headings: Iterable[str], widths: Iterable[int]) -> tuple[Column, ...]:
    return tuple(Column(heading=h, width=w) for h, w in zip(headings, widths, strict=True))


def _share(share: float | None) -> Share | None:
    return None if share is None else Share(share)


def _summary(report: WeeklyReport, names: Names) -> Iterator[tuple[Cell, ...]]:
    overall, doubts = report.overall, report.doubts
    unflagged, unrepeated = doubts.without_flagged, doubts.without_repeated
    values: dict[str, Cell] = {
        "received": report.received,
        "before": report.received_before,
        "in_round": report.in_round if report.round else None,
        "in_year": report.year_tally.total,
        "overall_valid": overall.valid,
        "overall_satisfied": overall.satisfied,
        "overall_share": _share(overall.share),
        "unflagged_valid": unflagged.valid,
        "unflagged_satisfied": unflagged.satisfied,
        "unrepeated_valid": unrepeated.valid if unrepeated else None,
        "unrepeated_satisfied": unrepeated.satisfied if unrepeated else None,
        "readable": report.readable,
        "petitions": report.petitions,
        "automatic": doubts.automatic,
        "flagged": doubts.flagged,
        "bursts": doubts.bursts,
        "repeated": doubts.repeated,
        "late": report.late,
        "outside": report.outside_round,
        "silent": len(report.silent_places),
    }
    handling = report.handling
    if handling.is_used:
        values |= {
            "carried": handling.carried,
            "taken": handling.taken,
            "done": handling.done,
            "open": handling.open,
            "unassigned": handling.unassigned,
            "overdue": handling.overdue,
        }
    for key, value in values.items():
        yield names.texts(f"report.sheet.{key}"), value


def _group(name: str, figures: GroupFigures) -> tuple[Cell, ...]:
    overall = figures.overall
    return name, figures.received, overall.valid, overall.satisfied, _share(overall.share)


def _choices(report: WeeklyReport, asked: Questionnaire, names: Names) -> Iterator[Table]:
    texts = names.texts
    headings = [texts(f"report.sheet.{key}") for key in ("option", "count", "option_share")]
    for figures in report.choices(asked):
        title = say(figures.question.text, texts.language)
        if len(report.versions) > 1:
            title = texts("report.sheet.versioned", question=title, version=asked.version)
        rows: list[tuple[Cell, ...]] = []
        for id, count in figures.by_option.items():
            label = option_label(figures, id, texts)
            if id in NO_ANSWER:
                label = texts("report.sheet.not_in_base", option=label)
            rows.append((label, count, _share(figures.share(id))))
        yield Table(title=title, columns=_columns(headings, (50, 12, 12)), rows=tuple(rows))


def _place(figures: PlaceFigures, names: Names, hidden: str) -> tuple[Cell, ...]:
    place = figures.place
    return (
        figures.code,
        place.name if place else names.place(figures.code),
        place.former_ward if place else "",
        figures.received,
        figures.before,
        figures.in_round,
        figures.in_year,
        *(_cell(cell) if cell else Figure(hidden) for cell in figures.cells),
    )


def _cell(cell: Satisfaction) -> Cell:
    if cell.share is None:
        return Figure(format_fraction(cell.satisfied, cell.valid))
    return Share(cell.share)


def _rating(figures: RatingFigures) -> tuple[Cell, ...]:
    now, before = figures.now, figures.before
    interval = now.interval
    return (
        *(now.by_rating[rating] for rating in RATINGS),
        now.no_opinion,
        now.valid,
        now.satisfied,
        _share(now.share),
        _share(interval.low if interval else None),
        _share(interval.high if interval else None),
        now.mean,
        _share(before.share),
        figures.change,
    )
