"""A clerk's morning in Chromium: by keyboard alone, with the script and without."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from citizen_side import NGO_QUYEN
from desk_side import CLERK, DeskSite, clerk_site
from homthu.services.access import clerk_link
from live import SHUTDOWN_SECONDS
from playwright.sync_api import Browser, Page
from web_checkers import complaints, validate
from werkzeug.serving import make_server

SELECTED = "(one => one.value.slice(one.selectionStart, one.selectionEnd))(document.activeElement)"


@pytest.fixture
def site() -> DeskSite:
    return clerk_site()


@contextmanager
def opened(site: DeskSite, browser: Browser, *, script: bool, width: int = 1280) -> Iterator[Page]:
    """The page behind the clerk's link, reached with the keyboard."""
    server = make_server("127.0.0.1", 0, site.desk.application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=[SHUTDOWN_SECONDS], daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.port}"
    context = browser.new_context(
        base_url=url,
        viewport={"width": width, "height": 900},
        java_script_enabled=script,
        permissions=["clipboard-read", "clipboard-write"],
    )
    page = context.new_page()
    page.goto(clerk_link(site.passes, url, site.boxes.by_ward[NGO_QUYEN], CLERK))
    page.focus("main button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/xu-ly/nhap")
    yield page
    context.close()
    server.shutdown()
    server.server_close()
    thread.join()


def tab_to(page: Page, selector: str) -> int:
    """Press Tab until something of this kind has the focus; how often that took."""
    for presses in range(1, 200):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return presses
    raise AssertionError(selector)


def clipboard(page: Page) -> str:
    copied: str = page.evaluate("navigator.clipboard.readText()")
    return copied


def test_two_rows_are_copied_and_ticked_without_a_mouse(site: DeskSite, browser: Browser) -> None:
    with opened(site, browser, script=True) as page:
        values = page.eval_on_selector_all("[data-copy]", "all => all.map(one => one.value)")
        count = len(page.query_selector_all("section.card"))
        seen = []
        for row in range(2):
            fields = page.locator(f"section.card:nth-of-type({row + 1}) [data-copy]").count()
            for field in range(fields):
                # One press leads from each field to the next: the buttons are for the mouse.
                presses = tab_to(page, "[data-copy]")
                assert presses == 1 or (row, field) == (0, 0)
                page.keyboard.press("Control+C" if field % 2 else "Enter")
                page.wait_for_timeout(50)
                seen.append(clipboard(page))
            assert tab_to(page, "[type=checkbox]") == 1
            page.keyboard.press("Space")
        assert seen == values[: len(seen)]
        # Enter at a tick saves: nobody has to go through all the rows below to reach the button.
        page.keyboard.press("Enter")
        page.wait_for_url("**/xu-ly/nhap-xong")
        assert "Đã ghi 2 dòng" in page.inner_text("main")
        assert len(page.query_selector_all("section.card")) == count - 2


def test_without_a_script_tab_selects_a_field_and_the_row_is_ticked(site: DeskSite, browser: Browser) -> None:
    with opened(site, browser, script=False) as page:
        assert not page.is_visible(".copy")
        tab_to(page, "[data-copy]")
        assert page.evaluate(SELECTED) == page.input_value("#o0-1") != ""
        tab_to(page, "[type=checkbox]")
        page.keyboard.press("Space")
        tab_to(page, "button.send")
        page.keyboard.press("Enter")
        page.wait_for_url("**/xu-ly/nhap-xong")
        assert "Đã ghi 1 dòng" in page.inner_text("main")


def test_a_press_copies_and_says_so(site: DeskSite, browser: Browser) -> None:
    with opened(site, browser, script=True) as page:
        button = page.locator(".copy").nth(3)
        button.click()
        page.wait_for_selector("text=Đã chép: 14")
        assert clipboard(page) == page.input_value("#o0-4") == "14"


@pytest.mark.parametrize("width", [360, pytest.param(1280, marks=pytest.mark.long)])
def test_the_pages_are_sound_and_nothing_goes_over_the_edge(
    site: DeskSite, browser: Browser, tmp_path: Path, width: int
) -> None:
    with opened(site, browser, script=True, width=width) as page:
        for again in (False, True):
            if again:
                page.click("text=Bản để in")
                page.wait_for_url("**/xu-ly/nhap-in")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert complaints(page) == []
    token = clerk_link(site.passes, "", site.boxes.by_ward[NGO_QUYEN], CLERK).rpartition("/")[2]
    for form in ("nhap", "nhap-in"):
        (tmp_path / f"{form}.html").write_bytes(site.post(form, token).data)
    assert validate(tmp_path) == []


def test_on_paper_no_table_is_cut_off(site: DeskSite, browser: Browser) -> None:
    with opened(site, browser, script=False) as page:
        page.click("text=Bản để in")
        page.wait_for_url("**/xu-ly/nhap-in")
        # A4 across, less its margins.
        page.set_viewport_size({"width": 1032, "height": 700})
        page.emulate_media(media="print")
        edges = page.locator(".list").evaluate_all("all => all.map(one => one.getBoundingClientRect().right)")
        assert max(edges) <= 1032
        assert page.evaluate("document.documentElement.scrollWidth") <= 1032
        assert not page.is_visible(".noprint")
