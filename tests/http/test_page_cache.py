"""What is kept of finished pages: bounded in bytes whatever is asked for, and made once however many ask."""

import gzip
import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import islice, product

import brotli
import pytest
from citizen_side import IN_ROUND, Site
from flask import Request
from homthu.http.form import make
from homthu.http.page_cache import PageCache, page_key
from homthu.http.prerender import Prerendered, prerender
from homthu.render.page.inline import Page
from homthu.render.page.options import USUAL
from werkzeug.test import EnvironBuilder

MIB = 2**20
#: A page as large as the form, of bytes that hardly compress.
FORM_BYTES = 40_000


def asking(encoding: str = "gzip") -> Request:
    return Request(EnvironBuilder(headers={"Accept-Encoding": encoding}).get_environ())


def page(n: int, size: int = FORM_BYTES) -> Prerendered:
    body = (n.to_bytes(8) * (size // 8 + 1))[:size]
    return prerender(Page(html=body, csp=""), status=200, until=None)


@pytest.mark.parametrize("addresses", [2_000, pytest.param(20_000, marks=pytest.mark.long)])
def test_any_number_of_addresses_stays_below_the_stated_memory(addresses: int) -> None:
    """Twice as much as the cache may hold is left for the tables themselves and what is under way.

    It is full after a hundred pages: two thousand already fill it twenty times over.
    """
    cache, request = PageCache(4 * MIB), asking("")
    tracemalloc.start()
    for n in range(addresses):
        assert cache.answer(n, request, IN_ROUND, lambda n=n: page(n)).status_code == 200
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 8 * MIB


def test_every_address_of_the_form_stays_below_the_stated_memory() -> None:
    """The addresses that a stranger makes up of what the page itself shows: place × option × option …"""
    site = Site(page_cache_bytes=MIB)
    target = make(site)
    places = [place.code for box in site.boxes.by_ward.values() for place in box.places]
    asked = product(places, ("", "lien_ket", "giay"), ("", "en"), ("", "to"), ("", "ho-tro", "kiosk"))
    tracemalloc.start()
    target(Request(EnvironBuilder("/g/nq-mc").get_environ()))
    before, _ = tracemalloc.get_traced_memory()
    for place, channel, language, size, mode in islice(asked, 150):
        query = f"k={channel}&l={language}&c={size}&m={mode}"
        answer = target(Request(EnvironBuilder(f"/g/{place}?{query}").get_environ()))
        assert answer.status_code == 200
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before < 3 * MIB


def test_what_is_used_stays_and_what_is_not_goes() -> None:
    cache, made = PageCache(10 * (FORM_BYTES + 5000)), []

    def ask(n: int) -> None:
        cache.answer(n, asking(""), IN_ROUND, lambda: made.append(n) or page(n))

    ask(0)
    for n in range(1, 100):
        ask(n)
        ask(0)
    assert made == list(range(100))
    ask(1)
    assert made[-1] == 1


def test_a_page_larger_than_all_room_is_answered_and_not_kept() -> None:
    cache = PageCache(1000)
    answers = [cache.answer(1, asking("br"), IN_ROUND, lambda: page(1)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert not cache._kept
    assert cache._bytes == 0


@pytest.mark.parametrize("encoding", ["", "gzip", "br"])
def test_64_clients_on_one_cold_page_cost_one_making(encoding: str) -> None:
    cache, gate, made = PageCache(MIB), threading.Barrier(64), []
    one = page(1)

    class Counted(Prerendered):
        def packed(self, encoding: str) -> bytes:
            made.append(encoding)
            return super().packed(encoding)

    fields = ("plain", "status", "until", "etag", "headers")
    counted = Counted(**{name: getattr(one, name) for name in fields})

    def ask(_: int) -> int:
        gate.wait()
        return cache.answer(
            "k", asking(encoding), IN_ROUND, lambda: made.append("page") or counted
        ).status_code

    with ThreadPoolExecutor(64) as pool:
        assert set(pool.map(ask, range(64))) == {200}
    assert made == ["page", encoding] if encoding else ["page"]


def test_a_page_whose_making_fails_is_tried_again_by_the_next() -> None:
    cache = PageCache(MIB)

    def fail() -> Prerendered:
        raise ValueError

    with pytest.raises(ValueError):
        cache.answer("k", asking(), IN_ROUND, fail)
    assert cache.answer("k", asking(), IN_ROUND, lambda: page(1)).status_code == 200


def test_a_page_is_made_anew_when_its_time_is_over() -> None:
    cache, made = PageCache(MIB), []

    def make_page() -> Prerendered:
        made.append(1)
        return replace(page(len(made)), until=IN_ROUND + timedelta(minutes=5))

    for minutes in (0, 4, 5):
        cache.answer("k", asking(), IN_ROUND + timedelta(minutes=minutes), make_page)
    assert len(made) == 2
    assert cache._bytes < 2 * FORM_BYTES


def finished(cache: PageCache, path: str, minutes: int = 0, **environ: str) -> bytes | None:
    """What is answered at once."""
    given = EnvironBuilder(path, headers={"Accept-Encoding": "gzip"}).get_environ() | environ
    answer = cache.finished(given, IN_ROUND + timedelta(minutes=minutes))
    return answer.body if answer else None


def test_what_is_answered_at_once_is_kept_in_that_encoding_and_still_holds() -> None:
    cache = PageCache(MIB)
    over_soon = replace(page(1), until=IN_ROUND + timedelta(minutes=5))
    for path in ("", "/x"):
        assert finished(cache, path or "/") is None
        cache.answer(page_key(path, USUAL), asking("gzip"), IN_ROUND, lambda: over_soon)
        assert gzip.decompress(finished(cache, path or "/") or b"") == over_soon.plain
        assert finished(cache, path or "/", HTTP_ACCEPT_ENCODING="br") is None
        assert finished(cache, path or "/", HTTP_ACCEPT_ENCODING="") == over_soon.plain
        assert finished(cache, path or "/", minutes=4) is not None
        assert finished(cache, path or "/", minutes=5) is None
    assert finished(cache, "/x/") is None
    large = replace(USUAL, large=True)
    cache.answer(page_key("/y", large), asking("gzip"), IN_ROUND, lambda: over_soon)
    assert finished(cache, "/y") is None


def test_what_is_answered_at_once_is_used_and_stays() -> None:
    cache = PageCache(10 * (FORM_BYTES + 5000))
    for n in range(100):
        cache.answer(page_key(f"/{n}", USUAL), asking("gzip"), IN_ROUND, lambda n=n: page(n))
        assert finished(cache, "/0") is not None
    assert finished(cache, "/1") is None


def test_a_long_list_is_not_compressed_with_brotlis_slowest() -> None:
    """Its best would take seconds of the one processor for a page that anybody can ask for."""
    text = "".join(f"<li>Nhà văn hóa tổ dân phố số {n}</li>" for n in range(20_000)).encode()
    packed = prerender(Page(html=text, csp=""), status=200, until=None).packed("br")
    assert brotli.decompress(packed) == text
    assert packed == brotli.compress(text, mode=brotli.MODE_TEXT, quality=5)
