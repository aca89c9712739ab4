"""The pages in a real browser: what the script adds, and that nothing depends on it."""

import re
import threading

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
from homthu.domain.submissions.reference import is_key
from homthu.render.page.inline import Page as Rendered
from homthu.render.page.options import PageOptions
from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser
PATHS = (FORM, FORM + "?c=to", FORM + "?l=en", "/returned", "/review", "/receipt", "/landing")
LONG_TEXT = "Việc tốt. " * 110


def test_the_form_is_one_request_and_sets_nothing(page: Page, site: Site, context: BrowserContext) -> None:
    page.goto(FORM)
    page.wait_for_load_state("networkidle")
    assert site.gets == [FORM]
    assert site.heads == []
    assert context.cookies() == []
    assert page.evaluate("document.cookie + Object.keys(localStorage) + Object.keys(sessionStorage)") == ""


def test_no_request_leaves_for_another_host(page: Page, site: Site) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(FORM)
    answer_all(page)
    wait_for_proof(page)
    send(page)
    page.wait_for_selector(".code")
    assert all(url.startswith((site.url + "/", "data:")) for url in asked)
    assert site.cookies == []


def test_the_first_touch_wakes_the_sender_once_and_stamps_the_key(page: Page, site: Site) -> None:
    page.goto(FORM)
    assert re.fullmatch(r"[0-9a-f]{32}", value(page, "key"))
    assert value(page, "tem") == ""
    choose(page, thai_do="5", huong_dan="4")
    wait_for_proof(page)
    assert is_proof_of_work(value(page, "key"), value(page, "tem"))
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    assert site.heads == ["/gui"]


def test_every_visit_has_a_key_of_its_own(page: Page, context: BrowserContext) -> None:
    keys = set()
    for _ in range(5):
        page.goto("about:blank")
        page.goto(FORM)
        keys.add(value(page, "key"))
    assert len(keys) == 5


def test_what_is_sent_is_the_form_and_the_receipt_clears_the_draft(page: Page, site: Site) -> None:
    page.goto(FORM)
    answer_all(page)
    reveal(page, "viet")
    page.select_option("[name=linh_vuc]", "dat_dai")
    wait_for_proof(page)
    assert page.evaluate("Object.keys(sessionStorage)") == [f"homthu:{build.PLACE.code}"]
    send(page)
    page.wait_for_selector(".code")
    (post,) = site.posts
    assert is_key(post["key"])
    assert is_proof_of_work(post["key"], post["tem"])
    assert {name: post[name] for name in ("place", "questionnaire", "website", "linh_vuc", "gop_y")} == {
        "place": build.PLACE.code,
        "questionnaire": "qcdc-v2",
        "website": "",
        "linh_vuc": "dat_dai",
        "gop_y": "Cán bộ nhiệt tình.",
    }
    assert (post["q-thai_do"], post["q-thoi_han"]) == ("4", "dung")
    assert "q-lang_nghe" not in post
    assert page.evaluate("sessionStorage.length + localStorage.length") == 0


def test_a_text_alone_is_sent_and_a_rating_begun_is_to_be_finished(page: Page, site: Site) -> None:
    page.goto(FORM)
    write(page, "Đèn đường ngõ 12 hỏng.")
    page.check("[name=loai][value=khac_phuc]", force=True)
    choose(page, chung="4")
    send(page)
    page.wait_for_selector("#loi:not([hidden])")
    assert site.posts == []
    page.evaluate("document.querySelector('[name=q-chung]:checked').checked = false")
    send(page)
    page.wait_for_selector(".code")
    (post,) = site.posts
    assert (post["gop_y"], post["loai"], "q-chung" in post) == ("Đèn đường ngõ 12 hỏng.", "khac_phuc", False)


def test_a_quick_sender_is_stamped_too(page: Page, site: Site) -> None:
    page.goto(FORM)
    page.evaluate(
        """() => {
          for (const name of ['q-thai_do', 'q-huong_dan', 'q-trach_nhiem', 'q-chung', 'q-thoi_han'])
            document.querySelector('[name=' + name + ']').checked = true;
          location.hash = '#xem';
          setTimeout(() => document.querySelector('button.send:not([type])').click(), 100);
        }"""
    )
    page.wait_for_selector(".code")
    (post,) = site.posts
    assert post["tem"] == "" or is_proof_of_work(post["key"], post["tem"])


