"""The first five lines of a report, which tell everything, its subject and the notes at its end."""

from homthu.domain.boxes.box import Place
from homthu.domain.reports.arrivals import unusual_arrivals
from homthu.domain.reports.figures import change
from homthu.domain.reports.surges import MOST_IN_A_WINDOW
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.render.numbers import (
    format_count,
    format_date,
    format_dates,
    format_day,
    format_points,
    format_share,
    format_week,
)
from homthu.render.report.matters import decisions
from homthu.render.report.names import Names
from homthu.render.report.period import short_name
from homthu.render.report.view import Line
from homthu.render.texts import Texts

#: So many silent places are named in the headline; the table has them all.
_NAMED_PLACES = 5


def subject(report: WeeklyReport, texts: Texts) -> str:
    """The subject: week, dates, ward and number, different every week so that no thread forms."""
    plain = "report.mail.subject" if report.received else "report.mail.subject_none"
    return texts(
        "report.mail.subject_correction" if report.correction else plain,
        period=short_name(report, texts),
        dates=format_dates(report.first_day, report.last_day),
        ward=report.box.ward.full_name,
        received=format_count(report.received),
        readable=format_count(report.readable),
        undecided=texts("report.mail.undecided", count=format_count(report.handling.undecided))
        if report.handling.undecided
        else "",
    )


def headline(report: WeeklyReport, names: Names) -> tuple[Line, ...]:
    """Period, number received, satisfaction (or that nothing came), what asks for reading, silent places."""
    texts = names.texts
    second = ("overall", overall(report, texts)) if report.received else ("alive", _alive(report, texts))
    lines = (
        ("period", _period(report, texts)),
        ("received", _received(report, texts)),
        second,
        ("reading", _reading(report, texts)),
        ("silent", silent(report, names)),
    )
    return tuple(Line(label=texts(f"report.headline.{key}"), text=text) for key, text in lines)


def overall(report: WeeklyReport, texts: Texts) -> str:
    """The overall satisfaction, with its base, its interval and the change if it may be told."""
    now = report.overall
    if not now.valid:
        return texts("report.headline.overall_none")
    satisfied, valid = format_count(now.satisfied), format_count(now.valid)
    if now.share is None or now.interval is None:
        return texts("report.headline.overall_count", satisfied=satisfied, valid=valid)
    moved = change(now, report.overall_before)
    return texts(
        "report.headline.overall_share" if moved is None else "report.headline.overall_change",
        share=format_share(now.share),
        satisfied=satisfied,
        valid=valid,
        low=format_share(now.interval.low),
        high=format_share(now.interval.high),
        change="" if moved is None else format_points(moved),
    )


def unflagged(report: WeeklyReport, names: Names) -> str:
    """The overall satisfaction with and without what may not be one person writing once."""
    texts, doubts = names.texts, report.doubts
    sentences = _arrivals(report, names)
    if not doubts.flagged and not doubts.repeated and not doubts.automatic:
        return " ".join([*sentences, texts("report.notes.flagged_none", most=MOST_IN_A_WINDOW)])
    if doubts.automatic:
        with_automatic = doubts.with_automatic
        sentences.append(
            texts(
                "report.notes.automatic_with" if with_automatic else "report.notes.automatic",
                automatic=format_count(doubts.automatic),
                with_automatic=names.figure(with_automatic) if with_automatic else "",
                without=names.figure(report.overall),
            )
        )
    if doubts.flagged:
        sentences.append(
            texts(
                "report.notes.unflagged",
                flagged=format_count(doubts.flagged),
                bursts=format_count(doubts.bursts),
                without=names.figure(doubts.without_flagged),
                with_all=names.figure(report.overall),
            )
        )
    if doubts.repeated:
        without = doubts.without_repeated
        sentences.append(
            texts(
                "report.notes.unrepeated" if without else "report.notes.repeated",
                clusters=format_count(doubts.clusters),
                members=format_count(doubts.clusters + doubts.repeated),
                without=names.figure(without) if without else "",
                with_all=names.figure(report.overall),
            )
        )
    return " ".join(sentences)


