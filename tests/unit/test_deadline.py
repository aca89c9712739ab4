import time

from homthu.deadline import remaining, within


def test_where_nobody_waits_the_bound_is_the_callers_own() -> None:
    assert remaining(6.0) == 6.0


def test_what_is_left_shrinks_over_several_calls_and_never_below_nothing() -> None:
    with within(0.05):
        assert remaining(6.0) <= 0.05
        assert remaining(0.01) == 0.01
        time.sleep(0.06)
        assert remaining(6.0) == 0.0
    assert remaining(6.0) == 6.0


def test_one_who_waits_within_anothers_time_gives_it_back() -> None:
    with within(100):
        with within(1):
            assert remaining(50) <= 1
        assert remaining(50) == 50
