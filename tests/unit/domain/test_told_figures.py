"""Figures: sums of what was told, the words for a unanimous run, and what may be said of a change."""

from itertools import pairwise
from math import comb

import pytest
from homthu.domain.releases.change import Change, Direction, newcombe
from homthu.domain.releases.figure import Between, Figure, wilson
from homthu.domain.releases.release import Release, alike_in
from homthu.domain.releases.releases import Releases
from homthu.domain.releases.series import OVERALL, WARD
from homthu.domain.week import Week
from hypothesis import given
from hypothesis import strategies as st

W40 = Week(2026, 40)
counts = st.dictionaries(st.sampled_from("54321"), st.integers(0, 30), min_size=2).filter(
    lambda one: sum(one.values()) >= 10
)


def release(by_option: dict[str, int], *, week: Week = W40, round_: str = "2026-4") -> Release:
    return Release.of(round=round_, series=WARD, asked=OVERALL, first=week, last=week, counts=by_option)


def figure(satisfied: int, answers: int) -> Figure:
    return Figure((release({"4": satisfied, "1": answers - satisfied}),))


@given(st.lists(counts, min_size=1, max_size=6))
def test_a_sum_says_what_is_true_and_no_more_than_its_releases(runs: list[dict[str, int]]) -> None:
    made = Figure(tuple(release(run) for run in runs))
    satisfied = sum(run.get("4", 0) + run.get("5", 0) for run in runs)
    assert made.satisfied.least <= satisfied <= made.satisfied.most
    assert made.answers == sum(sum(run.values()) for run in runs)
    in_words = sum(bool(alike_in(run)) for run in runs)
    assert made.satisfied.most - made.satisfied.least == in_words
    assert made.is_exact is (in_words == 0)
    assert (made.mean is None) is (in_words > 0)


def test_ten_of_eleven_satisfied_is_told_in_words_and_nine_of_eleven_in_figures() -> None:
    assert figure(10, 11).alike == "satisfied"
    assert figure(10, 11).satisfied == Between(least=10, most=11)
    assert figure(10, 11).chose({"5"}) == Between(least=0, most=11)
    assert figure(10, 11).dissatisfied == Between(least=0, most=1)
    assert (figure(9, 11).alike, figure(9, 11).satisfied) == ("", Between(least=9, most=9))


def test_a_choice_is_alike_when_all_or_all_but_one_took_the_same_option() -> None:
    assert alike_in({"khong": 30, "phien_ha": 1}) == "khong"
    assert alike_in({"khong": 30, "phien_ha": 2}) == ""
    assert alike_in({"som": 20, "dung": 20}) == ""


# --- changes


def test_the_interval_of_a_difference_is_that_of_newcombe_s_own_examples() -> None:
    """Table II of the paper, method 11, examples (a), (b) and (c)."""
    for now, total, before, total_before, low, high in (
        (56, 70, 48, 80, 0.0428, 0.3422),
        (9, 10, 3, 10, 0.1013, 0.8387),
        (6, 7, 2, 7, -0.0290, 0.8423),
    ):
        found = newcombe(now, total, before, total_before)
        assert (found.low, found.high) == pytest.approx((low, high), abs=6e-5)


def test_a_clear_rise_a_clear_fall_and_what_may_be_chance() -> None:
    for before, now, direction in (
        (figure(20, 40), figure(36, 40), Direction.UP),
        (figure(36, 40), figure(20, 40), Direction.DOWN),
        (figure(24, 40), figure(28, 40), Direction.UNCLEAR),
        (figure(10, 10), figure(10, 10), Direction.UNCLEAR),
    ):
        assert Change(before=before, now=now).direction is direction


@pytest.mark.parametrize("sizes", [(10, 10), (12, 40), (25, 30), (60, 60), (120, 15)])
def test_where_nothing_changed_a_change_is_said_in_five_of_a_hundred_cases_at_most(
    sizes: tuple[int, int],
) -> None:
    """Not drawn: every pair of numbers there can be, weighed by how likely it is."""
    now, before = ([figure(satisfied, size) for satisfied in range(size + 1)] for size in sizes)
    said = [
        [Change(before=other, now=one).direction is not Direction.UNCLEAR for other in before] for one in now
    ]
    for likely in (0.05, 0.2, 0.35, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98):
        (first, second) = (binomial(size, likely) for size in sizes)
        alarms = sum(
            first[x] * second[y] for x in range(sizes[0] + 1) for y in range(sizes[1] + 1) if said[x][y]
        )
        assert alarms <= 0.05


def binomial(trials: int, likely: float) -> list[float]:
    return [comb(trials, n) * likely**n * (1 - likely) ** (trials - n) for n in range(trials + 1)]


def releases(*runs: tuple[int, int, str]) -> Releases:
    """Releases of 20 answers each: how many weeks ago, how many of them satisfied, and the round."""
    told = [
        (number, release({"4": satisfied, "1": 20 - satisfied}, week=W40.shift(-back), round_=round_))
        for number, (back, satisfied, round_) in enumerate(runs)
    ]
    return Releases(told=tuple(told), newest=len(told) - 1)


def test_the_newest_run_is_set_against_the_one_before() -> None:
    change = releases((3, 2, "r"), (1, 5, "r"), (0, 18, "r")).change(WARD, OVERALL)
    assert change is not None
    assert (change.before.satisfied.least, change.now.satisfied.least) == (5, 18)
    assert releases((0, 18, "r")).change(WARD, OVERALL) is None


def test_four_weeks_are_set_against_the_four_before() -> None:
    made = releases((8, 9, "r"), (7, 9, "r"), (4, 10, "r"), (3, 11, "r"), (0, 12, "r"))
    change = made.weeks_change(W40, WARD, OVERALL)
    assert change is not None
    assert (change.before.satisfied.least, change.now.satisfied.least) == (19, 23)
    assert made.weeks_change(W40.shift(20), WARD, OVERALL) is None


def test_a_round_is_set_against_the_same_one_of_last_year() -> None:
    change = releases((52, 3, "2025-4"), (1, 15, "2026-4"), (0, 15, "2026-4")).rounds_change(
        "2026-4", "2025-4", WARD, OVERALL
    )
    assert change is not None
    assert (change.now.answers, change.before.answers, change.direction) == (40, 20, Direction.UP)


# --- intervals


def test_an_interval_holds_its_share_and_shrinks_with_the_answers() -> None:
    widths = [wilson(n * 8, n * 10) for n in (1, 3, 10, 100)]
    assert all(one.low < 0.8 < one.high for one in widths)
    assert all(one.high - one.low > other.high - other.low for one, other in pairwise(widths))


def test_an_interval_is_wilson_s_own_example() -> None:
    """R. G. Newcombe, Statistics in Medicine 17 (1998), 857: 81 of 263 gives 0.2553 to 0.3662."""
    found = wilson(81, 263)
    assert (found.low, found.high) == pytest.approx((0.2553, 0.3662), abs=1e-4)
