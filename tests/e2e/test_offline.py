"""Forms that cannot go at once: kept on the phone, sent later, never twice, and then forgotten."""

from collections.abc import Iterator
from itertools import count

import pytest
from browser import answer_all, choose, send, write
from citizen_side import Site as Parts
from homthu.adapters.web_files import load_assets
from homthu.config import ServiceMode
from homthu.domain.boxes.box import BetweenRounds
from homthu.domain.submissions.personal_data import find_personal_data
from homthu.ports import StoreUnavailable
from live import FORM, Live, serving
from offline_side import fill, park
from playwright.sync_api import Browser, BrowserContext, Page, Route

pytestmark = pytest.mark.browser
KEPT = "Object.keys(localStorage).filter(name => name.startsWith('homthu-cho:'))"
#: What names a person, and what only looks like it.
TELLING = ("Gọi tôi 0912 345 678", "a.b@example.org", "100.000 đồng")
TEXTS = (
    *("Hồ sơ 000.00.12.H02-261120-0001", "H02.12-261120-00012 nhé", "+84.912.345.678", "số 024 3825 1234"),
    *("CMND 123456789", "024085001234", "Đường số 12, tổ 5, năm 2026", "", "100.000.000 đ"),
    *("sđt: 0912-345-678.", "x@y", "0912 345 67", "1234567890123", "9123456789", "a0912345678b"),
)


@pytest.fixture
def live() -> Iterator[Live]:
    with serving(Parts()) as served:
        yield served


@pytest.fixture
def context(browser: Browser, live: Live) -> Iterator[BrowserContext]:
    made = browser.new_context(base_url=live.url, viewport={"width": 360, "height": 740}, locale="vi-VN")
    yield made
    made.close()


def test_without_a_connection_it_waits_and_says_so_and_goes_by_itself(
    page: Page, live: Live, context: BrowserContext
) -> None:
    key = park(page, context)
    assert "Đang chờ gửi: 1 phiếu" in page.inner_text("#cho")
    assert page.evaluate("document.activeElement.id") == "cho"
    assert page.is_hidden("form")
    assert page.evaluate(KEPT) == [f"homthu-cho:{key}"]
    assert page.evaluate("sessionStorage.length") == 0
    assert live.parts.stored() == []
    context.set_offline(False)
    page.wait_for_selector(".code")
    (stored,) = live.parts.stored()
    assert (stored.submission.text, stored.submission.flags) == ("Cán bộ nhiệt tình.", ())
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_a_closed_page_sends_what_waits_when_it_is_opened_again(
    page: Page, live: Live, context: BrowserContext
) -> None:
    park(page, context)
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(FORM)
    again.locator("#cho a").wait_for()
    assert "Đã gửi xong: 1 phiếu" in again.inner_text("#cho")
    assert again.is_visible("form")
    assert "nhiệt tình" not in again.evaluate("JSON.stringify({...localStorage})")
    again.click("#cho a")
    again.wait_for_selector(".code")
    assert again.evaluate("localStorage.length") == 0
    assert len(live.parts.stored()) == 1


def test_two_tabs_and_a_lost_answer_never_store_twice(
    page: Page, live: Live, context: BrowserContext
) -> None:
    fill(page)
    # The form arrives, the answer does not.
    page.route(
        "**/gui",
        lambda route: (route.fetch(), route.abort()) if route.request.method == "POST" else route.continue_(),
    )
    send(page)
    page.wait_for_selector("#cho:not([hidden])")
    assert len(live.parts.stored()) == 1
    tabs = [context.new_page() for _ in range(2)]
    for tab in tabs:
        tab.goto(FORM)
    for tab in tabs:
        tab.locator("#cho a").wait_for()
    assert live.posts >= 2
    assert len(live.parts.stored()) == 1


class Down:
    def add(self, *_: object) -> None:
        raise StoreUnavailable("unavailable")

    def digest(self, _: str) -> str | None:
        raise StoreUnavailable("unavailable")


def test_a_busy_system_is_waited_for_like_a_dead_line(page: Page, live: Live) -> None:
    live.parts.intake = Down()
    page.clock.install(time="2026-11-24T03:00:00Z")
    fill(page)
    # Stopped, so that no try but the one that is asked for below takes the page away under the click.
    page.clock.pause_at("2026-11-24T03:10:00Z")
    tries = count(1)
    # What could not go is tried once more at once.
    with page.expect_response(lambda answer: answer.request.method == "POST" and next(tries) == 2):
        send(page)
    page.wait_for_selector("#cho:not([hidden])")
    assert "hệ thống bận" in page.inner_text("#cho")
    live.parts.intake = live.parts.store
    page.click("text=Gửi lại ngay")
    page.wait_for_selector(".code")
    assert len(live.parts.stored()) == 1


def test_waiting_grows_longer_and_is_never_endless(page: Page, live: Live, context: BrowserContext) -> None:
    page.clock.install()
    key = fill(page)
    tries: list[str] = []
    page.on("request", lambda request: tries.append(request.method) if request.method == "POST" else None)
    context.set_offline(True)
    send(page)
    page.wait_for_selector("#cho:not([hidden])")
    counts = []
    for _ in range(6):
        before = len(tries)
        for _ in range(30):
            page.clock.run_for(10_000)
            page.wait_for_timeout(5)
        counts.append(len(tries) - before)
    assert counts[0] > counts[-1] == 1
    assert page.evaluate(KEPT) == [f"homthu-cho:{key}"]


