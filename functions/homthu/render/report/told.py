"""What was told of answers, as sentences: figures, what waits and until when, and what has changed."""

from collections.abc import Sequence

from homthu.domain.releases.change import Change
from homthu.domain.releases.figure import Figure
from homthu.domain.releases.release import DISSATISFIED, NEUTRAL, SATISFIED
from homthu.domain.releases.releases import Waiting
from homthu.domain.releases.series import MIN_GROUP
from homthu.domain.reports.serious import SeriousSignal
from homthu.domain.reports.weekly_report import Telling, WeeklyReport
from homthu.render.numbers import (
    format_count,
    format_dates,
    format_day,
    format_decimal,
    format_fraction,
    format_share,
)
from homthu.render.report.period import capitalised
from homthu.render.texts import Texts

#: The language has a sentence for these words; for a choice, the option is named.
_RATED = (SATISFIED, NEUTRAL, DISSATISFIED)


def share(figure: Figure, texts: Texts) -> str:
    """The share satisfied; approximate where some of it was told in words, and words where all of it was."""
    if figure.alike:
        return alike(figure.alike, texts)
    written = format_share(figure.satisfied_share)
    return written if figure.is_exact else texts("report.told.about", share=written)


def alike(word: str, texts: Texts) -> str:
    """What almost all said; an option's own name where it is one."""
    if word in _RATED:
        return texts(f"report.told.{word}")
    return texts("report.told.option", option=word)


def base(figure: Figure, texts: Texts) -> str:
    """How many answers a figure is about, with those satisfied if they are told exactly."""
    if figure.is_exact:
        return format_fraction(figure.satisfied.least, figure.answers)
    return texts("report.told.answers", answers=format_count(figure.answers))


def short(figure: Figure, texts: Texts) -> str:
    """A figure with its base: `82,7% (248/300)`, `gần như tất cả hài lòng (12 lượt)`."""
    return texts("report.told.short", share=share(figure, texts), base=base(figure, texts))


def in_cell(telling: Telling, report: WeeklyReport, texts: Texts) -> str:
    """A figure for a table: with its days unless they are the report's own; a dash for none."""
    figure = telling.figure
    if figure is None:
        return texts("report.figure.none")
    if is_own_time(figure, report):
        return short(figure, texts)
    days = dates(figure)
    if figure.first.monday.year == figure.last.sunday.year == report.week.sunday.year:
        days = f"{format_day(figure.first.monday)}–{format_day(figure.last.sunday)}"
    return texts("report.told.dated", figure=short(figure, texts), dates=days)


def is_own_time(figure: Figure, report: WeeklyReport) -> bool:
    """Whether a figure is about exactly the report's time."""
    return report.period is not None or figure.first == figure.last == report.week


def dates(figure: Figure) -> str:
    """From the first day of the first week to the last of the last."""
    return format_dates(figure.first.monday, figure.last.sunday)


def waiting(one: Waiting, texts: Texts, *, is_brief: bool = False) -> str:
    """Why there is no figure yet, and when there will be; briefly where that is explained beside."""
    brief, full = ("waiting_brief", "waiting") if one.forms < MIN_GROUP else ("held_brief", "held")
    return texts(
        f"report.told.{brief if is_brief else full}",
        forms=format_count(one.forms),
        since=format_day(one.since.monday),
        group=MIN_GROUP,
    )


def change(one: Change, report: WeeklyReport, texts: Texts) -> str:
    """«tăng», «giảm», or that it is uncertain; compared with what, and with its days."""
    return texts(
        f"report.told.since_{report.kind}",
        change=direction(one, texts),
        before=share(one.before, texts),
        dates=dates(one.before),
    )


def serious(signals: Sequence[SeriousSignal], texts: Texts) -> str:
    """The serious signals in one sentence; empty where no question asks for them."""
    parts = [
        texts("report.serious.part", name=texts(f"report.serious.{one.option}"), count=number(one, texts))
        for one in signals
    ]
    if not any(one.answers for one in signals):
        return texts("report.serious.none_told", group=MIN_GROUP) if parts else ""
    return texts("report.told.sentence", sentence="; ".join(parts))


def number(signal: SeriousSignal, texts: Texts) -> str:
    """How many of how many: exactly, as far as it is told, or that nothing is."""
    chosen = signal.chosen
    key = "exactly" if chosen.is_exact else "between" if chosen.least else "at_most"
    if not signal.answers:
        key = "not_told"
    return texts(
        f"report.serious.{key}",
        least=format_count(chosen.least),
        most=format_count(chosen.most),
        answers=format_count(signal.answers),
    )


def sentence(text: str, texts: Texts) -> str:
    """A statement as a sentence of its own."""
    return texts("report.told.sentence", sentence=capitalised(text))


def direction(one: Change, texts: Texts) -> str:
    """«tăng 3,1 điểm phần trăm», «giảm …», or that it is uncertain."""
    return texts(f"report.told.{one.direction}", points=format_decimal(abs(one.points)))


def comparisons(report: WeeklyReport, texts: Texts) -> tuple[str, ...]:
    """Four weeks and the four before, the round so far and last year's; a period and the earlier ones."""
    found = [
        ("weeks", "", report.weeks_change),
        ("same_round", "", report.round_change),
        *((one.kind, one.period.name, report.change_since(one)) for one in report.compared_with),
    ]
    return tuple(
        texts(
            f"report.told.compare_{key}",
            name=name,
            now=short(one.now, texts),
            now_dates=dates(one.now),
            before=short(one.before, texts),
            before_dates=dates(one.before),
            change=direction(one, texts),
        )
        for key, name, one in found
        if one
    )
