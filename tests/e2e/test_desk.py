"""The whole way of a suggestion: sent, reported, taken in hand, answered, seen by who sent it.

The functions are the real ones, put together from the environment, over both stores.
"""

import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from board_answers import board_answers, desk_answers
from board_side import W47
from citizen_side import ANSWERS, KEY, PLACE, client, fields_of
from desk_side import PETITION, DeskSite
from homthu.adapters.clock import system_clock
from homthu.bootstrap.parts import Parts
from homthu.bootstrap.start import start
from homthu.http import board, desk, form, report, submit
from homthu.ports import Clock
from live import SHUTDOWN_SECONDS
from playwright.sync_api import Browser
from web_checkers import complaints, validate
from werkzeug.serving import make_server
from werkzeug.test import Client, TestResponse

WARD = "07207"
WROTE = "Sáng thứ Hai tôi chờ ở quầy chứng thực rất lâu"


_opened: list[Parts] = []


def begun(name: str, environ: dict[str, str], *, clock: Clock = system_clock) -> Parts:
    """The parts of a function, whose store is closed at the end of the test."""
    parts = start(name, environ, clock=clock)
    if name != "form":
        _opened.append(parts)
    return parts


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    while _opened:
        _opened.pop().close_store()


def send_and_report(environ: dict[str, str]) -> tuple[str, timedelta]:
    """Send one suggestion and make its report; the reference, and how far ahead the clock is."""
    pages = client(form.make(begun("form", environ)))
    fields = {**fields_of(pages.get(f"/g/{PLACE}").text), **ANSWERS, "key": KEY, "gop_y": WROTE}
    receipt = client(submit.make(begun("submit", environ))).post("/gui", data=fields).headers["Location"]
    (reference,) = re.findall(r"\b\w{4}-\w{4}-\w{4}\b", pages.get(receipt).text)
    ahead = timedelta(days=8)
    assert client(report.make(moved("report", environ, ahead))).post("/").status_code == 200
    return reference, ahead


def moved(name: str, environ: dict[str, str], ahead: timedelta) -> object:
    """The parts of a function whose clock is ahead."""
    return begun(name, environ, clock=lambda: system_clock() + ahead)


def newest_link(environ: dict[str, str]) -> str:
    """The path in the mail with a link."""
    folder = Path(environ["HOMTHU_MAIL"].removeprefix("outbox:"))
    (path,) = folder.glob("xu-ly.*.eml")
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert "Đường liên kết vào bàn xử lý" in mail["Subject"]
    text = mail.get_body(("plain",)).get_content()
    (link,) = re.findall(r"https://gopy\.example\.org(/xu-ly/\S+)", text)
    return link


def test_a_suggestion_is_answered_and_its_sender_sees_it(environ: dict[str, str]) -> None:
    reference, ahead = send_and_report(environ)
    parts = moved("desk", environ, ahead)
    committee, public = client(desk.make(parts)), client(board.make(moved("board", environ, ahead)))
    assert "Đã vào báo cáo" in public.post("/tra-cuu", data={"ma": reference}).text

    email = parts.boxes.by_ward[WARD].recipients[0].email
    for _ in range(2):
        committee.post("/xu-ly", data={"phuong": WARD, "thu": email})
    door = committee.get(newest_link(environ))
    home = committee.post("/xu-ly/ban", data=fields_of(door.text))
    assert WROTE in home.text
    taken = committee.post("/xu-ly/lam", data={**form_with(home.text, "open"), "viec": "open"})
    answer = {"tom_tat": "Chờ lâu ở quầy chứng thực", "tra_loi": "Đã thêm một bàn.", "loai": "done"}
    for _ in range(2):
        done = committee.post("/xu-ly/lam", data={**form_with(taken.text, "answer"), **answer})
        assert (done.status_code, "Đã lưu" in done.text) == (200, True)

    told = public.post("/tra-cuu", data={"ma": reference.lower()}).text
    results = public.get(f"/ket-qua/{WARD}").text
    for page in (told, results):
        assert "Đã thêm một bàn." in page
        assert WROTE not in page


