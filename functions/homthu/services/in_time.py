"""In time: whether the reports that are due exist, for checks from outside.

`watch` tells the operator, but runs on the same schedule as the report: if that is dead, nobody is told.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from homthu.domain.week import Week
from homthu.ports import Ledger

#: The report leaves at 07:00 on Monday and `watch` looks at 09:00 (infra/schedules.json).
DUE = timedelta(hours=9, minutes=30)
#: In a province this many wards are checked at once, and others the next time.
AT_ONCE = 40
#: How long a result holds, until others are checked.
FRESH = timedelta(minutes=10)


def overdue_wards(ledger: Ledger, wards: Sequence[str], now: datetime) -> list[str]:
    """Those of the wards checked now whose last finished week has no report although it is due.

    A ward that has never had one is not overdue: its box may be younger than the week. May raise
    `StoreUnavailable`.
    """
    due = Week.at(now - DUE).shift(-1)
    return [ward for ward in _turn(wards, now) if _is_overdue(ledger, ward, due)]


def _turn(wards: Sequence[str], now: datetime) -> Sequence[str]:
    if len(wards) <= AT_ONCE:
        return wards
    first = int(now.timestamp() // FRESH.total_seconds()) * AT_ONCE
    return [wards[(first + step) % len(wards)] for step in range(AT_ONCE)]


def _is_overdue(ledger: Ledger, ward: str, due: Week) -> bool:
    head = ledger.head(ward)
    return head is not None and head.last_week is not None and head.last_week < due
