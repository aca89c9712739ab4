"""The mail of a weekly report. `UPDATE_GOLDEN=1` writes its golden files anew instead of comparing."""

import os
import re
import tomllib
from dataclasses import fields, replace
from pathlib import Path

import pytest
from builders import WEEK, box, places, questionnaire, stored, week_of_submissions
from case_builders import case_statistics, summary
from homthu.adapters.web_files import WEB
from homthu.domain.boxes.box import Box
from homthu.domain.boxes.questionnaire import Questionnaire
from homthu.domain.boxes.retention import Retention
from homthu.domain.cases.case import AnswerKind, CaseState
from homthu.domain.cases.review import WithholdReason
from homthu.domain.cases.statistics import CaseStatistics
from homthu.domain.cases.verdict import VerdictKind
from homthu.domain.releases.change import Direction
from homthu.domain.releases.releases import NewForms
from homthu.domain.releases.series import SeriesKind
from homthu.domain.reports.earlier import EarlierKind
from homthu.domain.reports.edition import EditionKind
from homthu.domain.reports.paper import PaperStratum
from homthu.domain.reports.period import Correction
from homthu.domain.reports.serious import SERIOUS
from homthu.domain.submissions.submission import Flag, StoredSubmission
from homthu.domain.week import Week
from homthu.render.mail.flowed import flowed
from read_mail import DESK, Page, mail_of, whole_mail_of
from report_builders import report

GOLDEN = Path(__file__).parents[2] / "golden"
FIGURE = re.compile(r"\d+(?:[.,]\d+)*%?")
WEEKS = {
    "week": lambda: list(week_of_submissions(87)),
    "small": lambda: list(week_of_submissions(7)),
    "none": list,
}
#: What a golden mail tells of the cases; the others tell that there are none.
HANDLED = {"week": case_statistics(more=4)}


@pytest.mark.parametrize("name", WEEKS)
def test_the_mail_is_the_golden_one(name: str) -> None:
    mail = mail_of(WEEKS[name](), case_statistics=HANDLED.get(name, CaseStatistics()))
    for path, content in (
        (GOLDEN / f"report-{name}.html", mail.html),
        (GOLDEN / f"report-{name}.txt", f"{mail.subject}\n\n{mail.text}"),
    ):
        if os.environ.get("UPDATE_GOLDEN"):
            path.write_text(content, "utf-8")
        assert content == path.read_text("utf-8"), f"{path.name} differs; UPDATE_GOLDEN=1 writes it anew"


def test_the_subject_tells_week_dates_ward_and_number() -> None:
    assert mail_of(WEEKS["week"]()).subject == ("Tuần 48: 87 phiếu, 38 góp ý – phường Bắc Giang (23–29/11)")


@pytest.mark.parametrize("submissions", [WEEKS["week"](), []])
def test_the_subject_tells_how_many_cases_wait_for_a_decision(submissions: list[StoredSubmission]) -> None:
    subject = mail_of(submissions, case_statistics=case_statistics()).subject
    assert ", 2 việc chờ quyết định – phường Bắc Giang" in subject
    assert "quyết định" not in mail_of(submissions, case_statistics=case_statistics(summary())).subject
    correction = Correction(number=3, year=2026, reason="Bổ sung phiếu giấy")
    corrected = mail_of(submissions, case_statistics=case_statistics(), correction=correction).subject
    assert corrected.startswith("Đính chính tuần 48: ")
    assert ", 2 việc chờ quyết định – phường Bắc Giang" in corrected


