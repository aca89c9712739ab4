"""A round set against the one before and last year's, a year against the year before."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from homthu.adapters.web_files import load_templates, load_texts
from homthu.domain.boxes.round import RoundRule
from homthu.domain.releases.series import WARD
from homthu.domain.reports.earlier import EarlierKind, forms_of
from homthu.domain.reports.period import round_period, year_period
from homthu.domain.reports.tally import Fact, Tally
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.domain.week import Week
from homthu.render.letter.draft import letter_of
from homthu.render.mail.message import Mail
from homthu.render.report.mail import render_report
from homthu.render.templates import make_environment
from homthu.services.report_context import ReportContext
from report_harness import ReportHarness, monday

TEXTS = load_texts("vi")


class TwoYears(ReportHarness):
    """An office with two rounds a year, in both of which people came; it keeps every report it made."""

    made: list[WeeklyReport]

    @property
    def context(self) -> ReportContext:
        def keep(report: WeeklyReport, suggestions: object) -> bytes:
            self.made.append(report)
            return f"report {report.number}".encode()

        return replace(super().context, render=keep)

    def of(self, mark: str) -> WeeklyReport:
        """The report of the round or the year with this mark."""
        return next(one for one in self.made if one.period and one.period.mark == mark)


@pytest.fixture(scope="module")
def years() -> TwoYears:
    """20 and 30 forms in the rounds of 2025, 40 and 50 in those of 2026, and 12 between them."""
    made = TwoYears()
    made.made = []
    rounds = tuple(
        RoundRule(code=code, name=name, opens=(0, month, 1), closes=(0, month, 21))
        for code, name, month in (("xuan", "Đợt xuân", 3), ("thu", "Đợt thu", 10))
    )
    made.box = replace(made.box, rounds=rounds, closing_hours=24)
    for year, spring, autumn in ((2025, 20, 30), (2026, 40, 50)):
        for month, code, count in ((3, "xuan", spring), (6, "", 12), (10, "thu", autumn)):
            at = datetime(year, month, 10, 3, tzinfo=UTC)
            for rating in ("4", "2"):
                answers = {"thai_do": rating, "chung": rating}
                round_ = f"{year}-{code}" if code else "ngoai-dot"
                made.receive(at, count // 2, round=round_, answers=answers, text="Đèn hỏng")
            made.report(monday(Week.at(at)))
    for _ in range(9):
        made.report(monday(Week(2026, 53)), catch_up=200)
    return made


def test_a_round_is_set_against_the_one_before_and_last_years_same_one(years: TwoYears) -> None:
    found = {one.kind: one.received for one in years.of("2026-thu").compared_with}
    assert found == {EarlierKind.ROUND_BEFORE: 40, EarlierKind.SAME_ROUND: 30}
    changes = [years.of("2026-thu").change_since(one) for one in years.of("2026-thu").compared_with]
    assert [(c.before.answers, c.now.answers) for c in changes if c] == [(40, 50), (30, 50)]
    said = str(letter_of(years.of("2026-thu"), TEXTS))
    assert (
        "tiếp nhận 50 phiếu (đợt trước, Đợt xuân: 40; cùng đợt năm trước: 30; lũy kế năm 2026: 102)" in said
    )
    assert "đợt trước, Đợt xuân (09/03–15/03/2026): 50,0% (20/40). So sánh: chưa đủ" in said
    assert "Đợt thu năm 2026 (từ ngày 01/10/2026 đến ngày 21/10/2026)" in said
    first = {one.kind: one.received for one in years.of("2025-xuan").compared_with}
    assert first == {EarlierKind.ROUND_BEFORE: None, EarlierKind.SAME_ROUND: None}


def test_a_year_is_its_whole_weeks_set_against_the_year_before(years: TwoYears) -> None:
    made = years.of("2026")
    assert [(one.kind, one.received) for one in made.compared_with] == [(EarlierKind.YEAR_BEFORE, 62)]
    assert made.forms.received == 102
    said = str(letter_of(made, TEXTS))
    assert "Năm 2026 (từ tuần 1 đến tuần 53)" in said
    assert "tiếp nhận 102 phiếu (năm trước: 62), chi tiết" in said
    assert "trong năm có Đợt xuân (01/03–21/03/2026); Đợt thu (01/10–21/10/2026)" in said
    assert "tuần 1 bắt đầu ngày 29/12/2025, tuần 53 kết thúc ngày 03/01/2027" in said
    for wrong in ("ngoài các đợt", "Lũy kế đợt", "lũy kế đợt", "từ ngày 29/12/2025"):
        assert wrong not in said


def test_nothing_that_the_weeks_told_is_told_as_new(years: TwoYears) -> None:
    for mark, count in (("2026-thu", 50), ("2026", 102)):
        mail = mail_of_report(years.of(mark))
        text = " ".join(mail.text.split())
        assert f"Không có góp ý mới: {count} góp ý của kỳ này đã nêu trong các báo cáo tuần" in text
        assert "Các góp ý này đã nêu trong báo cáo các tuần" in text
        assert "góp ý mới cần đọc" not in text
        assert "so với lần nêu trước" not in text
    assert not any(years.of("2026").tells(WARD, asked).is_new for asked in years.of("2026").releases.asked)


def test_a_place_that_cannot_be_told_apart_says_so_beside_its_forms(years: TwoYears) -> None:
    made = years.of("2026")
    assert made.forms.by_place[0].received == 102
    few = replace(made, releases=replace(made.releases, told=()), forms=replace(made.forms, received=102))
    text = " ".join(mail_of_report(few).text.split())
    assert "102 phiếu (năm trước 62); hài lòng chung: –; không nêu riêng" in text
    assert "“Không nêu riêng”: nơi không đủ 10 lượt trả lời" in text


def test_a_round_that_comes_late_is_counted_for_its_own(years: TwoYears) -> None:
    late = Tally({(Fact.ALL,): 9, (Fact.ROUND, "2026-xuan"): 4, (Fact.ROUND_PLACE, "2026-xuan", "tt01"): 3})
    week = Week(2026, 10)
    of_round = forms_of(round_period(years.box.rounds[0].in_year(2026)), {week: late, week.shift(30): late})
    assert of_round is not None
    assert (of_round.total, of_round.count(Fact.PLACE, "tt01")) == (8, 6)
    of_year = forms_of(year_period(2026), {week: late, Week(2027, 1): late})
    assert of_year is not None
    assert of_year.total == 9
    assert forms_of(year_period(2025), {week: late}) is None


def mail_of_report(made: WeeklyReport) -> Mail:
    return render_report(
        made,
        texts=TEXTS,
        templates=make_environment(load_templates()),
        suggestions=[],
        desk_url="https://gopy.example.org/xu-ly",
    )
