"""The draft in the official form, checked by reading the XML that a word processor reads."""

import re
import tomllib
from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from builders import box, places, questionnaire, report, stored, week_of_submissions
from case_builders import case_statistics
from homthu.adapters.web_files import WEB, load_texts
from homthu.domain.boxes.box import LetterHead, ReportStyle
from homthu.domain.releases.series import WARD, SeriesKind
from homthu.domain.submissions.submission import StoredSubmission
from homthu.render.letter.draft import render_letter

TEXTS = load_texts("vi")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STYLES = {
    LetterHead.DOAN: {
        "superior": "Đoàn TNCS Hồ Chí Minh thành phố Bắc Giang",
        "issuer": "BCH Đoàn phường Ngô Quyền",
        "symbol": "BC/ĐTN",
    },
    LetterHead.DANG: {
        "superior": "Đảng bộ tỉnh Bắc Ninh",
        "issuer": "Đảng ủy phường Bắc Giang",
        "symbol": "BC/ĐU",
        "signer_authority": "T/M ĐẢNG ỦY",
        "signer_title": "PHÓ BÍ THƯ",
        "copies_to": ("Thường trực Đảng ủy (b/c)", "Lưu Đảng ủy"),
    },
    LetterHead.UBND: {
        "superior": "",
        "issuer": "Ủy ban nhân dân phường Bắc Giang",
        "symbol": "BC-UBND",
        "signer_authority": "TM. ỦY BAN NHÂN DÂN",
        "signer_title": "CHỦ TỊCH",
    },
}
HEADS = list(LetterHead)


def style(head: LetterHead) -> ReportStyle:
    return replace(box().report, head=head, **STYLES[head])


def letter(
    head: LetterHead = LetterHead.DOAN, submissions: list[StoredSubmission] | None = None, **changes: object
) -> ZipFile:
    chosen = list(week_of_submissions(87)) if submissions is None else submissions
    held = box(report=style(head), **changes)
    return ZipFile(BytesIO(render_letter(report(chosen, box=held), texts=TEXTS)))


def part(file: ZipFile, name: str = "word/document.xml") -> ElementTree.Element:
    return ElementTree.fromstring(file.read(name))


def lines(element: ElementTree.Element) -> list[str]:
    return ["".join(t.text or "" for t in p.iter(f"{W}t")) for p in element.iter(f"{W}p")]


def paragraph(file: ZipFile, text: str) -> ElementTree.Element:
    return next(p for p in part(file).iter(f"{W}p") if text in "".join(t.text or "" for t in p.iter(f"{W}t")))


@pytest.mark.parametrize("head", HEADS)
def test_the_paper_is_a4_with_the_margins_of_the_rules(head: LetterHead) -> None:
    first, across = part(letter(head)).iter(f"{W}sectPr")
    size, margins = first.find(f"{W}pgSz"), first.find(f"{W}pgMar")
    assert (size.get(f"{W}w"), size.get(f"{W}h")) == ("11906", "16838")
    millimetres = {side: round(int(margins.get(f"{W}{side}")) * 25.4 / 1440) for side in ("top", "bottom")}
    sides = {side: round(int(margins.get(f"{W}{side}")) * 25.4 / 1440) for side in ("left", "right")}
    assert (millimetres, sides) == ({"top": 20, "bottom": 20}, {"left": 30, "right": 15})
    assert first.find(f"{W}titlePg") is not None, "no number on the first page"
    assert across.find(f"{W}pgSz").get(f"{W}orient") == "landscape"


@pytest.mark.parametrize("head", HEADS)
def test_every_letter_is_times_new_roman_in_vietnamese(head: LetterHead) -> None:
    file = letter(head)
    styles = part(file, "word/styles.xml")
    for fonts in styles.iter(f"{W}rFonts"):
        assert fonts.attrib == {
            f"{W}{slot}": "Times New Roman" for slot in ("ascii", "hAnsi", "cs", "eastAsia")
        }
    (language,) = styles.iter(f"{W}lang")
    assert (language.get(f"{W}val"), language.get(f"{W}eastAsia")) == ("vi-VN", "vi-VN")
    assert not list(part(file).iter(f"{W}rFonts"))
    names = file.namelist()
    assert not [name for name in names if "theme" in name or "thumbnail" in name or "customXml" in name]
    assert next(styles.iter(f"{W}sz")).get(f"{W}val") == "28"


def test_running_text_is_set_as_each_form_asks() -> None:
    state = paragraph(letter(LetterHead.UBND), "Thực hiện Kế hoạch số").find(f"{W}pPr")
    assert state.find(f"{W}jc").get(f"{W}val") == "both"
    assert state.find(f"{W}ind").get(f"{W}firstLine") == "720"
    party = paragraph(letter(LetterHead.DANG), "Thực hiện Kế hoạch số").find(f"{W}pPr").find(f"{W}spacing")
    assert (party.get(f"{W}lineRule"), party.get(f"{W}line")) == ("exact", "360")


