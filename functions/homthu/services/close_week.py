"""Close a week: stamp its submissions, tally them, and freeze the report made from them."""

from collections.abc import Iterator
from dataclasses import replace

from homthu.domain.boxes.box import Box
from homthu.domain.reports.edition import WEEKLY
from homthu.domain.reports.ledger import FrozenReport, Head
from homthu.domain.reports.tally import Tally
from homthu.domain.submissions.submission import Flag, StoredSubmission, as_flagged
from homthu.domain.week import Week
from homthu.services.claim import Claim
from homthu.services.close_period import close_periods
from homthu.services.compile_report import compile_week
from homthu.services.freeze import Chain, next_number
from homthu.services.mark_paper import mark_paper, paper_desk
from homthu.services.mark_surges import mark_surges, surging
from homthu.services.office import Office
from homthu.services.read_week import stamped


def close_week(office: Office, claim: Claim, box: Box, week: Week) -> list[FrozenReport]:
    """Close one week of a claimed ward and move its head on; safe to repeat after any crash.

    Each step is either done once for ever (stamp, freeze) or comes out the same again (content,
    deliveries), and the week in the head moves last.
    """
    chain = Chain(ledger=office.ledger, claim=claim, clock=office.clock)

    def make(number: int) -> tuple[Tally, bytes]:
        _stamp(office, claim, box.ward.code, week)
        return compile_week(office, box, week, number, lambda: stamped(office, claim, week))

    frozen = [chain.freeze(box, week, WEEKLY, make)]
    frozen += close_periods(office, claim, chain, box, week)
    claim.advance(lambda head: replace(head, last_week=week))
    return frozen


def preview(office: Office, box: Box, week: Week) -> bytes:
    """The mail of a week as it would be made now, from what carries no stamp yet; changes nothing."""
    head = office.ledger.head(box.ward.code) or Head(ward=box.ward.code)

    surge = frozenset(surging(office.archive, box.ward.code, week))
    loose = frozenset(paper_desk(office).unvouched(box.ward.code, week))

    def shown(one: StoredSubmission) -> StoredSubmission:
        one = as_flagged(one, Flag.UNVOUCHED) if one.id in loose else one
        return as_flagged(one, Flag.BURST) if one.id in surge else one

    def submissions() -> Iterator[StoredSubmission]:
        found = (shown(one) for one in office.archive.everything(box.ward.code) if one.week == week)
        return (replace(one, number=number) for number, one in enumerate(found, 1))

    return compile_week(office, box, week, next_number(head, week, WEEKLY)[1], submissions)[1]


def _stamp(office: Office, claim: Claim, ward: str, week: Week) -> None:
    for _ in mark_paper(paper_desk(office), ward, week):
        claim.check()
    total = 0
    for count in mark_surges(office.archive, ward, week):
        total += count
        office.progress(f"{ward} {week}: {total} came in a surge")
        claim.check()
    total = 0
    for count in office.archive.stamp(ward, week):
        total += count
        office.progress(f"{ward} {week}: {total} stamped")
        claim.check()
