"""A week of more words than the files of a mail hold: mail and letter say where the others are."""

import zipfile
from io import BytesIO

import pytest
from builders import stored
from homthu.domain.reports.audience import Audience
from homthu.domain.submissions.submission import StoredSubmission
from homthu.render.workbook.workbook import MAX_TEXT_BYTES
from read_letter import lines, part
from read_mail import Page, mail_of, whole_mail_of

#: Letters of three bytes.
TEXT_BYTES = 3000
HELD = MAX_TEXT_BYTES // TEXT_BYTES
LEFT = 7


@pytest.fixture(scope="module")
def flood() -> list[StoredSubmission]:
    text = "".join(chr(0x4E00 + n * n * 7919 % 20_000) for n in range(TEXT_BYTES // 3))
    return [stored(n, text=text[n % 1000 :] + text[: n % 1000]) for n in range(HELD + LEFT)]


def test_who_has_the_workbook_is_told_how_many_are_only_at_the_desk(flood: list[StoredSubmission]) -> None:
    mail = whole_mail_of(flood)
    said = (
        "Trang “Góp ý” của tệp đính kèm chỉ đủ chỗ cho 1.333 góp ý, kể cả lời khen, chọn ngẫu nhiên; "
        "7 góp ý khác chỉ đọc được tại bàn xử lý."
    )
    assert said in Page(mail.html).text
    assert said in " ".join(mail.text.split())
    assert "xem tiếp trong tệp đính kèm" not in mail.html
    assert "(xem tiếp tại bàn xử lý)" in mail.html
    letter, *_, workbook = mail.attachments
    written = " ".join(lines(part(zipfile.ZipFile(BytesIO(letter.content)))))
    assert "trong 1.340 góp ý; trang “Góp ý” của tệp bảng tính kèm theo có 1.333 góp ý" in written
    rows = zipfile.ZipFile(BytesIO(workbook.content)).read("xl/worksheets/sheet6.xml").count(b"<row ")
    assert rows - 1 == HELD


def test_who_has_no_workbook_is_never_sent_to_it(flood: list[StoredSubmission]) -> None:
    mail = whole_mail_of(flood[:40], audience=Audience.WORDS)
    assert not mail.attachments
    assert "10 góp ý còn lại đọc tại bàn xử lý." in Page(mail.html).text
    assert "tệp đính kèm" not in mail.html
    assert "tệp đính kèm" not in mail.text


def test_where_all_fits_the_others_are_in_the_workbook(flood: list[StoredSubmission]) -> None:
    mail = mail_of(flood[:40])
    assert "10 góp ý còn lại xem trang “Góp ý” của tệp đính kèm." in Page(mail.html).text
    assert "bàn xử lý)" not in mail.html
