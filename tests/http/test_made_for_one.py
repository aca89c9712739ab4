"""Pages made for one request (receipt, refusals, the desk) are compressed as those that everybody gets."""

import gzip
from collections.abc import Callable, Mapping

import brotli
import pytest
from board_side import W47
from citizen_side import KEY, NGO_QUYEN, Site
from desk_side import DeskSite
from werkzeug.test import TestResponse

LIMIT = 14_336
UNPACK: Mapping[str, Callable[[bytes], bytes]] = {"gzip": gzip.decompress, "br": brotli.decompress}


def desk() -> DeskSite:
    site = DeskSite()
    site.receive(W47, 12, text="Bảng niêm yết lệ phí ở quầy số 3 đã cũ")
    list(site.store.assign_week(NGO_QUYEN, W47))
    return site


def receipt(headers: Mapping[str, str]) -> TestResponse:
    site = Site()
    return site.form.get(site.send().headers["Location"], headers=headers)


def home(headers: Mapping[str, str]) -> TestResponse:
    site = desk()
    return site.desk.post("/xu-ly/ban", data={"ma": site.pass_of()}, headers=headers)


#: What is asked, and the status of the answer.
PAGES: Mapping[str, tuple[Callable[[Mapping[str, str]], TestResponse], int]] = {
    "receipt": (receipt, 200),
    "no such page": (lambda headers: Site().form.get("/khong-co", headers=headers), 404),
    "too large": (lambda headers: Site().submit.post("/gui", data={"x": "y" * 40_000}, headers=headers), 413),
    "review": (lambda headers: Site().send(headers, key=""), 200),
    "desk": (home, 200),
    "entrance": (lambda headers: desk().desk.get("/xu-ly", headers=headers), 200),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_as_small_as_the_client_can_read_it_and_says_the_same(name: str) -> None:
    ask, status = PAGES[name]
    plain = ask({"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    for encoding, unpack in UNPACK.items():
        answer = ask({"Accept-Encoding": encoding})
        assert (answer.status_code, answer.headers["Content-Encoding"]) == (status, encoding)
        assert int(answer.headers["Content-Length"]) == len(answer.data) <= LIMIT
        assert len(unpack(answer.data)) == pytest.approx(len(plain.data), abs=200)
        assert (answer.headers["Vary"], answer.headers["Cache-Control"]) == ("Accept-Encoding", "no-store")
        if status == 413:
            assert answer.headers["Connection"] == "close"


def test_the_very_page_comes_packed() -> None:
    form = Site().form
    plain = form.get("/khong-co").data
    for encoding, unpack in UNPACK.items():
        assert unpack(form.get("/khong-co", headers={"Accept-Encoding": encoding}).data) == plain
    head = form.head("/khong-co", headers={"Accept-Encoding": "gzip"})
    assert (head.status_code, head.data, head.headers["Content-Encoding"]) == (404, b"", "gzip")


def test_what_has_no_page_is_not_packed() -> None:
    site, headers = Site(), {"Accept-Encoding": "gzip"}
    sent = site.send(headers, key=KEY)
    warm = site.submit.head("/gui", headers=headers)
    asset = site.form.get("/assets/favicon.svg", headers=headers)
    assert (sent.status_code, warm.status_code, asset.status_code) == (303, 204, 200)
    assert not any("Content-Encoding" in answer.headers for answer in (sent, warm, asset))
