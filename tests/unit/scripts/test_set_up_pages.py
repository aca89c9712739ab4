"""The set-up pages, spoken to as a browser without script does: what is kept, told, refused, saved."""

import re
import shutil
import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from homthu.adapters.box_files import load_boxes
from homthu.adapters.clock import system_clock
from posters.printed import note_codes
from setting_up.context import SetUp
from setting_up.server import make_app, make_set_up
from setting_up.steps import BY_NAME, STEPS
from setting_up.workplace import Draft

ROOT = Path(__file__).parents[3]
SHIPPED = ROOT / "functions" / "boxes"
EXAMPLE = (SHIPPED / "ngo-quyen.toml").read_text("utf-8")
FILE = "ngo-quyen.toml"


@pytest.fixture
def up(tmp_path: Path) -> SetUp:
    return make_set_up(tmp_path / "data", system_clock)


@pytest.fixture
def browser(up: SetUp) -> Iterator[FlaskClient]:
    with make_app(up).test_client() as client:
        yield client


@pytest.fixture
def saved(up: SetUp, browser: FlaskClient) -> FlaskClient:
    """A machine on which a ward was saved, and opened again."""
    up.place.furnish()
    (up.place.boxes / FILE).write_text(EXAMPLE, "utf-8")
    browser.post("/mo", data={"tep": FILE})
    return browser


def fields(browser: FlaskClient, step: str) -> dict[str, str]:
    """Every field of a page as it stands there."""
    found: dict[str, str] = {}

    class Reader(HTMLParser):
        name, is_area = "", False

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            given = {key: value or "" for key, value in attrs}
            if tag in ("input", "select", "textarea") and given.get("name"):
                self.name, self.is_area = given["name"], tag == "textarea"
                is_box = given.get("type") in ("checkbox", "radio")
                if tag != "select" and (not is_box or "checked" in given) and given.get("type") != "file":
                    found[self.name] = given.get("value", "")
            elif tag == "option" and "selected" in given:
                found[self.name] = given.get("value", "\0")

        def handle_data(self, data: str) -> None:
            if self.is_area:
                found[self.name] = data.removeprefix("\n")
            elif found.get(self.name) == "\0" and data.strip():
                found[self.name] = data.strip()

        def handle_endtag(self, tag: str) -> None:
            self.is_area = self.is_area and tag != "textarea"

    Reader().feed(browser.get(f"/{step}").text)
    return found


def test_every_page_handed_in_as_it_stands_changes_nothing(up: SetUp, saved: FlaskClient) -> None:
    before = tomllib.loads(EXAMPLE)
    for step in STEPS:
        assert saved.post(f"/{step.name}", data=fields(saved, step.name)).status_code == 303
    draft = up.place.draft()
    assert draft is not None
    assert draft.table == before
    assert "Không có gì khác" in saved.get("/luu").text


def test_a_change_is_shown_before_it_is_saved_and_leaves_the_rest_of_the_file(
    up: SetUp, saved: FlaskClient
) -> None:
    typed = fields(saved, "lien-he") | {"contact.phone": "0204 385 0001"}
    saved.post("/lien-he", data=typed)
    page = saved.get("/luu").text
    assert '<td class="before">0204 000 0000</td><td class="after">0204 385 0001</td>' in page
    assert (up.place.boxes / FILE).read_text("utf-8") == EXAMPLE
    saved.post("/luu", data=fields(saved, "luu"))
    now = (up.place.boxes / FILE).read_text("utf-8")
    assert now == EXAMPLE.replace("0204 000 0000", "0204 385 0001")


def test_a_file_that_changed_meanwhile_is_shown_anew_and_not_overwritten(
    up: SetUp, saved: FlaskClient
) -> None:
    saved.post("/lien-he", data=fields(saved, "lien-he") | {"contact.phone": "0204 385 0001"})
    seen = fields(saved, "luu")
    elsewhere = EXAMPLE.replace("closing_hours = 24", "closing_hours = 12")
    (up.place.boxes / FILE).write_text(elsewhere, "utf-8")
    assert "Tệp vừa bị sửa ở nơi khác" in saved.post("/luu", data=seen).text
    assert (up.place.boxes / FILE).read_text("utf-8") == elsewhere


