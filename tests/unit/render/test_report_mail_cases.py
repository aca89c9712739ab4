"""What the weekly mail tells of cases."""

import pytest
from builders import week_of_submissions
from case_builders import case_statistics, summary
from homthu.domain.cases.statistics import CaseStatistics
from homthu.render.report.mail import MAX_HTML_BYTES
from read_mail import DESK, Page, mail_of

WEEK = list(week_of_submissions(87))


def handled_parts(told: CaseStatistics) -> tuple[str, str]:
    mail = mail_of(WEEK, case_statistics=told)
    assert mail.text.count(DESK) == 1
    return " ".join(mail.text.split()), Page(mail.html).text


def test_every_case_is_told_with_its_state_unit_and_day() -> None:
    text, page = handled_parts(case_statistics(more=2))
    for part in (text, page):
        assert "Kỳ trước chuyển sang 2 việc; phát sinh 3; đã giải quyết 2; đang giải quyết 3" in part
        assert "Còn 2 việc khác, xem trên bàn xử lý." in part
        assert "Tổ dân phố số 5, hạn 27/11/2026" in part
    assert "Quá hạn 3 ngày – Tổ dân phố số 5, hạn 27/11/2026." in text
    assert "Chưa giao đơn vị." in text
    assert "Sáng thứ Hai chờ lâu ở quầy chứng thực (" in text
    assert "Đã trả lời ngày 26/11/2026" in text
    assert "Đã kết thúc ngày 25/11/2026." in text


def test_a_case_that_may_be_a_petition_is_told_without_its_words() -> None:
    for part in handled_parts(case_statistics(summary("", is_petition=True, place="", service=""))):
        assert part.count("Việc có dấu hiệu khiếu nại, tố cáo (không trích)") == 1


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (CaseStatistics(), "Chưa có góp ý nào được nhận giải quyết trên bàn xử lý."),
        (CaseStatistics(is_used=True), "Không còn việc nào đang giải quyết."),
        (case_statistics(summary()), "Đang giải quyết 1 việc, việc nào cũng đã giao và còn trong hạn."),
        (case_statistics(summary("")), "Nội dung góp ý không còn lưu"),
    ],
)
def test_what_cannot_be_told_of_cases_is_said(told: CaseStatistics, said: str) -> None:
    for part in handled_parts(told):
        assert said in part


def test_a_hundred_long_cases_keep_the_mail_below_its_limit() -> None:
    cases = (summary("Đề nghị sửa đường " * 50, unit="Đơn vị " * 20) for _ in range(100))
    mail = mail_of(list(week_of_submissions(2000)), case_statistics=case_statistics(*cases))
    assert len(mail.html.encode()) <= MAX_HTML_BYTES
    assert "việc khác, xem trên bàn xử lý." in " ".join(mail.text.split())