HEAD_LINES = {
    LetterHead.DOAN: [
        "ĐOÀN TNCS HỒ CHÍ MINH THÀNH PHỐ BẮC GIANG",
        "BCH ĐOÀN PHƯỜNG NGÔ QUYỀN",
        "***",
        "ĐOÀN TNCS HỒ CHÍ MINH",
        "Số:         -BC/ĐTN",
    ],
    LetterHead.DANG: [
        "ĐẢNG BỘ TỈNH BẮC NINH",
        "ĐẢNG ỦY PHƯỜNG BẮC GIANG",
        "*",
        "ĐẢNG CỘNG SẢN VIỆT NAM",
        "Số         -BC/ĐU",
    ],
    LetterHead.UBND: [
        "ỦY BAN NHÂN DÂNPHƯỜNG BẮC GIANG",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số:         /BC-UBND",
    ],
}


@pytest.mark.parametrize("head", HEADS)
def test_the_head_is_the_forms_own_with_number_and_date_left_for_the_clerk(head: LetterHead) -> None:
    found = [line for line in lines(part(letter(head))) if line]
    date = "Bắc Giang, ngày       tháng       năm 2026"
    assert found[: len(HEAD_LINES[head]) + 1] == [*HEAD_LINES[head], date]
    assert found[len(HEAD_LINES[head]) + 1] == "BÁO CÁO"
    assert any(line.startswith("Kính gửi: ") for line in found) == (head is not LetterHead.DANG)
    ending = {LetterHead.DANG: "giải quyết."}.get(head, "giải quyết./.")
    assert any(line.endswith(ending) for line in found)


@pytest.mark.parametrize("head", HEADS)
def test_the_signature_and_the_copies_come_from_the_box(head: LetterHead) -> None:
    found = lines(part(letter(head)))
    held = style(head)
    assert held.signer_authority in found
    assert held.signer_title in found
    at = found.index("Nơi nhận:")
    copies = [copy.rstrip(".") for copy in held.copies_to]
    expected = [f"- {copy}{'.' if copy == copies[-1] else ';'}" for copy in copies]
    assert found[at + 1 : at + 1 + len(copies)] == expected
    underlined = paragraph(letter(head), "Nơi nhận:").find(f".//{W}u") is not None
    assert underlined == (head is LetterHead.DANG)


def test_there_are_six_tables_and_a_sheet_for_the_meeting_with_room_to_write() -> None:
    file = letter()
    found = lines(part(file))
    assert [line[:6] for line in found if re.match(r"Bảng \d\. ", line)] == [
        f"Bảng {number}" for number in (1, 2, 3, 4, 6, 5)
    ]
    *_, meeting = part(file).iter(f"{W}tbl")
    heading, first, *_ = meeting.iter(f"{W}tr")
    columns = [
        "Số góp ý",
        "Việc (theo số góp ý ở Bảng 5)",
        "Hướng giải quyết",
        "Người phụ trách",
        "Thời hạn",
        "Ghi chú",
    ]
    assert lines(heading) == columns
    assert heading.find(f".//{W}tblHeader") is not None
    assert lines(first)[2:] == ["", "", "", ""]
    assert "Chưa có góp ý nào được nhận giải quyết trên bàn xử lý." in " ".join(found)


def test_the_sixth_table_tells_every_case_and_leaves_no_row_blank() -> None:
    file = ZipFile(BytesIO(render_letter(report([], case_statistics=case_statistics(more=1)), texts=TEXTS)))
    cases = next(table for table in part(file).iter(f"{W}tbl") if "Nội dung việc" in lines(table))
    heading, *rows = ([lines(cell)[0] for cell in row.iter(f"{W}tc")] for row in cases.iter(f"{W}tr"))
    assert heading[1:] == [
        *("Nội dung việc", "Ngày nhận", "Đơn vị xử lý", "Hạn", "Kết quả"),
        "Hình thức công khai, trả lời",
    ]
    assert [row[5] for row in rows] == [
        *("Quá hạn", "Chưa giao đơn vị", "Đang giải quyết"),
        *("Đã trả lời ngày 26/11/2026", "Đã kết thúc ngày 25/11/2026"),
    ]
    assert rows[0][2:5] == ["23/11/2026", "Tổ dân phố số 5", "27/11/2026"]
    assert [row[6] for row in rows] == ["", "", "", "Trang kết quả", ""]
    said = " ".join(lines(part(file)))
    assert "Kỳ trước chuyển sang 2 việc; phát sinh 3; đã giải quyết 2; đang giải quyết 3" in said
    assert "Còn 1 việc khác, xem trên bàn xử lý." in said


