"""The set-up pages as a checker and a screen reader find them, on a desk and on a phone."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from homthu.adapters.clock import system_clock
from live import SHUTDOWN_SECONDS, Silent
from playwright.sync_api import Browser
from setting_up.pages import AFTER
from setting_up.server import make_app, make_set_up
from setting_up.steps import STEPS
from web_checkers import complaints
from werkzeug.serving import make_server

pytestmark = pytest.mark.browser
SHIPPED = Path(__file__).parents[2] / "functions" / "boxes"


@pytest.fixture
def base(tmp_path: Path) -> Iterator[str]:
    """The pages of a saved ward that is being changed: with faults at its fields, and things to compare."""
    up = make_set_up(tmp_path / "data", system_clock)
    up.place.furnish()
    example = (SHIPPED / "ngo-quyen.toml").read_bytes()
    (up.place.boxes / "ngo-quyen.toml").write_bytes(example)
    app = make_app(up)
    with app.test_client() as office:
        office.post("/mo", data={"tep": "ngo-quyen.toml"})
        office.post("/lien-he", data={"contact.phone": "gọi anh Tư"})
        office.post("/mau-tra-loi", data={"answers.0.name": "Đèn", "answers.0.text": ""})
    with make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent) as server:
        thread = threading.Thread(target=server.serve_forever, args=[SHUTDOWN_SECONDS], daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    "size",
    [pytest.param((1280, 900), id="desk", marks=pytest.mark.long), pytest.param((360, 740), id="phone")],
)
def test_axe_finds_nothing_on_any_set_up_page_and_none_is_wider_than_its_screen(
    browser: Browser, base: str, size: tuple[int, int]
) -> None:
    width, height = size
    pages = ["", "?tim=ngo+quyen", *(step.name for step in STEPS), *AFTER]
    found = {}
    with browser.new_context(viewport={"width": width, "height": height}, bypass_csp=True) as context:
        page = context.new_page()
        for name in pages:
            page.goto(f"{base}/{name}")
            if said := complaints(page):
                found[name] = said
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    assert found == {}
