"""What expires at the next monthly run, announced so that those who need it can copy it in time."""

from dataclasses import dataclass
from datetime import date

from homthu.domain.week import Week

#: From the first to the last week of which something goes.
Weeks = tuple[Week, Week]


@dataclass(frozen=True, kw_only=True, slots=True)
class Expiring:
    """What is erased on a day: the weeks concerned for each kind of `Retention`, and the number of cases."""

    on: date
    weeks: tuple[tuple[str, int, Weeks], ...] = ()
    cases: int = 0
