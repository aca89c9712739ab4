"""F17, F18, F20 at a served box: uploads that break off, crawl, swell or are malformed."""

import contextlib
import socket
import struct
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
from canaries import HEADERS
from served_box import FORM, ServedBox, served, whole_form

KEY = "0123456789abcdef0123456789abcdef"
CANARIES = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())
HEAD = f"POST /gui HTTP/1.1\r\nHost: box\r\nConnection: close\r\nContent-Type: {FORM}\r\n{CANARIES}"

CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedBox]:
    with served(tmp_path_factory.mktemp("bodies")) as box:
        # What the tests send over bare sockets.
        box.watch.handed_in(whole_form(KEY, gop_y="Phần đầu. " * 40))
        yield box


def texts(box: ServedBox) -> list[str]:
    return [row["text"] for row in box.exported()]


def raw(box: ServedBox, sent: bytes, *, reset: bool = False) -> bytes:
    """Send these bytes, end our side (or reset the connection), and return what comes back."""
    with socket.create_connection(("127.0.0.1", box.port), timeout=10) as line:
        try:
            line.sendall(sent)
            if reset:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return b""
            line.shutdown(socket.SHUT_WR)
            answer = b""
            while part := line.recv(65536):
                answer += part
        except OSError:
            return b""
    return answer


@pytest.mark.parametrize("reset", [False, True])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_form_that_breaks_off_on_its_way_is_not_stored_as_a_shorter_one(
    box: ServedBox, share: float, reset: bool
) -> None:
    body = urlencode(whole_form(KEY, gop_y="Phần đầu. " * 40)).encode()
    before = texts(box)
    answer = raw(
        box,
        f"{HEAD}Content-Length: {len(body)}\r\n\r\n".encode() + body[: int(len(body) * share)],
        reset=reset,
    )
    assert reset or answer.startswith(b"HTTP/1.1 400")
    time.sleep(0.1)
    assert texts(box) == before


def test_a_chunked_form_that_breaks_off_is_not_stored_either(box: ServedBox) -> None:
    body = urlencode(whole_form(KEY)).encode()
    before = texts(box)
    answer = raw(box, f"{HEAD}Transfer-Encoding: chunked\r\n\r\n{len(body):x}\r\n".encode() + body + b"\r\n")
    assert answer.startswith(b"HTTP/1.1 400")
    assert texts(box) == before


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (CHUNKED + b"zz\r\nplace\r\n0\r\n\r\n", b"400"),
        (CHUNKED + b"-5\r\nplace\r\n0\r\n\r\n", b"400"),
        (CHUNKED + 3 * (b"4000\r\n" + b"a" * 0x4000 + b"\r\n") + b"0\r\n\r\n", b"413"),
        (b"Content-Length: 40000\r\n\r\n" + b"a" * 40_000, b"413"),
        (b"Content-Length: 12000000\r\n\r\n", b"413"),
        (b"Content-Length: -1\r\n\r\n", b"400"),
        (b"Content-Length: 1e3\r\n\r\n", b"400"),
        (b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", b"404"),
        (b"Content-Length: 0\r\n\r\n", b"404"),
    ],
)  # fmt: skip
def test_a_body_that_no_form_of_ours_has_is_refused_and_is_no_crash(
    box: ServedBox, sent: bytes, status: bytes
) -> None:
    assert raw(box, HEAD.encode() + sent).split(b" ")[1] == status
    assert "crashed" not in box.logged()


@pytest.mark.parametrize("line", ["{} no http", "GET /{} HTTP/9.9", "GET / HTTP/1.1\r\nno {} header"])
def test_what_is_not_http_is_refused_and_quoted_nowhere(box: ServedBox, line: str) -> None:
    answer = raw(box, f"{line.format(HEADERS['User-Agent'])}\r\n\r\n".encode())
    assert answer.startswith((b"HTTP/1.1 4", b"HTTP/1.1 505")), answer
    assert "ip=" not in box.logged()
    assert HEADERS["User-Agent"] not in box.logged()


def test_many_megabytes_are_refused_before_they_are_read(box: ServedBox) -> None:
    whole, sent, part = 64_000_000, 0, b"a" * 65_536
    with socket.create_connection(("127.0.0.1", box.port), timeout=60) as line:
        line.sendall(f"{HEAD}Content-Length: {whole}\r\n\r\n".encode())
        with contextlib.suppress(OSError):
            while sent < whole:
                sent += line.send(part)
    # What lies in the buffers of both ends is a few of them.
    assert sent < whole / 2
    assert box.get("/").status == 200


def test_slow_senders_do_not_keep_others_from_sending(box: ServedBox) -> None:
    crawling = [socket.create_connection(("127.0.0.1", box.port)) for _ in range(50)]
    try:
        for line in crawling:
            line.sendall(f"{HEAD}Content-Length: 500\r\n\r\nplace=".encode())
        with ThreadPoolExecutor(5) as pool:
            sent = list(pool.map(lambda n: box.send(whole_form(f"{n:032x}", gop_y=f"chậm {n}")), range(50)))
            for line in crawling:
                line.sendall(b"x")
        assert {answer.status for answer in sent} == {303}
        assert sorted(answer.seconds for answer in sent)[48] < 2
    finally:
        for line in crawling:
            line.close()
    assert {f"chậm {n}" for n in range(50)} <= set(texts(box))
