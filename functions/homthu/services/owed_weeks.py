"""Which weeks a ward still owes a report for."""

from collections.abc import Callable
from datetime import datetime, timedelta

from homthu.domain.errors import HomThuError
from homthu.domain.reports.ledger import Head
from homthu.domain.week import Week
from homthu.log import log_crash
from homthu.ports import StoreUnavailable

#: A submission's time is when its request arrived, so one may become visible a little after the
#: week's end; a week is closed only when that can no longer happen.
SETTLE = timedelta(minutes=15)
#: More weeks than this are not caught up automatically: something is wrong with the ledger or the clock.
MAX_CATCH_UP = 12


class TooFarBehind(HomThuError):
    """More weeks are owed than may be closed before a person looks; nothing was closed."""

    def __init__(self, ward: str, weeks: int) -> None:
        super().__init__(ward, weeks)
        self.ward = ward
        self.weeks = weeks


def last_finished_week(now: datetime) -> Week:
    """The newest week that is over and settled."""
    return Week.at(now - SETTLE).shift(-1)


def owed_weeks(
    head: Head, oldest_without_week: datetime | None, until: Week, *, limit: int = MAX_CATCH_UP
) -> list[Week]:
    """The weeks to close, oldest first, up to and including `until`.

    They follow the last one closed. A ward's first report is for the week of its oldest
    submission, or, if it has none, for `until`: a box that nobody used says so, too.
    Raise `TooFarBehind` for more than `limit`.
    """
    if head.last_week:
        first = head.last_week.shift(1)
    elif head.pending:
        # The first close broke off: what it assigned is still owed.
        first = min(Week.parse(head.pending.partition("/")[0]), until)
    elif oldest_without_week:
        first = min(Week.at(oldest_without_week), until)
    else:
        first = until
    weeks = []
    week = first
    while week <= until:
        weeks.append(week)
        week = week.shift(1)
    if len(weeks) > limit:
        raise TooFarBehind(head.ward, len(weeks))
    return weeks


def problem_of(act: Callable[[], None]) -> str:
    """Run this; a short code of what went wrong, or empty."""
    try:
        act()
    except StoreUnavailable as unavailable:
        return f"store_{unavailable.reason}"
    except HomThuError as error:
        return _code(error)
    return ""


def or_crashed(problem: Callable[[], str], *, crashed: str) -> str:
    """The problem, or the code of a defect, which is logged as `crashed`: no ward waits for another's."""
    try:
        return problem()
    except Exception as error:
        log_crash(crashed, error)
        return "crashed"


def _code(error: HomThuError) -> str:
    """A short code from the error's class: `WardBusy` gives `ward_busy`."""
    name = type(error).__name__
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).removeprefix("_")