@pytest.mark.parametrize(
    ("step", "field", "typed", "sentence"),
    [
        ("phuong", "ward.code", "7207", "«7207» không phải mã đơn vị hành chính; mã gồm đúng năm chữ số"),
        ("lien-he", "contact.phone", "gọi anh Tư", "không phải một số điện thoại gọi được"),
        ("lien-he", "contact.reception", "", "đang để trống; xin ghi nội dung"),
        ("diem", "places.1.code", "NVH số 1", "không dùng làm mã điểm được"),
        ("diem", "places.1.code", "nq-mc", "«nq-mc» đã dùng ở một dòng khác"),
        ("dot", "rounds.1.opens", "2026-03-01", "đợt này chồng ngày với «Đợt 1»"),
        ("dot", "closing_hours", "nhiều", "phải là số nguyên từ 0 đến 168"),
        ("cong-van", "report.symbol", "BC", "không phải ký hiệu văn bản"),
        ("nguoi-nhan", "recipients.0.email", "bí thư", "không phải địa chỉ thư"),
        ("nguoi-nhan", "operator.name", "Lê <b>", "có ký tự không dùng được trong thư"),
        ("thoi-han", "deadlines.holidays", "22/12", "ở đây ghi tháng trước ngày"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_in_words_and_stays_as_typed(
    saved: FlaskClient, step: str, field: str, typed: str, sentence: str
) -> None:
    saved.post(f"/{step}", data=fields(saved, step) | {field: typed, "lam": "/luu"})
    page = saved.get(f"/{step}").text
    at = page.index(f'data-faults="{field}"')
    assert sentence in page[at : page.index("</ul>", at)]
    told = re.sub(r"<[^>]*>", " ", page)
    assert not any(word in told for word in ("dòng [[", "nháy", "TOML", "toml", "former_names", "None"))
    assert fields(saved, step)[field] == typed
    refused = saved.post("/luu", data={}).text
    assert sentence in refused
    assert f'href="/{step}#loi-' in refused


def test_no_reader_of_words_is_said_at_the_recipients(saved: FlaskClient) -> None:
    typed = {
        name: value for name, value in fields(saved, "nguoi-nhan").items() if not name.endswith("reads_words")
    }
    saved.post("/nguoi-nhan", data=typed)
    assert "chưa ai đọc lời góp ý; xin chọn" in saved.get("/nguoi-nhan").text


def test_a_code_that_hangs_on_a_wall_is_neither_changed_nor_dropped(up: SetUp, saved: FlaskClient) -> None:
    note_codes(up.place.boxes, {"nq-nvh1": "26/11/2026"})
    for change in ({"places.1.code": "nq-moi"}, {"places.1.remove": "1"}):
        saved.post("/diem", data=fields(saved, "diem") | change)
        why = "Điểm có mã nq-nvh1 đã in trên áp phích ngày 26/11/2026"
        assert why in saved.get("/diem").text
        assert why in saved.post("/luu", data=fields(saved, "luu")).text
        assert 'code = "nq-nvh1"' in (up.place.boxes / FILE).read_text("utf-8")
        saved.post("/bo")
        saved.post("/mo", data={"tep": FILE})
    saved.post("/diem", data=fields(saved, "diem") | {"places.1.remove": "1", "da-go": "nq-nvh1"})
    saved.post("/luu", data=fields(saved, "luu"))
    assert 'code = "nq-nvh1"' not in (up.place.boxes / FILE).read_text("utf-8")


def test_a_recorded_version_is_copied_and_stays_as_it_was(up: SetUp, saved: FlaskClient) -> None:
    before = (up.place.boxes / "questionnaires" / "qcdc-v2.toml").read_bytes()
    saved.post("/cau-hoi", data={"lam": "chep", "bo": "qcdc-v2"})
    assert "Bộ câu hỏi qcdc-v2 đã phát hành" in saved.get("/cau-hoi").text
    typed = fields(saved, "cau-hoi") | {
        "q.0.text_vi": "Cán bộ có lịch sự không?",
        "q.1.remove": "1",
        "lam": "xuong.2",
    }
    saved.post("/cau-hoi", data=typed)
    saved.post("/luu", data=fields(saved, "luu"))
    boxes = load_boxes(up.place.boxes)
    asked = boxes.by_ward["07207"].questionnaire
    assert asked.version == "ngo-quyen-v1"
    assert asked.questions[0].text["vi"] == "Cán bộ có lịch sự không?"
    assert [question.id for question in asked.questions][:3] == ["thai_do", "nghiep_vu", "huong_dan"]
    assert (up.place.boxes / "questionnaires" / "qcdc-v2.toml").read_bytes() == before


def test_questions_that_cannot_be_asked_are_named_and_not_saved(up: SetUp, saved: FlaskClient) -> None:
    saved.post("/cau-hoi", data={"lam": "chep", "bo": "qcdc-v2"})
    saved.post("/cau-hoi", data=fields(saved, "cau-hoi") | {"q.0.short_vi": "x" * 40, "lam": "luu"})
    assert "Câu 1: dài 40 ký tự; tối đa 28 ký tự" in saved.get("/cau-hoi").text
    assert "Chưa lưu được" in saved.post("/luu", data={}).text
    assert not (up.place.boxes / "questionnaires" / "ngo-quyen-v1.toml").exists()


def test_a_file_that_is_no_toml_is_told_with_the_way_to_go_on_without_it(
    up: SetUp, browser: FlaskClient
) -> None:
    up.place.furnish()
    (up.place.boxes / "bac-giang.toml").write_text('ward = "dở', "utf-8")
    assert "máy không đọc được tệp này" in browser.get("/").text
    browser.post("/mo", data={"tep": "bac-giang.toml"})
    assert up.place.draft() is None
    browser.post("/chon", data={"ma": "07210"})
    assert "<li>bac-giang.toml:" in browser.get("/luu").text
    assert "đổi tên cho tận cùng bằng .bak" in browser.get("/").text
    (up.place.boxes / "bac-giang.toml").rename(up.place.boxes / "bac-giang.toml.bak")
    assert "<li>bac-giang.toml:" not in browser.get("/luu").text


def test_a_file_that_an_office_wrote_among_the_examples_goes_on_with_its_comments(tmp_path: Path) -> None:
    shipped = tmp_path / "shipped"
    shutil.copytree(SHIPPED, shipped)
    text = (
        EXAMPLE.replace("[contact]", "# bác Tư giữ máy\n[contact]")
        .replace("nq-", "pm-")
        .replace("07207", "11329")
    )
    (shipped / "phuong-minh.toml").write_text(text, "utf-8")
    up = make_set_up(tmp_path / "data", system_clock, shipped)
    with make_app(up).test_client() as browser:
        assert "phuong-minh.toml" in browser.get("/").text
        assert "ngo-quyen.toml" not in browser.get("/").text
        browser.post("/mo", data={"tep": "phuong-minh.toml"})
        browser.post("/lien-he", data=fields(browser, "lien-he") | {"contact.phone": "0204 385 0001"})
        browser.post("/luu", data=fields(browser, "luu"))
    (saved,) = up.place.boxes.glob("*.toml")
    assert saved.read_text("utf-8") == text.replace("0204 000 0000", "0204 385 0001")


def test_whatever_was_typed_for_another_ward_goes_on_when_the_ward_is_changed(
    up: SetUp, browser: FlaskClient
) -> None:
    browser.post("/chon", data={"ma": "07210"})
    browser.post("/lien-he", data=fields(browser, "lien-he") | {"contact.phone": "0204 385 0001"})
    browser.post("/chon", data={"ma": "11329"})
    draft = up.place.draft()
    assert draft is not None
    assert (draft.file, draft.table["ward"]["province"]) == ("ngo-quyen.toml", "thành phố Hải Phòng")
    assert draft.table["contact"]["phone"] == "0204 385 0001"


def test_an_unsaved_draft_of_a_saved_ward_is_not_lost_to_another(up: SetUp, saved: FlaskClient) -> None:
    saved.post("/lien-he", data=fields(saved, "lien-he") | {"contact.phone": "0204 385 0001"})
    saved.post("/chon", data={"ma": "11329"})
    draft = up.place.draft()
    assert draft is not None
    assert draft.table["contact"]["phone"] == "0204 385 0001"


def test_a_ward_that_was_never_saved_is_not_lost_to_a_saved_one(up: SetUp, browser: FlaskClient) -> None:
    up.place.furnish()
    (up.place.boxes / FILE).write_text(EXAMPLE, "utf-8")
    browser.post("/chon", data={"ma": "07210"})
    browser.post("/lien-he", data=fields(browser, "lien-he") | {"contact.phone": "0204 385 0001"})
    before = up.place.draft()
    assert browser.post("/mo", data={"tep": FILE}).headers["Location"] == "/"
    assert up.place.draft() == before
    browser.post("/bo")
    browser.post("/mo", data={"tep": FILE})
    draft = up.place.draft()
    assert draft is not None
    assert draft.table == tomllib.loads(EXAMPLE)


def test_a_number_that_is_none_shows_the_first_preview(saved: FlaskClient) -> None:
    assert saved.get("/xem/phieu", query_string={"so": "\u00b2"}).status_code == 200


def test_what_no_page_asks_for_goes_on_with_the_file(up: SetUp, saved: FlaskClient) -> None:
    """A later version's keys, and a row's own: opened, changed elsewhere, saved."""
    table = tomllib.loads(EXAMPLE)
    table["later"] = [{"code": "a", "name": "Địa chính"}]
    table["recipients"][0]["later"] = True
    up.place.keep_draft(Draft(file=FILE, table=table, is_new=False, kept=tuple(BY_NAME)))
    saved.post("/nguoi-nhan", data=fields(saved, "nguoi-nhan"))
    draft = up.place.draft()
    assert draft is not None
    assert draft.table == table


@pytest.mark.parametrize(
    ("pasted", "places"),
    [
        ("Nhà văn hóa thôn Đông", [("d-nvh", "Nhà văn hóa thôn Đông", "culture_house")]),
        ("STT\tTên điểm\tLoại\r\n1\tChợ Thương\t\r\n2\tBộ phận Một cửa\t\r\n", None),
        ('"Nhà văn hóa\nsố 3"\tphường Cũ', None),
        ("\t\n\n  \n", []),
    ],
)
def test_cells_of_a_spreadsheet_become_places(
    up: SetUp, browser: FlaskClient, pasted: str, places: list[tuple[str, str, str]] | None
) -> None:
    browser.post("/chon", data={"ma": ""})
    browser.post("/phuong", data={"ward.name": "Dương", "ward.former_names": "phường Cũ"})
    browser.post("/diem", data={"paste": pasted})
    draft = up.place.draft()
    assert draft is not None
    found = draft.table["places"]
    assert len({place["code"] for place in found}) == len(found)
    if places is not None:
        assert [(place["code"], place["name"], place["kind"]) for place in found] == places
    elif "Chợ" in pasted:
        assert [place["kind"] for place in found] == ["other", "one_stop"]
    else:
        assert found == [
            {
                "code": "c-nvh3",
                "name": "Nhà văn hóa số 3",
                "kind": "culture_house",
                "former_ward": "phường Cũ",
            }
        ]


def test_an_active_emblem_is_refused_and_a_sound_one_is_kept(up: SetUp, saved: FlaskClient) -> None:
    def send(name: str, content: bytes) -> str:
        answer = saved.post("/bieu-trung", data={"hinh": (BytesIO(content), name)}, follow_redirects=True)
        return answer.text

    assert "có phần chạy được" in send("a.svg", b"<svg xmlns='x'><script>1</script></svg>")
    assert "có phần chạy được" in send("a.svg", b"<svg onload = 'x()'></svg>")
    assert "không dùng được" in send("a.png", b"GIF89a")
    assert "bieu-trung-" in send("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><circle r='4'/></svg>")
    assert [path.suffix for path in up.place.boxes.glob("bieu-trung-*")] == [".svg"]


def test_what_figures_are_typed_into_is_chosen_among_the_files_that_say_what_they_are(
    up: SetUp, saved: FlaskClient
) -> None:
    folder = up.place.boxes / "targets"
    folder.mkdir(exist_ok=True)
    (folder / "phan-mem-tinh.toml").write_text('title = "<b>Phần mềm của Tỉnh</b>"\n')
    (folder / "hong.toml").write_text("title = ")
    page = saved.get("/nhap-lieu").text
    chosen = re.findall(r'<option value="([^"]*)"( selected)?>([^<]*)', page)
    by_name = {name: label for name, _, label in chosen}
    assert list(by_name) == ["", "chung", "hong", "phan-mem-tinh"]
    assert by_name["phan-mem-tinh"] == "phan-mem-tinh – &lt;b&gt;Phần mềm của Tỉnh&lt;/b&gt;"
    assert [name for name, mark, _ in chosen if mark] == ["chung"]


def test_a_target_that_lies_nowhere_stays_chosen_and_is_told(up: SetUp, saved: FlaskClient) -> None:
    saved.post("/nhap-lieu", data={**fields(saved, "nhap-lieu"), "target": "da-xoa", "lam": ""})
    page = saved.get("/nhap-lieu").text
    assert '<option value="da-xoa" selected>da-xoa</option>' in page
    assert "da-xoa" in page.partition('data-faults="target"')[2].partition("</ul>")[0]