def test_the_first_lines_tell_everything() -> None:
    submissions = WEEKS["week"]()
    mail, made = mail_of(submissions, case_statistics=case_statistics()), report(submissions)
    first = [line.replace("\n  ", " ") for line in mail.text.split("\n\n")[0].split("\n- ")]
    assert len(first) == 7
    reading, desk, serious, period, received, overall, silent = first
    assert serious == (
        "Dấu hiệu nghiêm trọng: gợi ý chi tiền, quà: 1/76 lượt; phiền hà, sách nhiễu: 1/76 lượt; "
        "trễ hẹn không xin lỗi: 11/84 lượt."
    )
    assert desk.endswith(f" {DESK}"), "where what waits is decided about stands beside it"
    assert "tuần 48/2026, từ thứ Hai 23/11 đến Chủ nhật 29/11/2026" in period
    assert "nhận 87 phiếu (tuần trước: 60; lũy kế đợt: 327; lũy kế năm 2026: 327)" in received
    figure = made.overall.figure
    assert figure is not None
    assert f"({figure.satisfied.least}/{figure.answers}); khoảng tin cậy 95%: " in overall
    assert "; chưa đủ căn cứ để nói tăng hay giảm so với lần nêu trước (69,0%, 16/11–22/11/2026)." in overall
    assert f"{made.forms.readable} góp ý mới cần đọc; {made.forms.petitions} góp ý" in reading
    assert "2 việc chờ quyết định (1 chưa giao đơn vị, 1 quá hạn) trong 3 việc đang giải quyết." in reading
    assert "2/8 nơi không có phiếu – Nhà văn hóa tổ dân phố số 6 (Thọ Xương), Nhà văn hóa" in silent
    page = Page(mail.html).text
    for line in first:
        assert line.partition(": ")[2] in page


@pytest.mark.parametrize("name", WEEKS)
def test_text_and_html_carry_the_same_figures(name: str) -> None:
    mail = mail_of(WEEKS[name]())
    page = Page(mail.html)
    # The cumulative numbers by place stand in the text alone: a phone has no room for the column.
    text = re.sub(r"lũy kế\s+đợt\s+\d+\)", ")", mail.text)
    assert set(FIGURE.findall(text)) <= set(FIGURE.findall(page.text)) | {"0"}
    in_text = set(FIGURE.findall(mail.text))
    assert {figure for figure in FIGURE.findall(page.text) if "%" in figure} <= in_text


@pytest.mark.parametrize("name", WEEKS)
def test_the_text_keeps_to_78_columns_and_has_no_hole(name: str) -> None:
    mail = mail_of(WEEKS[name]())
    assert max(map(len, flowed(mail.text).splitlines())) <= 78
    for part in (mail.subject, mail.text, Page(mail.html).text):
        assert "None" not in part
        assert not re.search(r"[{}]", part)
        assert "  ." not in part


def test_each_batch_of_slips_is_told_by_itself_and_one_that_brought_too_many_as_such() -> None:
    strata = (
        PaperStratum(label="Sỏi", slips=50, typed=12, typed_in_all=43, is_revoked=False),
        PaperStratum(label="Đông", slips=50, typed=60, typed_in_all=60, is_revoked=False),
        PaperStratum(label="Hà", slips=50, typed=2, typed_in_all=2, is_revoked=True),
    )
    text = " ".join(mail_of([stored(1)], paper=strata).text.split())
    assert "Lô phiếu giấy “Sỏi”: phát 50 phiếu, kỳ này nhập 12, đến nay nhập 43." in text
    assert "“Đông”: phát 50 phiếu, kỳ này nhập 60, đến nay nhập 60; mã lô đã thu hồi hoặc" in text
    assert "“Hà”: phát 50 phiếu, kỳ này nhập 2, đến nay nhập 2; mã lô đã thu hồi hoặc" in text


def test_an_empty_week_says_so_and_what_the_box_cannot_know() -> None:
    mail = mail_of([])
    assert mail.subject == "Tuần 48: không có phiếu nào – phường Bắc Giang (23–29/11)"
    text = " ".join(mail.text.split())
    assert "không phát sinh ý kiến góp ý qua Hòm thư góp ý điện tử (tuần trước: 60;" in text
    assert "hệ thống đã lập báo cáo này ngày 30/11/2026. Hệ thống không biết 8 mã QR có còn treo" in text
    assert "cả 8 nơi đều không có phiếu" in text
    assert "Nhà văn hóa tổ dân phố số 7" in text


