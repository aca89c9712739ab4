"""Erasing while a week is closed and its mails go out: nobody is told any more what is gone."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from erasing import erasure, is_kept, reference
from fakes.memory_eraser import MemoryEraser
from homthu.domain.reports.suggestion import Suggestion
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.domain.submissions.receipt import Unassigned
from homthu.domain.week import Week
from homthu.render.report.anchor import plain_text
from homthu.services.erase import erase
from report_harness import W47, ReportHarness, monday, render

WORDS = "Quầy số ba hỏng máy lấy số đã hai tuần mà không ai sửa"


@pytest.fixture
def harness() -> ReportHarness:
    """An open week with words in it, and a dozen forms without."""
    made = ReportHarness()
    made.receive(W47.begins_at, text=WORDS)
    made.receive(W47.begins_at, 12)
    return made


def erase_words(harness: ReportHarness) -> None:
    erase(erasure(harness.store, lambda: harness.now), reference(1))


def test_words_erased_since_the_week_was_read_are_not_told(harness: ReportHarness) -> None:
    real, read = harness.store.unassigned, []

    def read_and_blank(ward: str, week: Week, *, limit: int) -> list[Unassigned]:
        read.extend(real(ward, week, limit=limit))
        (id,) = (one.stored.id for one in read if one.stored.submission.text)
        MemoryEraser(harness.store).blank(id, harness.now.date())
        return read

    harness.store.unassigned = read_and_blank
    (report,) = harness.report(monday(W47)).closed
    assert (report.tally.total, is_kept(harness.store, WORDS)) == (13, False)


def test_who_lost_the_ward_to_an_erasure_keeps_no_mail_that_quotes_it(harness: ReportHarness) -> None:
    rendered = []

    def render_for_an_hour(report: WeeklyReport, suggestions: Iterable[Suggestion]) -> bytes:
        rendered.append(render(report, suggestions))
        if len(rendered) == 1:
            harness.now += timedelta(hours=1)
            erase_words(harness)
        return rendered[-1]

    harness.render = render_for_an_hour
    outcome = harness.report(monday(W47))
    assert (outcome.closed, outcome.problem, is_kept(harness.store, WORDS)) == ((), "lease_lost", False)
    (report,) = harness.report(monday(W47) + timedelta(hours=3)).closed
    assert (report.tally.total, is_kept(harness.store, WORDS)) == (13, False)


def test_who_gets_the_mail_after_an_erasure_gets_it_without_the_words(harness: ReportHarness) -> None:
    send, told = harness.mailer.send, []

    def send_and_erase(message: bytes, *, sender: str, recipient: str) -> None:
        send(message, sender=sender, recipient=recipient)
        told.append(WORDS in plain_text(message))
        if len(told) == 1:
            erase_words(harness)

    harness.mailer.send = send_and_erase
    harness.report(monday(W47))
    assert told == [True, False, False]
