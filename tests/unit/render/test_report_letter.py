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
from homthu.domain.reports.edition import EditionKind
from homthu.domain.submissions.submission import StoredSubmission
from homthu.render.letter.draft import render_letter
from read_mail import without_marks_in

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
        "issuer": "UBND phường Bắc Giang",
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
    made = render_letter(report(chosen, box=held), texts=TEXTS)
    return ZipFile(BytesIO(without_marks_in(made)))


def part(file: ZipFile, name: str = "word/document.xml") -> ElementTree.Element:
    return ElementTree.fromstring(file.read(name))


def lines(element: ElementTree.Element) -> list[str]:
    return ["".join(t.text or "" for t in p.iter(f"{W}t")) for p in element.iter(f"{W}p")]


def paragraph(file: ZipFile, text: str) -> ElementTree.Element:
    return next(p for p in part(file).iter(f"{W}p") if text in "".join(t.text or "" for t in p.iter(f"{W}t")))


@pytest.mark.parametrize("head", HEADS)
def test_the_paper_is_a4_with_the_margins_of_the_rules(head: LetterHead) -> None:
    first, *across = part(letter(head)).iter(f"{W}sectPr")
    size, margins = first.find(f"{W}pgSz"), first.find(f"{W}pgMar")
    assert (size.get(f"{W}w"), size.get(f"{W}h")) == ("11906", "16838")
    millimetres = {side: round(int(margins.get(f"{W}{side}")) * 25.4 / 1440) for side in ("top", "bottom")}
    sides = {side: round(int(margins.get(f"{W}{side}")) * 25.4 / 1440) for side in ("left", "right")}
    assert (millimetres, sides) == ({"top": 20, "bottom": 20}, {"left": 30, "right": 15})
    assert first.find(f"{W}titlePg") is not None, "no number on the first page"
    assert len(across) == 2, "an annex for what people wrote, and one for the cases"
    for annex in across:
        assert annex.find(f"{W}pgSz").get(f"{W}orient") == "landscape"
        assert annex.find(f"{W}pgNumType").get(f"{W}start") == "1", "each annex is numbered by itself"


@pytest.mark.parametrize("head", HEADS)
def test_every_letter_is_times_new_roman_in_vietnamese(head: LetterHead) -> None:
    file = letter(head)
    styles = part(file, "word/styles.xml")
    for fonts in styles.iter(f"{W}rFonts"):
        assert fonts.attrib == {
            f"{W}{slot}": "Times New Roman" for slot in ("ascii", "hAnsi", "cs", "eastAsia")
        }
    assert styles.find(f".//{W}rFonts") is not None
    (language,) = styles.iter(f"{W}lang")
    assert (language.get(f"{W}val"), language.get(f"{W}eastAsia")) == ("vi-VN", "vi-VN")
    assert not list(part(file).iter(f"{W}rFonts"))
    names = file.namelist()
    assert not [name for name in names if "thumbnail" in name or "customXml" in name]
    faces = re.findall(r'<a:(?:latin|cs) typeface="([^"]*)"', file.read("word/theme/theme1.xml").decode())
    assert set(faces) == {"Times New Roman"}
    assert next(styles.iter(f"{W}sz")).get(f"{W}val") == "28"


def style_of(file: ZipFile, text: str) -> ElementTree.Element:
    """The properties of the style that the paragraph with this text has."""
    name = paragraph(file, text).find(f"{W}pPr/{W}pStyle").get(f"{W}val")
    styles = part(file, "word/styles.xml").iter(f"{W}style")
    return next(one for one in styles if one.get(f"{W}styleId") == name).find(f"{W}pPr")


def test_running_text_is_set_as_each_form_asks() -> None:
    state = style_of(letter(LetterHead.UBND), "Thực hiện Kế hoạch số")
    assert state.find(f"{W}jc").get(f"{W}val") == "both"
    assert state.find(f"{W}ind").get(f"{W}firstLine") == "720"
    party = style_of(letter(LetterHead.DANG), "Thực hiện Kế hoạch số").find(f"{W}spacing")
    assert (party.get(f"{W}lineRule"), party.get(f"{W}line")) == ("exact", "360")


