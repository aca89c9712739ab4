"""Slow clients: 140 stalled uploads and 1,100 silent connections stop neither the box nor the proxy.

The box is asked directly, and through Debian's Caddy and nginx by the files that the install lays.
"""

import resource
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest
from local.patient_worker import MOST_BYTES, whole_request
from proxies import HOST, PROXIES, Proxy, proxied
from served_box import FORM, ServedBox, served, whole_form

HEAD = "POST /gui HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
#: What each attacker sends and then stalls.
ATTACKS = {
    "stalled uploads": (140, f"{HEAD}Content-Length: 500\r\n\r\nplace="),
    "uploads that say they are large": (140, f"{HEAD}Content-Length: 70000\r\n\r\nplace="),
    "chunks that stop": (140, f"{HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\nplace"),
    "a second request that stops": (
        140,
        f"GET / HTTP/1.1\r\nHost: a\r\n\r\n{HEAD}Content-Length: 500\r\n\r\n",
    ),
    "slow headers": (140, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "),
    "silent connections": (1100, ""),
}
#: What a proxy passes on at once, and what it never does. The box itself meets every attack each time.
FEW = ("chunks that stop", "silent connections")


@pytest.fixture(scope="module", autouse=True)
def many_files() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(4096, hard)), hard))


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedBox]:
    with served(tmp_path_factory.mktemp("slow")) as box:
        yield box


@contextmanager
def attacked(port: int, attack: str) -> Iterator[None]:
    count, words = ATTACKS[attack]
    with ExitStack() as lines:
        for _ in range(count):
            line = lines.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            line.sendall(words.encode())
        time.sleep(0.5)
        yield


def hand_in(port: int, form: dict[str, str], host: str = "127.0.0.1") -> tuple[int, float]:
    """Status and seconds of one honest form, sent in two pieces."""
    begun = time.monotonic()
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    body = urlencode(form).encode()
    connection.putrequest("POST", "/gui", skip_host=True)
    headers = {"Host": host, "Content-Type": FORM, "Content-Length": str(len(body)), "Connection": "close"}
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    connection.send(body[:40])
    time.sleep(0.05)
    connection.send(body[40:])
    status = connection.getresponse().status
    connection.close()
    return status, time.monotonic() - begun


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_box_itself_goes_on(box: ServedBox, attack: str) -> None:
    """Twenty forms while the attack lasts. The bound is the page's own: an answer within 8 s."""
    keys = [f"{list(ATTACKS).index(attack):02x}{n:030x}" for n in range(20)]
    with attacked(box.port, attack):
        sent = [hand_in(box.port, whole_form(key)) for key in keys]
    assert [status for status, _ in sent] == [303] * 20
    assert max(seconds for _, seconds in sent) < 8


@pytest.fixture(scope="module", params=PROXIES)
def proxy(
    request: pytest.FixtureRequest, box: ServedBox, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxy]:
    with proxied(request.param, box.port, tmp_path_factory.mktemp("proxy") / request.param) as proxy:
        yield proxy


@pytest.mark.parametrize(
    "attack", [*FEW, *(pytest.param(one, marks=pytest.mark.long) for one in ATTACKS if one not in FEW)]
)
def test_behind_a_proxy_it_goes_on_too(proxy: Proxy, attack: str) -> None:
    keys = [f"{proxy.port:x}{list(ATTACKS).index(attack):x}{n:x}".rjust(32, "c") for n in range(20)]
    with attacked(proxy.port, attack):
        sent = [hand_in(proxy.port, whole_form(key), HOST) for key in keys]
    assert [status for status, _ in sent] == [303] * 20
    assert max(seconds for _, seconds in sent) < 8


@pytest.mark.parametrize(
    ("gathered", "whole"),
    [
        (b"", None),
        (b"GET / HTTP/1.1\r\nHost: a\r\n", None),
        (b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n"),
        (b"GET / HTTP/1.1\r\n\r\nGET /", b"GET / HTTP/1.1\r\n\r\n"),
        (b"POST / HTTP/1.1\r\ncontent-LENGTH:  3\r\n\r\nab", None),
        (
            b"POST / HTTP/1.1\r\ncontent-LENGTH:  3\r\n\r\nabcd",
            b"POST / HTTP/1.1\r\ncontent-LENGTH:  3\r\n\r\nabc",
        ),
        (
            b"POST / HTTP/1.1\r\nContent-Length: 98305\r\n\r\n",
            b"POST / HTTP/1.1\r\nContent-Length: 98305\r\nConnection: close\r\n\r\n",
        ),
        (b"a" * (MOST_BYTES + 1), b"a" * (MOST_BYTES + 1)),
    ],
)
def test_a_request_is_whole_when_all_that_it_announces_is_there(gathered: bytes, whole: bytes | None) -> None:
    assert whole_request(gathered) == whole
