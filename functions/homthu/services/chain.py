"""Freeze: put a finished report into the ledger once and for all, as the next link of its ward's chain.

A crash may come between any two steps. The head names what is being frozen before it is, so the next worker
either finds it and continues after it, or finds nothing and freezes it again: no number is given twice and no
link hangs beside the chain.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from homthu.domain.boxes.box import Box
from homthu.domain.reports.audience import Audience, by_audience
from homthu.domain.reports.edition import WEEKLY, Edition
from homthu.domain.reports.ledger import FrozenReport, Head, MailVersion, chain_order, newest_counts
from homthu.domain.reports.quotations import quotations_name
from homthu.domain.reports.tally import Tally
from homthu.domain.submissions.inclusion import list_digest
from homthu.domain.week import Week, local_date
from homthu.ports import Clock, Conflict, Ledger, RandomBytes
from homthu.render.mail.quotations import covered, separate
from homthu.services.claim import Claim
from homthu.services.deliver import deliveries_of
from homthu.services.frozen_content import COUNTED
from homthu.services.report_context import ReportContext

#: The marked mail of a report, in a version for each kind of reader, those who read most first.
Mails = Mapping[Audience, bytes]
#: Before any week that a box may have had.
_BEFORE_ALL = Week(2000, 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """The next place in a ward's chain, and the number of the report that will take it."""

    week: Week
    edition: Edition
    year: int
    number: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Chain:
    """A ward's chain of reports, held by this worker."""

    ledger: Ledger
    claim: Claim
    clock: Clock
    random_bytes: RandomBytes

    @classmethod
    def of(cls, context: ReportContext, claim: Claim) -> "Chain":
        """The chain of the claimed ward."""
        return cls(ledger=context.ledger, claim=claim, clock=context.clock, random_bytes=context.random_bytes)

    def find(self, ward: str, week: Week, edition: Edition) -> FrozenReport | None:
        """The report of this edition that is frozen already, entered in the head if it was not; else None."""
        self.settle()
        found = self.ledger.report(ward, week, edition)
        if found and found.previous_digest == self.claim.head.last_digest and found.digest:
            return self._entered(found)
        return found

    def begin(self, week: Week, edition: Edition) -> Slot:
        """Name in the head what is about to be made, and give it its number."""
        year, number = next_number(self.claim.head, week, edition)
        self.claim.advance(lambda head: replace(head, pending=f"{week}/{edition}"))
        return Slot(week=week, edition=edition, year=year, number=number)

    def commit(
        self, slot: Slot, box: Box, tally: Tally, mails: Mails, counted: bytes | None = None
    ) -> FrozenReport:
        """Freeze what was made for a slot, and owe its mails. `counted` lists what a week counted."""
        parts = [
            _Part.of(f"{box.ward.code}.{slot.week}", marked, self.random_bytes) for marked in mails.values()
        ]
        report = FrozenReport(
            ward=box.ward.code,
            week=slot.week,
            edition=slot.edition,
            year=slot.year,
            number=slot.number,
            frozen_on=local_date(self.clock()),
            recipients=tuple(recipient.email for recipient in box.recipients),
            tally=tally,
            content=parts[0].name,
            previous_digest=self.claim.head.last_digest,
            digest="",
            versions=_versions(box, mails, parts),
            counted="" if counted is None else f"{box.ward.code}.{slot.week}.{list_digest(counted)}{COUNTED}",
        )
        report = replace(report, digest=chain_digest(report, [part.digest for part in parts]))
        for part in parts:
            # Whoever holds the ward since may have erased what this mail quotes.
            self.claim.check()
            self.ledger.save_content(part.name, part.content)
            self.ledger.save_content(quotations_name(part.name), part.record)
        if counted is not None:
            self.ledger.save_content(report.counted, counted)
        self.claim.check()
        try:
            self.ledger.freeze(report)
        except Conflict:
            # An earlier worker froze it and died, or its answer was lost: what it froze stands.
            report = self.ledger.report(report.ward, slot.week, slot.edition) or report
        return self._entered(report)

    def settle(self) -> None:
        """Continue after what an earlier worker froze and did not enter."""
        head = self.claim.head
        if not head.pending:
            if head.last_week is None and not head.last_digest:
                self._restore()
            return
        week, _, edition = head.pending.partition("/")
        found = self.ledger.report(head.ward, Week.parse(week), Edition.parse(edition))
        if found and found.previous_digest == head.last_digest:
            self._entered(found)
        # Else it was not frozen: the name stays until the next freeze, since it tells a ward's first
        # week, whose submissions may all be assigned by now.

    def _restore(self) -> None:
        """Rebuild a lost head from the reports, so that no week is reported twice."""
        reports = sorted(self.ledger.reports(self.claim.head.ward, _BEFORE_ALL), key=chain_order)
        if not reports:
            return
        newest, weeks = reports[-1], newest_counts(reports)
        for delivery in deliveries_of(newest):
            self.ledger.owe(delivery)
        self.claim.advance(
            lambda head: replace(
                head,
                last_week=max(weeks, default=None),
                last_year=newest.year,
                last_number=newest.number,
                last_digest=newest.digest,
            )
        )

    def _entered(self, report: FrozenReport) -> FrozenReport:
        for delivery in deliveries_of(report):
            self.ledger.owe(delivery)
        self.claim.advance(
            lambda head: replace(
                head,
                last_year=report.year,
                last_number=report.number,
                last_digest=report.digest,
                pending="",
            )
        )
        return report


