"""What the board and the desk cost on Firestore, and what of a submission a look-up asks for."""

from collections.abc import Iterator

import pytest
from homthu.adapters.firestore.store import FirestoreStore
from homthu.domain.secret import Secrets
from homthu.domain.submissions.reference import id_of
from homthu.domain.week import Week
from homthu.services.lookup import look_up
from homthu.services.published import published_results
from proxy import CallCounter, counted
from samples import FUTURE, WARD, a_submission

pytestmark = pytest.mark.emulator

SECRETS = Secrets(current=b"s" * 32)
REFERENCE, NOBODYS = "7K3P92QWX4HM", "0K3P92QWX4HM"


@pytest.fixture
def metered(
    firestore_emulator: str, firestore_project: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[FirestoreStore, CallCounter]]:
    """A store whose calls are counted."""
    with counted(firestore_emulator) as (address, counter):
        monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", address)
        store = FirestoreStore(firestore_project, "(default)")
        yield store, counter
        store.close()


@pytest.mark.parametrize("typed", [REFERENCE, NOBODYS, ""])
def test_a_status_costs_a_read_of_the_submission_its_case_that_of_its_matter_and_what_was_said(
    metered: tuple[FirestoreStore, CallCounter], typed: str
) -> None:
    store, counter = metered
    store.add(id_of(REFERENCE, SECRETS.current), a_submission(), "digest")
    counter.calls.clear()
    found = look_up(store, store, store, SECRETS, typed, store)
    assert (found is not None) is (typed == REFERENCE)
    assert counter.calls == {"GetDocument": 5}


def test_the_board_costs_two_queries_and_three_counts_a_ward(
    metered: tuple[FirestoreStore, CallCounter],
) -> None:
    store, counter = metered
    store.bring_up_to_date()
    # The first look finds out once that cases can be asked for by where they stand.
    published_results(store, store, ward=WARD, now=Week(2026, 48).begins_at)
    counter.calls.clear()
    published_results(store, store, ward=WARD, now=Week(2026, 48).begins_at)
    assert counter.calls == {"RunQuery": 2, "RunAggregationQuery": 3}


def test_a_trace_of_an_assigned_submission_is_read_without_its_words(
    metered: tuple[FirestoreStore, CallCounter],
) -> None:
    store, _ = metered
    store.add("s1", a_submission(), "digest")
    list(store.assign_week(WARD, FUTURE))
    trace = store.submission_status("s1")
    assert trace is not None
    assert trace.week == FUTURE
