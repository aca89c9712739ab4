"""Mark surges: flag the submissions of a week that came in one, before their times are removed."""

from collections.abc import Iterator

from homthu.domain.reports.surges import is_in, surges
from homthu.domain.submissions.submission import Flag
from homthu.domain.week import Week
from homthu.ports import SubmissionArchive
from homthu.services.report_context import Receipts


def surging(receipts: Receipts) -> Iterator[str]:
    """The ids of those that came in a surge; changes nothing."""
    found = surges(receipts())
    if found:
        yield from (one.id for one in receipts() if is_in(one, found))


def mark_surges(archive: SubmissionArchive, ward: str, week: Week, receipts: Receipts) -> Iterator[int]:
    """Flag them, chunk by chunk, so that the caller can stop between two; give each chunk's size.

    Broken off it begins anew and finds the same, for no time is removed before it is through. Once
    the first is assigned the rest would show too few, so then it does nothing: it was through.
    """
    if not archive.count_in_week(ward, week):
        yield from archive.flag(surging(receipts), Flag.BURST)
