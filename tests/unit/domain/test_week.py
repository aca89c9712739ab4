from datetime import UTC, date, datetime, timedelta

import pytest
from homthu.domain.week import ICT, NotAWeek, Week, local_date
from hypothesis import given
from hypothesis import strategies as st

INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("instant", "week"),
    [
        ("2026-11-22T16:59:59.999999+00:00", "2026-W47"),
        ("2026-11-22T17:00:00+00:00", "2026-W48"),
        ("2025-12-28T16:59:59+00:00", "2025-W52"),
        ("2025-12-28T17:00:00+00:00", "2026-W01"),
        ("2027-01-03T16:59:59+00:00", "2026-W53"),
        ("2027-01-03T17:00:00+00:00", "2027-W01"),
    ],
)
def test_a_week_begins_on_monday_at_midnight_in_viet_nam(instant: str, week: str) -> None:
    assert str(Week.at(datetime.fromisoformat(instant))) == week


@given(INSTANTS)
def test_every_instant_lies_in_exactly_one_week(instant: datetime) -> None:
    week = Week.at(instant)
    assert week.begins_at <= instant < week.ends_at
    assert week.shift(1).begins_at == week.ends_at
    assert week.shift(-1).ends_at == week.begins_at


@given(INSTANTS)
def test_a_week_reads_back_what_it_writes_and_sorts_by_time(instant: datetime) -> None:
    week = Week.at(instant)
    assert Week.parse(str(week)) == week
    assert week < week.shift(1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-47",
        "2026-W7",
        "2025-W53",
        "2026-W00",
        "0001-W01",
        "9999-W52",
        "26-W47",
        "2026-W47 ",
        "2026-w47",
    ],
)
def test_what_is_no_week_is_refused(text: str) -> None:
    with pytest.raises(NotAWeek) as raised:
        Week.parse(text)
    assert raised.value.text == text


def test_a_day_is_viet_nams_day() -> None:
    assert local_date(datetime(2026, 11, 23, 17, tzinfo=UTC)) == date(2026, 11, 24)
    assert datetime(2026, 1, 1, tzinfo=ICT).utcoffset() == timedelta(hours=7)
