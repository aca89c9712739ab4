"""Inclusion: the list of forms that a week's report counted, and whether a reference's form is in it."""

from collections.abc import Iterator

from homthu.domain.reports.edition import WEEKLY, Edition, EditionKind
from homthu.domain.reports.ledger import FrozenReport
from homthu.domain.secret import Secrets
from homthu.domain.submissions.inclusion import Inclusion, commitment_of, commitments_in, seed_of
from homthu.domain.submissions.reference import MOST_READINGS, id_of, read_code
from homthu.domain.submissions.submission import SubmissionStatus
from homthu.domain.week import Week
from homthu.ports import Ledger, SubmissionFinder


def counting_report(ledger: Ledger, ward: str, week: Week) -> FrozenReport | None:
    """The newest report that counts a week: the weekly one, or its last correction."""
    newest = None
    for report in _counting(ledger, ward, week):
        newest = report
    return newest


def _counting(ledger: Ledger, ward: str, week: Week) -> Iterator[FrozenReport]:
    report, done = ledger.report(ward, week, WEEKLY), 0
    while report is not None:
        yield report
        done += 1
        report = ledger.report(ward, week, Edition(EditionKind.CORRECTION, str(done)))


def published_list(ledger: Ledger, ward: str, week: Week) -> bytes | None:
    """The list that a week's newest report publishes; None if there is none. May raise `StoreUnavailable`."""
    report = counting_report(ledger, ward, week)
    try:
        return ledger.content(report.counted) if report and report.counted else None
    except LookupError:
        return None


def inclusion_of(
    ledger: Ledger, finder: SubmissionFinder, secrets: Secrets, status: SubmissionStatus, typed: str
) -> Inclusion | None:
    """Whether the form of a reference, however it was typed, is in its week's list.

    The commitment is made from what was typed, not from what is stored: a store that lost a form, or keeps
    another in its place, cannot say yes. None while the week is open, and for reports and forms from before
    there were lists.
    """
    report = counting_report(ledger, status.ward, status.week) if status.is_closed else None
    if report is None or not report.counted:
        return None
    try:
        listed = commitments_in(ledger.content(report.counted))
    except LookupError:
        # `verify-reports` says that it is lost.
        listed = []
    references = read_code(typed, MOST_READINGS)
    is_in = any(commitment_of(seed_of(reference)) in listed for reference in references)
    if not is_in and _is_of_before(finder, secrets, references):
        return None
    return Inclusion(number=report.number, year=report.year, count=len(listed), is_in=is_in)


def _is_of_before(finder: SubmissionFinder, secrets: Secrets, references: tuple[str, ...]) -> bool:
    ids = (id_of(reference, secret) for reference in references for secret in secrets.all)
    return any(stored is not None and not stored.submission.seed for stored in map(finder.submission, ids))
