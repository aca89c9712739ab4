"""Mark paper: flag paper forms of a batch that was revoked, or that brought more forms than it has slips."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from homthu.domain.reports.ledger import newest_counts
from homthu.domain.reports.paper import PaperStratum
from homthu.domain.reports.tally import Fact, Tally
from homthu.domain.submissions.paper_batch import PaperBatch
from homthu.domain.submissions.submission import Flag
from homthu.domain.week import Week
from homthu.ports import Ledger, PaperBatches, SubmissionArchive
from homthu.services.report_context import Receipts, ReportContext


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperDesk:
    """Where batches of paper slips, and the forms that name them, are looked up."""

    archive: SubmissionArchive
    ledger: Ledger
    batches: PaperBatches

    def typed_before(self, batch: PaperBatch, week: Week) -> int:
        """How many of a batch's slips were counted in the reports of earlier weeks."""
        reports = newest_counts(self.ledger.reports(batch.ward, Week.of(batch.made_on)))
        return sum(one.tally.count(Fact.BATCH, batch.mark) for past, one in reports.items() if past < week)

    def unvouched(self, ward: str, week: Week, receipts: Receipts) -> Iterator[str]:
        """The ids of the week's paper forms that no batch vouches for; changes nothing."""
        typed = Counter(one.batch for one in receipts() if one.batch)
        if not typed:
            return
        known = {one.mark: one for one in self.batches.paper_batches(ward)}
        bad = {mark for mark, count in typed.items() if self._is_bad(known.get(mark), count, week)}
        yield from (one.id for one in receipts() if one.batch in bad)

    def _is_bad(self, batch: PaperBatch | None, count: int, week: Week) -> bool:
        if batch is None or batch.is_revoked:
            return True
        return self.typed_before(batch, week) + count > batch.slips


def paper_desk(context: ReportContext) -> PaperDesk:
    """The paper desk of a report's context."""
    return PaperDesk(archive=context.archive, ledger=context.ledger, batches=context.batches)


def paper_strata(desk: PaperDesk, ward: str, week: Week, tally: Tally) -> Iterator[PaperStratum]:
    """The batches with slips in the week's tally, oldest first."""
    typed = tally.split(Fact.BATCH)
    if not typed:
        return
    for batch in sorted(desk.batches.paper_batches(ward), key=lambda one: (one.made_on, one.id)):
        if count := typed.get(batch.mark, 0):
            yield PaperStratum(
                label=batch.label,
                slips=batch.slips,
                typed=count,
                typed_in_all=desk.typed_before(batch, week) + count,
                is_revoked=batch.is_revoked,
            )


def mark_paper(desk: PaperDesk, ward: str, week: Week, receipts: Receipts) -> Iterator[int]:
    """Flag unvouched forms chunk by chunk, yielding the size of each; like `mark_surges`, only once."""
    if not desk.archive.count_in_week(ward, week):
        yield from desk.archive.flag(desk.unvouched(ward, week, receipts), Flag.UNVOUCHED)
