"""When a slow phone shows the form, over a bare HTML page of the same bytes, in the same browser.

A viewport of 360 by 740, a processor four times slower, slow 3G as Chromium's developer tools mean it
(400 ms, 400 kbit/s); each load has a fresh cache, the two pages take turns.
"""

import gzip
import random
import statistics
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benching.figure import Figure
from benching.functions import Served, serving, write_bare

CHROMIUM = Path("/usr/bin/chromium")
_ROUNDS = 5
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
    """Plain paragraphs that compress about as the form does, cut to so many bytes once compressed."""
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
    source = write_bare(folder, bare_page(len(form.get(form.path))))
    with serving("bare", source, "/", {}) as bare, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
        )
        rounds = [(_load(browser, form), _load(browser, bare)) for _ in range(_ROUNDS)]
        browser.close()
    for name, key in (("largest contentful paint", "lcp"), ("time to usable", "usable")):
        ours = statistics.median(mine[key] for mine, _ in rounds)
        theirs = statistics.median(other[key] for _, other in rounds)
        yield Figure(
            name=f"{name}, ms, slow 3G, 4x slower, over a bare page of as many bytes",
            ours=ours,
            limit=theirs,
            ratio=ours / theirs,
        )


def _load(browser: Browser, served: Served) -> dict[str, float]:
    with browser.new_context(viewport={"width": 360, "height": 740}, service_workers="block") as context:
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
