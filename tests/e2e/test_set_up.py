"""As a new user: from an empty folder to a poster and a first mail, in a browser, without editing a file."""

import contextlib
import email
import os
import re
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from email.policy import default
from pathlib import Path
from urllib.request import urlopen

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, Route
from ports import free_port

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
_ADDRESS = re.compile(r"^http://127\.0\.0\.1:\d+/\?khoa=\S+$", re.MULTILINE)
_SECONDS = 90


@dataclass
class Office:
    """A machine with no box on it, and somebody in front of it who counts what they do."""

    data: Path
    log: Path
    port: int
    page: Page
    steps: list[str] = field(default_factory=list)

    def does(self, what: str) -> None:
        self.steps.append(what)

    def press(self, name: str) -> None:
        self.does(f"bấm «{name}»")
        with self.turns_the_page():
            self.page.get_by_role("button", name=name, exact=True).first.click()

    def fill(self, name: str, text: str) -> None:
        self.does(f"điền {name}")
        self.page.fill(f'[name="{name}"]', text)

    def goes_to(self, name: str) -> None:
        self.does(f"mở «{name}»")
        with self.turns_the_page():
            self.page.get_by_role("navigation").get_by_role("link", name=name).click()

    def turns_the_page(self) -> AbstractContextManager[object]:
        """What is pressed or followed leads to another page: the one before must not be read for it."""
        return self.page.expect_navigation(wait_until="domcontentloaded", timeout=_SECONDS * 1000)


@pytest.fixture
def office(tmp_path: Path, browser: Browser) -> Iterator[Office]:
    data, log, port = tmp_path / "data", tmp_path / "log", free_port()
    serve = [sys.executable, str(ROOT / "scripts" / "serve"), "--data", str(data), "--port", str(port)]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("HOMTHU_")}
    with log.open("wb") as sink:
        process = subprocess.Popen(serve, stdout=sink, stderr=sink, env=environ)
    try:
        address = _wait_for_address(log, process)
        with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
            page = context.new_page()
            page.goto(address)
            yield Office(data, log, port, page)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _wait_for_address(log: Path, process: "subprocess.Popen[bytes]") -> str:
    deadline = time.monotonic() + _SECONDS
    while not (found := _ADDRESS.search(log.read_text("utf-8"))):
        assert process.poll() is None, log.read_text("utf-8")
        assert time.monotonic() < deadline, log.read_text("utf-8")
        time.sleep(0.1)
    return found.group()


