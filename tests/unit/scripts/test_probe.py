"""The marked submission of a deploy, when taking it away again does not go as it should."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from deploying.failures import Stopped
from deploying.probe import MARK, Probe, make_probe, send_and_withdraw
from homthu.domain.submissions.reference import format_reference, reference_of

FORM = '<html><input type="hidden" name="questionnaire" value="q"><input type="radio" name="a" value="1">'
PROJECT = "gop-y-thu-nghiem"


class Google(ThreadingHTTPServer):
    """A box and a Firestore in one; each DELETE takes the next of the statuses."""

    def __init__(self, form: str, posted: int, statuses: list[int]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.form, self.posted, self.statuses = form, posted, statuses
        self.sent: list[dict[str, list[str]]] = []
        self.deleted: list[tuple[str, str]] = []


class _Handler(BaseHTTPRequestHandler):
    server: Google

    def do_GET(self) -> None:
        self._answer(200, self.server.form)

    def do_POST(self) -> None:
        fields = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.server.sent.append(fields)
        self._answer(self.server.posted, f"<html>{format_reference(reference_of(fields['key'][0]))}")

    def do_DELETE(self) -> None:
        self.server.deleted.append((self.path, self.headers["Authorization"]))
        self._answer(self.server.statuses.pop(0), "{}")

    def _answer(self, status: int, text: str) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def google(*statuses: int, form: str = FORM, posted: int = 200) -> Iterator[Google]:
    with Google(form, posted, list(statuses)) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield server
        server.shutdown()


@pytest.fixture
def probe() -> Probe:
    return make_probe("5e" * 32, PROJECT)


def tried(server: Google, probe: Probe) -> bool:
    host = f"127.0.0.1:{server.server_port}"
    return send_and_withdraw(
        probe, f"http://{host}", "mot-cua", token="t", environ={"FIRESTORE_EMULATOR_HOST": host}
    )


def test_just_the_document_that_was_sent_is_deleted_and_only_if_it_is_there(probe: Probe) -> None:
    with google(200) as server:
        assert tried(server, probe)
    [fields] = server.sent
    assert fields["gop_y"] == [MARK]
    assert server.deleted == [(f"/v1/{probe.path}?currentDocument.exists=true", "Bearer t")]
    assert probe.path.endswith(f"/documents/submissions/{probe.id}")


def test_a_closed_box_is_sent_nothing_and_nothing_is_deleted(probe: Probe) -> None:
    with google(form="<html>Đã đóng") as server:
        assert not tried(server, probe)
    assert (server.sent, server.deleted) == ([], [])


def test_a_passing_fault_is_tried_again(probe: Probe) -> None:
    with google(503, 200) as server:
        assert tried(server, probe)
    assert len(server.deleted) == 2


def test_a_submission_that_failed_is_withdrawn_all_the_same(probe: Probe) -> None:
    """It may have been stored, and only its answer lost."""
    with google(200, posted=503) as server, pytest.raises(Stopped, match="stored, yet no receipt"):
        tried(server, probe)
    assert len(server.deleted) == 1


def test_one_that_was_not_stored_is_told(probe: Probe) -> None:
    with google(404) as server, pytest.raises(Stopped, match="it was not stored"):
        tried(server, probe)


@pytest.mark.parametrize(
    ("statuses", "says"),
    [
        # The account may not delete: no use to try again.
        ((403,), "could not be withdrawn: 403"),
        ((500, 503, 429), "could not be withdrawn: 429"),
        # Whether the first attempt deleted it is not known.
        ((502, 404), "could not be withdrawn: lost"),
    ],
)
def test_one_that_stays_is_told_with_its_document_and_the_command_that_deletes_it(
    probe: Probe, statuses: tuple[int, ...], says: str
) -> None:
    with google(*statuses) as server, pytest.raises(Stopped) as raised:
        tried(server, probe)
    assert len(server.deleted) == len(statuses)
    assert says in raised.value.cause
    assert f"'https://firestore.googleapis.com/v1/{probe.path}'" in raised.value.advice
    assert "curl --fail -X DELETE" in raised.value.advice
    assert "before Monday 07:00" in raised.value.advice
