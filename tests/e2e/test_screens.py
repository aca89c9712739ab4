"""One question a screen: a touch goes on, a key waits for the button, the way back is the browser's."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import FORM, Site, choose, chosen, reveal, send, value, wait_for_proof, write
from citizen_side import BOXES
from citizen_side import Site as Parts
from homthu.adapters.box_files import load_boxes
from live import FORM as LIVE_FORM
from live import serving
from machine import require
from playwright.sync_api import Browser, BrowserContext, Page
from shell import succeed

pytestmark = pytest.mark.browser
QUESTIONS = load_boxes(BOXES).by_ward["07210"].questionnaire.questions
OTHERS = [question for question in QUESTIONS if question.id != "chung"]


@pytest.fixture
def context(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    made = browser.new_context(
        base_url=site.url,
        viewport={"width": 360, "height": 640},
        locale="vi-VN",
        has_touch=True,
        service_workers="block",
    )
    yield made
    made.close()


def shown(page: Page) -> list[str]:
    """The screens that can be seen."""
    return page.eval_on_selector_all("[data-b]:not([hidden])", "all => all.map(one => one.id)")


def summary(page: Page) -> list[str]:
    """The rows of the summary, each on one line."""
    return [" ".join(row.split()) for row in page.locator(".dong").all_inner_texts()]


def begin(page: Page) -> None:
    page.goto(FORM)
    page.tap("text=Đánh giá >> nth=0")
    page.wait_for_selector("#q-thai_do")


def touch(page: Page, id: str, option: str) -> None:
    page.tap(f"label:has(input[name='q-{id}'][value='{option}'])")


def test_the_first_screen_offers_two_buttons_and_no_question(page: Page) -> None:
    page.goto(FORM)
    assert shown(page) == ["dau"]
    assert page.locator("#dau button").all_inner_texts() == ["Đánh giá", "Chỉ viết góp ý"]
    for button in page.locator("#dau button").all():
        box = button.bounding_box()
        assert box
        assert box["height"] >= 56
        assert box["y"] + box["height"] <= 640


def test_a_touch_goes_on_and_the_screen_is_focused_and_counted(page: Page) -> None:
    begin(page)
    for number, question in enumerate(QUESTIONS, 1):
        page.wait_for_selector(f"#q-{question.id}")
        assert shown(page) == [f"q-{question.id}"]
        assert page.evaluate("document.activeElement.id") == f"q-{question.id}"
        assert page.inner_text("#thanh [role=status]") == f"{number}/11"
        touch(page, question.id, question.options[0].id)
    page.wait_for_selector("#gop_y")
    assert page.inner_text("#thanh [role=status]") == "11/11"
    assert len(chosen(page)) == 10


def test_every_option_is_a_full_width_row_of_56_pixels_without_scrolling(page: Page) -> None:
    begin(page)
    for question in QUESTIONS:
        reveal(page, f"q-{question.id}")
        boxes = [one.bounding_box() for one in page.locator(f"#q-{question.id} label span").all()]
        assert all(box and box["height"] >= 56 and box["width"] == 324 for box in boxes), boxes
        assert page.evaluate("document.documentElement.scrollHeight") <= 640


def test_a_key_chooses_and_only_the_button_goes_on(page: Page) -> None:
    page.goto(FORM)
    page.focus("#dau button")
    page.keyboard.press("Enter")
    page.wait_for_selector("#q-thai_do")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(400)
    assert (shown(page), chosen(page)) == (["q-thai_do"], {"q-thai_do": "4"})
    page.keyboard.press("Enter")
    page.wait_for_selector("#q-lang_nghe")
    assert page.inner_text("#tiep") == "Bỏ qua"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "tiep"
    page.keyboard.press("Enter")
    page.wait_for_selector("#q-huong_dan")
    assert chosen(page) == {"q-thai_do": "4"}


def test_what_a_screen_reader_taps_is_chosen_and_stays(page: Page) -> None:
    # As TalkBack (1 × 1, no pressure) and VoiceOver (0 × 0) give a double tap to the page.
    begin(page)
    for size in (1, 0):
        page.eval_on_selector(
            "[name=q-thai_do][value='3']",
            """(radio, size) => {
              radio.dispatchEvent(new PointerEvent("pointerdown",
                {bubbles: true, width: size, height: size, pressure: 0, pointerType: "mouse"}));
              radio.click();
            }""",
            size,
        )
        page.wait_for_timeout(400)
        assert shown(page) == ["q-thai_do"]
    assert chosen(page) == {"q-thai_do": "3"}


def test_the_browsers_back_and_the_pages_go_one_question_back(page: Page) -> None:
    begin(page)
    touch(page, "thai_do", "4")
    page.wait_for_selector("#q-lang_nghe")
    touch(page, "lang_nghe", "3")
    page.wait_for_selector("#q-huong_dan")
    page.go_back()
    page.wait_for_selector("#q-lang_nghe")
    page.tap("text=Quay lại")
    page.wait_for_selector("#q-thai_do")
    assert page.evaluate("document.activeElement.id") == "q-thai_do"
    assert page.inner_text("#tiep") == "Tiếp"
    page.go_back()
    page.wait_for_selector("#dau")
    page.go_forward()
    page.wait_for_selector("#q-thai_do")
    assert chosen(page) == {"q-thai_do": "4", "q-lang_nghe": "3"}


def test_nothing_is_lost_by_reloading_turning_or_leaving(page: Page) -> None:
    begin(page)
    touch(page, "thai_do", "4")
    page.wait_for_selector("#q-lang_nghe")
    for change in (
        page.reload,
        lambda: page.set_viewport_size({"width": 640, "height": 360}),
        lambda: (page.goto("about:blank"), page.go_back()),
    ):
        change()
        page.wait_for_selector("#q-lang_nghe")
        assert chosen(page) == {"q-thai_do": "4"}
    page.go_back()
    page.wait_for_selector("#q-thai_do")


def test_a_form_that_came_back_outlives_a_reload(browser: Browser) -> None:
    with serving(Parts()) as live, browser.new_context(base_url=live.url, service_workers="block") as context:
        page = context.new_page()
        page.goto(LIVE_FORM + "?l=en")
        choose(page, thai_do="5")
        # As a browser sends it where the script cannot: what is missing is told by the server.
        page.evaluate("document.querySelector('form').submit()")
        page.wait_for_selector("[data-typed]", state="attached")
        choose(page, huong_dan="4")
        for change in (page.reload, lambda: (page.goto("about:blank"), page.go_back())):
            change()
            page.wait_for_selector("#thanh")
            assert chosen(page) == {"q-thai_do": "5", "q-huong_dan": "4"}
            assert page.get_attribute("html", "lang") == "en"


def test_what_is_focused_never_lies_under_the_button(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 420})
    page.goto(FORM)
    reveal(page, "q-thai_do")
    page.keyboard.press("Tab")
    for _ in range(6):
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(100)
        field = page.evaluate("document.activeElement.getBoundingClientRect().bottom")
        button = page.evaluate("document.getElementById('tiep').getBoundingClientRect().top")
        assert field <= button


def test_what_must_be_answered_is_said_on_its_own_screen(page: Page) -> None:
    begin(page)
    page.tap("#tiep")
    assert page.inner_text("#q-thai_do .err") == "Chưa chọn câu trả lời."
    assert page.evaluate("document.activeElement.id") == "q-thai_do"
    page.tap("#tiep")
    assert page.locator(".err:visible").count() == 1
    touch(page, "thai_do", "2")
    page.wait_for_selector("#q-lang_nghe")
    page.go_back()
    assert page.locator("#q-thai_do .err").count() == 0


def test_whoever_only_writes_is_asked_nothing_else(page: Page, site: Site) -> None:
    page.goto(FORM)
    page.tap("text=Chỉ viết góp ý")
    assert page.evaluate("document.activeElement.id") == "gop_y"
    page.keyboard.type("Đèn ngõ 12 hỏng.")
    page.tap("#tiep")
    assert summary(page) == ["Đánh giá Không trả lời", "Ý kiến Đèn ngõ 12 hỏng."]
    wait_for_proof(page)
    page.tap("button.send:not([type])")
    page.wait_for_selector(".code")
    (post,) = site.posts
    assert post["gop_y"] == "Đèn ngõ 12 hỏng."
    assert not any(name.startswith("q-") for name in post)


def test_the_summary_says_each_answer_and_leads_to_it_and_back(page: Page, site: Site) -> None:
    page.goto(FORM)
    for question in QUESTIONS:
        choose(page, **{question.id: question.options[0].id})
    write(page, "Đèn ngõ hỏng.")
    page.select_option("#linh_vuc", "khac")
    reveal(page, "xem")
    rows = summary(page)
    assert len(rows) == 11
    assert rows[6] == "Thời hạn giải quyết Trước hẹn"
    assert rows[-1] == "Ý kiến Việc khác Đèn ngõ hỏng."
    page.tap(".dong >> nth=6")
    page.wait_for_selector("#q-thoi_han")
    touch(page, "thoi_han", "tre")
    page.wait_for_selector("#xem")
    assert summary(page)[6] == "Thời hạn giải quyết Trễ hẹn, không được xin lỗi"
    button = page.locator("button.send:not([type])").bounding_box()
    assert button
    assert button["y"] + button["height"] <= 640
    send(page)
    page.wait_for_selector(".code")
    assert site.posts[0]["q-thoi_han"] == "tre"


def test_a_fault_that_the_summary_lists_leads_to_its_screen_and_back(page: Page, site: Site) -> None:
    page.goto(FORM)
    for question in QUESTIONS[1:]:
        choose(page, **{question.id: question.options[0].id})
    send(page)
    page.tap("#loi a")
    page.wait_for_selector("#q-thai_do")
    touch(page, "thai_do", "4")
    page.wait_for_selector("#xem")
    send(page)
    page.wait_for_selector(".code")
    assert site.posts[0]["q-thai_do"] == "4"


def test_what_names_somebody_is_named_and_the_button_stays_in_view(page: Page, site: Site) -> None:
    page.goto(FORM)
    page.tap("text=Chỉ viết góp ý")
    page.keyboard.type("Gọi 0912 345 678 hoặc a.b@example.org")
    page.tap("#tiep")
    page.tap("button.send:not([type])")
    said = page.inner_text("#rieng")
    assert "có thể có địa chỉ e-mail, số điện thoại." in said
    assert "căn cước" not in said
    for locator in ("#rieng", "button.send:not([type])"):
        box = page.locator(locator).bounding_box()
        assert box
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 640
    wait_for_proof(page)
    page.tap("button.send:not([type])")
    page.wait_for_selector(".code")
    assert site.posts[0]["da_xem"] == "1"


def test_from_768_pixels_on_the_options_stand_in_one_row(page: Page) -> None:
    page.set_viewport_size({"width": 768, "height": 1024})
    begin(page)
    tops = {one.bounding_box()["y"] for one in page.locator("#q-thai_do label").all()}  # type: ignore[index]
    assert len(tops) == 1
    assert page.evaluate("document.documentElement.scrollWidth") == 768


def test_the_reference_can_be_copied(browser: Browser, site: Site) -> None:
    with browser.new_context(
        base_url=site.url, permissions=["clipboard-read", "clipboard-write"], service_workers="block"
    ) as context:
        page = context.new_page()
        page.goto("/receipt")
        page.click("text=Sao chép mã")
        assert page.inner_text("#chep") == "Đã sao chép"
        assert page.evaluate("navigator.clipboard.readText()") == page.inner_text(".code")


@pytest.fixture
def recorded(tmp_path: Path) -> Parts:
    """A box whose questions were read by a machine, as `scripts/audio-clips` makes them."""
    require("espeak-ng")
    succeed("audio-clips", "--try-voice", tmp_path)
    (tmp_path / "boxes").mkdir()
    for path in BOXES.iterdir():
        (tmp_path / "boxes" / path.name).symlink_to(path)
    (tmp_path / "boxes" / "audio").symlink_to(tmp_path / "audio")
    site = Parts(boxes=load_boxes(tmp_path / "boxes"))
    site.recordings = tmp_path / "boxes" / "audio"
    return site


def test_a_question_is_read_aloud_when_asked_and_nothing_is_loaded_before(
    browser: Browser, recorded: Parts
) -> None:
    with serving(recorded) as live, browser.new_context(base_url=live.url) as context:
        page = context.new_page()
        page.add_init_script(
            "window.Audio = class extends Audio { constructor(a) { super(a); window.heard = this } }"
        )
        page.goto(LIVE_FORM)
        page.click("text=Đánh giá >> nth=0")
        page.wait_for_selector("#q-thai_do .nghe")
        assert not [path for _, path in live.asked if "am-thanh" in path]
        page.click("#q-thai_do .nghe")
        page.wait_for_timeout(1500)
        assert page.evaluate("heard.duration") > 5
        assert page.evaluate("heard.currentTime") > 0
        assert {path for _, path in live.asked if "am-thanh" in path} == {"/am-thanh/qcdc-v2/vi/thai_do"}
        page.click("label:has([name=q-thai_do])")
        page.wait_for_selector("#q-lang_nghe")
        assert page.evaluate("heard.paused")


def test_the_reset_of_a_kiosk_shows_the_first_screen_again(page: Page, site: Site) -> None:
    begin(page)
    touch(page, "thai_do", "1")
    page.wait_for_selector("#q-lang_nghe")
    page.reload()
    page.tap("#nhap button")
    assert shown(page) == ["dau"]
    assert (chosen(page), value(page, "gop_y")) == ({}, "")
    assert page.evaluate("location.hash") == ""
