"""The reports at the end of a round and of a year, made by the same machinery as the weekly one."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from builders import SIGNS, WEEK, box, week_of_submissions
from homthu.adapters.web_files import load_templates, load_texts
from homthu.domain.boxes.questionnaire import Theme
from homthu.domain.boxes.round import RoundRule
from homthu.domain.cases.case import ActionKind
from homthu.domain.cases.review import Decision, ReviewKind
from homthu.domain.releases.series import OVERALL, WARD
from homthu.domain.reports.edition import EditionKind
from homthu.domain.reports.period import Period, ending_periods
from homthu.domain.reports.suggestion import Suggestion
from homthu.domain.reports.tally import Fact
from homthu.domain.reports.themes import OTHER, ThemeCounts
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.domain.week import Week
from homthu.ports import StoreUnavailable
from homthu.render.letter.draft import letter_of
from homthu.render.mail.message import Mail, MailTooLarge
from homthu.render.report.mail import render_report
from homthu.render.templates import make_environment
from homthu.services.move_text import move_text
from homthu.services.review import review_text
from homthu.services.run_reports import report_ward
from homthu.services.verify import verify_reports
from homthu.services.watch import watch
from report_builders import report
from report_harness import SENDER, W47, W48, W49, ReportHarness, monday

ROUND = RoundRule(code="dot-4", name="Đợt 4 năm 2026", opens=(2026, 11, 18), closes=(2026, 12, 2))
PERIOD = Period(
    kind=EditionKind.ROUND,
    mark="2026-dot-4",
    name="Đợt 4 năm 2026",
    first=date(2026, 11, 18),
    last=date(2026, 12, 2),
)
TEXTS = load_texts("vi")


@pytest.fixture
def harness() -> ReportHarness:
    """A round from a Wednesday to a Wednesday two weeks later, with strangers before and after."""
    made = ReportHarness()
    made.box = replace(made.box, rounds=(ROUND,), closing_hours=24)
    made.receive(W47.begins_at, 2, round="ngoai-dot")
    for week, count in ((W47, 3), (W48, 4), (W49, 5)):
        made.receive(week.begins_at + timedelta(days=2, hours=1), count, round="2026-dot-4")
    made.receive(W49.ends_at - timedelta(hours=3), 6, round="ngoai-dot")
    return made


def editions(harness: ReportHarness) -> list[tuple[str, int]]:
    return [(str(one.edition), one.tally.total) for one in harness.store.reports(harness.ward, W47)]


def test_a_round_is_reported_on_once_when_its_last_week_is_closed(harness: ReportHarness) -> None:
    harness.report(monday(W48))
    assert [name for name, _ in editions(harness)] == ["week", "week"]
    harness.report(monday(W49))
    assert editions(harness)[2:] == [("week", 11), ("round.2026-dot-4", 12)]
    sent = len(harness.mailer.sent)
    assert harness.report(monday(W49) + timedelta(hours=1)).is_done
    assert len(harness.mailer.sent) == sent == 4 * len(harness.box.recipients)
    assert verify_reports(harness.store, harness.store, harness.ward).holds == 4


def test_a_year_is_reported_on_when_its_last_week_is_closed(harness: ReportHarness) -> None:
    for week in (Week(2026, 53), Week(2027, 1)):
        harness.report(monday(week))
    years = [one for one in harness.store.reports(harness.ward, W47) if one.edition.kind is EditionKind.YEAR]
    assert [(str(one.edition), one.year, one.tally.total) for one in years] == [("year.2026", 2026, 20)]
    assert verify_reports(harness.store, harness.store, harness.ward).fault == ""


@pytest.mark.parametrize("step", ["save_content", "freeze", "owe"])
def test_a_round_report_that_breaks_off_is_made_by_the_next_run(harness: ReportHarness, step: str) -> None:
    harness.report(monday(W48))

    class Down:
        """The ledger, failing at one step of the second report."""

        calls = 0

        def __getattr__(self, name: str) -> object:
            real = getattr(harness.store, name)
            if name != step:
                return real

            def call(*arguments: object) -> object:
                Down.calls += 1
                if Down.calls == (4 if step == "owe" else 2):
                    raise StoreUnavailable("cut")
                return real(*arguments)

            return call

    harness.now = monday(W49)
    context = replace(harness.context, ledger=Down())
    assert report_ward(context, harness.mailer, SENDER, harness.box, owner="a").problem == "store_cut"
    assert harness.report(monday(W49) + timedelta(minutes=1)).is_done
    assert editions(harness)[2:] == [("week", 11), ("round.2026-dot-4", 12)]
    assert sorted(set(harness.mailer.recipients)) == sorted(one.email for one in harness.box.recipients)
    assert len(harness.mailer.sent) == 4 * len(harness.box.recipients)
    assert verify_reports(harness.store, harness.store, harness.ward).holds == 4


def test_a_round_report_that_cannot_be_made_holds_no_weekly_report_back_and_is_told(
    harness: ReportHarness,
) -> None:
    harness.report(monday(W48))
    sent = len(harness.mailer.sent)

    def render(made: WeeklyReport, suggestions: object) -> bytes:
        if made.period:
            raise MailTooLarge(8_000_000, 7_000_000)
        return harness.context.render(made, suggestions)

    harness.now = monday(W49)
    context = replace(harness.context, render=render)
    outcome = report_ward(context, harness.mailer, SENDER, harness.box, owner="a")
    assert (outcome.problem, outcome.is_done) == ("mail_too_large", False)
    assert len(harness.mailer.sent) - sent == len(harness.box.recipients)
    alarms = watch(harness.store, harness.store, harness.store, lambda: harness.now, harness.box)
    assert [alarm.kind for alarm in alarms] == ["report_missing"]


@pytest.mark.parametrize(
    ("hours", "ends_in"), [(0, Week(2026, 48)), (1, Week(2026, 49)), (168, Week(2026, 49))]
)
def test_a_round_ends_when_nothing_can_come_any_more(hours: int, ends_in: Week) -> None:
    rule = replace(ROUND, closes=(2026, 11, 29))
    found = [
        week
        for week in (Week(2026, 47), Week(2026, 48), Week(2026, 49), Week(2026, 50))
        if list(ending_periods((rule,), hours, week))
    ]
    assert found == [ends_in]


def test_every_week_of_years_ends_each_round_and_each_year_once() -> None:
    rules = box().rounds
    week, found = Week(2025, 1), []
    while week <= Week(2032, 53):
        found += [period.edition for period in ending_periods(rules, 24, week)]
        week = week.shift(1)
    assert len(found) == len(set(found)) == 8 * 5


def test_the_mail_and_the_letter_call_a_round_by_its_name_and_dates() -> None:
    submissions = list(week_of_submissions(60))
    made = report(submissions, period=PERIOD, earlier={})
    mail = mail_of_report(made)
    assert mail.subject == "Đợt 4 năm 2026: 60 phiếu, 25 góp ý – phường Bắc Giang (18/11–02/12/2026)"
    assert "Đợt 4 năm 2026, từ 18/11/2026 đến 02/12/2026; báo cáo số 12." in " ".join(mail.text.split())
    assert "nhận 60 phiếu (chưa có số liệu đợt trước; lũy kế năm 2026: 60)" in mail.text.replace("\n", " ")
    assert mail.attachments[0].name == "Bao-cao-gop-y_07210_dot-2026-dot-4.docx"
    said = str(letter_of(made, TEXTS))
    assert "Đợt 4 năm 2026 (từ ngày 18/11/2026 đến ngày 02/12/2026)" in said
    assert "tuần 48" not in said


def test_a_rounds_figures_are_the_sums_of_what_the_weeks_told() -> None:
    weeks = {WEEK.shift(-n): list(week_of_submissions(30, seed=n, week=WEEK.shift(-n))) for n in (1, 2)}
    period = replace(PERIOD, mark="2026-4")
    made = report(week_of_submissions(40), earlier=weeks, period=period, ending=("2026-4",))
    figure = made.overall.figure
    assert figure is not None
    assert len(figure.parts) == 3
    assert figure.answers == sum(run.answers for run in made.releases.runs(WARD, OVERALL))
    said = str(letter_of(made, TEXTS))
    assert f"Đã tính {figure.answers} lượt trả lời trong 40 phiếu." in said


def mail_of_report(made: WeeklyReport) -> Mail:
    return render_report(
        made,
        texts=TEXTS,
        templates=make_environment(load_templates()),
        suggestions=[],
        desk_url="https://gopy.example.org/xu-ly",
    )


def test_a_text_that_was_moved_at_the_desk_is_counted_and_quoted_by_the_next_report_as_it_was_moved(
    harness: ReportHarness,
) -> None:
    lamp, claim = "Đèn đường ngõ 12 hỏng", "Tôi tố cáo việc thu tiền không biên lai"
    at = W47.begins_at + timedelta(days=3)
    for text in (lamp, claim):
        harness.receive(at, text=text, round="2026-dot-4")
    harness.report(monday(W47))
    assert (lamp in harness.bodies, claim in harness.bodies) == (True, False)
    ids = {one.submission.text: one.id for one in harness.store.in_week(harness.ward, W47)}
    step = {"ward": harness.ward, "who": "A", "on": W48.monday, "idempotency_key": "1"}
    parts = (harness.store, harness.store, SIGNS)
    move_text(*parts, id=ids[claim], seen=0, move=ActionKind.SET_BACK, **step)
    move_text(*parts, id=ids[lamp], seen=0, move=ActionKind.SET_APART, **step)
    before = len(harness.bodies)
    harness.report(monday(W49))
    told = harness.bodies[before:]
    assert (lamp in told, claim in told) == (False, True)
    (round_,) = (
        one for one in harness.store.reports(harness.ward, W47) if one.edition.kind is EditionKind.ROUND
    )
    assert (round_.tally.count(Fact.TEXT), round_.tally.count(Fact.PETITION)) == (2, 1)


def test_a_round_counts_what_its_texts_are_about_as_readers_said_by_its_end(harness: ReportHarness) -> None:
    lamps = Theme(id="den", label={"vi": "Đèn"}, words=("đèn",))
    harness.box = replace(harness.box, questionnaire=replace(harness.box.questionnaire, themes=(lamps,)))
    harness.receive(W48.begins_at + timedelta(days=1), 11, round="2026-dot-4", text="Đèn hỏng")
    harness.receive(W48.begins_at + timedelta(days=1), 2, round="ngoai-dot", text="Đèn hỏng")
    harness.report(monday(W48))
    first, second, *_ = (
        one.id
        for one in harness.store.in_week(harness.ward, W48)
        if one.submission.round == "2026-dot-4" and one.submission.text
    )
    for id, day, theme in ((first, W49.monday, OTHER), (second, W49.shift(1).monday, OTHER)):
        review_text(
            harness.store,
            harness.store,
            harness.store,
            SIGNS,
            ward=harness.ward,
            id=id,
            seen=0,
            decision=Decision(kind=ReviewKind.THEME, theme=theme),
            who="A",
            on=day,
            idempotency_key="k",
        )
    made: list[WeeklyReport] = []

    def keep(report: WeeklyReport, suggestions: Iterable[Suggestion]) -> bytes:
        made.append(report)
        return b"Subject: x\r\n\r\n" + str(len(made)).encode()

    harness.now = monday(W49)
    context = replace(harness.context, render=keep)
    assert report_ward(context, harness.mailer, SENDER, harness.box, owner="a").is_done
    told = {one.kind: one.themes for one in made}
    assert told[EditionKind.ROUND] == ThemeCounts(by_theme={"den": 10, OTHER: 1}, read=1, corrected=1)
    assert told[EditionKind.WEEK] == ThemeCounts()
    assert not any(one.reviewed.total for one in made), "a theme lets nothing pass"