def form_with(page: str, action: str) -> dict[str, str]:
    """The fields of the first form of a page that does this."""
    forms = re.findall(r"<form.*?</form>", page, re.DOTALL)
    chosen = next(one for one in forms if f'value="{action}"' in one)
    return {name: value for name, value in fields_of(chosen).items() if name}


@contextmanager
def served(application: Client) -> Iterator[str]:
    """A function on a port of this machine."""
    server = make_server("127.0.0.1", 0, application.application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=[SHUTDOWN_SECONDS], daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


# A browser sees nothing of which store it is; over both, test_a_suggestion_is_answered goes the same way.
@pytest.mark.parametrize(
    "environ",
    ["sqlite", pytest.param("firestore", marks=[pytest.mark.emulator, pytest.mark.long])],
    indirect=True,
)
def test_a_member_works_in_a_browser_without_a_script_or_a_cookie(
    environ: dict[str, str], browser: Browser
) -> None:
    _, ahead = send_and_report(environ)
    parts = moved("desk", environ, ahead)
    email = parts.boxes.by_ward[WARD].recipients[0].email
    committee = client(desk.make(parts))
    with served(committee) as url:
        context = browser.new_context(
            base_url=url, viewport={"width": 360, "height": 740}, java_script_enabled=False
        )
        page = context.new_page()
        page.goto("/xu-ly")
        page.select_option("#phuong", WARD)
        page.fill("#thu", email)
        page.click("button")
        assert "Đã nhận yêu cầu" in page.inner_text("main")
        page.goto(newest_link(environ))
        page.click("button")
        assert page.url == f"{url}/xu-ly/ban"
        page.click("text=Nhận giải quyết")
        page.fill("#tom_tat", "Chờ lâu ở quầy chứng thực")
        page.check("input[name=loai][value=done]")
        page.fill("#tra_loi", "Đã thêm một bàn từ tuần này.")
        page.click("text=Trả lời và công khai")
        assert "Đã trả lời" in page.inner_text("main")
        page.reload()
        assert page.inner_text("main").count("trả lời công khai") == 1
        assert context.cookies() == []
        context.close()


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param(lambda: board_answers(""), id="board", marks=pytest.mark.long),
        pytest.param(lambda: board_answers("?c=to"), id="board, large"),
        pytest.param(desk_answers, id="desk"),
    ],
)
def test_pages_are_no_wider_than_a_small_phone(
    browser: Browser, answers: Callable[[], Iterable[TestResponse]]
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 600})
    page = context.new_page()
    for answer in answers():
        page.set_content(answer.text)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 320, page.inner_text("main")[:200]
    context.close()


def test_the_desk_is_whole_for_a_keyboard_and_a_checker(browser: Browser, tmp_path: Path) -> None:
    """The columns, what is marked in them, a matter, and the list to be printed."""
    site = DeskSite()
    references = [site.receive(W47, text=f"Đèn ngõ {number} hỏng")[0] for number in range(3)]
    site.receive(W47, text=PETITION)
    site.close(W47)
    site.take(references[0])
    with served(site.desk) as url:
        context = browser.new_context(base_url=url, java_script_enabled=True, bypass_csp=True)
        page = context.new_page()
        page.goto(f"/xu-ly/{site.pass_of()}")
        seen = [("door", page.content())]
        page.focus("main button")
        with page.expect_request("**/xu-ly/ban") as sent:
            page.keyboard.press("Enter")
        # The address of the door holds the pass; what is sent from there does not say it.
        assert sent.value.all_headers().get("referer") in (None, f"{url}/")
        page.wait_for_selector("#new")
        seen.append(("home", page.content()))
        said = complaints(page)
        for box in page.query_selector_all("input[form=gop]")[:2]:
            box.focus()
            page.keyboard.press("Space")
        page.focus("#gop button")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=Góp ý nào là chính?")
        said += complaints(page)
        seen.append(("matter", page.content()))
        page.focus("main .send:not(.plain)")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=Đã lưu")
        said += complaints(page)
        seen.append(("joined", page.content()))
        context.close()
    assert said == []
    assert sorted(case.forms for case in site.store.open_cases("07207")) == [1, 2]
    seen.append(("printed", site.post("in").text))
    for name, html in seen:
        (tmp_path / f"{name}.html").write_text(html)
    assert [one for one in validate(tmp_path) if "no-inline-style" not in one] == []