def test_pressing_twice_sends_once(page: Page, site: Site) -> None:
    gate = threading.Event()
    receipt = site.answer
    assert receipt

    def wait_and_answer(fields: dict[str, str]) -> Rendered:
        gate.wait(5)
        return receipt(fields)

    site.answer = wait_and_answer
    page.goto(FORM)
    answer_all(page)
    wait_for_proof(page)
    page.evaluate("for (let i = 0; i < 5; i++) document.querySelector('button.send:not([type])').click()")
    page.wait_for_timeout(300)
    gate.set()
    page.wait_for_selector(".code")
    assert len(site.posts) == 1


def test_a_missing_answer_is_told_in_the_language_of_the_page_and_nothing_is_sent(
    page: Page, site: Site
) -> None:
    page.goto(FORM + "?l=en")
    answer_all(page)
    page.evaluate("document.querySelector('[name=q-chung]:checked').checked = false")
    send(page)
    summary = page.locator("#loi")
    summary.wait_for()
    assert summary.inner_text().splitlines()[-1] == "Overall rating: No answer chosen."
    assert page.evaluate("document.activeElement.id") == "loi"
    assert 0 <= page.evaluate("document.activeElement.getBoundingClientRect().top") < 740
    assert page.locator("#q-chung .err").inner_text() == "No answer chosen."
    assert page.get_attribute("#q-chung", "aria-describedby") == "q-chung-loi"
    assert site.posts == []
    choose(page, chung="3")
    assert page.locator("#q-chung .err").count() == 0
    send(page)
    page.wait_for_selector(".code")
    assert len(site.posts) == 1


def test_who_leaves_a_screen_and_comes_back_at_once_is_not_sent_on(page: Page) -> None:
    page.goto(FORM)
    reveal(page, "q-thai_do")
    page.evaluate(
        """async ([option, here, there]) => {
            const touch = new PointerEvent("pointerdown", { width: 20, height: 20, pressure: 0.5 });
            document.querySelector("form").dispatchEvent(touch);
            document.querySelector(option).click();
            for (const id of [there, here]) {
                const turned = new Promise(done => addEventListener("hashchange", done, { once: true }));
                location.hash = id;
                await turned;
            }
        }""",
        ["#q-thai_do input[value='4']", "q-thai_do", "q-lang_nghe"],
    )
    page.wait_for_timeout(400)
    assert page.is_visible("#q-thai_do")


def test_the_counter_counts_characters_as_people_do_and_cuts_nothing(page: Page, site: Site) -> None:
    page.goto(FORM)
    assert page.inner_text("#dem") == ""
    write(page, "👍" + "e\u0302\u0301" * 9)
    assert page.inner_text("#dem") == "Còn 990 ký tự."
    answer_all(page)
    write(page, LONG_TEXT)
    assert page.inner_text("#dem") == "Quá 99 ký tự, xin viết gọn lại."
    send(page)
    assert "1099 ký tự" in page.inner_text("#loi")
    assert value(page, "gop_y") == LONG_TEXT
    assert site.posts == []


def test_without_storage_without_fetch_and_without_randomness_the_form_still_sends(
    page: Page, site: Site
) -> None:
    page.add_init_script(
        """
        for (const name of ['sessionStorage', 'localStorage'])
          Object.defineProperty(window, name, { get() { throw new Error('denied') } });
        Object.defineProperty(window, 'crypto', { value: undefined });
        window.fetch = undefined;
        """
    )
    page.goto(FORM)
    answer_all(page)
    send(page)
    page.wait_for_selector(".code")
    (post,) = site.posts
    assert (post["key"], post["tem"], post["q-chung"]) == ("", "", "4")