def test_a_first_week_outside_any_round_is_worded() -> None:
    text = " ".join(mail_of([stored(1)], earlier={}, round=None).text.split())
    assert "ngoài các đợt lấy ý kiến" in text
    assert "(chưa có số liệu tuần trước; lũy kế năm 2026:" in text


def test_below_ten_answers_one_sentence_says_what_is_waited_for() -> None:
    mail = mail_of(WEEKS["small"](), earlier={})
    text = " ".join(mail.text.split())
    assert "%" not in text.replace("95%", "")
    assert "Hài lòng chung: Mới có 7 phiếu từ 23/11; sẽ nêu khi đủ 10 lượt trả lời." in text
    assert text.count("sẽ nêu khi đủ 10 lượt trả lời.") == 2, "in the headline, and once for all questions"


def test_what_was_told_before_stands_with_its_days_beside_what_waits() -> None:
    text = " ".join(mail_of(WEEKS["small"]()).text.split())
    assert "Lần nêu gần nhất: 69,0% (40/58), 16/11–22/11/2026; khoảng tin cậy 95%: 56,2%–79,4%." in text


def test_a_group_of_one_mind_is_told_in_words_without_a_number_of_the_satisfied() -> None:
    mail = mail_of([stored(n, answers={"chung": "5" if n else "1"}) for n in range(12)], earlier={})
    for part in (" ".join(mail.text.split()), Page(mail.html).text):
        assert "gần như tất cả hài lòng (12 lượt)" in part
        assert "11/12" not in part
        assert "91,7%" not in part


@pytest.mark.parametrize(
    ("good", "word"), [(34, "tăng 41,0 điểm phần trăm"), (2, "giảm 39,0 điểm phần trăm")]
)
def test_a_change_that_chance_does_not_explain_is_said(good: int, word: str) -> None:
    def rated(start: int, count: int, satisfied: int, week: Week) -> list[StoredSubmission]:
        ratings = ["5"] * satisfied + ["2"] * (count - satisfied)
        return [stored(start + n, week=week, answers={"chung": one}) for n, one in enumerate(ratings)]

    before = WEEK.shift(-1)
    mail = mail_of(rated(0, 40, good, WEEK), earlier={before: rated(100, 50, 22, before)})
    assert f"{word} so với lần nêu trước (44,0%, 16/11–22/11/2026)" in " ".join(mail.text.split())


def test_the_first_weeks_told_by_these_rules_say_so() -> None:
    made = report([stored(1)])
    new_forms = (
        NewForms(0, WEEK.shift(-1), "2026-4", "tt01", 9, is_kept=False),
        NewForms(1, WEEK, "2026-4", "tt01", 1),
    )
    text = " ".join(mail_of([stored(1)], releases=replace(made.releases, new_forms=new_forms)).text.split())
    assert "Từ tuần 48/2026 (ngày 23/11/2026) số liệu được nêu theo cách này và bắt đầu tính lại" in text


def test_flagged_late_and_outside_submissions_are_told() -> None:
    early = report().week.shift(-1).sunday
    submissions = [
        *week_of_submissions(40),
        stored(1, received_on=early),
        stored(2, round="ngoai-dot"),
        stored(3, flags=(Flag.BURST,)),
    ]
    text = " ".join(mail_of(submissions).text.split())
    assert "phiếu có dấu hiệu bất thường" in text
    assert "1 phiếu nhận từ trước" in text
    assert "1 phiếu gửi khi không có đợt" in text


def test_what_a_machine_sent_is_told_as_a_number_and_its_ratings_to_nobody() -> None:
    robots = [stored(n, flags=(Flag.NO_STAMP,)) for n in range(40, 52)]
    mail = mail_of([*week_of_submissions(40), *robots])
    for part in (" ".join(mail.text.split()), Page(mail.html).text):
        assert "nhận 52 phiếu, trong đó 12 phiếu nghi do máy tự gửi, không tính vào các tỷ lệ (" in part
        assert "12 phiếu nghi do máy tự gửi (không qua trang góp ý) chỉ được đếm vào số lượng" in part


