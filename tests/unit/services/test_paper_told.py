"""A report tells each batch of paper slips that brought forms this week, and no other."""

from collections.abc import Iterable
from datetime import date

from homthu.domain.reports.paper import PaperStratum
from homthu.domain.reports.suggestion import Suggestion
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.domain.submissions.paper_batch import PaperBatch
from homthu.domain.submissions.submission import Channel
from report_harness import W47, W48, ReportHarness, monday


def test_a_batch_is_told_in_the_weeks_that_it_brought_forms_in_with_all_that_it_has_brought() -> None:
    harness, told = ReportHarness(), list[WeeklyReport]()

    def render(report: WeeklyReport, suggestions: Iterable[Suggestion]) -> bytes:
        told.append(report)
        return b"Subject: x\r\n\r\nx"

    harness.render = render
    first, second = (
        PaperBatch(
            id=digits * 16,
            ward=harness.ward,
            label=label,
            slips=50,
            made_on=date(2026, 11, day),
            is_revoked=gone,
        )
        for digits, label, day, gone in (("b2", "Lô Sỏi", 2, False), ("b1", "Lô Đông", 1, True))
    )
    for batch in (first, second):
        harness.store.create_paper_batch(batch)
    for week, batch, count in ((W47, first, 3), (W48, first, 4), (W48, second, 2)):
        harness.receive(week.begins_at, count, channel=Channel.PAPER, batch=batch.mark)
    harness.report(monday(W48))
    seen = {report.week: report.paper for report in told if not report.period}
    whole = PaperStratum(label="Lô Sỏi", slips=50, typed=3, typed_in_all=3, is_revoked=False)
    assert seen[W47] == (whole,)
    assert [(one.label, one.typed, one.typed_in_all, one.is_revoked) for one in seen[W48]] == [
        ("Lô Đông", 2, 2, True),
        ("Lô Sỏi", 4, 7, False),
    ]
