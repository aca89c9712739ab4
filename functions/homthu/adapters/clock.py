"""The clock: the only place that asks the machine what time it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from homthu.ports import Clock


def system_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def clock_set_to(instant: datetime) -> Clock:
    """A clock that shows this instant now and runs on from there, for trying out a Monday."""
    ahead: timedelta = instant - system_clock()
    return lambda: system_clock() + ahead
