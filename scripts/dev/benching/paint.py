"""When a slow phone shows the form, over two bare HTML pages in the same browser.

One has as many bytes; the other is a floor of 1.5 kB, than which none says anything sooner. A viewport of
360 by 640, a processor four times slower, slow 3G as Chromium's developer tools mean it (400 ms,
400 kbit/s); each load has a fresh cache, the pages take turns.
"""

import gzip
import random
import statistics
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from dev.benching.figure import Figure
from dev.benching.functions import Served, serving, write_bare

CHROMIUM = Path("/usr/bin/chromium-headless-shell")
_ROUNDS = 5
_FLOOR_BYTES = 1_500
_SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
_WATCH = """new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.lcp = entry.startTime;
}).observe({type: 'largest-contentful-paint', buffered: true})"""
#: Usable: the script has run and its key is there; a page without one is usable when it is parsed.
_USABLE = """() => ({
  lcp: window.lcp || 0,
  usable: performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd,
})"""


def bare_page(length: int) -> bytes:
    """Plain paragraphs that compress about as the form does, cut to this many bytes once compressed."""
    words = ("ý kiến", "góp phường", "cán bộ", "công chức", "người dân", "hướng dẫn", "thời hạn", "thái độ")
    chance = random.Random(1)
    head = b"<!doctype html><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    text, page = "", b""
    while len(page) < length:
        text += "<p>" + " ".join(f"{chance.choice(words)}{chance.randrange(999)}" for _ in range(12))
        page = gzip.compress(head + text.encode(), 9, mtime=0)
    return page


def measure(form: Served, folder: Path) -> Iterator[Figure]:
    """Largest paint and time to a usable page; medians."""
    with (
        _bare(folder / "equal", len(form.get(form.path))) as bare,
        _bare(folder / "floor", _FLOOR_BYTES) as floor,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
        )
        rounds = [[_load(browser, one) for one in (form, bare, floor)] for _ in range(_ROUNDS)]
        browser.close()
    for name, key in (("largest contentful paint", "lcp"), ("time to usable", "usable")):
        ours, equal, least = (
            statistics.median(loads[key] for loads in one) for one in zip(*rounds, strict=True)
        )
        for other, theirs in (("a bare page of as many bytes", equal), ("a page of 1.5 kB", least)):
            yield Figure(
                name=f"{name}, ms, slow 3G, 4x slower, over {other}",
                ours=ours,
                limit=theirs,
                ratio=ours / theirs,
            )


def _bare(folder: Path, length: int) -> AbstractContextManager[Served]:
    folder.mkdir()
    return serving("bare", write_bare(folder, bare_page(length)), "/", {})


def _load(browser: Browser, served: Served) -> dict[str, float]:
    with browser.new_context(viewport={"width": 360, "height": 640}, service_workers="block") as context:
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", _SLOW_3G)
        session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        page.add_init_script(_WATCH)
        page.goto(f"http://127.0.0.1:{served.port}{served.path}", wait_until="load")
        page.wait_for_timeout(500)
        measured: dict[str, float] = page.evaluate(_USABLE)
        return measured