@pytest.mark.parametrize(
    "query", ["", *(pytest.param(one, marks=pytest.mark.long) for one in ("?l=en", "?c=to"))]
)
def test_the_form_works_without_javascript(browser: Browser, site: Site, query: str) -> None:
    pages = build.make_pages()
    site.answer = lambda fields: pages.review(build.review_page(values=fields, personal_data=()))
    with browser.new_context(base_url=site.url, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(FORM + query)
        answer_all(page)
        send(page)
        page.wait_for_selector("dl")
        (first,) = site.posts
        assert (first["key"], first["tem"]) == ("", "")
        send(page)
        page.wait_for_selector("dl")
        assert site.posts[1]["da_xem"] == "1"
        assert site.posts[1]["key"] == build.KEY
        assert site.posts[1]["gop_y"] == "Cán bộ nhiệt tình."
        assert "sua" not in site.posts[1]
        page.click("button[name=sua]")
        page.wait_for_selector("dl")
        assert site.posts[2]["sua"] == "1"
        assert context.cookies() == []


@pytest.mark.parametrize("width", [320, *(pytest.param(px, marks=pytest.mark.long) for px in (360, 1000))])
@pytest.mark.parametrize(
    "path", [*PATHS[:1], pytest.param(PATHS[2], marks=pytest.mark.long), PATHS[1], *PATHS[3:]]
)
def test_nothing_is_wider_than_the_screen_and_every_target_is_large(
    page: Page, width: int, path: str
) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(path)
    for screen in page.eval_on_selector_all("[data-b]", "all => all.map(one => one.id)") or [""]:
        if screen:
            reveal(page, screen)
        assert page.evaluate("document.documentElement.scrollWidth") == width, screen
        sizes = page.evaluate(
            """[...document.querySelectorAll(
                 'label span, button, .send, select, textarea, nav a, .places a, summary')]
               .map(e => [e.tagName, e.getBoundingClientRect().height])
               .filter(size => size[1] && size[1] < 48)"""
        )
        assert sizes == [], screen
        small = page.evaluate(
            """[...document.querySelectorAll('main *')].filter(e => e.childNodes.length
               && parseFloat(getComputedStyle(e).fontSize) < 18).map(e => e.tagName)"""
        )
        assert small == []


def test_the_keyboard_reaches_everything_but_the_trap(page: Page) -> None:
    page.goto(FORM)
    reached = []
    asked = [f"q-{question.id}" for question in build.BOX.questionnaire.questions]
    for screen in ("dau", *asked, "viet", "xem"):
        reveal(page, screen)
        page.focus(f"[id='{screen}']")
        for _ in range(20):
            page.keyboard.press("Tab")
            name = page.evaluate("document.activeElement.name || document.activeElement.id")
            if page.evaluate("document.activeElement === document.body") or name in reached:
                break
            reached.append(name)
    assert [name for name in reached if name in asked] == asked
    assert {"tiep", "gop_y", "loai", "linh_vuc", "khong_trich"} <= set(reached)
    assert "website" not in reached
    page.evaluate("location.hash = 'q-thai_do'")
    page.focus("[name=q-thai_do]")
    page.keyboard.press("ArrowDown")
    assert chosen(page) == {"q-thai_do": "4"}


def test_the_work_never_holds_the_page_up(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(FORM)
    page.evaluate(
        """() => {
          window.worst = 0;
          let last = performance.now();
          setInterval(() => {
            const now = performance.now();
            worst = Math.max(worst, now - last - 10);
            last = now;
          }, 10);
        }"""
    )
    page.wait_for_timeout(100)
    page.evaluate("window.worst = 0")
    page.eval_on_selector("form", "form => form.dispatchEvent(new Event('input', { bubbles: true }))")
    wait_for_proof(page)
    # A slice is 10 ms; the rest is the throttled machine. A loop that never yields shows seconds.
    assert page.evaluate("window.worst") < 400


def test_a_languages_query_is_what_its_link_says(page: Page) -> None:
    page.goto(FORM)
    page.click("nav a >> nth=0")
    assert page.url.endswith(FORM + PageOptions(language="en").query)
    assert page.get_attribute("html", "lang") == "en"
