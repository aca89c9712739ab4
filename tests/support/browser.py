"""A page in a real browser, and a stand-in for the functions that keeps a record of every request."""

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qsl

import page_builders as build
from homthu.render.page.inline import Page as Rendered
from playwright.sync_api import Page, TimeoutError

#: Chromium without the parts that draw a window, which cost five times what a page costs (decision 0044).
CHROMIUM = Path("/usr/bin/chromium-headless-shell")
FORM = f"/g/{build.PLACE.code}"
RECEIPT = "/da-gui?p=x"
#: On a slow phone the work takes up to two seconds; a busy test machine is one.
PROOF_TIMEOUT_SECONDS = 20


@dataclass
class Site:
    """A stand-in for the functions: fixed pages, and a record of every request."""

    url: str = ""
    gets: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    posts: list[dict[str, str]] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)
    pages: dict[str, Rendered] = field(default_factory=dict)
    #: A page to give back, or the address of the receipt to send the browser to.
    answer: Callable[[dict[str, str]], Rendered | str] | None = None


def handler_for(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.gets.append(self.path)
            self._send(site.pages.get(self.path))

        def do_HEAD(self) -> None:
            site.heads.append(self.path)
            self._send(None, status=204)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            pairs = parse_qsl(body, keep_blank_values=True)
            assert len(dict(pairs)) == len(pairs), "a field twice"
            site.posts.append(dict(pairs))
            assert site.answer
            answer = site.answer(dict(pairs))
            if isinstance(answer, str):
                self.send_response(303)
                self.send_header("Location", answer)
                self.send_header("Content-Length", "0")
                self.end_headers()
            else:
                self._send(answer)

        def _send(self, page: Rendered | None, status: int = 404) -> None:
            site.cookies += self.headers.get_all("Cookie") or []
            body = page.html if page else b""
            self.send_response(200 if page else status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            if page:
                self.send_header("Content-Security-Policy", page.csp)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Say nothing: the record is what the test reads."""

    return Handler


def value(page: Page, name: str) -> str:
    typed: str = page.eval_on_selector(f"[name={name}]", "field => field.value")
    return typed


def reveal(page: Page, id: str) -> None:
    """Go to the screen that holds this element; without a script, unfold what is folded."""
    if page.locator(f"[id='{id}']").is_visible():
        return None
    fold = page.locator("details.them > summary")
    if fold.is_visible():
        fold.click()
        return None
    # Again where the touch before it went on by itself in the same moment.
    for _ in range(10):
        page.evaluate("id => { location.hash = '#' + id }", id)
        with contextlib.suppress(TimeoutError):
            return page.locator(f"[id='{id}']").wait_for(timeout=3000)
    raise AssertionError(f"{id} does not show")


def choose(page: Page, **answers: str) -> None:
    """Choose these options, by the ids of their questions."""
    for name, chosen in answers.items():
        reveal(page, f"q-{name}")
        page.locator(f"label:has(input[name='q-{name}'][value='{chosen}'])").click()


def write(page: Page, text: str) -> None:
    """Write this into the field for text."""
    reveal(page, "gop_y")
    page.fill("#gop_y", text)


def answer_all(page: Page) -> None:
    for name in ("thai_do", "huong_dan", "trach_nhiem", "chung"):
        choose(page, **{name: "4"})
    choose(page, thoi_han="dung")
    write(page, "Cán bộ nhiệt tình.")


def wait_for_proof(page: Page) -> None:
    # Not wait_for_function, which needs eval() in the page: the page's policy forbids that.
    deadline = time.monotonic() + PROOF_TIMEOUT_SECONDS
    while not value(page, "tem"):
        assert time.monotonic() < deadline, "no stamp"
        page.wait_for_timeout(20)


def send(page: Page) -> None:
    """Press what sends, on the last screen."""
    if page.locator("#xem").count() and not page.is_visible("button.send:not([type])"):
        reveal(page, "xem")
    page.click("button.send:not([type])")


def chosen(page: Page) -> dict[str, str]:
    found = page.eval_on_selector_all(
        "input[type=radio]:checked", "all => all.map(field => [field.name, field.value])"
    )
    return dict(found)