def _arrivals(report: WeeklyReport, names: Names) -> list[str]:
    """The places to which far more came than usual; nothing for a round or a year."""
    if report.period:
        return []
    return [
        names.texts(
            "report.notes.arrivals",
            place=names.place(one.place),
            received=format_count(one.received),
            usual=format_count(one.usual),
        )
        for one in unusual_arrivals(report.tally, report.earlier)
    ]


def notes(report: WeeklyReport, texts: Texts) -> tuple[str, ...]:
    """What a reader must know to read the figures rightly."""
    found = [texts(f"report.notes.{key}") for key in ("voluntary", "rule", "small", "interval")]
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
    if report.late:
        found.append(texts("report.notes.late", late=format_count(report.late)))
    if report.outside_round:
        found.append(texts("report.notes.outside", outside=format_count(report.outside_round)))
    if report.unknown_versions:
        found.append(texts("report.notes.unknown", versions=", ".join(report.unknown_versions)))
    return tuple(found)


def _period(report: WeeklyReport, texts: Texts) -> str:
    held = report.round
    if report.period:
        return texts(
            "report.headline.period_text_other",
            period=short_name(report, texts),
            monday=format_date(report.first_day),
            sunday=format_date(report.last_day),
            numbered=numbered(report, texts),
        )
    return texts(
        "report.headline.period_text",
        week=format_week(report.week),
        monday=format_day(report.week.monday),
        sunday=format_date(report.week.sunday),
        numbered=numbered(report, texts),
        round=texts(
            "report.headline.in_round",
            round=held.name,
            dates=format_dates(held.opens_on, held.closes_on),
        )
        if held
        else texts("report.headline.no_round"),
    )


def numbered(report: WeeklyReport, texts: Texts) -> str:
    """The report's number, and which one it takes the place of."""
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
        "report.headline.received_text" if report.received else "report.headline.received_none",
        period=short_name(report, texts),
        received=format_count(report.received),
        automatic=texts("report.headline.automatic", automatic=format_count(report.doubts.automatic))
        if report.doubts.automatic
        else "",
        before=before(report, texts),
        cumulative=cumulative(report, texts),
    )


def before(report: WeeklyReport, texts: Texts) -> str:
    """How many there were the week before, if that was counted."""
    if report.period:
        return texts("report.headline.no_compare")
    count = report.received_before
    if count is None:
        return texts("report.headline.no_before")
    return texts("report.headline.before", before=format_count(count))


def cumulative(report: WeeklyReport, texts: Texts) -> str:
    """How many there are of the round and of the year up to now."""
    return texts(
        "report.headline.cumulative" if report.round else "report.headline.cumulative_no_round",
        in_round=format_count(report.in_round),
        year=report.week.year,
        in_year=format_count(report.year_tally.total),
    )


def _alive(report: WeeklyReport, texts: Texts) -> str:
    return texts(
        "report.headline.alive_text",
        places=format_count(len(report.box.places)),
        made_on=format_date(report.made_on),
    )


def _reading(report: WeeklyReport, texts: Texts) -> str:
    return texts(
        "report.headline.reading_text" if report.readable else "report.headline.reading_none",
        readable=format_count(report.readable),
        petitions=texts(
            "report.headline.petitions" if report.petitions else "report.headline.petitions_none",
            petitions=format_count(report.petitions),
        ),
        decisions=decisions(report.handling, texts),
    )


def silent(report: WeeklyReport, names: Names) -> str:
    """The places from which nothing came, the first ones by name."""
    texts, places, none = names.texts, len(report.box.places), report.silent_places
    if not none:
        return texts("report.headline.silent_nowhere", places=format_count(places))
    if len(none) == places:
        return texts("report.headline.silent_all", places=format_count(places))
    # One more name takes no more room than «and one more place».
    named: tuple[Place, ...] = none if len(none) <= _NAMED_PLACES + 1 else none[:_NAMED_PLACES]
    return texts(
        "report.headline.silent_text" if named == none else "report.headline.silent_more",
        count=format_count(len(none)),
        places=format_count(places),
        names=", ".join(names.place(place.code) for place in named),
        more=format_count(len(none) - len(named)),
    )
