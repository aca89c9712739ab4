"""A peer that is slow in any way holds nobody up, one page by page nor in all."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from homthu.render.register import PATH
from posters.fetch import Allowance, PeerFetch, Unreachable, fetch
from posters.register import read_register

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"


@contextmanager
def dripping(at_once: bytes, drip: bytes) -> Iterator[str]:
    """A server that says something, and then a byte at a time, often enough never to be late by a read."""
    stop = threading.Event()

    def serve(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.recv(65536)
            connection.sendall(at_once)
            while drip and not stop.wait(0.05):
                connection.sendall(drip)
            stop.wait(30)

    def accept(server: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = server.accept()
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=accept, args=(server,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}"
        finally:
            stop.set()


@pytest.mark.parametrize(
    ("at_once", "drip"),
    [(b"", b""), (b"", b"H"), (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"), (HEAD, b"a")],
    ids=["silent", "status line", "headers", "body"],
)
def test_a_page_that_comes_a_byte_at_a_time_is_given_up(at_once: bytes, drip: bytes) -> None:
    with dripping(at_once, drip) as url:
        begun = time.monotonic()
        with pytest.raises(Unreachable) as late:
            fetch(url, within=0.6)
        assert late.value.code in ("timeout", "network")
        assert time.monotonic() - begun < 5, "not by its own pace, which would be hours"


def test_a_peer_with_many_slow_places_is_given_up_and_each_is_told_as_not_opened() -> None:
    register = (
        '{"service":"hom-thu-gop-y","schema":1,"url":"URL","boxes":[{"ward":{"code":"00001","name":"x",'
        '"kind":"phường","province":"p","authority":"a"},"contact":{"phone":"1"},"rounds":[],"places":['
        + ",".join(f'{{"code":"p{n}","name":"P{n}","url":"URL/g/p{n}"}}' for n in range(200))
        + "]}]}"
    )
    with dripping(HEAD, b"a") as url:
        slow = PeerFetch(Allowance(), seconds=1.5)
        begun = time.monotonic()

        def read(asked: str) -> bytes:
            return register.replace("URL", url).encode() if asked.endswith(PATH) else slow(asked)

        reading = read_register(url, read, ("gov.vn",), opens_places=True)
        assert time.monotonic() - begun < 20
    told = [problem.data["reason"] for problem in reading.problems if problem.code == "unreachable"]
    assert len(told) == 200, reading.problems[:3]
    assert told.count("register.reason.spent") > 190


def test_one_peer_has_its_share_and_all_together_theirs() -> None:
    body = b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\nConnection: close\r\n\r\n" + b"a" * 400
    with dripping(body, b"") as url:
        run = Allowance(most_bytes=1500)
        peers = [PeerFetch(run, most_bytes=700) for _ in range(3)]
        assert [len(peers[0](url)) for _ in range(2)] == [400, 400]
        with pytest.raises(Unreachable, match="spent"):
            peers[0](url)
        assert [len(peers[1](url)) for _ in range(2)] == [400, 400]
        with pytest.raises(Unreachable, match="spent"):
            peers[2](url)
    with pytest.raises(Unreachable, match="spent"):
        PeerFetch(Allowance(seconds=0))("http://127.0.0.1:1")