def test_from_an_empty_folder_to_a_poster_and_a_first_mail_without_editing_a_file(office: Office) -> None:
    page, data = office.page, office.data
    office.does("gõ scripts/serve")
    office.does("mở địa chỉ vừa in ra")
    office.fill("tim", "ngo quyen bac ninh")
    office.press("Tìm")
    office.does("chọn phường Bắc Giang")
    with office.turns_the_page():
        page.click('button[value="07210"]')
    office.press("Giữ và sang bước sau")

    # What is typed shows beside it before anything was pressed.
    office.fill("contact.phone", "0204 385 0001")
    form = page.frame_locator('iframe[name="xem-phieu"]')
    form.get_by_text("0204 385 0001").first.wait_for(state="attached", timeout=20_000)
    office.press("Giữ và sang bước sau")

    office.fill("paste", "Tên điểm\tĐơn vị cũ\nNhà văn hóa tổ dân phố số 1\tNgô Quyền\n")
    office.press("Giữ và sang bước sau")
    assert page.input_value('[name="rounds.0.opens"]').endswith("-01-22")
    office.press("Giữ và sang bước sau")
    office.fill("plan.number", "12-KH/ĐU")
    office.fill("plan.dated", "15/01/2026")
    office.press("Giữ và sang bước sau")
    for number in range(3):
        office.fill(f"recipients.{number}.email", f"nhan{number}@bacgiang.example.vn")
    office.press("Giữ và sang bước sau")
    page.wait_for_selector('[data-faults="operator.email"]:has-text("đang để trống")')
    office.fill("operator.email", "truc@bacgiang.example.vn")
    office.press("Giữ và sang bước sau")
    office.press("Giữ và sang bước sau")
    office.goes_to("Xem lại và lưu")
    office.press("Lưu")
    page.get_by_text("Đã lưu phường Bắc Giang").wait_for()
    saved = tomllib.loads((data / "boxes" / "bac-giang.toml").read_text("utf-8"))
    assert [place["code"] for place in saved["places"]] == ["bg-mc", "nq-nvh1"]

    office.goes_to("In áp phích")
    office.press("Làm bộ in")
    page.get_by_role("link", name="bo-in-07210.pdf").wait_for(timeout=_SECONDS * 1000)
    with contextlib.closing(pypdfium2.PdfDocument(data / "ap-phich" / "bo-in-07210.pdf")) as pack:
        text = "".join(pack[number].get_textpage().get_text_range() for number in range(len(pack)))
    assert "0204 385 0001" in text
    assert "nq-nvh1" in text

    office.goes_to("Đường gửi thư")
    office.fill("sender", "hom-thu@bacgiang.example.vn")
    office.press("Gửi một thư thử")
    page.get_by_text("Thư thử nằm trong").wait_for()
    (trial,) = (data / "outbox").glob("*.eml")
    assert email.message_from_bytes(trial.read_bytes(), policy=default)["To"] == "truc@bacgiang.example.vn"
    office.press("Giữ cách gửi này")

    office.goes_to("Chạy hòm thư")
    office.press("Chạy hòm thư")
    deadline = time.monotonic() + _SECONDS
    while "hòm thư đang chạy" not in office.log.read_text("utf-8"):
        assert time.monotonic() < deadline, office.log.read_text("utf-8")
        time.sleep(0.2)
    with urlopen(f"http://127.0.0.1:{office.port}/g/nq-nvh1") as answer:
        assert "phường Bắc Giang" in answer.read().decode()
    print(f"\n{len(office.steps)} bước: " + "; ".join(office.steps))


def test_what_is_pressed_waits_for_what_was_sent_as_it_was_typed(office: Office) -> None:
    page, order = office.page, list[str]()

    def hold(route: Route) -> None:
        if "x-live" in route.request.headers:
            page.wait_for_timeout(1_000)
            order.append("as it was typed")
        elif route.request.method == "POST":
            order.append("pressed")
        route.continue_()

    office.fill("tim", "ngo quyen bac ninh")
    office.press("Tìm")
    with office.turns_the_page():
        page.click('button[value="07210"]')
    office.press("Giữ và sang bước sau")
    page.route("**/lien-he", hold)
    with page.expect_request(lambda request: "x-live" in request.headers):
        office.fill("contact.phone", "0204 385 0001")
    office.fill("contact.phone", "0204 385 0002")
    office.press("Giữ và sang bước sau")
    office.goes_to("Liên hệ, tiếp dân")
    assert page.input_value('[name="contact.phone"]') == "0204 385 0002"
    assert order == ["as it was typed", "pressed"]


@pytest.mark.long
def test_a_rehearsed_monday_lies_in_a_folder_of_its_own_and_each_reads_their_part(office: Office) -> None:
    page, data = office.page, office.data
    boxes = data / "boxes"
    boxes.mkdir(parents=True)
    text = (ROOT / "functions" / "boxes" / "ngo-quyen.toml").read_text("utf-8")
    (boxes / "ngo-quyen.toml").write_text(text, "utf-8")
    page.reload()
    office.press("Sửa")
    office.goes_to("Xem lại và lưu")
    page.goto(f"http://127.0.0.1:{office.port}/cau-hoi")
    page.select_option("#bo", "qcdc-v1")
    office.press("Dùng bộ này")
    page.goto(f"http://127.0.0.1:{office.port}/luu")
    assert page.inner_text(".differences .after") == "qcdc-v1"
    office.press("Lưu")
    office.goes_to("Tập dượt sáng thứ Hai")
    office.press("Tập dượt một sáng thứ Hai")
    page.locator("details").first.wait_for(timeout=_SECONDS * 1000)
    assert page.locator("details").count() == 4
    assert (data.with_name("data-tap-duot") / "DU-LIEU-MAU.txt").exists()
    assert not (data / "hom-thu.db").exists()
    assert not (data / "outbox").exists()
