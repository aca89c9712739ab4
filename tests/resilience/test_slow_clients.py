"""Slow clients: 140 stalled uploads and 1,100 silent connections stop neither the box nor the proxy.

The box is asked directly, and through Debian's Caddy by the example's own settings.
"""

import re
import resource
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from machine import require
from patient_worker import MOST_BYTES, whole_request
from ports import free_port
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
CADDYFILE = Path(__file__).parents[2] / "infra" / "own-server" / "Caddyfile"


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


@pytest.fixture(scope="module")
def proxy(box: ServedBox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """Caddy by the example's settings, but for name, certificate and port, and its log."""
    require("caddy")
    folder, port = tmp_path_factory.mktemp("caddy"), free_port()
    text = CADDYFILE.read_text("utf-8").replace("127.0.0.1:8080", f"127.0.0.1:{box.port}")
    text = text.replace("gopy.example.org {", f"http://gopy.example.org:{port} {{\n\tbind 127.0.0.1")
    text = text.replace("{\n\tservers", "{\n\tadmin off\n\tauto_https off\n\tservers", 1)
    (folder / "Caddyfile").write_text(text, "utf-8")
    log = folder / "log"
    with log.open("wb") as sink:
        process = subprocess.Popen(
            ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"],
            stdout=sink,
            stderr=sink,
            env={"HOME": str(folder), "PATH": "/usr/bin:/bin", "XDG_DATA_HOME": str(folder)},
        )
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert process.poll() is None, log.read_text()
                time.sleep(0.1)
        yield port, log
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.parametrize("attack", ATTACKS)
def test_behind_the_examples_proxy_it_goes_on_too(
    box: ServedBox, proxy: tuple[int, Path], attack: str
) -> None:
    port, _ = proxy
    keys = [f"c{list(ATTACKS).index(attack):x}{n:030x}" for n in range(20)]
    with attacked(port, attack):
        sent = [hand_in(port, whole_form(key), "gopy.example.org") for key in keys]
    assert [status for status, _ in sent] == [303] * 20
    assert max(seconds for _, seconds in sent) < 8


def status_of(port: int, method: str, path: str, body: bytes | None = None) -> int:
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        headers = {"Host": "gopy.example.org", "User-Agent": "canary-agent"}
        connection.request(method, path, body, headers)
        with connection.getresponse() as answer:
            return answer.status


def test_the_proxys_log_names_nobody_even_when_the_box_is_down_or_a_body_is_too_large(
    box: ServedBox, proxy: tuple[int, Path]
) -> None:
    port, log = proxy
    assert status_of(port, "POST", "/gui", b"a" * 100_000) in (413, 502)
    box.kill()
    try:
        assert status_of(port, "GET", "/g/nq-mc") == 502
    finally:
        box.begin()
    said = log.read_text("utf-8")
    assert said, "the log is read at all"
    assert not re.search(r"remote_ip|remote_addr|canary-agent|/g/nq-mc", said)


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
