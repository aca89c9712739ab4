"""Expiring: what is past its time at the next monthly run, so that whoever needs it can take it down."""

from dataclasses import dataclass
from datetime import date

from homthu.domain.week import Week

#: From the first to the last week of which something goes.
Weeks = tuple[Week, Week]


@dataclass(frozen=True, kw_only=True, slots=True)
class Expiring:
    """What goes on a day: of which weeks the kinds of `Retention`, and how many cases."""

    on: date
    weeks: tuple[tuple[str, int, Weeks], ...] = ()
    cases: int = 0
