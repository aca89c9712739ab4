"""The draft letter made, and read back as a word processor reads it."""

from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

from builders import box, week_of_submissions
from homthu.adapters.web_files import load_texts
from homthu.domain.boxes.box import LetterHead, ReportStyle
from homthu.domain.submissions.submission import StoredSubmission
from homthu.render.letter.draft import render_letter
from read_mail import without_marks_in
from report_builders import report

TEXTS = load_texts("vi")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STYLES: dict[LetterHead, dict[str, Any]] = {
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


def style(head: LetterHead) -> ReportStyle:
    return replace(box().report, head=head, **STYLES[head])


def letter(
    head: LetterHead = LetterHead.DOAN, submissions: list[StoredSubmission] | None = None, **changes: Any
) -> ZipFile:
    """A letter of these submissions; of a plausible week unless they are given, which is made once."""
    if submissions is None and not changes:
        return _of_a_plausible_week(head)
    return _made(head, list(week_of_submissions(87)) if submissions is None else submissions, **changes)


@cache
def _of_a_plausible_week(head: LetterHead) -> ZipFile:
    return _made(head, list(week_of_submissions(87)))


def _made(head: LetterHead, submissions: list[StoredSubmission], **changes: Any) -> ZipFile:
    held = box(report=style(head), **changes)
    made = render_letter(report(submissions, box=held), texts=TEXTS)
    return ZipFile(BytesIO(without_marks_in(made)))


def part(file: ZipFile, name: str = "word/document.xml") -> ElementTree.Element:
    return ElementTree.fromstring(file.read(name))


def lines(element: ElementTree.Element) -> list[str]:
    return ["".join(t.text or "" for t in p.iter(f"{W}t")) for p in element.iter(f"{W}p")]


def paragraph(file: ZipFile, text: str) -> ElementTree.Element:
    return next(p for p in part(file).iter(f"{W}p") if text in "".join(t.text or "" for t in p.iter(f"{W}t")))