def next_number(head: Head, week: Week, edition: Edition) -> tuple[int, int]:
    """The year and the number of the next report: they begin at 1 in every year.

    A correction of an old week is numbered among the reports of the year in which it is made.
    """
    year = week.year if edition == WEEKLY or not head.last_year else head.last_year
    return year, head.last_number + 1 if head.last_year == year else 1


@dataclass(frozen=True, kw_only=True, slots=True)
class _Part:
    """One version of a mail as it is stored: quotations apart, and what the chain covers of both."""

    name: str
    content: bytes
    record: bytes
    digest: str

    @classmethod
    def of(cls, stem: str, marked: bytes, random_bytes: RandomBytes) -> "_Part":
        """What a marked mail becomes."""
        content, quotations = separate(marked, random_bytes)
        record = quotations.to_bytes()
        return cls(
            # Of both, for the salts of one attempt do not open the commitments of another.
            name=f"{stem}.{hashlib.sha256(content + record).hexdigest()[:32]}",
            content=content,
            record=record,
            digest=covered(content, quotations),
        )


def _versions(box: Box, mails: Mails, parts: Sequence[_Part]) -> tuple[MailVersion, ...]:
    """Which recipients get which version; empty where all get the same."""
    if len(parts) == 1:
        return ()
    readers = by_audience(box.recipients)
    return tuple(
        MailVersion(audience=audience, content=part.name, recipients=readers[audience])
        for audience, part in zip(mails, parts, strict=True)
    )


def chain_digest(report: FrozenReport, content_digests: Sequence[str]) -> str:
    """What ties a report to its mails and to the report before it: SHA-256, hexadecimal.

    `content_digests` are what `covered` gives, in the order of `report.contents`; of reports frozen before
    26 November 2026, the one mail's SHA-256.
    """
    facts = [
        report.previous_digest,
        report.ward,
        str(report.week),
        report.number,
        report.frozen_on.isoformat(),
        list(report.recipients),
        report.tally.to_json(),
        content_digests[0],
    ]
    if report.edition != WEEKLY:
        facts += [str(report.edition), report.year]
    if report.versions:
        versions = zip(report.versions, content_digests, strict=True)
        facts += [[one.audience, list(one.recipients), digest] for one, digest in versions]
    if report.counted:
        # Its name tells the whole digest of the list.
        facts.append(report.counted)
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()
