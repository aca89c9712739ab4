"""The draft that the page keeps, and one form sent once, however often its writer comes back."""

import json

import page_builders as build
import pytest
from browser import (
    FORM,
    Site,
    answer_all,
    choose,
    chosen,
    reveal,
    send,
    value,
    wait_for_proof,
    write,
)
from homthu.domain.submissions.proof_of_work import is_proof_of_work
from playwright.sync_api import Page, Request, Route

pytestmark = pytest.mark.browser


def test_a_draft_outlives_reload_language_and_print_size_with_its_key(page: Page) -> None:
    page.goto(FORM)
    choose(page, thai_do="2", phien_ha="khong")
    write(page, "Đường tổ 5 hỏng.\nXin sửa.")
    reveal(page, "viet")
    page.select_option("[name=linh_vuc]", "xay_dung")
    page.check("[name=loai][value=khac_phuc]", force=True)
    page.check("[name=khong_trich]", force=True)
    key = value(page, "key")
    for visit in (page.reload, lambda: page.goto(FORM + "?l=en"), lambda: page.goto(FORM + "?c=to")):
        visit()
        assert chosen(page) == {"q-thai_do": "2", "q-phien_ha": "khong", "loai": "khac_phuc"}
        assert page.is_checked("[name=khong_trich]")
        assert value(page, "gop_y") == "Đường tổ 5 hỏng.\nXin sửa."
        assert value(page, "linh_vuc") == "xay_dung"
        assert value(page, "key") == key
        assert page.is_visible("#nhap")


def test_a_draft_can_be_deleted(page: Page) -> None:
    page.goto(FORM)
    choose(page, thai_do="2")
    key = value(page, "key")
    page.reload()
    page.click("#nhap button")
    assert chosen(page) == {}
    assert value(page, "key") not in ("", key)
    assert page.evaluate("sessionStorage.length") == 0
    page.reload()
    assert page.is_hidden("#nhap")


def test_going_back_after_the_receipt_shows_an_empty_form(page: Page, site: Site) -> None:
    page.goto(FORM)
    answer_all(page)
    send(page)
    page.wait_for_selector(".code")
    page.go_back()
    page.wait_for_selector("form")
    assert chosen(page) == {}
    assert value(page, "gop_y") == ""
    assert value(page, "key") not in ("", site.posts[0]["key"])
    assert page.is_visible("#dau")
    assert page.is_enabled("button.send:not([type])")


def test_going_back_when_the_answer_was_lost_sends_the_same_key_again(page: Page, site: Site) -> None:
    page.goto(FORM)
    answer_all(page)
    wait_for_proof(page)

    def lose(route: Route, request: Request) -> None:
        if request.method == "POST":
            route.abort("connectionreset")
        else:
            route.continue_()

    key = value(page, "key")
    page.route("**/gui", lose)
    send(page)
    page.wait_for_timeout(500)
    assert "Đang chờ gửi: 1 phiếu" in page.inner_text("#cho")
    page.unroute("**/gui")
    page.goto(FORM)
    page.locator("#cho a").click()
    page.wait_for_selector(".code")
    assert [post["key"] for post in site.posts] == [key]
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_a_form_that_came_back_keeps_its_values_and_its_key(page: Page, site: Site) -> None:
    page.goto(FORM)
    choose(page, thai_do="1")
    page.goto("/unavailable")
    assert value(page, "key") == build.KEY
    assert chosen(page)["q-thai_do"] == build.ANSWERS["q-thai_do"]
    wait_for_proof(page)
    assert is_proof_of_work(build.KEY, value(page, "tem"))
    assert page.inner_text("button.send:not([type])") == "Gửi lại"
    # What came back is the draft now: a reload of the plain form finds it.
    page.goto(FORM)
    assert value(page, "gop_y") == build.ANSWERS["gop_y"]
    assert value(page, "key") == build.KEY


def test_the_draft_holds_the_form_and_nothing_else(page: Page) -> None:
    page.goto(FORM)
    choose(page, thai_do="3")
    stored = json.loads(page.evaluate(f"sessionStorage.getItem('homthu:{build.PLACE.code}')"))
    assert stored["key"] == value(page, "key")
    assert set(stored) == {"key", "values"}
    assert {name: held for name, held in stored["values"].items() if held} == {"q-thai_do": "3"}