def test_it_can_be_wiped_by_pressing_twice(page: Page, live: Live, context: BrowserContext) -> None:
    park(page, context)
    page.click("text=Xóa phiếu khỏi máy này")
    assert page.evaluate("localStorage.length") == 1
    page.click("text=Bấm lần nữa để xóa hẳn")
    assert page.evaluate("localStorage.length") == 0
    assert page.is_hidden("#cho")
    assert page.is_visible("form")
    context.set_offline(False)
    page.reload()
    page.wait_for_load_state("networkidle")
    assert live.parts.stored() == []


def test_a_clock_ten_years_out_still_sends(page: Page, live: Live) -> None:
    page.clock.install(time="2036-01-01T00:00:00Z")
    page.goto(FORM)
    answer_all(page)
    page.clock.run_for(3000)
    send(page)
    page.clock.run_for(3000)
    page.wait_for_selector(".code")
    assert len(live.parts.stored()) == 1


def test_what_needs_a_person_is_shown_as_such_and_opens_as_the_server_answers_it(
    page: Page, live: Live, context: BrowserContext
) -> None:
    park(page, context)
    live.parts.mode = ServiceMode.PAUSED
    context.set_offline(False)
    page.wait_for_selector("text=Chưa nhận được: 1 phiếu")
    page.click("text=Mở phiếu cần xem lại")
    page.wait_for_selector("#giu")
    assert "Cán bộ nhiệt tình." in page.input_value("#giu")
    assert live.parts.stored() == []
    live.parts.mode = ServiceMode.OPEN
    page.goto(FORM)
    page.click("text=Mở phiếu cần xem lại")
    page.wait_for_selector(".code")
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert len(live.parts.stored()) == 1


def test_what_waits_is_sent_from_the_closed_page_within_the_closing_hours(
    page: Page, live: Live, context: BrowserContext
) -> None:
    live.parts.change_box("07207", between_rounds=BetweenRounds.CLOSE, closing_hours=6)
    park(page, context)
    live.parts.now = live.parts.now.replace(month=12, day=26, hour=5)
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(FORM)
    again.locator("#cho a").wait_for()
    assert again.locator("form").count() == 0
    assert live.parts.stored()[0].submission.round == "2026-dot-4"


def test_what_names_a_person_is_asked_about_in_place_and_never_refused(page: Page, live: Live) -> None:
    fill(page)
    write(page, "Gọi tôi: 0912 345 678")
    send(page)
    assert page.is_visible("#rieng")
    assert page.evaluate("document.activeElement.id") == "rieng"
    assert live.posts == 0
    send(page)
    page.wait_for_selector(".code")
    assert live.parts.stored()[0].submission.text == "Gọi tôi: 0912 345 678"


def test_the_page_finds_what_the_server_finds(page: Page) -> None:
    script = load_assets()["personal.js"].decode()
    finds = f"text => {{ var homthu = {{}}; {script}; return homthu.personal(text).some(Boolean) }}"
    found = {text: page.evaluate(finds, text) for text in TEXTS}
    assert found == {text: bool(find_personal_data(text)) for text in TEXTS}


@pytest.mark.parametrize("text", [*TELLING, *(pytest.param(text, marks=pytest.mark.long) for text in TEXTS)])
def test_the_page_asks_about_what_the_server_would_ask_about(page: Page, live: Live, text: str) -> None:
    fill(page)
    write(page, text)
    send(page)
    if find_personal_data(text):
        assert page.is_visible("#rieng")
    else:
        page.wait_for_selector(".code")


def test_what_only_the_server_sees_is_asked_about_on_the_review_page(page: Page, live: Live) -> None:
    fill(page)
    write(page, "Gọi (0912) 345 678 giúp")
    send(page)
    page.wait_for_selector("[name=da_xem]", state="attached")
    assert page.is_visible("text=Gọi (0912) 345 678 giúp")


def test_a_scanned_form_opens_without_a_connection_once_it_was_opened_with_one(
    page: Page, live: Live, context: BrowserContext
) -> None:
    page.goto(FORM)
    assert ("GET", "/sw.js") not in live.asked
    choose(page, thai_do="5")
    page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    for _ in range(100):
        if page.evaluate("caches.keys().then(names => names.length)"):
            break
        page.wait_for_timeout(50)
    page.reload()
    page.close()
    context.set_offline(True)
    offline = context.new_page()
    offline.goto(FORM)
    answer_all(offline)
    send(offline)
    offline.wait_for_selector("#cho:not([hidden])")
    context.set_offline(False)
    offline.wait_for_selector(".code")
    assert len(live.parts.stored()) == 1
    kept = offline.evaluate(
        "caches.open('homthu-1').then(c => c.keys()).then(all => all.map(r => new URL(r.url).pathname))"
    )
    assert kept == [FORM]


def test_a_receipt_that_could_not_be_shown_can_be_shown_later(browser: Browser, live: Live) -> None:
    # A worker would hide its requests from the route below.
    with browser.new_context(base_url=live.url, service_workers="block") as context:
        page = context.new_page()
        fill(page)

        def lose_the_page(route: Route) -> None:
            route.abort() if route.request.is_navigation_request() else route.continue_()

        page.route("**/da-gui*", lose_the_page)
        send(page)
        page.wait_for_timeout(1500)
        assert len(live.parts.stored()) == 1
        again = context.new_page()
        again.goto(FORM)
        again.locator("#cho a").click()
        again.wait_for_selector(".code")
        assert again.evaluate("localStorage.length") == 0
