"""Clock check: whether the clock is behind what the store has seen, so that no Monday is skipped silently.

A clock that was ahead when a report ran has closed weeks that are not over: until they are, there is nothing
left to close, and a run would look as if all were well. A clock that is ahead cannot be noticed at the time:
a box that was off for three weeks looks the same.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from homthu.domain.errors import HomThuError
from homthu.domain.reports.ledger import Head
from homthu.domain.week import Week, local_date
from homthu.ports import Ledger, SubmissionArchive
from homthu.services.owed_weeks import last_finished_week

#: How far two machines' clocks, or a mark and the clock, may differ without anything being wrong.
_TOLERANCE = timedelta(minutes=15)


class Seen(StrEnum):
    """What the store holds from a time that the clock has not reached yet."""

    WEEK_CLOSED = "week_closed"
    REPORT_FROZEN = "report_frozen"
    SUBMISSION_RECEIVED = "submission_received"


class ClockBehind(HomThuError):
    """The clock is behind what the store has seen: it is wrong now, or was ahead then."""

    def __init__(self, ward: str, week: Week, seen: Seen) -> None:
        super().__init__(ward, str(week), seen)
        self.ward = ward
        self.week = week
        self.seen = seen


def check_clock(
    archive: SubmissionArchive, ledger: Ledger, head: Head | None, ward: str, now: datetime
) -> None:
    """Raise `ClockBehind` with the newest week that is closed, or the one that the clock shows."""
    finished = last_finished_week(now)
    newest = head.last_week if head else None
    if newest and newest > finished:
        raise ClockBehind(ward, newest, Seen.WEEK_CLOSED)
    # If the last week was closed too early, the day on which that happened lies ahead.
    report = ledger.report(ward, newest) if newest == finished else None
    if report and report.frozen_on > local_date(now + _TOLERANCE):
        raise ClockBehind(ward, report.week, Seen.REPORT_FROZEN)
    if archive.has_received_after(ward, now + _TOLERANCE):
        raise ClockBehind(ward, newest or finished, Seen.SUBMISSION_RECEIVED)
