"""A rehearsal finds out on Friday what would fail on Monday, and leaves everything as it was."""

import copy
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from homthu.domain.boxes.box import Box, Recipient
from homthu.domain.reports.suggestion import Suggestion
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.domain.submissions.submission import StoredSubmission
from homthu.ports import MailNotSent, StoreUnavailable
from homthu.render.mail.message import MailTooLarge
from homthu.services.rehearse import WardRehearsal, rehearse_mail, rehearse_wards
from homthu.services.report_context import ReportContext
from report_harness import SENDER, W47, W48, ReportHarness, monday, render

FRIDAY = datetime(2026, 11, 27, 1, tzinfo=UTC)


@pytest.fixture
def harness() -> ReportHarness:
    """An office whose week 47 is closed and mailed, on Friday of week 48."""
    harness = ReportHarness()
    harness.receive(W47.begins_at)
    harness.report(monday(W47))
    harness.receive(W48.begins_at + timedelta(hours=9), 2)
    harness.now = FRIDAY
    return harness


class Printed:
    """Keeps what was rendered."""

    def __init__(self) -> None:
        self.reports: list[WeeklyReport] = []
        self.mails: list[bytes] = []

    def __call__(self, report: WeeklyReport, suggestions: Iterable[Suggestion]) -> bytes:
        self.reports.append(report)
        self.mails.append(render(report, suggestions))
        return self.mails[-1]


def nothing() -> None:
    """A store that can be used."""


def rehearsed(
    harness: ReportHarness, context: ReportContext | None = None, *boxes: Box
) -> list[WardRehearsal]:
    return list(
        rehearse_wards(context or harness.context, SENDER, boxes or [harness.box], check_store=nothing)
    )


def test_on_friday_the_running_week_is_made_into_a_mail(harness: ReportHarness) -> None:
    printed = Printed()
    [seen] = rehearsed(harness, replace(harness.context, render=printed))
    assert (seen.ward, seen.week, seen.problem) == (harness.ward, W48, "")
    assert printed.reports[0].forms.received == 2
    assert printed.reports[0].number == 2
    assert seen.mail_bytes > len(printed.mails[0])


def test_a_rehearsal_changes_and_sends_nothing(harness: ReportHarness) -> None:
    def everything() -> object:
        kept = {name: value for name, value in vars(harness.store).items() if isinstance(value, dict)}
        return copy.deepcopy((kept, harness.mailer.sent, harness.mailer.attempts))

    before = everything()
    for _ in range(2):
        assert [one.problem for one in rehearsed(harness)] == [""]
        assert rehearse_mail(harness.mailer, SENDER, [harness.box], size_bytes=1) == ""
    assert everything() == before
    # And Monday comes as if there had been none.
    outcome = harness.report(monday(W48))
    assert (outcome.closed[0].number, outcome.closed[0].tally.total, outcome.is_done) == (2, 2, True)


def test_monday_reports_what_the_rehearsal_foresaw(harness: ReportHarness) -> None:
    """A submission that became visible after its own week was closed included."""
    harness.receive(W47.ends_at - timedelta(minutes=1))
    harness.now = FRIDAY
    foreseen, made = Printed(), Printed()
    rehearsed(harness, replace(harness.context, render=foreseen))
    harness.now = monday(W48)
    assert [one.week for one in rehearsed(harness, replace(harness.context, render=made))] == [W48]
    assert made.mails == foreseen.mails
    harness.report(monday(W48))
    assert made.mails[0].decode().splitlines()[2] in harness.bodies


def test_a_week_that_is_still_owed_is_rehearsed_first() -> None:
    harness = ReportHarness()
    harness.receive(W47.begins_at)
    harness.now = FRIDAY
    assert [one.week for one in rehearsed(harness)] == [W47]


def test_a_box_that_nobody_has_used_is_rehearsed_as_well() -> None:
    harness = ReportHarness(now=FRIDAY)
    assert [(one.week, one.problem) for one in rehearsed(harness)] == [(W48, "")]


def test_a_ward_too_far_behind_is_told(harness: ReportHarness) -> None:
    harness.now = FRIDAY + timedelta(weeks=13)
    assert [one.problem for one in rehearsed(harness)] == ["too_far_behind"]


def test_a_mail_that_cannot_be_made_is_told(harness: ReportHarness) -> None:
    def too_large(report: object, suggestions: object) -> bytes:
        raise MailTooLarge(8_000_000, 7_000_000)

    assert [one.problem for one in rehearsed(harness, replace(harness.context, render=too_large))] == [
        "mail_too_large"
    ]


def test_a_recipient_who_cannot_be_addressed_is_told(harness: ReportHarness) -> None:
    box = replace(harness.box, recipients=(Recipient(name="x", email="x\r\nBcc: y@example.org"),))
    assert [one.problem for one in rehearsed(harness, None, box)] == ["unsafe_header"]


def test_one_wards_defect_does_not_hide_anothers_soundness(harness: ReportHarness) -> None:
    broken = replace(harness.box, ward=replace(harness.box.ward, code="99999"), recipients=None)
    seen = rehearsed(harness, None, broken, harness.box)
    assert [(one.ward, one.problem) for one in seen] == [("99999", "crashed"), (harness.ward, "")]


def test_a_store_that_does_not_answer_is_told_for_every_ward_and_asked_once(harness: ReportHarness) -> None:
    asked = []

    def down() -> None:
        asked.append(1)
        raise StoreUnavailable("deadline_exceeded")

    other = replace(harness.box, ward=replace(harness.box.ward, code="99999"))
    seen = list(rehearse_wards(harness.context, SENDER, [harness.box, other], check_store=down))
    assert [one.problem for one in seen] == ["store_deadline_exceeded"] * 2
    assert asked == [1]


def test_a_wards_past_is_not_read(harness: ReportHarness) -> None:
    """It would cost more with every year, each week anew."""

    class Recent:
        """An archive of which only the week in question may be read."""

        def oldest_without_week(self, ward: str) -> datetime | None:
            return harness.store.oldest_without_week(ward)

        def has_received_after(self, ward: str, instant: datetime) -> bool:
            return harness.store.has_received_after(ward, instant)

        def without_week(self, ward: str) -> Iterator[StoredSubmission]:
            return harness.store.without_week(ward)

        def in_week(self, ward: str, week: object) -> Iterator[StoredSubmission]:
            assert week == W48
            return harness.store.in_week(ward, W48)

    assert [one.problem for one in rehearsed(harness, replace(harness.context, archive=Recent()))] == [""]


def test_a_way_out_that_is_closed_is_told_by_its_code(harness: ReportHarness) -> None:
    harness.mailer.fail_check(MailNotSent("no_starttls"))
    assert rehearse_mail(harness.mailer, SENDER, [harness.box], size_bytes=1) == "no_starttls"


def test_a_mailer_with_a_defect_is_told_as_well() -> None:
    class Broken:
        def check(self, *, sender: str, recipients: Sequence[str], size_bytes: int) -> None:
            raise ValueError("embedded null byte")

    assert rehearse_mail(Broken(), SENDER, [], size_bytes=1) == "crashed"
