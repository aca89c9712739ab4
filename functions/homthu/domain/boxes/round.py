"""Rounds (đợt lấy ý kiến) and the state they put a box in at an instant."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache

from homthu.domain.week import local_date, local_midnight
from homthu.record import record

#: The round of a submission that was accepted while no round was open.
OUTSIDE = "ngoai-dot"


class RoundState(StrEnum):
    """Where a box stands with respect to its rounds."""

    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"


@record
class Round:
    """One round on the calendar: it opens at the start of one day and closes at the end of another."""

    id: str
    name: str
    opens_on: date
    closes_on: date

    @cached_property
    def opens_at(self) -> datetime:
        """First instant, UTC."""
        return local_midnight(self.opens_on)

    @cached_property
    def closes_at(self) -> datetime:
        """First instant after the last day, UTC."""
        return local_midnight(self.closes_on + timedelta(days=1))


@record
class RoundRule:
    """A round as a box file writes it: dated once, or with `year` 0 in every year."""

    code: str
    name: str
    opens: tuple[int, int, int]
    closes: tuple[int, int, int]

    @property
    def is_yearly(self) -> bool:
        """Whether the round comes back every year."""
        return self.opens[0] == 0

    def in_year(self, year: int) -> Round:
        """The round in this year; a dated round falls in its own year, whichever is asked for."""
        opens = date(self.opens[0] or year, *self.opens[1:])
        closes = date(self.closes[0] or year, *self.closes[1:])
        return Round(id=f"{opens.year}-{self.code}", name=self.name, opens_on=opens, closes_on=closes)


@record
class RoundMoment:
    """What holds at one instant: the state, the rounds around it, and when it next changes."""

    state: RoundState
    current: Round | None
    previous: Round | None
    next: Round | None
    changes_at: datetime | None


def rounds_around(rules: tuple[RoundRule, ...], day: date) -> tuple[Round, ...]:
    """Every round from the year before this day to the year after it, earliest first."""
    return _rounds_around(rules, day.year)


# Every form asks, and the answer holds all year. Most of three thousand wards share the same rounds.
@lru_cache(maxsize=256)
def _rounds_around(rules: tuple[RoundRule, ...], year: int) -> tuple[Round, ...]:
    found = {
        round_.id: round_
        for rule in rules
        for each in ((year - 1, year, year + 1) if rule.is_yearly else (0,))
        for round_ in (rule.in_year(each),)
    }
    return tuple(sorted(found.values(), key=lambda round_: round_.opens_on))


def moment_at(rules: tuple[RoundRule, ...], instant: datetime, closing_hours: int) -> RoundMoment:
    """The state of the rounds at an instant.

    `closing_hours` is how long after its last day a round still accepts forms that were opened before.
    """
    rounds = rounds_around(rules, local_date(instant))
    grace = timedelta(hours=closing_hours)
    current = next((r for r in rounds if r.opens_at <= instant < r.closes_at), None)
    previous = max((r for r in rounds if r.closes_at <= instant), key=lambda r: r.closes_at, default=None)
    following = next((r for r in rounds if r.opens_at > instant), None)
    if current:
        state = RoundState.OPEN
    elif previous and instant < previous.closes_at + grace:
        state = RoundState.CLOSING
    elif previous:
        state = RoundState.CLOSED
    else:
        state = RoundState.UPCOMING
    return RoundMoment(
        state=state,
        current=current,
        previous=previous,
        next=following,
        changes_at=min((at for at in _edges(rounds, grace) if at > instant), default=None),
    )


def _edges(rounds: Sequence[Round], grace: timedelta) -> Iterator[datetime]:
    for round_ in rounds:
        yield round_.opens_at
        yield round_.closes_at
        yield round_.closes_at + grace
