"""The lists of the set-up: answers often given, places out of a spreadsheet, what each field is for."""

import re
import tomllib
from pathlib import Path

import pytest
from homthu.adapters.box_files import load_boxes
from homthu.adapters.clock import system_clock
from homthu.domain.boxes.box import AnswerTemplate
from setting_up.context import SetUp
from setting_up.server import make_app, make_set_up
from setting_up.steps import ROW_KEYS, STEPS
from setting_up.typed import pasted_places
from setting_up.words import load_words

SHIPPED = Path(__file__).parents[3] / "functions" / "boxes"
FILE = "ngo-quyen.toml"
#: Nobody types the code of a round.
_NOT_TYPED = {"rounds.code"}
_ANSWERS = {
    "answers.0.name": "Đèn đường",
    "answers.0.text": "Cảm ơn ông/bà.\r\nPhường đã thay bóng đèn.",
    "answers.1.name": "",
    "answers.1.text": "",
}


@pytest.fixture
def up(tmp_path: Path) -> SetUp:
    up = make_set_up(tmp_path / "data", system_clock)
    up.place.furnish()
    (up.place.boxes / FILE).write_bytes((SHIPPED / FILE).read_bytes())
    make_app(up).test_client().post("/mo", data={"tep": FILE})
    return up


def test_answers_are_typed_shown_as_a_citizen_reads_them_and_saved(up: SetUp) -> None:
    browser = make_app(up).test_client()
    browser.post("/mau-tra-loi", data=_ANSWERS)
    assert "Phường đã thay bóng đèn." in browser.get("/xem/tra-loi").text
    page = browser.get("/luu").text
    assert "Mẫu trả lời: Đèn đường" in page
    assert "Mẫu trả lời: Đã làm xong" in page
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen is not None
    browser.post("/luu", data={"seen": seen[1]})
    (box,) = load_boxes(up.place.boxes).by_ward.values()
    assert box.answers == (AnswerTemplate(name="Đèn đường", text="Cảm ơn ông/bà. Phường đã thay bóng đèn."),)
    browser.post("/mau-tra-loi", data={})
    draft = up.place.draft()
    assert draft is not None
    assert "answers" not in draft.table


def test_what_is_wrong_with_an_answer_is_said_at_its_field(up: SetUp) -> None:
    browser = make_app(up).test_client()
    wrong = {
        "answers.0.name": "Đã xong",
        "answers.0.text": "",
        "answers.2.name": "đã xong",
        "answers.2.text": "Xong.",
    }
    live = browser.post("/mau-tra-loi", data=wrong, headers={"X-Live": "1"}).get_json()["faults"]
    assert "đang để trống" in live["answers.0.text"][0]
    assert "đã dùng ở một dòng khác" in live["answers.2.name"][0]
    browser.post("/mau-tra-loi", data=wrong)
    page = browser.get("/mau-tra-loi").text
    assert "đã dùng ở một dòng khác" in page
    assert 'href="/mau-tra-loi#loi-answers.0.text"' in browser.get("/luu").text
    assert browser.get("/xem/tra-loi").status_code == 200


def test_every_field_says_what_it_is_for() -> None:
    texts = load_words()
    fields = [field.path for step in STEPS for field in (*step.fields, *step.after)]
    fields += [f"{rows}.{key}" for rows, keys in ROW_KEYS.items() for key in keys]
    without = [path for path in fields if f"setup.hint.{path}" not in texts and path not in _NOT_TYPED]
    assert without == []


@pytest.mark.parametrize("step", [step.name for step in STEPS])
def test_a_reader_of_screens_is_told_it_with_the_field(up: SetUp, step: str) -> None:
    page = make_app(up).test_client().get(f"/{step}").text
    ids = set(re.findall(r'\bid="([^"]+)"', page))
    described = [one for found in re.findall(r'aria-describedby="([^"]+)"', page) for one in found.split()]
    assert described
    assert set(described) <= ids


def test_a_list_with_a_title_numbers_addresses_and_blanks_is_only_its_places() -> None:
    pasted = (
        "DANH SÁCH CÁC NHÀ VĂN HÓA\t\t\t\t\t\r\n"
        "Số TT\tTên nhà văn hóa\tĐịa chỉ\tSố hộ\tĐiện thoại\tMã\r\n"
        "1\tNhà văn hóa tổ dân phố số 1\tSố 5, tổ dân phố số 1\t350\t0204385000\tbg-nvh1\t\t\r\n"
        "2.\t Chợ  Thương \tthôn Đông\t12\t\t\r\n"
        '3\t"Trạm ""Hoa Sen""\n(cũ)"\t\t\t\tmột cửa\r\n'
        "\t\t\t\t\t\r\n"
        "\r\n"
    )
    found = [(one["name"], one["kind"], one["code"]) for one in pasted_places(pasted, ())]
    assert found == [
        ("Nhà văn hóa tổ dân phố số 1", "culture_house", "bg-nvh1"),
        ("Chợ Thương", "other", ""),
        ('Trạm "Hoa Sen" (cũ)', "one_stop", ""),
    ]


def test_places_are_no_headings() -> None:
    names = [
        "Điểm du lịch Suối Mỡ",
        "Địa đạo Cầu Thê Húc",
        "Chợ Thương",
        "Loa truyền thanh",
        "Tên Lửa, trạm y tế",
    ]
    assert [one["name"] for one in pasted_places("\n".join(names), ())] == names


def test_the_example_has_answers_to_begin_with() -> None:
    assert tomllib.loads((SHIPPED / FILE).read_text("utf-8"))["answers"]
