"""Arrivals: a place that got far more than its own usual week is told beside the figures."""

from homthu.domain.reports.arrivals import Arrival, unusual_arrivals
from homthu.domain.reports.tally import Fact, Tally
from homthu.domain.week import Week

W48 = Week(2026, 48)


def week(**places: int) -> Tally:
    return Tally({(Fact.PLACE, place): count for place, count in places.items()})


def before(*counts: int) -> dict[Week, Tally]:
    return {W48.shift(-n): week(a=count) for n, count in enumerate(counts, 1)}


def test_a_place_is_held_against_its_own_usual_week() -> None:
    assert unusual_arrivals(week(a=261, b=40), before(12, 11, 14)) == (
        Arrival(place="a", received=261, usual=12),
        Arrival(place="b", received=40, usual=0),
    )


def test_slow_stuffing_that_makes_no_surge_is_told() -> None:
    assert [one.place for one in unusual_arrivals(week(a=150), before(40, 35, 38))] == ["a"]


def test_a_good_week_a_small_place_and_a_first_week_are_not() -> None:
    assert unusual_arrivals(week(a=80), before(40, 35, 38)) == ()
    assert unusual_arrivals(week(a=30), before(1, 2, 0)) == ()
    assert unusual_arrivals(week(a=500), {}) == ()


def test_one_odd_week_does_not_become_the_rule_nor_do_weeks_long_past() -> None:
    assert [one.usual for one in unusual_arrivals(week(a=200), before(10, 900, 10, 10))] == [10]
    assert [one.usual for one in unusual_arrivals(week(a=200), before(*[10] * 8, *[900] * 20))] == [10]
