from datetime import date, timedelta

import pytest
from homthu.domain.lunar import lunar_day, new_year
from homthu.domain.working_days import WorkingDays

#: The first day of Tết as the calendars of Viet Nam had and have it, 1990 to 2040.
TET = [
    "1990-01-27", "1991-02-15", "1992-02-04", "1993-01-23", "1994-02-10", "1995-01-31", "1996-02-19",
    "1997-02-07", "1998-01-28", "1999-02-16", "2000-02-05", "2001-01-24", "2002-02-12", "2003-02-01",
    "2004-01-22", "2005-02-09", "2006-01-29", "2007-02-17", "2008-02-07", "2009-01-26", "2010-02-14",
    "2011-02-03", "2012-01-23", "2013-02-10", "2014-01-31", "2015-02-19", "2016-02-08", "2017-01-28",
    "2018-02-16", "2019-02-05", "2020-01-25", "2021-02-12", "2022-02-01", "2023-01-22", "2024-02-10",
    "2025-01-29", "2026-02-17", "2027-02-06", "2028-01-26", "2029-02-13", "2030-02-02", "2031-01-23",
    "2032-02-11", "2033-01-31", "2034-02-19", "2035-02-08", "2036-01-28", "2037-02-15", "2038-02-04",
    "2039-01-24", "2040-02-12",
]  # fmt: skip
#: China's New Year, an hour's longitude away: a day later in these.
CHINA = {2007: date(2007, 2, 18), 2030: date(2030, 2, 3)}
CALENDAR = WorkingDays()


def test_tet_is_the_official_day_of_every_year_from_1990_to_2040() -> None:
    assert [str(new_year(year)) for year in range(1990, 2041)] == TET


@pytest.mark.parametrize("year", sorted(CHINA))
def test_tet_follows_the_midnight_of_viet_nam_and_not_of_china(year: int) -> None:
    assert new_year(year) == CHINA[year] - timedelta(days=1)


@pytest.mark.parametrize(
    "day", ["2012-03-31", "2023-04-29", "2024-04-18", "2025-04-07", "2026-04-26"], ids=lambda day: day[:4]
)
def test_the_hung_kings_day_is_the_tenth_of_the_third_month_behind_a_leap_month_too(day: str) -> None:
    # 2012 and 2023 have a leap month beside it (the fourth and the second).
    assert str(lunar_day(int(day[:4]), 3, 10)) == day


def test_months_behind_a_leap_month_are_one_later() -> None:
    # The mid-autumn festival of 2025, whose sixth month was doubled, and of 2026.
    assert [str(lunar_day(year, 8, 15)) for year in (2025, 2026)] == ["2025-10-06", "2026-09-25"]
    # The kitchen gods' day before Tết 2034, with the eleventh month of 2033 doubled.
    assert str(lunar_day(2033, 12, 23)) == "2034-02-11"


@pytest.mark.parametrize(
    ("day", "is_working"),
    [
        ("2026-11-27", True),
        ("2026-11-28", False),
        ("2026-11-29", False),
        # Tết 2026: from the last day of the old year to the fourth of the new one.
        ("2026-02-13", True),
        ("2026-02-16", False),
        ("2026-02-20", False),
        ("2026-02-23", True),
        # The Hùng Kings' day of 2026 is a Sunday: the Monday is off; and the Saturday of Tết 2027 and the
        # Sunday have theirs behind the fourth day.
        ("2026-04-27", False),
        ("2027-02-05", False),
        ("2027-02-09", False),
        ("2027-02-10", False),
        ("2027-02-11", False),
        ("2027-02-12", True),
        ("2026-09-02", False),
    ],
)
def test_weekends_holidays_and_days_in_lieu_are_not_worked(day: str, is_working: bool) -> None:
    assert CALENDAR.is_working(date.fromisoformat(day)) is is_working


def test_what_a_box_lists_once_is_off_in_that_year_only() -> None:
    calendar = WorkingDays(holidays=((2027, 4, 16),))
    assert not calendar.is_working(date(2027, 4, 16))
    assert calendar.is_working(date(2026, 4, 16))
    assert calendar.is_working(date(2026, 9, 2)), "the list is the ward's own"


def test_days_are_counted_over_a_weekend_and_tet() -> None:
    friday = date(2026, 11, 27)
    assert CALENDAR.after(friday, 1) == date(2026, 11, 30)
    assert CALENDAR.after(friday, 5) == date(2026, 12, 4)
    assert CALENDAR.before(date(2026, 12, 1), 2) == friday
    assert CALENDAR.after(date(2027, 2, 3), 2) == date(2027, 2, 12)
    assert CALENDAR.before(date(2027, 2, 15), 2) == date(2027, 2, 4)
