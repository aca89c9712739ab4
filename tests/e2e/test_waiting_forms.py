"""What waits on the phone: never given up untried or unsaid, never overwritten or deleted unseen."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from browser import answer_all, reveal, send, value, wait_for_proof, write
from citizen_side import Site as Parts
from homthu.config import ServiceMode
from live import FORM, Live, serving
from offline_side import fill, park
from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser


@pytest.fixture
def live() -> Iterator[Live]:
    with serving(Parts()) as served:
        yield served


@pytest.fixture
def context(browser: Browser, live: Live) -> Iterator[BrowserContext]:
    made = browser.new_context(base_url=live.url, viewport={"width": 360, "height": 740}, locale="vi-VN")
    yield made
    made.close()


def age(page: Page, days: int) -> None:
    """What waits on this phone becomes so many days older, or the phone's clock leaps as far."""
    page.evaluate(
        """days => Object.keys(localStorage).forEach(name => {
          const item = JSON.parse(localStorage.getItem(name));
          item.t -= days * 864e5;
          localStorage.setItem(name, JSON.stringify(item));
        })""",
        days,
    )


@pytest.mark.parametrize(
    "days", [8, -4000, *(pytest.param(n, marks=pytest.mark.long) for n in (-8, 10, 4000))]
)
def test_whatever_the_clock_says_a_form_is_tried_before_it_is_given_up(
    page: Page, live: Live, context: BrowserContext, days: int
) -> None:
    park(page, context)
    age(page, days)
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto("/")
    again.locator("#cho a").wait_for()
    assert "Đã gửi xong: 1 phiếu" in again.inner_text("#cho")
    assert len(live.parts.stored()) == 1


def tried(page: Page) -> None:
    """Let a page try once what waits."""
    with page.expect_request("**/gui"):
        page.goto("/")
    page.wait_for_timeout(300)


def test_what_was_tried_for_a_week_gets_another_and_then_giving_up_is_said(
    page: Page, live: Live, context: BrowserContext
) -> None:
    park(page, context)
    page.route("**/gui", lambda route: route.abort())
    context.set_offline(False)
    age(page, 8)
    tried(page)
    assert "Đang chờ gửi: 1 phiếu" in page.inner_text("#cho")
    age(page, 8)
    tried(page)
    assert "Đã xóa 1 phiếu chờ quá lâu mà không gửi được" in page.inner_text("#cho")
    assert "nhiệt tình" not in page.evaluate("JSON.stringify({...localStorage})")
    page.reload()
    assert "Đã xóa 1 phiếu" in page.inner_text("#cho")
    age(page, 2)
    page.reload()
    assert page.is_hidden("#cho")
    assert page.evaluate("localStorage.length") == 0
    assert live.parts.stored() == []


def test_what_a_person_must_look_at_is_tried_again_before_it_is_given_up(
    page: Page, live: Live, context: BrowserContext
) -> None:
    park(page, context)
    live.parts.mode = ServiceMode.PAUSED
    context.set_offline(False)
    page.wait_for_selector("text=Chưa nhận được: 1 phiếu")
    age(page, 8)
    live.parts.mode = ServiceMode.OPEN
    page.goto("/")
    page.locator("#cho a").wait_for()
    assert len(live.parts.stored()) == 1


def duplicated(page: Page, context: BrowserContext) -> Page:
    """The tab once more, as a browser duplicates it: with all that the first holds for itself."""
    held = page.evaluate("JSON.stringify({...sessionStorage})")
    other = context.new_page()
    other.goto("/favicon.ico")
    other.evaluate(
        "held => Object.entries(JSON.parse(held)).forEach(one => sessionStorage.setItem(...one))", held
    )
    other.goto(FORM)
    return other


def test_two_forms_of_a_duplicated_tab_are_both_kept_and_both_stored(
    page: Page, live: Live, context: BrowserContext
) -> None:
    fill(page)
    other = duplicated(page, context)
    assert value(other, "key") == value(page, "key")
    for tab, text in ((page, "Phiếu của A"), (other, "Phiếu của B")):
        write(tab, text)
    context.set_offline(True)
    for tab in (page, other):
        send(tab)
        tab.wait_for_selector("#cho:not([hidden])")
    assert "Đang chờ gửi: 2 phiếu" in other.inner_text("#cho")
    context.set_offline(False)
    for _ in range(100):
        if len(live.parts.stored()) == 2:
            break
        page.wait_for_timeout(100)
    assert {one.submission.text for one in live.parts.stored()} == {"Phiếu của A", "Phiếu của B"}


