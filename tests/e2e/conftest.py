"""A Chromium for a session, a site for each test, and the settings of a box over either store."""

import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

import page_builders as build
import pytest
from browser import CHROMIUM, FORM, RECEIPT, Site, handler_for
from homthu.render.page.inline import Page as Rendered
from live import SHUTDOWN_SECONDS
from machine import require
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from secret_settings import secret_settings


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    require("chromium-headless-shell")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield running
        running.close()


@pytest.fixture(scope="session")
def pages() -> dict[str, Rendered]:
    """The pages of a site, by their addresses."""
    made = build.make_pages()
    return {
        **{FORM + one.query: made.form(build.form_page(one)) for one in (build.VI, build.EN, build.LARGE)},
        "/returned": made.form(build.returned_page()),
        "/review": made.review(build.review_page(build.LARGE)),
        RECEIPT: made.receipt(build.receipt_page()),
        "/receipt": made.receipt(build.receipt_page(build.LARGE)),
        "/landing": made.landing(build.landing_page(build.LARGE)),
        "/unavailable": made.form(build.unavailable_page()),
    }


@pytest.fixture
def site(pages: dict[str, Rendered]) -> Iterator[Site]:
    record = Site(pages=dict(pages), answer=lambda fields: RECEIPT)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_for(record))
    thread = threading.Thread(target=server.serve_forever, args=[SHUTDOWN_SECONDS], daemon=True)
    thread.start()
    record.url = f"http://127.0.0.1:{server.server_port}"
    yield record
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def context(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    # Without the service worker, which would hide its requests; test_offline.py tries it.
    made = browser.new_context(
        base_url=site.url,
        viewport={"width": 360, "height": 740},
        locale="vi-VN",
        service_workers="block",
    )
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield opened
    # The browser itself says so of every answer that is no success, and of a dead line.
    assert [text for text in complaints if not text.startswith("Failed to load resource")] == []


@pytest.fixture(params=["sqlite", pytest.param("firestore", marks=pytest.mark.emulator)])
def environ(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """The settings of a box over this store, with an outbox."""
    (tmp_path / "secret").write_text("ab" * 32)
    store = f"sqlite://{tmp_path}/box.db"
    if request.param == "firestore":
        store = f"firestore://{request.getfixturevalue('firestore_project')}/(default)"
    return {
        "HOMTHU_STORE": store,
        "HOMTHU_MAIL": f"outbox:{tmp_path}/outbox",
        **secret_settings(f"{tmp_path}/secret"),
        "HOMTHU_BASE_URL": "https://gopy.example.org",
        "HOMTHU_SENDER": "hom-thu@example.org",
    }
