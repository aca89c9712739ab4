"""What the store in the cloud does when the line breaks, the database refuses, or an answer is lost."""

import json
import threading
import time
from collections.abc import Iterable, Iterator
from urllib.request import Request, urlopen

import grpc
import pytest
from homthu.adapters.firestore.store import FirestoreStore
from homthu.domain.reports.ledger import Head
from homthu.domain.submissions.submission import StoredSubmission, Submission
from homthu.ports import Conflict, IdTaken, StoreUnavailable
from ports import free_port
from proxy import CallCounter, Mode, Proxy, counted, tcp_proxy
from samples import FUTURE, WARD, a_report, a_submission, fill

pytestmark = pytest.mark.emulator

#: How long a citizen waits at most.
PATIENCE_SECONDS = 8
OWNER = {"Authorization": "Bearer owner"}


@pytest.fixture
def proxy(firestore_emulator: str) -> Iterator[Proxy]:
    with tcp_proxy(firestore_emulator) as proxy:
        yield proxy


@pytest.fixture
def broken(proxy: Proxy, firestore_project: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[FirestoreStore]:
    """A store whose line can be broken; it has connected once."""
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", proxy.address)
    store = FirestoreStore(firestore_project, "(default)")
    store.check()
    yield store
    store.close()


@pytest.fixture
def direct(
    broken: FirestoreStore, firestore_emulator: str, firestore_project: str
) -> Iterator[FirestoreStore]:
    """The same database by another way."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIRESTORE_EMULATOR_HOST", firestore_emulator)
        store = FirestoreStore(firestore_project, "(default)")
        store.check()
    yield store
    store.close()


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


def send(store: FirestoreStore, id: str, submission: Submission, digest: str) -> str:
    """Add by the rule of `submit`: an id taken with one's own digest is success."""
    try:
        store.add(id, submission, digest)
    except IdTaken as taken:
        return "stored" if taken.digest == digest else "another's"
    return "stored"


def fields(emulator: str, name: str) -> set[str]:
    """The names of a document's fields, asked of the emulator by HTTP."""
    with urlopen(Request(f"http://{emulator}/v1/{name}", headers=OWNER)) as answer:
        return set(json.load(answer)["fields"])


def delete(emulator: str, name: str) -> None:
    urlopen(Request(f"http://{emulator}/v1/{name}", method="DELETE", headers=OWNER)).close()


def mend_after(proxy: Proxy, seconds: float) -> None:
    def mend() -> None:
        proxy.mode = Mode.PASS

    threading.Timer(seconds, mend).start()


def test_an_unreachable_database_is_unavailable_within_the_citizens_patience(
    firestore_project: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", f"127.0.0.1:{free_port()}")
    store = FirestoreStore(firestore_project, "(default)")
    begun = time.monotonic()
    with pytest.raises(StoreUnavailable) as caught:
        store.add("a", a_submission(), "d")
    assert time.monotonic() - begun < PATIENCE_SECONDS
    assert caught.value.reason == "unavailable"
    store.close()


@pytest.mark.parametrize(
    ("mode", "reasons"),
    [
        # A port that nobody listens at is tried each time.
        pytest.param(Mode.REFUSE, {"unavailable"}, marks=pytest.mark.long),
        (Mode.BLACKHOLE, {"deadline_exceeded", "unavailable"}),
        pytest.param(Mode.DROP_REPLY, {"unavailable", "deadline_exceeded"}, marks=pytest.mark.long),
    ],
)
def test_a_line_that_breaks_makes_the_store_unavailable_within_the_citizens_patience(
    proxy: Proxy, broken: FirestoreStore, mode: Mode, reasons: set[str]
) -> None:
    proxy.mode = mode
    begun = time.monotonic()
    with pytest.raises(StoreUnavailable) as caught:
        broken.add("a", a_submission(), "d")
    assert time.monotonic() - begun < PATIENCE_SECONDS
    assert caught.value.reason in reasons


def test_a_long_read_over_a_dead_line_is_unavailable_soon(proxy: Proxy, broken: FirestoreStore) -> None:
    proxy.mode = Mode.BLACKHOLE
    begun = time.monotonic()
    with pytest.raises(StoreUnavailable):
        list(broken.everything(WARD))
    assert time.monotonic() - begun < PATIENCE_SECONDS


def test_an_answer_lost_after_the_commit_is_recognised_as_ones_own(
    proxy: Proxy, broken: FirestoreStore, direct: FirestoreStore
) -> None:
    proxy.mode = Mode.DROP_REPLY
    mend_after(proxy, 0.6)
    assert send(broken, "a", a_submission(), "d") == "stored"
    assert [one.id for one in direct.everything(WARD)] == ["a"]


def test_sending_again_after_the_line_was_down_stores_one_document(
    proxy: Proxy, broken: FirestoreStore, direct: FirestoreStore
) -> None:
    proxy.mode = Mode.DROP_REPLY
    with pytest.raises(StoreUnavailable):
        broken.add("a", a_submission(), "d")
    proxy.mode = Mode.PASS
    assert send(broken, "a", a_submission(), "d") == "stored"
    assert [one.id for one in direct.everything(WARD)] == ["a"]


def test_a_replacement_whose_answer_was_lost_is_no_conflict(
    proxy: Proxy, broken: FirestoreStore, direct: FirestoreStore
) -> None:
    head = broken.create_head(Head(ward=WARD))
    proxy.mode = Mode.DROP_REPLY
    mend_after(proxy, 0.6)
    claimed = broken.replace_head(head, Head(ward=WARD, owner="w1"))
    assert direct.head(WARD) == claimed == Head(ward=WARD, owner="w1")
    assert broken.replace_head(claimed, Head(ward=WARD)) == Head(ward=WARD)


def test_a_store_is_available_again_soon_after_an_outage(proxy: Proxy, broken: FirestoreStore) -> None:
    proxy.mode = Mode.REFUSE
    with pytest.raises(StoreUnavailable):
        broken.digest("a")
    proxy.mode = Mode.PASS
    mended = time.monotonic()
    broken.add("a", a_submission(), "d")
    assert time.monotonic() - mended < 2


def test_a_stream_that_breaks_off_goes_on_behind_the_last_document(
    proxy: Proxy, broken: FirestoreStore, direct: FirestoreStore
) -> None:
    ids = [f"{n:05d}" for n in range(3000)]
    fill(direct, ids)

    def read_over_a_line_that_breaks(stream: Iterable[StoredSubmission]) -> list[str]:
        read = []
        for one in stream:
            read.append(one.id)
            if len(read) in (301, 700, 1500):
                proxy.mode = Mode.REFUSE
                mend_after(proxy, 0.3)
        return read

    assert read_over_a_line_that_breaks(broken.everything(WARD)) == ids
    # By time the ids come as sixteen writers happened to be served.
    assert sorted(read_over_a_line_that_breaks(broken.without_week(WARD))) == ids


def test_a_submission_costs_one_call_and_a_repeated_one_two(
    metered: tuple[FirestoreStore, CallCounter],
) -> None:
    store, counter = metered
    store.add("a", a_submission(), "d")
    assert counter.calls == {"Commit": 1}
    counter.calls.clear()
    with pytest.raises(IdTaken):
        store.add("a", a_submission(), "d")
    assert counter.calls == {"Commit": 1, "GetDocument": 1}


def test_looking_a_digest_up_costs_one_call(metered: tuple[FirestoreStore, CallCounter]) -> None:
    store, counter = metered
    assert store.digest("a") is None
    assert counter.calls == {"GetDocument": 1}


def test_a_week_of_hundreds_costs_a_few_calls(metered: tuple[FirestoreStore, CallCounter]) -> None:
    store, counter = metered
    fill(store, [f"{n:04d}" for n in range(400)])
    counter.calls.clear()
    # Whole texts come as a stream: a thousand may take longer than a call may.
    assert [len(store.unassigned(WARD, FUTURE, limit=limit)) for limit in (1_001, 350)] == [400, 350]
    assert counter.calls == {"RunQuery": 4}
    counter.calls.clear()
    assert list(store.assign_week(WARD, FUTURE)) == [300, 100]
    assert counter.calls == {"RunQuery": 3, "BatchWrite": 2}
    counter.calls.clear()
    assert len(list(store.in_week(WARD, FUTURE))) == store.count_in_week(WARD, FUTURE) == 400
    assert counter.calls == {"RunQuery": 2, "RunAggregationQuery": 1}


def test_freezing_a_report_costs_one_call(metered: tuple[FirestoreStore, CallCounter]) -> None:
    store, counter = metered
    store.freeze(a_report())
    assert counter.calls == {"Commit": 1}
    with pytest.raises(Conflict):
        store.freeze(a_report())
    assert counter.calls == {"Commit": 2}


@pytest.mark.parametrize("code", ["ABORTED", "INTERNAL", "CANCELLED", "UNAVAILABLE", "DEADLINE_EXCEEDED"])
def test_a_passing_fault_is_tried_again(metered: tuple[FirestoreStore, CallCounter], code: str) -> None:
    store, counter = metered
    counter.failures.append(grpc.StatusCode[code])
    store.add("a", a_submission(), "d")
    assert counter.calls == {"Commit": 2}


@pytest.mark.parametrize(
    "code", ["RESOURCE_EXHAUSTED", "PERMISSION_DENIED", "UNAUTHENTICATED", "INVALID_ARGUMENT"]
)
def test_a_lasting_fault_is_not_tried_again(metered: tuple[FirestoreStore, CallCounter], code: str) -> None:
    store, counter = metered
    counter.failures.append(grpc.StatusCode[code])
    with pytest.raises(StoreUnavailable) as caught:
        store.add("a", a_submission(), "d")
    assert caught.value.reason == code.lower()
    assert counter.calls == {"Commit": 1}


def test_a_fault_that_does_not_pass_ends_within_the_citizens_patience(
    metered: tuple[FirestoreStore, CallCounter],
) -> None:
    store, counter = metered
    counter.failures.extend([grpc.StatusCode.ABORTED] * 100)
    begun = time.monotonic()
    with pytest.raises(StoreUnavailable) as caught:
        store.add("a", a_submission(), "d")
    assert caught.value.reason == "aborted"
    assert time.monotonic() - begun < PATIENCE_SECONDS


def test_a_content_of_which_a_part_is_missing_is_a_lookup_error(
    firestore_project: str, firestore_emulator: str
) -> None:
    store = FirestoreStore(firestore_project, "(default)")
    store.save_content("9f86d081", b"x" * 2_000_000)
    root = f"projects/{firestore_project}/databases/(default)/documents"
    delete(firestore_emulator, f"{root}/contents/9f86d081.001")
    with pytest.raises(LookupError):
        store.content("9f86d081")
    store.close()


def test_a_submission_holds_nothing_but_what_is_declared(
    firestore_project: str, firestore_emulator: str
) -> None:
    store = FirestoreStore(firestore_project, "(default)")
    store.add("a", a_submission(), "d")
    declared = {
        "ward", "place", "channel", "assisted", "questionnaire", "round", "answers", "text", "service",
        "flags", "digest", "batch", "text_kind", "do_not_quote", "seed",
    }  # fmt: skip
    root = f"projects/{firestore_project}/databases/(default)/documents"
    assert fields(firestore_emulator, f"{root}/submissions/a") == declared | {"received_at"}
    list(store.assign_week(WARD, FUTURE))
    assert fields(firestore_emulator, f"{root}/submissions/a") == declared | {"week", "received_on"}
    store.close()
