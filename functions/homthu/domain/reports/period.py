"""What a report other than the weekly one is about: a round or a year at its end, or a correction."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from homthu.domain.boxes.round import OUTSIDE, Round, RoundRule, rounds_around
from homthu.domain.reports.edition import Edition, EditionKind
from homthu.domain.week import Week


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """That a report replaces an earlier one, which stays as it was: its number, and why."""

    number: int
    year: int
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """A round or a year. Its submissions are those of the round, or of the weeks of the ISO year."""

    kind: EditionKind
    mark: str
    name: str
    first: date
    last: date

    @property
    def edition(self) -> Edition:
        """The edition that its report has."""
        return Edition(self.kind, self.mark)

    @property
    def weeks(self) -> list[Week]:
        """Every week that may hold its submissions, up to its last day's."""
        week, last, found = Week.of(self.first), Week.of(self.last), []
        while week <= last:
            found.append(week)
            week = week.shift(1)
        return found


def ending_periods(rules: tuple[RoundRule, ...], closing_hours: int, week: Week) -> Iterator[Period]:
    """The rounds, and the year, whose last submissions may have come in this week.

    A round accepts what was opened before its end for some hours more, and ends when these do.
    """
    grace = timedelta(hours=closing_hours)
    for round_ in rounds_around(rules, week.sunday):
        if week.begins_at < round_.closes_at + grace <= week.ends_at:
            yield round_period(round_)
    if week.shift(1).year != week.year:
        yield year_period(week.year)


def year_period(year: int) -> Period:
    """An ISO year as a period: its whole weeks."""
    first, next_first = Week(year, 1).monday, Week(year + 1, 1).monday
    return Period(
        kind=EditionKind.YEAR, mark=str(year), name="", first=first, last=next_first - timedelta(days=1)
    )


def round_period(round_: Round) -> Period:
    """A round as a period."""
    return Period(
        kind=EditionKind.ROUND,
        mark=round_.id,
        name=round_.name,
        first=round_.opens_on,
        last=round_.closes_on,
    )


#: How long after a round's end a form may still come in for it, closing hours and all.
_TRAILING_WEEKS = 4


def running_rounds(rules: tuple[RoundRule, ...], week: Week) -> tuple[Round, ...]:
    """Every round that forms of this week may belong to, earliest first."""
    ended = week.shift(-_TRAILING_WEEKS).monday
    return tuple(
        one
        for one in rounds_around(rules, week.sunday)
        if one.opens_on <= week.sunday and one.closes_on >= ended
    )


def ending_rounds(rules: tuple[RoundRule, ...], closing_hours: int, week: Week) -> frozenset[str]:
    """The rounds whose series end with this week.

    What comes between rounds ends when a round is open at the week's end, and with every ISO year: so
    nothing goes on for longer than a year's reports say.
    """
    periods = list(ending_periods(rules, closing_hours, week))
    ending = {period.mark for period in periods if period.kind is EditionKind.ROUND}
    following = week.shift(1).monday
    is_open = any(one.opens_on <= following <= one.closes_on for one in rounds_around(rules, following))
    if is_open or any(period.kind is EditionKind.YEAR for period in periods):
        ending.add(OUTSIDE)
    return frozenset(ending)
