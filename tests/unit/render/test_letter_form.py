"""The draft's form: paper, letters, head, signature, tables and annexes as the rules have them."""

import re
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from builders import box
from case_builders import case_statistics
from homthu.domain.boxes.box import LetterHead
from homthu.render.letter.draft import render_letter
from read_letter import TEXTS, W, letter, lines, paragraph, part, style
from report_builders import report

HEADS = list(LetterHead)


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


@pytest.mark.parametrize("head", HEADS)
def test_the_signature_takes_the_closing_and_a_note_with_it_to_a_new_page(head: LetterHead) -> None:
    body = list(part(letter(head)).find(f"{W}body"))
    at = next(n for n, one in enumerate(body) if "Trên đây là kết quả" in "".join(lines(one)))
    for one in body[at - 1 : at + 2]:
        assert one.find(f"{W}pPr/{W}keepNext") is not None, lines(one)
    signature = body[at + 2]
    assert signature.tag == f"{W}tbl"
    assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in signature.iter(f"{W}tr"))
