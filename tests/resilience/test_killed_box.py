"""F07-F14, F22 at a served box: kill -9, SIGTERM, the same form many times over, and a storm of both.

SIGTERM (F10) comes while twenty forms are in handlers and wait for a database that is locked.

A worker that dies for want of memory (F22) is a worker killed by the kernel: SIGKILL, as here.
"""

import contextlib
import itertools
import random
import signal
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path

import pytest
from homthu.adapters.clock import system_clock
from homthu.adapters.firestore.store import FirestoreStore
from homthu.adapters.sqlite.store import SqliteStore
from served_box import ServedBox, served, whole_form

WARD = "07207"
Texts = Callable[[], list[str]]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("firestore", marks=pytest.mark.emulator)])
def lasting_box(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[ServedBox, Texts]]:
    """A served box, and what its store holds when it is asked by another way."""
    environ = {}
    if request.param == "firestore":
        environ["FIRESTORE_EMULATOR_HOST"] = request.getfixturevalue("firestore_emulator")
        project = f"test-{uuid.uuid4().hex[:12]}"
        environ["HOMTHU_STORE"] = f"firestore://{project}/(default)"
    with served(tmp_path_factory.mktemp("box"), **environ) as box, pytest.MonkeyPatch.context() as patch:
        if environ:
            patch.setenv("FIRESTORE_EMULATOR_HOST", environ["FIRESTORE_EMULATOR_HOST"])

        def texts() -> list[str]:
            store = (
                FirestoreStore(project, "(default)")
                if environ
                else SqliteStore(box.data / "hom-thu.db", system_clock)
            )
            with contextlib.closing(store):
                return [one.submission.text for one in store.everything(WARD)]

        yield box, texts


@pytest.fixture
def stored_box(lasting_box: tuple[ServedBox, Texts]) -> tuple[ServedBox, Texts]:
    """The box, and what has come into its store since this test began."""
    box, texts = lasting_box
    before = set(texts())
    return box, lambda: [text for text in texts() if text not in before]


def persist(box: ServedBox, form: dict[str, str], *, seconds: float = 60) -> tuple[str, int]:
    """Do as the page does: send until there is a receipt. Gives its reference, and the attempts."""
    attempts, deadline = 0, time.monotonic() + seconds
    while True:
        attempts += 1
        try:
            sent = box.send(form)
            if sent.status == 303:
                return box.reference(sent), attempts
            assert sent.status == 503, sent.text[:200]
        except (OSError, HTTPException):
            time.sleep(0.05)
        assert time.monotonic() < deadline, box.logged()[-2000:]


@dataclass(frozen=True, kw_only=True)
class Storm:
    """What came of a storm: the texts sent, the kills, and the attempts that sending took."""

    words: list[str]
    kills: int
    attempts: int

    @property
    def failed(self) -> int:
        """Attempts that brought no receipt."""
        return self.attempts - len(self.words)


def storm(box: ServedBox, *, submissions: int, kills: int, seconds: float) -> Storm:
    """Eight senders, and one who kills while a form is on its way.

    It goes on until both have done so much, and until a kill has hit a form; or `seconds` are over, and
    then whoever counts what came of it finds too little.
    """
    done, under_way, numbers = threading.Event(), threading.Event(), itertools.count()
    deadline, chance = time.monotonic() + seconds, random.Random(7)
    words: dict[str, str] = {}
    killed = failed = 0

    def is_over() -> bool:
        return done.is_set() and len(words) >= submissions

    def send_until_over() -> int:
        attempts = 0
        while not is_over():
            # No long runs of digits: those would be asked about as somebody's telephone number.
            text = f"Ý kiến thứ {next(numbers)} của cơn bão"
            under_way.set()
            words[text], tries = persist(box, whole_form(uuid.uuid4().hex, gop_y=text))
            attempts += tries
            nonlocal failed
            failed += tries - 1
            # Whoever is killed needs a moment to begin again; senders who did not wait would send
            # thousands meanwhile.
            time.sleep(chance.random() * 2 * 8 * kills * 0.25 / submissions)
        return attempts

    def kill() -> None:
        nonlocal killed
        while (killed < kills or not failed) and time.monotonic() < deadline:
            time.sleep(chance.random() * 0.5)
            under_way.clear()
            under_way.wait(5)
            time.sleep(chance.random() * 0.004)
            if killed % 10 == 9:
                box.kill()
                box.begin()
            else:
                box.kill_workers()
            killed += 1

    with ThreadPoolExecutor(9) as pool:
        senders = [pool.submit(send_until_over) for _ in range(8)]
        try:
            pool.submit(kill).result()
        finally:
            done.set()
        attempts = sum(sender.result() for sender in senders)
    assert len(set(words.values())) == len(words), "two forms had one reference"
    return Storm(words=list(words), kills=killed, attempts=attempts)


