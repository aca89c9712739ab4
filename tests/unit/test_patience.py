import time

from homthu.patience import at_most, waiting


def test_where_nobody_waits_the_bound_is_the_callers_own() -> None:
    assert at_most(6.0) == 6.0


def test_what_is_left_shrinks_over_several_calls_and_never_below_nothing() -> None:
    with waiting(0.05):
        assert at_most(6.0) <= 0.05
        assert at_most(0.01) == 0.01
        time.sleep(0.06)
        assert at_most(6.0) == 0.0
    assert at_most(6.0) == 6.0


def test_one_who_waits_within_anothers_time_gives_it_back() -> None:
    with waiting(100):
        with waiting(1):
            assert at_most(50) <= 1
        assert at_most(50) == 50
