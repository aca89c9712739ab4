"""The helper's tablet, the kiosk and the page for paper slips, on devices that several people use."""

from collections.abc import Iterator
from datetime import date
from itertools import product

import pytest
from browser import answer_all, choose, chosen, reveal, send, value, write
from citizen_side import NGO_QUYEN
from citizen_side import Site as Parts
from homthu.domain.submissions.paper_batch import PaperBatch, batch_id, format_code, make_code
from homthu.domain.submissions.submission import Channel
from live import FORM, Live, serving
from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser


@pytest.fixture
def live() -> Iterator[Live]:
    with serving(Parts()) as served:
        yield served


@pytest.fixture
def context(browser: Browser, live: Live) -> Iterator[BrowserContext]:
    made = browser.new_context(base_url=live.url, viewport={"width": 800, "height": 900}, locale="vi-VN")
    yield made
    made.close()


def hand_over(page: Page) -> None:
    """Fill in all but the last question for someone, and hand the tablet over."""
    page.goto(FORM + "?m=ho-tro")
    choose(page, thai_do="4", huong_dan="4", trach_nhiem="4", thoi_han="dung")
    write(page, "Bà nói: đèn ngõ hỏng.")
    reveal(page, "xem")
    page.click("#trao")


def test_the_citizen_answers_the_last_question_alone_and_it_is_recorded_as_assisted(
    page: Page, live: Live
) -> None:
    page.goto(FORM + "?m=ho-tro")
    assert page.is_hidden("#q-chung")
    reveal(page, "xem")
    page.click("#trao")
    assert page.is_visible("#loi")
    hand_over(page)
    assert page.evaluate("document.activeElement.id") == "moi"
    assert page.is_visible("#q-chung")
    assert page.is_hidden("#q-thai_do")
    assert page.is_hidden("#gop_y")
    choose(page, chung="2")
    send(page)
    page.wait_for_selector(".code")
    (stored,) = live.parts.stored()
    assert (stored.submission.assisted, stored.submission.answers["chung"]) == (True, "2")


def test_whoever_takes_the_tablet_back_sees_nothing_of_the_last_answer(page: Page) -> None:
    hand_over(page)
    choose(page, chung="1")
    page.click("#lai")
    page.wait_for_selector("#xem")
    assert "Rất không hài lòng" not in page.inner_text("#xem")
    assert page.is_hidden("#q-chung")
    assert "q-chung" not in chosen(page)


def test_a_screen_left_alone_says_so_and_wipes_itself_after_thirty_seconds(page: Page) -> None:
    # Stopped, so that only the seconds counted here go by, however slow the machine is.
    page.clock.install(time="2026-11-24T03:00:00Z")
    page.clock.pause_at("2026-11-24T03:00:01Z")
    hand_over(page)
    page.clock.run_for(9_000)
    assert page.is_hidden("#het")
    page.clock.run_for(2_000)
    assert "sau 20 giây" in page.inner_text("#het")
    page.keyboard.press("Shift")
    assert page.is_hidden("#het")
    page.clock.run_for(29_000)
    assert value(page, "gop_y") == "Bà nói: đèn ngõ hỏng."
    page.clock.run_for(2_000)
    assert (chosen(page), value(page, "gop_y")) == ({}, "")
    assert page.is_visible("#dau")
    assert page.evaluate("sessionStorage.length + localStorage.length") == 0


def test_nothing_of_a_sent_form_can_be_called_back_on_the_tablet(page: Page) -> None:
    hand_over(page)
    choose(page, chung="5")
    send(page)
    page.wait_for_selector(".code")
    page.go_back()
    page.wait_for_selector("form")
    assert (chosen(page), value(page, "gop_y")) == ({}, "")
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_the_receipt_on_a_shared_device_makes_way_for_the_next_form(page: Page) -> None:
    page.clock.install()
    page.goto(FORM + "?m=kiosk&l=en")
    answer_all(page)
    page.clock.run_for(2_000)
    send(page)
    page.clock.run_for(3_000)
    page.wait_for_selector(".code")
    page.clock.run_for(31_000)
    page.wait_for_url("**" + FORM + "?m=kiosk&l=en")


def test_a_kiosk_left_alone_empties_itself(page: Page) -> None:
    page.clock.install()
    page.goto(FORM + "?m=kiosk")
    page.clock.run_for(100_000)
    assert page.is_hidden("#het")
    answer_all(page)
    # The page's clock also runs by itself, and answering takes a loaded machine some seconds of it.
    for _ in range(18):
        if page.is_visible("#het"):
            break
        assert value(page, "gop_y") != ""
        page.clock.run_for(5_000)
    assert "sau 20 giây" in page.inner_text("#het") or "sau 10 giây" in page.inner_text("#het")
    page.clock.run_for(25_000)
    assert (chosen(page), value(page, "gop_y")) == ({}, "")
    page.reload()
    assert chosen(page) == {}


def test_a_kiosk_left_on_a_question_goes_back_to_the_first_screen(page: Page) -> None:
    page.clock.install(time="2026-11-24T03:00:00Z")
    page.clock.pause_at("2026-11-24T03:00:01Z")
    page.goto(FORM + "?m=kiosk")
    page.click("#dau button >> nth=0")
    page.wait_for_selector("#q-thai_do")
    page.clock.run_for(92_000)
    assert page.is_visible("#dau")
    assert page.is_hidden("#q-thai_do")
    assert page.evaluate("location.hash") == ""


