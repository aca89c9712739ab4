"""Correct: a new report for a week whose count no longer matches that of its frozen report.

What was frozen stays as it is and stays verifiable; the new report says which one it replaces and why, and
cumulative figures use the new one from then on.
"""

from collections.abc import Collection, Iterable, Iterator

from homthu.domain.boxes.box import Box
from homthu.domain.errors import HomThuError
from homthu.domain.reports.clusters import count_submissions
from homthu.domain.reports.edition import Edition, EditionKind
from homthu.domain.reports.erased import as_before
from homthu.domain.reports.judged import only_verdicts, without_verdicts
from homthu.domain.reports.ledger import FrozenReport, newest_counts
from homthu.domain.reports.period import Correction
from homthu.domain.reports.tally import Fact, Tally
from homthu.domain.submissions.submission import StoredSubmission
from homthu.domain.text import clean_line
from homthu.domain.week import Week
from homthu.services.chain import Chain
from homthu.services.claim import claim_ward
from homthu.services.compile import compile_week
from homthu.services.report_context import ReportContext, in_week, sorting_of

#: Facts counted from submissions as they are now, not decided about them.
_COUNTED = frozenset(Fact) - {Fact.RELEASED, Fact.CLOSED, Fact.JOINT_KEPT}


class NothingToCorrect(HomThuError):
    """The week has no report yet, or its newest report counts what is stored now."""


def correct_week(context: ReportContext, box: Box, week: Week, *, reason: str, owner: str) -> FrozenReport:
    """Make and freeze a correction of the week's newest report; sending is the next run's business.

    Raise `NothingToCorrect`, or `WardBusy` while another worker holds the ward.
    """
    ward = box.ward.code
    claim = claim_ward(context.ledger, context.clock, ward=ward, owner=owner)
    try:
        chain = Chain.of(context, claim)
        chain.settle()
        reports = [report for report in context.ledger.reports(ward, week) if report.week == week]
        newest = newest_counts(reports).get(week)

        def submissions() -> Iterator[StoredSubmission]:
            return in_week(context, claim, week)

        if newest is None:
            raise NothingToCorrect(ward, str(week))
        # A finished week gets no more verdicts: what was counted of them stands.
        before, judged = without_verdicts(newest.tally), only_verdicts(newest.tally)
        erased = sum(one.erased_on is not None for one in submissions())

        def count(counted: Iterable[StoredSubmission]) -> Tally:
            return as_before(count_submissions(counted, context.questionnaires), before, erased)

        if _agree(count(sorting_of(context, ward).sorted(submissions())), before):
            raise NothingToCorrect(ward, str(week))
        done = sum(report.edition.kind is EditionKind.CORRECTION for report in reports)
        correction = Correction(number=newest.number, year=newest.year, reason=clean_line(reason))
        edition = Edition(EditionKind.CORRECTION, str(done + 1))
        if found := chain.find(ward, week, edition):
            return found
        slot = chain.begin(week, edition)
        made = compile_week(
            *(context, box, week, slot.number, submissions),
            correction,
            lambda counted: count(counted) + judged,
        )
        return chain.commit(slot, box, *made)
    finally:
        claim.release()


def _agree(now: Tally, then: Tally) -> bool:
    """Whether two tallies count the same, as far as both versions of the program count it.

    A newer version may count more of a submission, or leave something out; that alone is no correction.
    """
    kinds = ({fact[0] for fact in then.counts} & _COUNTED) | {Fact.ALL}
    return _only(now, kinds) == _only(then, kinds)


def _only(tally: Tally, kinds: Collection[str]) -> dict[tuple[str, ...], int]:
    return {fact: count for fact, count in tally.counts.items() if fact[0] in kinds}
