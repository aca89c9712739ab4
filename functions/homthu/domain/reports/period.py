"""What a report other than the weekly one is about: a round or a year at its end, or a correction."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from homthu.domain.boxes.round import Round, RoundRule, rounds_around
from homthu.domain.reports.edition import Edition, EditionKind
from homthu.domain.week import Week


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """That a report takes the place of an earlier one, which stays as it was: its number, and why."""

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
        """The edition under which it is reported on."""
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

    A round takes what was opened before its end for some hours more, so it ends when these do.
    """
    grace = timedelta(hours=closing_hours)
    for round_ in rounds_around(rules, week.sunday):
        if week.begins_at < round_.closes_at + grace <= week.ends_at:
            yield round_period(round_)
    if week.shift(1).year != week.year:
        first = Week(week.year, 1).monday
        yield Period(kind=EditionKind.YEAR, mark=str(week.year), name="", first=first, last=week.sunday)


def round_period(round_: Round) -> Period:
    """A round as a period."""
    return Period(
        kind=EditionKind.ROUND,
        mark=round_.id,
        name=round_.name,
        first=round_.opens_on,
        last=round_.closes_on,
    )