def test_a_queue_at_the_tablet_waits_without_a_connection_and_all_arrive(
    page: Page, live: Live, context: BrowserContext
) -> None:
    page.goto(FORM + "?m=kiosk")
    context.set_offline(True)
    for n in range(3):
        answer_all(page)
        write(page, f"Ý kiến {n}")
        send(page)
        page.wait_for_selector(f"text=Đang chờ gửi: {n + 1} phiếu")
        assert (chosen(page), value(page, "gop_y")) == ({}, "")
    context.set_offline(False)
    page.wait_for_selector("#cho", state="hidden")
    assert sorted(one.submission.text for one in live.parts.stored()) == [f"Ý kiến {n}" for n in range(3)]
    assert page.evaluate("localStorage.length") == 0


def test_a_batch_of_slips_closes_only_when_it_adds_up(page: Page, live: Live) -> None:
    page.goto(FORM + "?m=nhap-phieu")
    code = make_code(b"7" * 16)
    batch = PaperBatch(
        id=batch_id(NGO_QUYEN, code), ward=NGO_QUYEN, label="Lô 1", slips=3, made_on=date(2026, 11, 23)
    )
    live.parts.store.create_paper_batch(batch)
    page.fill("#lo", format_code(code))
    page.fill("#so-phieu", "3")
    for n in range(1, 3):
        page.focus("[name=q-thai_do]")
        page.keyboard.type("ab")
        assert chosen(page) == {"q-thai_do": "5", "q-lang_nghe": "4"}
        send(page)
        page.wait_for_selector(f"text=Đã nhập {n},")
        assert chosen(page) == {}
        assert page.evaluate("document.activeElement.name") == "q-thai_do"
    page.click("button:text-is('Nhập xong')")
    assert "còn thiếu 1 phiếu" in page.inner_text("#da-nhap")
    page.reload()
    page.click("text=Thêm một phiếu hỏng hoặc trắng")
    page.click("button:text-is('Nhập xong')")
    assert "Đã nhập xong 3 phiếu: nhập 2, hỏng hoặc trắng 1." in page.inner_text("#da-nhap")
    stored = [one.submission for one in live.parts.stored()]
    assert [(one.channel, one.flags) for one in stored] == [(Channel.PAPER, ())] * 2
    assert page.evaluate("localStorage.length") == 0


def typing(page: Page, live: Live) -> None:
    page.goto(FORM + "?m=nhap-phieu")
    page.focus("[name=q-thai_do]")


def test_a_key_for_the_browser_ticks_nothing(page: Page, live: Live) -> None:
    typing(page, live)
    for held, key in product(["Control", "Alt", "Meta"], ["a", "c", "1", "3"]):
        page.evaluate(
            """([held, key]) => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {
              key, bubbles: true, cancelable: true,
              ctrlKey: held === "Control", altKey: held === "Alt", metaKey: held === "Meta" }))""",
            [held, key],
        )
        assert chosen(page) == {}, (held, key)
        assert page.evaluate("document.activeElement.name") == "q-thai_do", (held, key)


def test_a_digit_ticks_nothing_and_a_letter_without_an_option_neither(page: Page, live: Live) -> None:
    typing(page, live)
    page.keyboard.type("123456789z")
    assert chosen(page) == {}


def test_a_key_held_down_ticks_one_answer(page: Page, live: Live) -> None:
    typing(page, live)
    for _ in range(5):
        page.keyboard.down("b")
    page.keyboard.up("b")
    assert chosen(page) == {"q-thai_do": "4"}


@pytest.mark.parametrize(
    "key", ["à", "Process", *(pytest.param(letter, marks=pytest.mark.long) for letter in "âđ")]
)
def test_what_an_input_method_made_of_letters_ticks_nothing_and_says_so(
    page: Page, live: Live, key: str
) -> None:
    typing(page, live)
    page.evaluate(
        """key => document.activeElement.dispatchEvent(
          new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }))""",
        key,
    )
    assert chosen(page) == {}
    assert "Xin tắt bộ gõ tiếng Việt" in page.inner_text("#da-nhap")


def test_each_letter_chooses_the_answer_it_stands_before(page: Page, live: Live) -> None:
    questions = live.parts.boxes.by_ward[NGO_QUYEN].questionnaire.questions
    typing(page, live)
    page.keyboard.type("F" + "".join("abcdef"[n % len(q.options)] for n, q in enumerate(questions) if n))
    wanted = {f"q-{q.id}": q.options[n % len(q.options)].id for n, q in enumerate(questions) if n}
    assert chosen(page) == {"q-thai_do": questions[0].options[5].id, **wanted}
    assert page.evaluate("document.activeElement.id") == "gop_y"
    for name, id in chosen(page).items():
        asked = next(question for question in questions if f"q-{question.id}" == name)
        label = page.inner_text(f"label:has([name={name}][value='{id}'])")
        assert label.startswith("abcdef"[[option.id for option in asked.options].index(id)] + ". ")


def test_the_count_stays_in_view_and_hides_nothing_that_is_focused(page: Page, live: Live) -> None:
    page.goto(FORM + "?m=nhap-phieu")
    for name in ("q-thai_do", "q-chung", "gop_y", "q-huong_dan"):
        page.focus(f"[name={name}]")
        page.wait_for_timeout(50)
        count = page.locator("#da-nhap").bounding_box()
        field = page.locator(f"[name={name}]").first.bounding_box()
        assert count
        assert field
        assert 0 <= count["y"] < 740
        assert field["y"] >= count["y"] + count["height"]
