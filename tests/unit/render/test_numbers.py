from datetime import date
from fractions import Fraction

import pytest
from homthu.domain.week import Week
from homthu.render.numbers import (
    bar_percent,
    format_count,
    format_date,
    format_dates,
    format_day,
    format_decimal,
    format_fraction,
    format_points,
    format_share,
    format_week,
)
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("count", "written"), [(0, "0"), (999, "999"), (1234, "1.234"), (1_234_567, "1.234.567")]
)
def test_thousands_are_parted_by_points(count: int, written: str) -> None:
    assert format_count(count) == written


@pytest.mark.parametrize(
    ("share", "written"),
    [
        (43 / 52, "82,7%"),
        (0.75, "75,0%"),
        (0.0625, "6,3%"),
        (1 / 3, "33,3%"),
        (0.9999, "100,0%"),
        (0, "0%"),
        (1, "100%"),
    ],
)
def test_a_share_is_a_percentage_with_one_decimal_behind_a_comma(share: float, written: str) -> None:
    assert format_share(share) == written


@pytest.mark.parametrize(
    ("points", "written"),
    [(3.2, "+3,2"), (-0.44, "\u22120,4"), (0, "0,0"), (0.04, "0,0"), (-0.04, "0,0"), (0.05, "+0,1")],
)
def test_a_change_carries_its_sign_unless_it_rounds_to_nothing(points: float, written: str) -> None:
    assert format_points(points) == written


@given(st.integers(0, 500), st.integers(1, 500))
def test_halves_are_rounded_up_as_a_reader_with_a_calculator_does(part: int, whole: int) -> None:
    share = Fraction(min(part, whole), whole)
    tenths = (share * 1000 + Fraction(1, 2)).__floor__()
    assert format_decimal(float(share) * 100) == f"{tenths // 10},{tenths % 10}"


def test_days_are_written_with_two_digits_and_the_year_behind() -> None:
    assert format_date(date(2027, 1, 2)) == "02/01/2027"
    assert format_day(date(2027, 1, 2)) == "02/01"


def test_the_year_is_written_twice_only_when_it_changes() -> None:
    assert format_dates(date(2026, 11, 23), date(2026, 11, 29)) == "23/11–29/11/2026"
    assert format_dates(date(2026, 12, 28), date(2027, 1, 3)) == "28/12/2026–03/01/2027"


def test_a_week_is_written_with_its_own_year() -> None:
    assert format_week(Week.of(date(2027, 1, 1))) == "53/2026"


def test_a_fraction_keeps_its_base() -> None:
    assert format_fraction(7, 1009) == "7/1.009"


@given(st.floats(0, 1))
def test_a_bar_is_empty_only_for_nothing_and_full_only_for_everything(share: float) -> None:
    assert 0 <= bar_percent(share) <= 100
    assert (bar_percent(share) == 0) == (share == 0)
    assert (bar_percent(share) == 100) == (share == 1)
