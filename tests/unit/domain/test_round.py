from datetime import datetime

import pytest
from homthu.domain.boxes.round import RoundRule, RoundState, moment_at

YEARLY = (
    RoundRule(code="1", name="Đợt 1", opens=(0, 1, 22), closes=(0, 3, 25)),
    RoundRule(code="4", name="Đợt 4", opens=(0, 10, 1), closes=(0, 12, 25)),
)
DATED = (RoundRule(code="4", name="Đợt 4", opens=(2026, 10, 1), closes=(2026, 12, 25)),)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("instant", "state", "current"),
    [
        ("2026-01-21T23:59:59+07:00", RoundState.CLOSED, None),
        ("2026-01-22T00:00:00+07:00", RoundState.OPEN, "2026-1"),
        ("2026-03-25T23:59:59+07:00", RoundState.OPEN, "2026-1"),
        ("2026-03-26T00:00:00+07:00", RoundState.CLOSING, None),
        ("2026-03-26T05:59:59+07:00", RoundState.CLOSING, None),
        ("2026-03-26T06:00:00+07:00", RoundState.CLOSED, None),
        ("2026-12-26T12:00:00+07:00", RoundState.CLOSED, None),
        ("2027-01-22T00:00:00+07:00", RoundState.OPEN, "2027-1"),
    ],
)
def test_a_yearly_round_opens_and_closes_to_the_second(
    instant: str, state: RoundState, current: str | None
) -> None:
    moment = moment_at(YEARLY, at(instant), closing_hours=6)
    assert (moment.state, moment.current and moment.current.id) == (state, current)


@pytest.mark.parametrize(
    ("instant", "changes"),
    [
        ("2026-10-01T00:00:00+07:00", "2026-12-26T00:00:00+07:00"),
        ("2026-12-26T00:00:00+07:00", "2026-12-26T06:00:00+07:00"),
        ("2026-12-26T06:00:00+07:00", "2027-01-22T00:00:00+07:00"),
    ],
)
def test_the_next_change_is_the_next_edge(instant: str, changes: str) -> None:
    assert moment_at(YEARLY, at(instant), closing_hours=6).changes_at == at(changes)


def test_before_the_first_dated_round_a_box_is_upcoming() -> None:
    moment = moment_at(DATED, at("2026-09-30T12:00:00+07:00"), closing_hours=6)
    assert moment.state is RoundState.UPCOMING
    assert moment.next is not None
    assert moment.next.id == "2026-4"


def test_after_the_last_dated_round_nothing_changes_any_more() -> None:
    moment = moment_at(DATED, at("2027-06-01T12:00:00+07:00"), closing_hours=6)
    assert (moment.state, moment.next, moment.changes_at) == (RoundState.CLOSED, None, None)


def test_the_round_before_new_year_is_remembered_after_it() -> None:
    moment = moment_at(YEARLY, at("2027-01-05T12:00:00+07:00"), closing_hours=6)
    assert moment.previous is not None
    assert moment.previous.id == "2026-4"
