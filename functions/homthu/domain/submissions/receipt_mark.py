"""The mark of a receipt: all that is kept of the time at which a submission came, until its week closes.

Ten minutes are fine enough to see a surge when the week is closed, and coarse enough that a mark does
not tell who stood at the poster. Viet Nam's offset is a whole number of marks, so that no mark lies in
two days or two weeks. Where only the day is known, as after a restore, an instant stands for the day
that no mark is equal to.
"""

from datetime import UTC, date, datetime, timedelta

from homthu.domain.week import local_date, local_midnight

MARK = timedelta(minutes=10)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_ALONE = timedelta(microseconds=1)


def mark_of(instant: datetime) -> datetime:
    """The beginning of the ten minutes that hold this instant."""
    return instant - (instant - _EPOCH) % MARK


def mark_of_day(day: date) -> datetime:
    """The mark for a day whose time is unknown: it gives the right day and week."""
    return local_midnight(day) + _DAY_ALONE


def has_time(mark: datetime) -> bool:
    """Whether a mark stands for ten minutes, not just for a day."""
    return mark != mark_of_day(local_date(mark))
