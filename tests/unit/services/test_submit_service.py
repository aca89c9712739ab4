from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from builders import submission
from fakes.memory_store import MemoryStore
from homthu.domain.secret import Secrets
from homthu.domain.submissions.reference import id_of, reference_of
from homthu.domain.submissions.submission import Flag, Submission
from homthu.ports import IdTaken, StoreUnavailable
from homthu.services.submit import submit

OLD, NEW = Secrets(current=b"o" * 32), Secrets(current=b"n" * 32, previous=(b"o" * 32,))
KEY = "0123456789abcdef0123456789abcdef"
WARD = submission().ward


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore(lambda: datetime(2026, 11, 24, tzinfo=UTC))


def texts(store: MemoryStore) -> list[str]:
    return sorted(stored.submission.text for stored in store.everything(WARD))


def test_the_same_key_and_payload_is_stored_once_and_gives_the_same_reference(store: MemoryStore) -> None:
    first = submit(store, OLD, key=KEY, submission=submission(text="a"))
    again = submit(store, OLD, key=KEY, submission=submission(text="a"))
    assert first == again == reference_of(KEY)
    assert texts(store) == ["a"]


def test_flags_and_round_do_not_make_it_another_payload(store: MemoryStore) -> None:
    first = submit(store, OLD, key=KEY, submission=submission(text="a", flags=(), round="2026-4"))
    again = submit(
        store, OLD, key=KEY, submission=submission(text="a", flags=(Flag.BURST,), round="ngoai-dot")
    )
    assert first == again
    assert texts(store) == ["a"]


def test_the_same_key_with_another_payload_is_stored_under_another_reference(store: MemoryStore) -> None:
    first = submit(store, OLD, key=KEY, submission=submission(text="a"))
    second = submit(store, OLD, key=KEY, submission=submission(text="b"))
    assert first != second
    assert texts(store) == ["a", "b"]
    assert submit(store, OLD, key=KEY, submission=submission(text="b")) == second
    assert submit(store, OLD, key=KEY, submission=submission(text="a")) == first
    assert texts(store) == ["a", "b"]


def test_twenty_taps_at_once_are_one_submission(store: MemoryStore) -> None:
    with ThreadPoolExecutor(20) as pool:
        references = set(
            pool.map(lambda _: submit(store, OLD, key=KEY, submission=submission(text="a")), range(20))
        )
    assert references == {reference_of(KEY)}
    assert texts(store) == ["a"]


def test_after_a_rotation_what_was_sent_before_is_found_again(store: MemoryStore) -> None:
    before = submit(store, OLD, key=KEY, submission=submission(text="a"))
    assert submit(store, NEW, key=KEY, submission=submission(text="a")) == before
    assert texts(store) == ["a"]
    submit(store, NEW, key=KEY, submission=submission(text="b"))
    assert texts(store) == ["a", "b"]


class LostAnswer:
    """A store whose first write is durable though its answer is lost, as gRPC may have it."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def add(self, id: str, submission: Submission, digest: str) -> None:
        self._store.add(id, submission, digest)
        raise IdTaken(digest)

    def digest(self, id: str) -> str | None:
        return self._store.digest(id)


def test_a_write_that_the_store_calls_taken_by_itself_is_a_success(store: MemoryStore) -> None:
    assert submit(LostAnswer(store), OLD, key=KEY, submission=submission(text="a")) == reference_of(KEY)
    assert texts(store) == ["a"]


class AlwaysTaken:
    """A store in which every id belongs to something else."""

    def add(self, id: str, submission: Submission, digest: str) -> None:
        raise IdTaken("another")

    def digest(self, id: str) -> str | None:
        return None


def test_no_receipt_is_given_for_what_could_not_be_stored() -> None:
    with pytest.raises(StoreUnavailable) as raised:
        submit(AlwaysTaken(), OLD, key=KEY, submission=submission(text="a"))
    assert raised.value.reason == "id_collision"


def test_neither_key_nor_reference_is_in_the_store(store: MemoryStore) -> None:
    reference = submit(store, OLD, key=KEY, submission=submission(text="a"))
    (stored,) = store.everything(WARD)
    assert stored.id == id_of(reference, OLD.current)
    assert KEY not in repr(stored)
    assert reference not in repr(stored)
