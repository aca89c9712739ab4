"""F01-F06, F23 seen by a citizen: a served box whose line to Firestore breaks while forms are handed in.

| fault | here |
|---|---|
| F01 refused | `test_a_broken_line…` |
| F02 swallowed | `test_many_at_once…` |
| F03 slow | `test_a_slow_line…` |
| F04 reply lost after the commit | `test_a_commit_whose_reply_is_lost…` |
| F05 reply lost and line down | `test_a_commit_on_a_line_that_is_cut…`, `test_a_broken_line…` |
| F06 each refusal of the database | `test_a_refused_commit…`, `test_a_refusal_of_the_database…` |
| F19 rotated secret over a slow line | every test of `line`: its box has an older secret too |
| F23 the line comes back | after each test the box stores; how soon: `unit/test_firestore_faults.py` |

An older secret costs a read before each commit, and a fault that is there from the start hits that read.
So the tests of `commit_line`, whose box has one secret, break the line at the commit itself.
"""

import itertools
import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

import grpc
import pytest
from citizen_side import fields_of
from proxy import CallCounter, Mode, Proxy, counted, tcp_proxy
from secret_settings import secret_settings
from served_box import PATIENCE_SECONDS, Answer, ServedBox, is_honest, served, whole_form

pytestmark = pytest.mark.emulator

_numbers = itertools.count(1)
#: How late an answer of the emulator comes while a test looks for what it has committed.
_LATE_SECONDS = 1.0
#: What the database may say, how often, and what the citizen gets for it.
_REFUSALS = [
    *((code, 1, 303) for code in ("ABORTED", "INTERNAL", "CANCELLED", "UNAVAILABLE")),
    *((code, 1, 503) for code in ("RESOURCE_EXHAUSTED", "PERMISSION_DENIED", "UNAUTHENTICATED")),
    ("ABORTED", 100, 503),
]
_TELLING = (("ABORTED", 1, 303), ("UNAVAILABLE", 1, 303), ("RESOURCE_EXHAUSTED", 1, 503))


@dataclass
class Line:
    """A served box, what stands between it and the emulator, and a way round that.

    Calls go by `proxy`, then `calls`, then `far`.
    """

    box: ServedBox
    proxy: Proxy
    calls: CallCounter
    far: Proxy
    emulator: str
    project: str

    def texts(self) -> list[str]:
        """What is stored, asked of the emulator itself."""
        root = f"http://{self.emulator}/v1/projects/{self.project}/databases/(default)/documents"
        address = f"{root}/submissions?pageSize=300"
        with urlopen(Request(address, headers={"Authorization": "Bearer owner"})) as answer:
            documents = json.load(answer).get("documents", [])
        return [one["fields"]["text"]["stringValue"] for one in documents]

    def count(self, form: dict[str, str]) -> int:
        """How many documents hold the text of a form."""
        return self.texts().count(form["gop_y"])

    def wait_for_commit(self, form: dict[str, str]) -> None:
        """Return when the emulator holds the form."""
        self._wait_until(lambda: self.count(form))

    def wait_for_read(self) -> None:
        """Return when the counter has seen a document asked for."""
        self._wait_until(lambda: self.calls.calls["GetDocument"])

    def _wait_until(self, arrived: Callable[[], int]) -> None:
        deadline = time.monotonic() + 5
        while not arrived():
            assert time.monotonic() < deadline, f"nothing arrived: {self.calls.calls}"
            time.sleep(0.02)


@contextmanager
def a_line(emulator: str, folder: Path, *secrets: str) -> Iterator[Line]:
    """A served box with these secrets, the current one first."""
    project = f"test-{uuid.uuid4().hex[:12]}"
    (folder / "secret").write_text("".join(f"{secret}\n" for secret in secrets))
    with (
        tcp_proxy(emulator) as far,
        counted(far.address) as (address, calls),
        tcp_proxy(address) as proxy,
        served(
            folder,
            HOMTHU_STORE=f"firestore://{project}/(default)",
            **secret_settings(folder / "secret"),
            FIRESTORE_EMULATOR_HOST=proxy.address,
        ) as box,
    ):
        yield Line(box, proxy, calls, far, emulator, project)


@pytest.fixture(scope="module")
def line_with_two_secrets(
    firestore_emulator: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Line]:
    # An older secret below the current one: every submission then costs one more read.
    with a_line(firestore_emulator, tmp_path_factory.mktemp("line"), "ab" * 32, "cd" * 32) as line:
        yield line


