"""The mark of a receipt: ten minutes, on the right side of every midnight and every week's end."""

from datetime import UTC, date, datetime, timedelta

import pytest
from homthu.domain.submissions.receipt_mark import MARK, has_time, mark_of, mark_of_day
from homthu.domain.week import ICT, Week, local_date
from hypothesis import given
from hypothesis import strategies as st

INSTANTS = st.datetimes(datetime(2001, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


@given(INSTANTS)
def test_a_mark_keeps_day_and_week_and_nothing_below_ten_minutes(instant: datetime) -> None:
    mark = mark_of(instant)
    assert mark <= instant < mark + MARK
    assert (local_date(mark), Week.at(mark)) == (local_date(instant), Week.at(instant))
    assert mark.astimezone(ICT).minute % 10 == mark.second == mark.microsecond == 0
    assert mark_of(mark) == mark
    assert has_time(mark)


@given(INSTANTS)
def test_a_day_alone_keeps_day_and_week_and_is_no_mark(instant: datetime) -> None:
    day = local_date(instant)
    alone = mark_of_day(day)
    assert (local_date(alone), Week.at(alone)) == (day, Week.of(day))
    assert not has_time(alone)


@pytest.mark.parametrize("microsecond", [0, 999_999])
def test_the_last_second_of_sunday_belongs_to_its_week(microsecond: int) -> None:
    last = datetime(2026, 11, 22, 23, 59, 59, microsecond, tzinfo=ICT)
    assert mark_of(last) == datetime(2026, 11, 22, 23, 50, tzinfo=ICT)
    assert Week.at(mark_of(last)) == Week(2026, 47)
    assert Week.at(mark_of(last + timedelta(seconds=1))) == Week(2026, 48)
    assert local_date(mark_of(last)) == date(2026, 11, 22)
