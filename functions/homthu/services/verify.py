"""Verify: walk a ward's chain of reports and name the first link that does not hold.

A mail that lost words by an erasure still holds: its report's digest covers commitments to the quotations,
and the submission whose words are missing must be an erased one, or the report one that is past its time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from homthu.domain.reports.ledger import FrozenReport, chain_order, newest_counts
from homthu.domain.reports.printed_digest import printed
from homthu.domain.submissions.inclusion import commitment_of, commitments_in, list_digest
from homthu.domain.week import Week
from homthu.ports import Ledger, SubmissionArchive, SubmissionFinder
from homthu.render.report.anchor import shown_by
from homthu.services.chain import chain_digest
from homthu.services.deliver import deliveries_of
from homthu.services.frozen_content import FrozenContent

_BEFORE_ALL = Week(2000, 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """How many links hold from the first on, and what is wrong with the next; `fault` is a short code.

    `erased` names the reports among them whose mail lost words on request, with the days; `expired` counts
    those that lost them because they were kept long enough.
    """

    ward: str
    holds: int
    fault: str = ""
    at: str = ""
    erased: tuple[tuple[str, tuple[date, ...]], ...] = ()
    expired: int = 0


def verify_reports(
    ledger: Ledger, finder: SubmissionFinder, ward: str, *, quoting_since: Week = _BEFORE_ALL
) -> Verdict:
    """Check every report against its content, its digest and its place behind the one before.

    Reports of weeks before `quoting_since` may have lost their quotations because they were kept long enough.
    """
    reports = sorted(ledger.reports(ward, _BEFORE_ALL), key=chain_order)
    last_digest, held, expired = "", 0, 0
    last: FrozenReport | None = None
    erased: list[tuple[str, tuple[date, ...]]] = []
    for report in reports:
        fault = _misplaced(report, last, last_digest)
        days: list[date] = []
        if not fault:
            fault, days = _content_fault(ledger, finder, report, quoting_since)
        if fault:
            return Verdict(ward=ward, holds=held, fault=fault, at=_name(report), erased=tuple(erased))
        if days and report.week < quoting_since:
            expired += 1
        elif days:
            erased.append((_name(report), tuple(days)))
        last_digest, last, held = report.digest, report, held + 1
    head = ledger.head(ward)
    # A report that was frozen just now may not have been entered in the head yet.
    not_entered = last.previous_digest if last and head and head.pending else last_digest
    if head is not None and head.last_digest not in (last_digest, not_entered):
        # The newest report is gone, or the head was set back.
        return Verdict(ward=ward, holds=held, fault="end_missing", at=f"{head.last_number}/{head.last_year}")
    return Verdict(ward=ward, holds=held, erased=tuple(erased), expired=expired)


def _misplaced(report: FrozenReport, last: FrozenReport | None, last_digest: str) -> str:
    if report.previous_digest != last_digest:
        return "link_missing"
    expected = last.number + 1 if last and last.year == report.year else 1
    return "" if report.number == expected else "number_out_of_order"


def _content_fault(
    ledger: Ledger, finder: SubmissionFinder, report: FrozenReport, quoting_since: Week = _BEFORE_ALL
) -> tuple[str, list[date]]:
    """What is wrong with a report or its mail, and if nothing is, when words were erased from it.

    Of one that is past its time no such day is known, and the day on which it was frozen stands for it.
    """
    try:
        frozen = [FrozenContent.read(ledger, name) for name in report.contents]
    except LookupError:
        return "content_missing", []
    if chain_digest(report, [one.digest for one in frozen]) != report.digest:
        return "changed", []
    if report.counted and not _is_whole_list(ledger, report.counted):
        return "list_missing", []
    if report.week < quoting_since:
        return "", [report.frozen_on] if any(one.erased for one in frozen) else []
    days = [one.erased_on(finder) for one in frozen]
    if any(some is None for some in days):
        return "changed", []
    return "", sorted({day for some in days for day in some or ()})


def _is_whole_list(ledger: Ledger, name: str) -> bool:
    """Whether the published list of counted forms is the one that its name, and so the chain, tells."""
    try:
        return list_digest(ledger.content(name)) == name.split(".")[2]
    except LookupError:
        return False


def missing_forms(
    ledger: Ledger, archive: SubmissionArchive, ward: str, since: Week
) -> Iterator[tuple[str, int]]:
    """The reports of weeks from one on that counted forms which the store has no more, and how many.

    An erased form is there, emptied; one that somebody deleted is not.
    """
    for week, report in sorted(newest_counts(ledger.reports(ward, since)).items()):
        if not report.counted:
            continue
        listed = set(commitments_in(ledger.content(report.counted)))
        seeds = (one.submission.seed for one in archive.in_week(ward, week))
        gone = listed.difference(commitment_of(seed) for seed in seeds if seed)
        if gone:
            yield _name(report), len(gone)


def _name(report: FrozenReport) -> str:
    return f"{report.number}/{report.year} ({report.week} {report.edition})"


class Kept(StrEnum):
    """How a mail that somebody kept compares with the chain."""

    AGREES = "agrees"
    ERASED = "agrees_but_for_erased_words"
    NO_REPORT = "no_such_report"
    OTHER_CHAIN = "other_report_before_it"
    OTHER_CONTENT = "other_content"
    NO_ANCHOR = "prints_no_digest"


def compare_kept(
    ledger: Ledger,
    finder: SubmissionFinder,
    message: bytes,
    *,
    delivery: str,
    digest: str,
    quoting_since: Week = _BEFORE_ALL,
) -> tuple[Kept, str]:
    """Compare a mail that was sent as this delivery and prints this digest; also give its report's name.

    With the chain verified as well, all reports before this one are those that were there when it was sent.
    """
    ward = delivery.partition(".")[0]
    for report in ledger.reports(ward, _BEFORE_ALL):
        if recipient := next((one.recipient for one in deliveries_of(report) if one.id == delivery), ""):
            break
    else:
        return Kept.NO_REPORT, delivery
    if digest and digest != printed(report.previous_digest):
        return Kept.OTHER_CHAIN, _name(report)
    try:
        content = ledger.content(report.content_for(recipient) or report.content)
    except LookupError:
        return Kept.OTHER_CONTENT, _name(report)
    if shown_by(content) != shown_by(message):
        is_erased = bool(_content_fault(ledger, finder, report, quoting_since)[1])
        return Kept.ERASED if is_erased else Kept.OTHER_CONTENT, _name(report)
    return Kept.AGREES if digest or not report.previous_digest else Kept.NO_ANCHOR, _name(report)