@pytest.fixture(scope="module")
def line_with_one_secret(firestore_emulator: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    with a_line(firestore_emulator, tmp_path_factory.mktemp("commit-line"), "ef" * 32) as line:
        yield line


@contextmanager
def mended(line: Line) -> Iterator[Line]:
    """Begin and end with a line that works."""
    line.box.reference(line.box.send(a_form()))
    line.calls.calls.clear()
    try:
        yield line
    finally:
        line.proxy.mode = line.far.mode = Mode.PASS
        line.calls.failures.clear()
    line.box.reference(line.box.send(a_form()))


@pytest.fixture
def line(line_with_two_secrets: Line) -> Iterator[Line]:
    """The first call for each form is a `GetDocument`."""
    with mended(line_with_two_secrets) as line:
        yield line


@pytest.fixture
def commit_line(line_with_one_secret: Line) -> Iterator[Line]:
    """The first call for each form is its `Commit`."""
    with mended(line_with_one_secret) as line:
        yield line


@contextmanager
def lost_at_commit(line: Line, form: dict[str, str], mode: Mode) -> Iterator[Future[Answer]]:
    """Send a form, and break the line when its commit is in the emulator and not answered yet."""
    # Behind the counter answers come late: time enough to see what was written before anybody is told.
    line.far.delay, line.far.mode = _LATE_SECONDS, Mode.DELAY
    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(line.box.send, form)
        line.wait_for_commit(form)
        line.proxy.mode = mode
        assert (sent.done(), line.calls.calls) == (False, {"Commit": 1})
        line.far.mode = Mode.PASS
        yield sent


def a_form(**changes: str) -> dict[str, str]:
    number = next(_numbers)
    return whole_form(f"{number:032x}", gop_y=f"Ý kiến số {number}", **changes)


# A reply that is dropped is met at the commit too.
@pytest.mark.parametrize("mode", [Mode.REFUSE, pytest.param(Mode.DROP_REPLY, marks=pytest.mark.long)])
def test_a_broken_line_gives_an_honest_page_in_time_and_sending_again_stores_once(
    line: Line, mode: Mode
) -> None:
    form = a_form()
    line.proxy.mode = mode
    broken = line.box.send(form)
    is_honest(broken, form)
    line.proxy.mode = Mode.PASS
    references = {line.box.reference(line.box.send(fields_of(broken.text))) for _ in range(2)}
    assert len(references) == 1
    assert line.texts().count(form["gop_y"]) == 1


@pytest.mark.parametrize("seconds", [2.8, *(pytest.param(n, marks=pytest.mark.long) for n in (1.0, 5.0))])
def test_a_slow_line_stores_or_says_so_in_time_and_never_doubles(line: Line, seconds: float) -> None:
    form = a_form()
    line.proxy.delay, line.proxy.mode = seconds, Mode.DELAY
    answer = line.box.send(form)
    assert answer.seconds < PATIENCE_SECONDS
    if answer.status != 303:
        is_honest(answer, form)
    elif seconds == 5.0:
        pytest.fail("an answer that came after the time for one attempt was waited for")
    line.proxy.mode = Mode.PASS
    line.box.reference(line.box.send(form))
    assert line.texts().count(form["gop_y"]) == 1


def test_words_under_a_key_that_is_taken_are_kept_in_time_over_a_slow_line(line: Line) -> None:
    first, second = a_form(), a_form()
    second["key"] = first["key"]
    line.box.reference(line.box.send(first))
    line.proxy.delay, line.proxy.mode = 2.5, Mode.DELAY
    answer = line.box.send(second)
    assert answer.seconds < PATIENCE_SECONDS
    line.proxy.mode = Mode.PASS
    assert line.box.reference(line.box.send(second)) != line.box.reference(line.box.send(first))
    assert [line.texts().count(one["gop_y"]) for one in (first, second)] == [1, 1]


def test_an_answer_that_is_lost_to_the_read_before_the_write_is_a_receipt_and_one_document(
    line: Line,
) -> None:
    form = a_form()
    line.far.delay, line.far.mode = _LATE_SECONDS, Mode.DELAY
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(line.box.send, form)
        line.wait_for_read()
        line.proxy.mode, line.far.mode = Mode.DROP_REPLY, Mode.PASS
        # The answer is on its way by then, and the reset that it meets.
        time.sleep(_LATE_SECONDS + 0.3)
        line.proxy.mode = Mode.PASS
        sent = sending.result()
    # The emulator was asked to read more than once: the first answer was lost.
    assert line.calls.calls["GetDocument"] > 1
    assert line.box.reference(sent) == line.box.reference(line.box.send(form))
    assert line.count(form) == 1


def test_a_commit_whose_reply_is_lost_is_a_receipt_and_one_document(commit_line: Line) -> None:
    line, form = commit_line, a_form()
    with lost_at_commit(line, form, Mode.DROP_REPLY) as sent:
        # The reply is on its way by then, and the reset that it meets.
        time.sleep(_LATE_SECONDS + 0.3)
        line.proxy.mode = Mode.PASS
        answer = sent.result()
    assert line.count(form) == 1
    # The box commits again, is told that the document is there, and reads whose it is: its own.
    assert line.calls.calls == {"Commit": 2, "GetDocument": 1}
    assert answer.seconds < PATIENCE_SECONDS
    assert line.box.reference(answer) == line.box.reference(line.box.send(form))
    assert line.count(form) == 1


@pytest.mark.parametrize(
    "mode",
    [
        Mode.DROP_REPLY,
        *(pytest.param(mode, marks=pytest.mark.long) for mode in (Mode.REFUSE, Mode.BLACKHOLE)),
    ],
)
def test_a_commit_on_a_line_that_is_cut_is_held_though_the_page_says_it_may_not_be(
    commit_line: Line, mode: Mode
) -> None:
    line, form = commit_line, a_form()
    with lost_at_commit(line, form, mode) as sent:
        cut = sent.result()
    is_honest(cut, form)
    assert line.count(form) == 1
    line.proxy.mode = Mode.PASS
    references = {line.box.reference(line.box.send(fields_of(cut.text))) for _ in range(2)}
    assert len(references) == 1
    assert line.count(form) == 1


# On the store alone every code is tried each time: `integration/test_firestore_faults.py`.
@pytest.mark.parametrize(
    ("code", "times", "status"),
    [pytest.param(*one, marks=[] if one in _TELLING else [pytest.mark.long]) for one in _REFUSALS],
)
def test_a_refused_commit_stores_nothing_and_is_retried_or_told_in_time(
    commit_line: Line, code: str, times: int, status: int
) -> None:
    line, form = commit_line, a_form()
    line.calls.failures.extend([grpc.StatusCode[code]] * times)
    answer = line.box.send(form)
    assert (answer.status, answer.seconds < PATIENCE_SECONDS) == (status, True)
    # What the counter refuses it does not pass on.
    assert line.count(form) == (1 if status == 303 else 0)
    assert set(line.calls.calls) == {"Commit"}
    refused = times - len(line.calls.failures)
    assert line.calls.calls["Commit"] == refused + (status == 303)
    # A passing fault is met again and again; one that lasts, or passed, is met once.
    assert (refused > 1) == (times > 1)
    if status == 503:
        is_honest(answer, form)
        assert f'"reason": "{code.lower()}"' in line.box.logged()
    line.calls.failures.clear()
    line.box.reference(line.box.send(form))
    assert line.count(form) == 1


# The read goes the same way as the commit, on which every code is tried.
@pytest.mark.parametrize(
    ("code", "times", "status"),
    [
        ("ABORTED", 1, 303),
        ("PERMISSION_DENIED", 1, 503),
        *(pytest.param(*one, marks=pytest.mark.long) for one in _REFUSALS),
    ],
)
def test_a_refusal_of_the_database_is_retried_or_told_in_time(
    line: Line, code: str, times: int, status: int
) -> None:
    form = a_form()
    line.calls.failures.extend([grpc.StatusCode[code]] * times)
    answer = line.box.send(form)
    assert (answer.status, answer.seconds < PATIENCE_SECONDS) == (status, True)
    if status == 503:
        is_honest(answer, form)
        assert code.lower() in line.box.logged()
    line.calls.failures.clear()
    line.box.reference(line.box.send(form))
    assert line.texts().count(form["gop_y"]) == 1


def test_many_at_once_over_a_dead_line_all_get_their_page_in_time(line: Line) -> None:
    forms = [a_form() for _ in range(20)]
    answers: dict[int, Answer] = {}
    line.proxy.mode = Mode.BLACKHOLE

    def send(number: int) -> None:
        answers[number] = line.box.send(forms[number])

    threads = [threading.Thread(target=send, args=(number,)) for number in range(len(forms))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, answer in answers.items():
        is_honest(answer, forms[number])
    assert len(answers) == 20
    line.proxy.mode = Mode.PASS
    for form in forms:
        line.box.reference(line.box.send(form))
    assert len(set(line.texts()) & {form["gop_y"] for form in forms}) == 20


def test_nothing_that_was_typed_is_in_the_log(line: Line) -> None:
    line.calls.failures.append(grpc.StatusCode.RESOURCE_EXHAUSTED)
    assert line.box.send(a_form()).status == 503
    logged = line.box.logged()
    assert "submission_not_stored" in logged
    assert "Ý kiến số" not in logged
    assert "crashed" not in logged