def test_places_and_services_that_are_gone_are_shown_by_code() -> None:
    gone = [
        stored(n, place="cu99", service="cu_roi", text="Tốt", answers={"chung": str(1 + n % 5)})
        for n in range(12)
    ]
    others = [stored(60 + n, answers={"chung": str(1 + n % 5)}) for n in range(12)]
    text = mail_of([*gone, *others, stored(50, questionnaire="x-9")], earlier={}).text
    assert "Mã cu99 (không còn trong danh sách)" in " ".join(text.split())
    assert "cu_roi – hài lòng chung: 33,3% (4/12)" in " ".join(text.split())
    assert "bộ câu hỏi x-9 mà hệ thống không còn mô tả" in " ".join(text.split())


def test_the_draft_and_the_workbook_are_attached_under_ascii_names() -> None:
    whole = whole_mail_of([])
    attachments = whole.attachments
    names = ["Bao-cao-gop-y_07210_2026-W48.docx", "Bao-cao-gop-y_07210_2026-W48.xlsx"]
    assert [attachment.name for attachment in attachments] == names
    assert all(attachment.content.startswith(b"PK") for attachment in attachments)
    assert replace(whole, attachments=()) == mail_of([]), "what the tests read is what is sent"


def test_two_versions_are_told_apart() -> None:
    asked: dict[str, Questionnaire] = {v: questionnaire(v) for v in ("qcdc-v1", "qcdc-v0")}
    submissions = [stored(1), stored(2, questionnaire="qcdc-v0")]
    held: Box = box()
    mail = mail_of(submissions, box=held, questionnaires=asked)
    assert "Bộ câu hỏi qcdc-v0" in mail.text
    assert "Bộ câu hỏi qcdc-v1" in mail.html


def test_many_silent_places_are_named_in_part() -> None:
    text = " ".join(mail_of([stored(1)], box=box(places=places(20)), earlier={}).text.split())
    assert "19/20 nơi không có phiếu –" in text
    assert "và 14 nơi khác (xem bảng theo nơi)" in text


def test_every_sentence_is_used() -> None:
    root = WEB.parent
    table = tomllib.loads((WEB / "text" / "report.vi.toml").read_text("utf-8"))["report"]
    sources = "\n".join(
        path.read_text("utf-8")
        for folder in (root / "functions/homthu/render", WEB / "templates/report")
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".py", ".txt", ".html")
    )
    # Some keys are put together from a section and a word that stands elsewhere in quotes.
    words = set(re.findall(r'"(\w+)"', sources)) | {
        "self",
        "assisted",
        "paper",
        *(f"state_{state}" for state in CaseState),
        *SeriesKind,
        *(f"rest_{kind}" for kind in SeriesKind),
        *(f"kind_{kind}" for kind in SeriesKind),
        *(f"{of}_{kind}" for of in ("no_before", "period_text", "since", "before") for kind in EditionKind),
        *(f"before_{kind}_is" for kind in EditionKind),
        *EarlierKind,
        *(f"compare_{kind}" for kind in EarlierKind),
        "compare_weeks",
        *(f"expiring_{field.name}" for field in fields(Retention)),
        "expiring_desk_log_typed",
        *(f"rekeying_{part}" for part in ("field", "sum", "rows", "forms", "answers")),
        *(f"rekeying_all_{part}" for part in ("forms", "answers")),
        *Direction,
        *WithholdReason,
        *SERIOUS,
        *("satisfied", "neutral", "dissatisfied"),
        *AnswerKind,
        *(f"{of}_{kind}" for of in ("alike", "verdict") for kind in VerdictKind),
    }
    for section, sentences in table.items():
        for key in sentences:
            is_used = f'"report.{section}.{key}"' in sources or key in words
            assert is_used, f"report.{section}.{key}"
