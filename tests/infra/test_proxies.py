"""The two proxies in front: the citizen's whole way through each, and what they write about nobody."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from citizen_side import PLACE
from held_box import HeldBox, held
from proxies import HOST, PROXIES, Proxy, proxied
from served_box import FORM, ServedBox, served, whole_form

#: What tells who somebody is, or what they asked for; `canary-agent` is the browser's name here.
_TELLING = re.compile(
    r"remote_ip|remote_addr|client: |canary-agent|127\.0\.0\.1[ \"]|/da-gui|/tra-cuu|/g/nq-mc"
)


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedBox]:
    with served(tmp_path_factory.mktemp("proxied")) as box:
        yield box


@pytest.fixture(scope="module", params=PROXIES)
def proxy(
    request: pytest.FixtureRequest, box: ServedBox, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxy]:
    with proxied(request.param, box.port, tmp_path_factory.mktemp("proxy") / request.param) as proxy:
        yield proxy


def key_of(proxy: Proxy, number: int) -> str:
    """A key that no other proxy's forms have."""
    return f"{proxy.port:x}{number:x}".rjust(32, "0")


def status_of(port: int, method: str, path: str, body: bytes | None = None) -> int:
    with closing(HTTPConnection("127.0.0.1", port, timeout=40)) as connection:
        headers = {"Host": HOST, "User-Agent": "canary-agent", "Content-Type": FORM}
        connection.request(method, path, body, headers)
        with connection.getresponse() as answer:
            return answer.status


def test_a_citizens_whole_way_by_http_2(proxy: Proxy) -> None:
    """The form, sent, the receipt, what became of it, the results, and a picture: each by HTTP/2."""
    version = ("-o", "/dev/null", "-w", "%{http_version} %{http_code}")
    for path in (f"/g/{PLACE}", "/", "/ket-qua", "/luu-gi", "/sw.js", "/suc-khoe"):
        assert proxy.curl(path, *version).stdout == "2 200", path
    form = whole_form(key_of(proxy, 1)).items()
    fields = [word for name, value in form for word in ("--data-urlencode", f"{name}={value}")]
    sent = proxy.curl("/gui", *fields, "-D", "-", "-o", "/dev/null").stdout
    assert sent.startswith("HTTP/2 303")
    location = re.search(r"(?mi)^location: (\S+)", sent)
    assert location
    receipt = proxy.curl(location[1]).stdout
    reference = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", receipt)
    assert reference
    found = proxy.curl("/tra-cuu", "--data-urlencode", f"ma={reference[0]}")
    assert "phường Ngô Quyền" in found.stdout
    assert not _TELLING.search(proxy.written())


def test_what_the_box_says_of_its_pages_arrives(proxy: Proxy) -> None:
    head = proxy.curl(f"/g/{PLACE}", "-D", "-", "-o", "/dev/null", "--compressed").stdout.lower()
    assert "content-security-policy: " in head
    assert "content-encoding: br" in head or "content-encoding: gzip" in head
    assert "max-age=63072000" in head


def test_a_body_too_large_is_refused_and_nobody_is_named(proxy: Proxy, box: ServedBox) -> None:
    before = len(box.exported())
    form = whole_form(key_of(proxy, 2), gop_y="a" * 200_000)
    # It need not read what it will not pass on.
    with suppress(BrokenPipeError, ConnectionResetError):
        assert status_of(proxy.port, "POST", "/gui", urlencode(form).encode()) in (413, 502)
    assert len(box.exported()) == before
    assert not _TELLING.search(proxy.written())


def test_the_largest_form_that_is_taken_goes_through(proxy: Proxy) -> None:
    form = whole_form(key_of(proxy, 3), gop_y="ừ" * 1000)
    body = urlencode(form).encode()
    assert len(body) > 9_000
    assert status_of(proxy.port, "POST", "/gui", body) == 303


def test_while_the_box_is_down_nobody_is_named_either(proxy: Proxy, box: ServedBox) -> None:
    box.kill()
    try:
        assert status_of(proxy.port, "GET", f"/g/{PLACE}") in (502, 503, 504)
    finally:
        box.begin()
    assert status_of(proxy.port, "GET", f"/g/{PLACE}") == 200
    assert not _TELLING.search(proxy.written())


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HeldBox]:
    with held(tmp_path_factory.mktemp("held") / "data") as box:
        yield box


@pytest.mark.long
@pytest.mark.parametrize("name", PROXIES)
def test_a_restart_under_load_loses_no_form_and_refuses_nobody(
    kept: HeldBox, name: str, tmp_path: Path
) -> None:
    with proxied(name, kept.port, tmp_path / name) as proxy, ThreadPoolExecutor(8) as pool:
        # The first answer says that it is up.
        assert status_of(proxy.port, "GET", f"/g/{PLACE}") == 200
        bodies = [urlencode(whole_form(key_of(proxy, n))).encode() for n in range(100, 160)]
        sending = [pool.submit(status_of, proxy.port, "POST", "/gui", body) for body in bodies]
        kept.stop()
        kept.begin()
        assert [one.result(40) for one in sending] == [303] * 60
    assert not _TELLING.search(proxy.written())