HEAD_LINES = {
    LetterHead.DOAN: [
        "ĐOÀN TNCS HỒ CHÍ MINHTHÀNH PHỐ BẮC GIANG",
        "BAN CHẤP HÀNH ĐOÀNPHƯỜNG NGÔ QUYỀN",
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


def test_there_are_six_tables_numbered_by_fields_in_the_order_in_which_they_stand() -> None:
    file = letter()
    captions = [one for one in part(file).iter(f"{W}p") if style_id(one) == "Caption"]
    assert [lines(one)[0][:7] for one in captions] == [f"Bảng {number}." for number in range(1, 7)]
    for one in captions:
        assert [field.text for field in one.iter(f"{W}instrText")] == [r"SEQ Bảng \* ARABIC"]
    ruled = [one for one in part(file).iter(f"{W}tbl") if one.find(f".//{W}tblBorders") is not None]
    titles = [one.find(f"{W}tblPr/{W}tblCaption").get(f"{W}val") for one in ruled]
    assert [f"Bảng {n}. {title}" for n, title in enumerate(titles, 1)] == [lines(one)[0] for one in captions]
    assert all(one.find(f".//{W}tblHeader") is not None for one in ruled)


def style_id(paragraph: ElementTree.Element) -> str:
    found = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if found is None else found.get(f"{W}val", "")


@pytest.mark.parametrize("head", HEADS)
def test_who_goes_by_headings_finds_every_section_and_annex(head: LetterHead) -> None:
    file = letter(head)
    headings = [lines(one)[0] for one in part(file).iter(f"{W}p") if style_id(one) == "Heading1"]
    assert [line.partition(" ")[0] for line in headings] == ["I.", "II.", "III.", "IV.", "V.", "Phụ", "Phụ"]
    known = {one.get(f"{W}styleId") for one in part(file, "word/styles.xml").iter(f"{W}style")}
    assert {style_id(one) for one in part(file).iter(f"{W}p")} <= known | {""}


@pytest.mark.parametrize("head", HEADS)
def test_each_annex_has_its_three_lines(head: LetterHead) -> None:
    found = lines(part(letter(head)))
    issuer = {
        LetterHead.DOAN: "-BC/ĐTN ngày       tháng       năm 2026 của Ban Chấp hành Đoàn phường Ngô Quyền)",
        LetterHead.DANG: "-BC/ĐU ngày       tháng       năm 2026 của Đảng ủy phường Bắc Giang)",
        LetterHead.UBND: "/BC-UBND ngày       tháng       năm 2026 của Ủy ban nhân dân phường Bắc Giang)",
    }[head]
    attached = f"(Kèm theo Báo cáo số         {issuer}"
    at = found.index("Phụ lục I")
    assert found[at : at + 3] == ["Phụ lục I", "NỘI DUNG GÓP Ý CỦA NHÂN DÂN TUẦN 48 NĂM 2026", attached]
    at = found.index("Phụ lục II")
    assert found[at : at + 3] == ["Phụ lục II", "TÌNH HÌNH GIẢI QUYẾT GÓP Ý TUẦN 48 NĂM 2026", attached]
    assert "tại Bảng 5, Phụ lục I." in " ".join(found)
    assert "tại Bảng 6, Phụ lục II." in " ".join(found)


def test_a_single_annex_has_no_number() -> None:
    made = report([], earlier={}, case_statistics=case_statistics(), box=box(report=style(LetterHead.UBND)))
    found = lines(part(ZipFile(BytesIO(render_letter(made, texts=TEXTS)))))
    assert "Phụ lục" in found
    assert "tại Bảng 2, Phụ lục." in " ".join(found)


def test_words_to_the_drafter_are_comments_and_not_in_what_is_signed() -> None:
    file = letter(LetterHead.DANG)
    comments = part(file, "word/comments.xml")
    said = [lines(one)[0] for one in comments]
    for start in ("Văn thư cấp số", "Mẫu của Đảng", "Hệ thống đếm 8 nơi", "Hệ thống chỉ tách lời khen"):
        assert any(text.startswith(start) for text in said), start
    assert any("người soạn viết; hệ thống không tự kết luận" in text for text in said)
    text = " ".join(lines(part(file)))
    for word in ("người soạn", "hệ thống không tự", "Văn thư"):
        assert word not in text
    assert {one.get(f"{W}date") for one in comments} == {None}
    ids = {one.get(f"{W}id") for one in comments}
    assert {one.get(f"{W}id") for one in part(file).iter(f"{W}commentReference")} == ids


@pytest.mark.parametrize(
    ("issuer", "committee", "said"),
    [
        ("Đảng ủy phường A", "Ban Chỉ đạo QCDC phường A", "; Đảng ủy phường A giao Ban Chỉ đạo"),
        ("Đảng uỷ phường A", "BCĐ QCDC phường A", "; Đảng uỷ phường A giao BCĐ"),
        ("Đảng ủy phường A", "Ban Thường vụ Tỉnh ủy", ", Đảng ủy phường A kính báo cáo Ban Thường vụ"),
        (
            "Ban Chỉ đạo QCDC phường A",
            "Thường trực Đảng ủy",
            ", Ban Chỉ đạo QCDC phường A kính báo cáo Thường",
        ),
    ],
)
def test_nobody_reports_to_who_works_under_them(issuer: str, committee: str, said: str) -> None:
    held = replace(style(LetterHead.DANG), issuer=issuer, committee=committee)
    made = report([stored(1)], box=box(report=held))
    text = " ".join(lines(part(ZipFile(BytesIO(render_letter(made, texts=TEXTS))))))
    assert f"Trên đây là kết quả tổng hợp ý kiến góp ý tuần 48 năm 2026{said}" in text


@pytest.mark.parametrize("head", HEADS)
def test_the_signature_takes_the_closing_and_a_note_with_it_to_a_new_page(head: LetterHead) -> None:
    body = list(part(letter(head)).find(f"{W}body"))
    at = next(n for n, one in enumerate(body) if "Trên đây là kết quả" in "".join(lines(one)))
    for one in body[at - 1 : at + 2]:
        assert one.find(f"{W}pPr/{W}keepNext") is not None, lines(one)
    signature = body[at + 2]
    assert signature.tag == f"{W}tbl"
    assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in signature.iter(f"{W}tr"))


def test_no_comma_stands_before_the_day_of_the_plan() -> None:
    assert "Thực hiện Kế hoạch số 55-KH/ĐU ngày 15/01/2026 của Đảng ủy phường về" in " ".join(
        lines(part(letter()))
    )


@pytest.mark.parametrize("head", HEADS)
def test_the_file_is_of_a_word_of_today_and_names_nobody_elses_program(head: LetterHead) -> None:
    file = letter(head)
    settings = {
        one.get(f"{W}name"): one.get(f"{W}val")
        for one in part(file, "word/settings.xml").iter(f"{W}compatSetting")
    }
    assert settings["compatibilityMode"] == "15"
    app = file.read("docProps/app.xml").decode()
    assert "<Application>Hòm thư góp ý điện tử</Application>" in app
    assert "Microsoft" not in app
    assert "AppVersion" not in app


def test_the_sixth_table_tells_every_case_and_leaves_no_row_blank() -> None:
    made = render_letter(report([], case_statistics=case_statistics(more=1)), texts=TEXTS)
    file = ZipFile(BytesIO(without_marks_in(made)))
    cases = next(table for table in part(file).iter(f"{W}tbl") if "Nội dung việc" in lines(table))
    heading, *rows = ([lines(cell)[0] for cell in row.iter(f"{W}tc")] for row in cases.iter(f"{W}tr"))
    assert heading[1:] == [
        *("Nội dung việc", "Ngày nhận", "Đơn vị xử lý", "Hạn", "Kết quả"),
        "Hình thức công khai, trả lời",
    ]
    assert [row[5] for row in rows] == [
        *("Quá hạn 3 ngày", "Chưa giao đơn vị", "Đang giải quyết"),
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
    assert "Mức độ hài lòng theo nội dung" not in text


def test_a_week_of_none_is_reported_and_vouches_for_no_poster() -> None:
    text = " ".join(lines(part(letter(submissions=[]))))
    assert "không phát sinh ý kiến góp ý qua Hòm thư góp ý điện tử" in text
    assert "hoạt động bình thường" not in text
    assert "Phụ lục" not in text
    assert "8 nơi đặt mã" in text


def test_the_draft_says_that_it_is_one_on_its_first_page_only() -> None:
    file = letter()
    headers = {name: lines(part(file, name)) for name in file.namelist() if "header" in name}
    marked = [name for name, found in headers.items() if any("DỰ THẢO" in line for line in found)]
    assert len(marked) == 1
    fields = [[e.text for e in part(file, name).iter(f"{W}instrText")] for name in headers]
    assert [one for one in fields if one] == [["PAGE"]]


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
    words |= {f"before_{kind}" for kind in EditionKind} | {"heading"}
    for section, sentences in table.items():
        for key in sentences:
            assert f'"letter.{section}.{key}"' in sources or key in words, f"letter.{section}.{key}"
