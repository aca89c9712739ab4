"""The first lines of a report, which tell everything, its subject and the notes at its end."""

from collections.abc import Iterator

from homthu.domain.boxes.box import Place
from homthu.domain.releases.series import MIN_GROUP, OVERALL, Series, SeriesKind
from homthu.domain.reports.edition import EditionKind
from homthu.domain.reports.surges import MOST_IN_A_WINDOW
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.domain.week import Week
from homthu.render.numbers import (
    format_count,
    format_date,
    format_dates,
    format_day,
    format_share,
    format_week,
)
from homthu.render.report import told
from homthu.render.report.cases import decisions
from homthu.render.report.names import Names
from homthu.render.report.period import short_name, subject_dates, subject_name
from homthu.render.report.view import Line
from homthu.render.texts import Texts

#: The most silent places named in the headline; the table has them all.
_NAMED_PLACES = 5


def subject(report: WeeklyReport, texts: Texts) -> str:
    """The subject: what a phone has room for first, then the ward and the days."""
    plain = "report.mail.subject" if report.forms.received else "report.mail.subject_none"
    return texts(
        "report.mail.subject_correction" if report.correction else plain,
        period=subject_name(report, texts),
        week=report.week.number,
        dates=subject_dates(report, texts),
        ward=report.box.ward.full_name,
        received=format_count(report.forms.received),
        readable=format_count(report.told_texts),
        undecided=texts("report.mail.undecided", count=format_count(report.case_statistics.undecided))
        if report.case_statistics.undecided
        else "",
    )


def headline(report: WeeklyReport, names: Names) -> tuple[Line, ...]:
    """What waits for a decision, the serious signals to who reads figures, period, number received,
    satisfaction or sign of life, silent places."""
    texts = names.texts
    serious = told.serious(report.serious, texts) if report.forms.received else ""
    second = (
        ("overall", overall(report, texts)) if report.forms.received else ("alive", _alive(report, texts))
    )
    lines = (
        ("reading", _reading(report, texts)),
        *([("serious", serious)] if serious and report.audience.reads_figures else []),
        ("period", _period(report, texts)),
        ("received", _received(report, texts)),
        second,
        ("silent", silent(report, names)),
    )
    return tuple(Line(label=texts(f"report.headline.{key}"), text=text) for key, text in lines)


def overall(report: WeeklyReport, texts: Texts) -> str:
    """The overall satisfaction, with its base, interval and change; or why it is not told yet."""
    telling = report.overall
    figure = telling.figure
    if figure is None:
        if telling.waiting:
            return told.sentence(told.waiting(telling.waiting, texts), texts)
        return texts("report.headline.overall_none")
    interval = figure.interval
    sentence = texts(
        "report.headline.overall_in_words" if figure.alike else "report.headline.overall_share",
        figure=told.short(figure, texts),
        days=""
        if told.is_own_time(figure, report)
        else texts("report.headline.days", dates=told.dates(figure)),
        low=format_share(interval.low),
        high=format_share(interval.high),
        change=texts("report.headline.change", change=told.change(telling.change, report, texts))
        if telling.change
        else "",
    )
    if report.period:
        return sentence + " " + _summed(report, figure.answers, texts)
    if telling.is_new or not telling.waiting:
        return sentence
    waiting = told.sentence(told.waiting(telling.waiting, texts), texts)
    return texts("report.headline.overall_last", waiting=waiting, last=sentence)


def _summed(report: WeeklyReport, answers: int, texts: Texts) -> str:
    return texts(
        "report.headline.summed",
        answers=format_count(answers),
        forms=format_count(report.forms.received),
    )


def data_quality(report: WeeklyReport, names: Names) -> str:
    """What may not be one person writing once: how many, and what they answered once it may be told."""
    texts, forms = names.texts, report.forms
    sentences = _arrivals(report, names)
    if not forms.flagged and not forms.repeated and not forms.automatic:
        sentences.append(texts("report.notes.flagged_none", most=MOST_IN_A_WINDOW))
    if forms.automatic:
        sentences.append(texts("report.notes.automatic", automatic=format_count(forms.automatic)))
    if forms.flagged:
        flagged, bursts = format_count(forms.flagged), format_count(forms.bursts)
        sentences.append(texts("report.notes.flagged", flagged=flagged, bursts=bursts))
    sentences += _apart(SeriesKind.FLAGGED, report, texts)
    if forms.repeated:
        members = format_count(forms.clusters + forms.repeated)
        sentences.append(
            texts("report.notes.repeated", clusters=format_count(forms.clusters), members=members)
        )
    sentences += _apart(SeriesKind.REPEATED, report, texts)
    return " ".join(sentences)