def test_every_figure_of_the_tables_is_the_reports() -> None:
    submissions = list(week_of_submissions(87))
    made = report(submissions, box=box(report=style(LetterHead.DOAN)))
    _, counts, questions, *_ = part(letter(submissions=submissions)).iter(f"{W}tbl")
    rows = [lines(row) for row in counts.iter(f"{W}tr")][1:]
    assert [row[2] for row in rows] == [str(p.received) for p in made.forms.by_place] + ["87"]
    rows = [lines(row) for row in questions.iter(f"{W}tr")][1:]
    for row, (_, asked) in zip(rows, made.rated(questionnaire()), strict=True):
        figure = made.tells(WARD, asked).figure
        assert figure is not None
        assert row[2:8] == [
            *(str(figure.chose({rating}).least) for rating in "54321"),
            str(figure.answers),
        ]


def test_a_first_week_of_few_shows_no_figure_and_says_what_is_waited_for() -> None:
    made = report(list(week_of_submissions(7)), earlier={})
    text = " ".join(lines(part(ZipFile(BytesIO(render_letter(made, texts=TEXTS))))))
    assert "%" not in text.replace("95%", "")
    assert "Mới có 7 phiếu từ 23/11; sẽ nêu khi đủ 10 lượt trả lời." in text
    assert "Bảng 2" not in text


def test_a_week_of_none_is_reported_and_vouches_for_no_poster() -> None:
    text = " ".join(lines(part(letter(submissions=[]))))
    assert "không phát sinh ý kiến góp ý qua Hòm thư góp ý điện tử" in text
    assert "Hệ thống đã lập báo cáo này ngày 30/11/2026; 8 mã QR có còn treo" in text
    assert "PHỤ LỤC" not in text


def test_the_draft_says_that_it_is_one_on_its_first_page_only() -> None:
    file = letter()
    headers = {name: lines(part(file, name)) for name in file.namelist() if "header" in name}
    marked = [name for name, found in headers.items() if any("DỰ THẢO" in line for line in found)]
    assert len(marked) == 1
    (numbered,) = set(headers) - set(marked)
    assert [e.text for e in part(file, numbered).iter(f"{W}instrText")] == ["PAGE"]


def test_the_core_properties_are_ours() -> None:
    core = letter().read("docProps/core.xml").decode()
    assert "Báo cáo tuần 48 năm 2026 – phường Bắc Giang" in core
    assert set(re.findall(r"<(?:dc:creator|cp:lastModifiedBy)>([^<]*)<", core)) == {
        "BCH Đoàn phường Ngô Quyền"
    }
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2026-11-30T00:00:00Z"}
    assert "<dc:language>vi-VN</dc:language>" in core
    assert "python" not in core


def test_equal_input_gives_equal_bytes() -> None:
    made = report(list(week_of_submissions(20)))
    assert render_letter(made, texts=TEXTS) == render_letter(made, texts=TEXTS)


@pytest.mark.parametrize(
    "text", ["a\x00b\x0bc", "\ud800", "<w:p/>&amp;", "\ufffe\uffff", "https://evil.example", "=1+1"]
)
def test_hostile_words_are_shown_and_do_no_harm(text: str) -> None:
    file = letter(submissions=[stored(1, text=f"Tốt {text}")])
    body = file.read("word/document.xml").decode()
    assert "Tốt" in " ".join(lines(part(file)))
    assert "w:hyperlink" not in body
    assert "https://" not in body.split("<w:body>")[1]


def test_two_versions_of_the_questions_have_tables_of_their_own() -> None:
    asked = {v: questionnaire(v) for v in ("qcdc-v1", "qcdc-v0")}
    submissions = [stored(1), stored(2, questionnaire="qcdc-v0")]
    made = report(submissions, box=box(), questionnaires=asked)
    text = " ".join(lines(part(ZipFile(BytesIO(render_letter(made, texts=TEXTS))))))
    assert "bộ câu hỏi qcdc-v0" in text
    assert "bộ câu hỏi qcdc-v1" in text


def test_three_hundred_places_and_long_texts_stay_a_small_file() -> None:
    submissions = [stored(n, text="Đề nghị sửa đường. " * 50) for n in range(200)]
    file = letter(submissions=submissions, places=places(300))
    assert sum(info.compress_size for info in file.infolist()) < 200_000


def test_every_sentence_is_used() -> None:
    table = tomllib.loads((WEB / "text" / "letter.vi.toml").read_text("utf-8"))["letter"]
    folder = WEB.parent / "functions/homthu/render"
    sources = "\n".join(path.read_text("utf-8") for path in sorted(folder.rglob("*.py")))
    words = set(re.findall(r'"(\w+)"', sources)) | {f"by_{kind}" for kind in SeriesKind}
    for section, sentences in table.items():
        for key in sentences:
            assert f'"letter.{section}.{key}"' in sources or key in words, f"letter.{section}.{key}"
