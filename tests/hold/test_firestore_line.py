"""F01-F06, F23 seen by a citizen: a served box whose line to Firestore breaks while forms are handed in.

| fault | here |
|---|---|
| F01 refused, F05 reply lost and line down | `test_a_broken_line…` |
| F02 swallowed | `test_many_at_once…` |
| F03 slow | `test_a_slow_line…` |
| F04 reply lost after the commit | `test_an_answer_that_is_lost…` |
| F06 each refusal of the database | `test_a_refusal_of_the_database…` |
| F19 rotated secret over a slow line | every test here: the box has an older secret too |
| F23 the line comes back | after each test the box stores; how soon: `unit/test_firestore_faults.py` |
"""

import itertools
import json
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.request import Request, urlopen

import grpc
import pytest
from citizen_side import fields_of
from proxy import CallCounter, Mode, Proxy, counted, tcp_proxy
from served_box import PATIENCE_SECONDS, Answer, ServedBox, is_honest, served, whole_form

pytestmark = pytest.mark.emulator

_numbers = itertools.count(1)


@dataclass
class Line:
    """A served box, what stands between it and the emulator, and a way round that."""

    box: ServedBox
    proxy: Proxy
    calls: CallCounter
    emulator: str
    project: str

    def texts(self) -> list[str]:
        """What is stored, asked of the emulator itself."""
        root = f"http://{self.emulator}/v1/projects/{self.project}/databases/(default)/documents"
        address = f"{root}/submissions?pageSize=300"
        with urlopen(Request(address, headers={"Authorization": "Bearer owner"})) as answer:
            documents = json.load(answer).get("documents", [])
        return [one["fields"]["text"]["stringValue"] for one in documents]


@pytest.fixture(scope="module")
def line(firestore_emulator: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    folder, project = tmp_path_factory.mktemp("line"), f"test-{uuid.uuid4().hex[:12]}"
    # An older secret below the current one: every submission then costs one more read.
    (folder / "secret").write_text("ab" * 32 + "\n" + "cd" * 32 + "\n")
    with (
        counted(firestore_emulator) as (address, calls),
        tcp_proxy(address) as proxy,
        served(
            folder,
            HOMTHU_STORE=f"firestore://{project}/(default)",
            HOMTHU_SECRET=str(folder / "secret"),
            FIRESTORE_EMULATOR_HOST=proxy.address,
        ) as box,
    ):
        yield Line(box, proxy, calls, firestore_emulator, project)


@pytest.fixture(autouse=True)
def mended(line: Line) -> Iterator[None]:
    """Begin and end with a line that works."""
    line.box.reference(line.box.send(a_form()))
    yield
    line.proxy.mode = Mode.PASS
    line.calls.failures.clear()
    line.box.reference(line.box.send(a_form()))


def a_form(**changes: str) -> dict[str, str]:
    number = next(_numbers)
    return whole_form(f"{number:032x}", gop_y=f"Ý kiến số {number}", **changes)


@pytest.mark.parametrize("mode", [Mode.REFUSE, Mode.DROP_REPLY])
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


@pytest.mark.parametrize("seconds", [1.0, 2.8, pytest.param(5.0, marks=pytest.mark.long)])
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


def test_an_answer_that_is_lost_after_the_write_is_a_receipt_and_one_document(line: Line) -> None:
    form = a_form()
    line.proxy.mode = Mode.DROP_REPLY

    def mend() -> None:
        line.proxy.mode = Mode.PASS

    threading.Timer(0.6, mend).start()
    sent = line.box.send(form)
    assert line.box.reference(sent) == line.box.reference(line.box.send(form))
    assert line.texts().count(form["gop_y"]) == 1


@pytest.mark.parametrize(
    ("code", "times", "status"),
    [
        *((code, 1, 303) for code in ("ABORTED", "INTERNAL", "CANCELLED", "UNAVAILABLE")),
        *((code, 1, 503) for code in ("RESOURCE_EXHAUSTED", "PERMISSION_DENIED", "UNAUTHENTICATED")),
        ("ABORTED", 100, 503),
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
    logged = line.box.logged()
    assert "submission_not_stored" in logged
    assert "Ý kiến số" not in logged
    assert "crashed" not in logged