def _apart(kind: SeriesKind, report: WeeklyReport, texts: Texts) -> list[str]:
    """What these answered, by the same rules as everybody's answers."""
    telling = report.tells(Series(kind), OVERALL)
    if telling.figure is None:
        return []
    figure = told.in_cell(telling, report, texts)
    key = "flagged_apart" if kind is SeriesKind.FLAGGED else "repeated_apart"
    return [texts(f"report.notes.{key}", figure=figure)]


def _arrivals(report: WeeklyReport, names: Names) -> list[str]:
    """The places to which far more came than usual."""
    return [
        names.texts(
            "report.notes.arrivals",
            place=names.place(one.place),
            received=format_count(one.received),
            usual=format_count(one.usual),
        )
        for one in report.forms.unusual
    ]


def notes(report: WeeklyReport, texts: Texts) -> tuple[str, ...]:
    """What a reader must know to read the figures correctly."""
    forms = report.forms
    keys = ("voluntary", "rule", "told", "alike", "interval", "change")
    found = [texts(f"report.notes.{key}", group=MIN_GROUP) for key in keys]
    found += [
        texts(
            "report.notes.batch" if one.is_vouched else "report.notes.batch_unvouched",
            label=one.label,
            slips=format_count(one.slips),
            typed=format_count(one.typed),
            in_all=format_count(one.typed_in_all),
        )
        for one in report.paper
    ]
    if report.period:
        found.append(texts("report.notes.summed"))
    if report.kind is EditionKind.YEAR:
        first, last = format_date(report.first_day), format_date(report.last_day)
        week = Week.of(report.last_day).number
        found.append(texts("report.notes.whole_weeks", first=first, week=week, last=last))
    if report.correction:
        found.append(texts("report.notes.correction"))
    if begun := report.releases.begun:
        found.append(texts("report.notes.begun", week=format_week(begun), day=format_date(begun.monday)))
    if forms.late:
        found.append(texts("report.notes.late", late=format_count(forms.late)))
    if forms.outside_round:
        found.append(texts("report.notes.outside", outside=format_count(forms.outside_round)))
    if forms.unknown_versions:
        found.append(texts("report.notes.unknown", versions=", ".join(forms.unknown_versions)))
    return (*found, *_expiring(report, texts))


def _expiring(report: WeeklyReport, texts: Texts) -> Iterator[str]:
    """What is erased next month because it was kept long enough."""
    if not (expiring := report.expiring):
        return
    day = format_date(expiring.on)
    for kind, months, (first, last) in expiring.weeks:
        dates = format_dates(first.monday, last.sunday)
        # Whoever ticked what was typed again is kept as long as whoever decided about a text.
        which = f"{kind}_typed" if kind == "desk_log" and report.box.target else kind
        yield texts(f"report.notes.expiring_{which}", day=day, months=months, dates=dates)
    if expiring.cases:
        months = report.box.retention.cases
        yield texts("report.notes.expiring_cases", day=day, months=months, count=format_count(expiring.cases))


def _period(report: WeeklyReport, texts: Texts) -> str:
    if report.kind is EditionKind.WEEK:
        return texts(
            "report.headline.period_text",
            week=format_week(report.week),
            monday=format_day(report.week.monday),
            sunday=format_date(report.week.sunday),
            numbered=numbered(report, texts),
            round=scope(report, texts),
        )
    return texts(
        f"report.headline.period_text_{report.kind}",
        period=short_name(report, texts),
        monday=format_date(report.first_day),
        sunday=format_date(report.last_day),
        weeks=Week.of(report.last_day).number,
        rounds=scope(report, texts),
        numbered=numbered(report, texts),
    )


def scope(report: WeeklyReport, texts: Texts) -> str:
    """Which rounds a report is about: the one a week or a round belongs to, or those of the year."""
    rounds = report.rounds_within if report.kind is EditionKind.YEAR else (report.round,)
    named = [
        texts(
            "report.headline.round_dates",
            round=one.name,
            dates=format_dates(one.opens_on, one.closes_on),
        )
        for one in rounds
        if one
    ]
    if report.kind is EditionKind.YEAR:
        return texts(
            "report.headline.rounds_of_year" if named else "report.headline.no_rounds_of_year",
            rounds="; ".join(named),
        )
    return texts("report.headline.in_round", round=named[0]) if named else texts("report.headline.no_round")