def test_one_form_of_a_duplicated_tab_sent_from_both_is_one(
    page: Page, live: Live, context: BrowserContext
) -> None:
    fill(page)
    other = duplicated(page, context)
    wait_for_proof(other)
    other.eval_on_selector("[name=tem]", "(field, tem) => field.value = tem", value(page, "tem"))
    context.set_offline(True)
    for tab in (page, other):
        send(tab)
        tab.wait_for_selector("#cho:not([hidden])")
    assert "Đang chờ gửi: 1 phiếu" in other.inner_text("#cho")


def held(page: Page, live: Live, context: BrowserContext) -> None:
    """A form that the server wants its writer to look at, opened and left again."""
    park(page, context)
    live.parts.mode = ServiceMode.PAUSED
    context.set_offline(False)
    page.wait_for_selector("text=Chưa nhận được: 1 phiếu")
    page.click("text=Mở phiếu cần xem lại")
    page.wait_for_selector("#giu")
    live.parts.mode = ServiceMode.OPEN


def test_a_form_that_was_opened_and_left_is_not_deleted_by_the_receipt_of_another(
    page: Page, live: Live, context: BrowserContext
) -> None:
    held(page, live, context)
    page.goto(FORM)
    answer_all(page)
    write(page, "Phiếu khác")
    wait_for_proof(page)
    send(page)
    page.wait_for_selector(".code")
    assert [one.submission.text for one in live.parts.stored()] == ["Phiếu khác"]
    page.goto(FORM)
    assert "Chưa nhận được: 1 phiếu" in page.inner_text("#cho")


def test_the_draft_of_another_form_outlives_one_that_is_opened_put_right_and_sent(
    page: Page, live: Live, context: BrowserContext
) -> None:
    held(page, live, context)
    page.goto(FORM)
    write(page, "Đang viết dở")
    reveal(page, "dau")
    shipped = live.parts.boxes
    older = {version: one for version, one in shipped.questionnaires.items() if version != "qcdc-v2"}
    live.parts.boxes = replace(shipped, questionnaires=older)
    page.click("text=Mở phiếu cần xem lại")
    page.wait_for_selector("form[data-typed]")
    write(page, "Đã sửa lại")
    live.parts.boxes = shipped
    wait_for_proof(page)
    send(page)
    page.wait_for_selector(".code")
    assert [one.submission.text for one in live.parts.stored()] == ["Đã sửa lại"]
    assert page.evaluate("localStorage.length") == 0
    page.goto(FORM)
    assert value(page, "gop_y") == "Đang viết dở"


def test_looking_at_a_receipt_leaves_the_draft_of_the_next_form_alone(
    page: Page, live: Live, context: BrowserContext
) -> None:
    park(page, context)
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(FORM)
    again.locator("#cho a").wait_for()
    write(again, "Đang viết dở")
    reveal(again, "xem")
    again.click("#cho a")
    again.wait_for_selector(".code")
    again.goto(FORM)
    assert value(again, "gop_y") == "Đang viết dở"


def test_a_form_that_waits_since_before_the_names_were_changed_is_sent_and_stored(
    page: Page, live: Live
) -> None:
    key = "ab" * 16
    body = f"place=nq-mc&questionnaire=qcdc-v1&key={key}&tem=&website=&linh_vuc="
    body += "&gop_y=T%E1%BB%AB+tr%C6%B0%E1%BB%9Bc&thai_do=5&huong_dan=4&trach_nhiem=4&thoi_han=dung&chung=4"
    page.goto("/")
    page.evaluate(
        "([key, b]) => localStorage.setItem('homthu-cho:' + key, JSON.stringify({k: key, t: Date.now(), b}))",
        [key, body],
    )
    page.reload()
    page.locator("#cho a").wait_for()
    (stored,) = live.parts.stored()
    assert (stored.submission.text, stored.submission.answers["chung"]) == ("Từ trước", "4")


def test_a_draft_of_before_the_names_were_changed_is_still_there(page: Page) -> None:
    page.goto(FORM)
    draft = '{"key":"%s","values":{"thai_do":"2","gop_y":"Viết từ trước"}}' % ("ab" * 16)
    page.evaluate("draft => sessionStorage.setItem('homthu:nq-mc', draft)", draft)
    page.reload()
    assert page.is_checked("[name=q-thai_do][value='2']")
    assert value(page, "gop_y") == "Viết từ trước"
