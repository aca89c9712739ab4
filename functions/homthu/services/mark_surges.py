"""Mark surges: flag the submissions that came in a surge, before their times of receipt are removed."""

from collections.abc import Iterator

from homthu.domain.reports.surges import is_in, surges
from homthu.domain.submissions.submission import Flag
from homthu.domain.week import Week
from homthu.ports import SubmissionArchive
from homthu.services.report_context import Receipts


def surging(receipts: Receipts) -> Iterator[str]:
    """The ids of submissions that came in a surge; changes nothing."""
    found = surges(receipts())
    if found:
        yield from (one.id for one in receipts() if is_in(one, found))


def mark_surges(archive: SubmissionArchive, ward: str, week: Week, receipts: Receipts) -> Iterator[int]:
    """Flag them chunk by chunk, yielding the size of each, so that the caller can stop in between.

    If interrupted it starts over and finds the same, since no time of receipt is removed before it is
    complete. Once one is assigned the others would show too few, so it does nothing: it was complete.
    """
    if not archive.count_in_week(ward, week):
        yield from archive.flag(surging(receipts), Flag.BURST)