def numbered(report: WeeklyReport, texts: Texts) -> str:
    """The report's number, and which one it replaces."""
    number, correction = format_count(report.number), report.correction
    if correction is None:
        return texts("report.headline.numbered", number=number)
    return texts(
        "report.headline.corrected",
        number=number,
        old=format_count(correction.number),
        year=correction.year,
        reason=correction.reason,
    )


def _received(report: WeeklyReport, texts: Texts) -> str:
    return texts(
        "report.headline.received_text" if report.forms.received else "report.headline.received_none",
        period=short_name(report, texts),
        received=format_count(report.forms.received),
        automatic=texts("report.headline.automatic", automatic=format_count(report.forms.automatic))
        if report.forms.automatic
        else "",
        beside=beside(report, texts),
    )


def beside(report: WeeklyReport, texts: Texts) -> str:
    """In brackets after the number of forms: how many came before, and in the round and year so far."""
    forms, parts = report.forms, _before(report, texts)
    if forms.in_round is not None:
        parts.append(texts("report.headline.in_round_so_far", in_round=format_count(forms.in_round)))
    if report.kind is not EditionKind.YEAR:
        parts.append(
            texts(
                "report.headline.in_year_so_far", year=report.week.year, in_year=format_count(forms.in_year)
            )
        )
    return texts("report.headline.beside", parts="; ".join(parts)) if parts else ""


def _before(report: WeeklyReport, texts: Texts) -> list[str]:
    counted = [one for one in report.compared_with if one.received is not None]
    if counted:
        return [
            texts(
                f"report.headline.{one.kind}", name=one.period.name, received=format_count(one.received or 0)
            )
            for one in counted
        ]
    if report.forms.before is None or report.period:
        return [texts(f"report.headline.no_before_{report.kind}")]
    return [texts("report.headline.before", before=format_count(report.forms.before))]


def _alive(report: WeeklyReport, texts: Texts) -> str:
    return texts(
        "report.headline.alive_text",
        places=format_count(len(report.box.places)),
        made_on=format_date(report.made_on),
    )


def _reading(report: WeeklyReport, texts: Texts) -> str:
    key = "reading_text" if report.to_read else "reading_none"
    if report.period and report.told_texts:
        # Each was told by the report of its week.
        key = "reading_told"
    elif report.told_texts and not report.audience.reads_words:
        key = "reading_others"
    return texts(
        f"report.headline.{key}",
        readable=format_count(report.to_read),
        praise=_praise(report, texts),
        petitions=_petitions(report, texts),
        decisions=decisions(report.case_statistics, texts) + _untold(report, texts),
    )


def _untold(report: WeeklyReport, texts: Texts) -> str:
    """Which units do not know what they have to do."""
    units = ", ".join(report.untold_units)
    return " " + texts("report.handling.untold", units=units) if units else ""


def _praise(report: WeeklyReport, texts: Texts) -> str:
    if not report.suggestions.praise or not report.audience.reads_words:
        return ""
    return texts("report.headline.praise", count=format_count(report.suggestions.praise))


def _petitions(report: WeeklyReport, texts: Texts) -> str:
    if not report.tells_petitions:
        return texts("report.headline.petitions_elsewhere")
    key = "petitions" if report.forms.petitions else "petitions_none"
    return texts(f"report.headline.{key}", petitions=format_count(report.forms.petitions))


def silent(report: WeeklyReport, names: Names) -> str:
    """The places from which nothing came, the first ones by name."""
    texts, places, none = names.texts, len(report.box.places), report.silent_places
    if not none:
        return texts("report.headline.silent_nowhere", places=format_count(places))
    if len(none) == places:
        return texts("report.headline.silent_all", places=format_count(places))
    # One more name takes no more room than «và một nơi nữa».
    named: tuple[Place, ...] = none if len(none) <= _NAMED_PLACES + 1 else none[:_NAMED_PLACES]
    return texts(
        "report.headline.silent_text" if named == none else "report.headline.silent_more",
        count=format_count(len(none)),
        places=format_count(places),
        names=", ".join(names.place(place.code) for place in named),
        more=format_count(len(none) - len(named)),
    )
