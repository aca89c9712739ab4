"""Which week a submission goes into when it comes at the very end of one, to the microsecond.

Firestore dates by its own clock and is therefore not among these; it compares instants likewise.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from fakes.memory_store import MemoryStore
from homthu.adapters.sqlite.store import SqliteStore
from homthu.domain.week import Week
from homthu.ports import Store
from samples import WARD, a_submission

W47 = Week(2026, 47)
#: Sunday 22 November 2026 turns into Monday in Viet Nam.
MIDNIGHT = datetime(2026, 11, 22, 17, tzinfo=UTC)
INSTANT_BEFORE = MIDNIGHT - timedelta(microseconds=1)

Received = Callable[[datetime], None]


class Clock:
    """Tells the time it was set to."""

    def __init__(self) -> None:
        self.now = MIDNIGHT

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Store]:
    store: Store = (
        MemoryStore(clock) if request.param == "memory" else SqliteStore(tmp_path / "box.db", clock)
    )
    yield store
    store.close()


@pytest.fixture
def receive(store: Store, clock: Clock) -> Received:
    def receive(instant: datetime) -> None:
        clock.now = instant
        store.add(instant.isoformat(), a_submission(), "d")

    return receive


def test_the_last_instant_of_sunday_is_assigned_to_the_week_that_ends(
    store: Store, receive: Received
) -> None:
    receive(INSTANT_BEFORE)
    assert list(store.assign_week(WARD, W47)) == [1]
    (stored,) = store.in_week(WARD, W47)
    assert (stored.received_on, stored.is_late) == (date(2026, 11, 22), False)


def test_the_first_instant_of_monday_waits_for_the_next_week(store: Store, receive: Received) -> None:
    receive(MIDNIGHT)
    assert list(store.assign_week(WARD, W47)) == []
    assert list(store.assign_week(WARD, W47.shift(1))) == [1]
    (stored,) = store.in_week(WARD, W47.shift(1))
    assert (stored.received_on, stored.is_late) == (date(2026, 11, 23), False)


def test_one_that_missed_its_week_is_assigned_to_the_next_and_late(store: Store, receive: Received) -> None:
    list(store.assign_week(WARD, W47))
    receive(INSTANT_BEFORE)
    assert list(store.assign_week(WARD, W47.shift(1))) == [1]
    (stored,) = store.in_week(WARD, W47.shift(1))
    assert (stored.received_on, stored.is_late) == (date(2026, 11, 22), True)


def test_before_its_week_is_closed_a_submission_is_dated_by_its_receipt(
    store: Store, receive: Received
) -> None:
    receive(INSTANT_BEFORE)
    receive(MIDNIGHT)
    assert [(one.week, one.received_on) for one in store.everything(WARD)] == [
        (W47, date(2026, 11, 22)),
        (W47.shift(1), date(2026, 11, 23)),
    ]


def test_the_oldest_unassigned_is_given_to_ten_minutes(store: Store, receive: Received) -> None:
    receive(MIDNIGHT)
    receive(INSTANT_BEFORE)
    assert store.oldest_without_week(WARD) == MIDNIGHT - timedelta(minutes=10)
    list(store.assign_week(WARD, W47))
    assert store.oldest_without_week(WARD) == MIDNIGHT
