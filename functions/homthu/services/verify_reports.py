"""Verify: walk a ward's chain of reports and name the first link that does not hold."""

from dataclasses import dataclass

from homthu.domain.reports.ledger import FrozenReport, chain_order
from homthu.domain.week import Week
from homthu.ports import Ledger
from homthu.services.freeze import chain_digest


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """How many links hold from the first on, and what is wrong with the next; `fault` is a short code."""

    ward: str
    holds: int
    fault: str = ""
    at: str = ""


def verify_reports(ledger: Ledger, ward: str) -> Verdict:
    """Check every report against its content, its digest and its place behind the one before."""
    reports = sorted(ledger.reports(ward, Week(2000, 1)), key=chain_order)
    last_digest, held = "", 0
    last: FrozenReport | None = None
    for report in reports:
        fault = _fault(ledger, report, last, last_digest)
        if fault:
            return Verdict(ward=ward, holds=held, fault=fault, at=_name(report))
        last_digest, last, held = report.digest, report, held + 1
    head = ledger.head(ward)
    # A report that was frozen just now may not have been entered in the head yet.
    not_entered = last.previous_digest if last and head and head.pending else last_digest
    if head is not None and head.last_digest not in (last_digest, not_entered):
        # The newest report is gone, or the head was set back.
        return Verdict(ward=ward, holds=held, fault="end_missing", at=f"{head.last_number}/{head.last_year}")
    return Verdict(ward=ward, holds=held)


def _fault(ledger: Ledger, report: FrozenReport, last: FrozenReport | None, last_digest: str) -> str:
    if report.previous_digest != last_digest:
        return "link_missing"
    expected = last.number + 1 if last and last.year == report.year else 1
    if report.number != expected:
        return "number_out_of_order"
    try:
        content = ledger.content(report.content)
    except LookupError:
        return "content_missing"
    return "" if chain_digest(report, content) == report.digest else "changed"


def _name(report: FrozenReport) -> str:
    return f"{report.number}/{report.year} ({report.week} {report.edition})"