def test_in_a_storm_of_kills_nothing_is_lost_and_nothing_doubled(
    stored_box: tuple[ServedBox, Texts],
) -> None:
    box, texts = stored_box
    came = storm(box, submissions=60, kills=8, seconds=60)
    assert (len(came.words) >= 60, came.kills >= 8) == (True, True), came
    assert came.failed, "no kill hit a submission"
    assert sorted(texts()) == sorted(came.words)


@pytest.mark.alone
def test_in_a_storm_of_a_thousand_submissions_and_a_hundred_kills_nothing_is_lost_or_doubled(
    stored_box: tuple[ServedBox, Texts], record_property: Callable[[str, object], None]
) -> None:
    box, texts = stored_box
    came = storm(box, submissions=1000, kills=130, seconds=600)
    found = texts()
    lost, doubled = len(set(came.words) - set(found)), len(found) - len(set(found))
    print(
        f"{len(came.words)} submissions, {came.kills} kills, {came.attempts} attempts: "
        f"lost {lost}, doubled {doubled}"
    )
    record_property("kills", came.kills)
    assert (len(came.words) >= 1000, came.kills >= 100) == (True, True), came
    assert sorted(found) == sorted(came.words)


def test_the_same_form_sent_by_twenty_taps_at_once_is_one_submission(
    stored_box: tuple[ServedBox, Texts],
) -> None:
    box, texts = stored_box
    form = whole_form("a" * 32)
    with ThreadPoolExecutor(20) as pool:
        references = set(pool.map(lambda _: persist(box, form)[0], range(60)))
    assert len(references) == 1
    assert texts() == [form["gop_y"]]


def test_two_people_with_one_cached_page_are_two_submissions(stored_box: tuple[ServedBox, Texts]) -> None:
    box, texts = stored_box
    forms = [whole_form("b" * 32, gop_y=text) for text in ("Người thứ nhất", "Người thứ hai")]
    with ThreadPoolExecutor(20) as pool:
        references = list(pool.map(lambda n: persist(box, forms[n % 2])[0], range(40)))
    assert (len(set(references[::2])), len(set(references[1::2])), len(set(references))) == (1, 1, 2)
    assert sorted(texts()) == ["Người thứ hai", "Người thứ nhất"]


def sockets_of(pid: int) -> int:
    """How many sockets a process holds: those it listens at, and one for each caller it has taken."""
    held = 0
    for one in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            held += one.readlink().name.startswith("socket:")
    return held


def test_a_box_that_is_told_to_stop_finishes_every_form_that_it_has_begun(tmp_path: Path) -> None:
    words = [f"dở dang {number}" for number in range(20)]
    with served(tmp_path) as box:
        (worker,) = box.workers()
        before = sockets_of(worker)

        def send(number: int) -> int:
            return box.send(whole_form(f"{number:032x}", gop_y=words[number])).status

        # While another program holds the database, no form that a handler has begun can be finished.
        with (
            contextlib.closing(sqlite3.connect(box.data / "hom-thu.db", isolation_level=None)) as other,
            ThreadPoolExecutor(20) as pool,
        ):
            other.execute("BEGIN EXCLUSIVE")
            results = [pool.submit(send, number) for number in range(20)]
            deadline = time.monotonic() + 2
            while sockets_of(worker) < before + 20:
                assert time.monotonic() < deadline, "the box has not taken all the forms"
                time.sleep(0.01)
            # From being taken to being in a handler.
            time.sleep(0.7)
            box.process.send_signal(signal.SIGTERM)
            time.sleep(1)
            assert not any(one.done() for one in results), "a form was answered before it could be stored"
            other.execute("ROLLBACK")
            assert [one.result() for one in results] == [303] * 20
        assert box.process.wait(15) == 0
        with contextlib.closing(SqliteStore(box.data / "hom-thu.db", system_clock)) as store:
            kept = [one.submission.text for one in store.everything(WARD)]
    assert sorted(kept) == sorted(words)


def test_a_box_begun_again_still_knows_the_receipts_it_gave(tmp_path: Path) -> None:
    form = whole_form("c" * 32)
    with served(tmp_path) as box:
        sent = box.send(form)
        reference = box.reference(sent)
        box.kill()
        box.begin()
        assert box.reference(sent) == reference
        assert box.reference(box.send(form)) == reference
