"""Close a week: assign its submissions, tally them, and freeze the report made from them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from homthu.domain.boxes.box import Box
from homthu.domain.reports.edition import WEEKLY, EditionKind
from homthu.domain.reports.ledger import FrozenReport, Head
from homthu.domain.reports.period import Period, ending_periods
from homthu.domain.submissions.receipt import Unassigned
from homthu.domain.submissions.submission import Flag, StoredSubmission, as_flagged
from homthu.domain.week import Week
from homthu.render.mail.quotations import separate
from homthu.services.chain import Chain, Mails, next_number
from homthu.services.claim import Claim
from homthu.services.compile import Submissions, compile_period, compile_week
from homthu.services.mark_paper import mark_paper, paper_desk
from homthu.services.mark_surges import mark_surges, surging
from homthu.services.remembered import MOST_REMEMBERED
from homthu.services.report_context import ReportContext, in_week, receipts_of


def close_week(context: ReportContext, claim: Claim, box: Box, week: Week) -> list[FrozenReport]:
    """Close one week of a claimed ward and advance its head; safe to repeat after a crash at any point.

    Each step is either done once and for all (assign, freeze) or gives the same result again (content,
    deliveries), and the week in the head is advanced last. May raise `StoreUnavailable`, and `Conflict` if
    the claim is lost.
    """
    chain = Chain.of(context, claim)
    report = chain.find(box.ward.code, week, WEEKLY)
    if report is None:
        slot = chain.begin(week, WEEKLY)
        submissions = _assign_week(context, claim, box.ward.code, week)
        report = chain.commit(slot, box, *compile_week(context, box, week, slot.number, submissions))
    frozen = [report, *close_periods(context, claim, chain, box, week)]
    claim.advance(lambda head: replace(head, last_week=week))
    return frozen


def preview(context: ReportContext, box: Box, week: Week) -> Mails:
    """The mails of a week as they would be made now, from submissions not assigned yet; changes nothing."""
    head = context.ledger.head(box.ward.code) or Head(ward=box.ward.code)

    receipts = receipts_of(context, box.ward.code, week)
    surge = frozenset(surging(receipts))
    loose = frozenset(paper_desk(context).unvouched(box.ward.code, week, receipts))

    def shown(one: StoredSubmission) -> StoredSubmission:
        one = as_flagged(one, Flag.UNVOUCHED) if one.id in loose else one
        return as_flagged(one, Flag.BURST) if one.id in surge else one

    def submissions() -> Iterator[StoredSubmission]:
        found = (shown(one) for one in context.archive.everything(box.ward.code) if one.week == week)
        return (replace(one, number=number) for number, one in enumerate(found, 1))

    mails = compile_week(context, box, week, next_number(head, week, WEEKLY)[1], submissions)[1]
    return {audience: separate(marked, context.random_bytes)[0] for audience, marked in mails.items()}


def _assign_week(context: ReportContext, claim: Claim, ward: str, week: Week) -> Submissions:
    """Assign the week's submissions to it, and return a way to stream them; a few are read only once."""
    known = context.archive.unassigned(ward, week, limit=MOST_REMEMBERED + 1)
    are_few = len(known) <= MOST_REMEMBERED
    receipts = (lambda: (one.receipt for one in known)) if are_few else receipts_of(context, ward, week)
    is_marked = False
    for count in mark_paper(paper_desk(context), ward, week, receipts):
        is_marked |= bool(count)
        claim.check()
    if is_marked:
        # What was flagged counts differently in a surge.
        receipts = receipts_of(context, ward, week)
    total = 0
    for count in mark_surges(context.archive, ward, week, receipts):
        total += count
        context.progress(f"{ward} {week}: {total} came in a surge")
        claim.check()
    # What has been flagged since is no longer as it was read.
    is_whole = are_few and not is_marked and not total
    as_read = 0
    for count in context.archive.assign_known(week, known if is_whole else ()):
        as_read += count
        context.progress(f"{ward} {week}: {as_read} assigned")
        claim.check()
    total = as_read
    for count in context.archive.assign_week(ward, week):
        total += count
        context.progress(f"{ward} {week}: {total} assigned")
        claim.check()
    if is_whole and as_read == context.archive.count_in_week(ward, week) == len(known):
        return partial(_as_assigned, known, week)
    # There is more: from a run that broke off, or because someone changed something.
    return partial(in_week, context, claim, week)


def _as_assigned(known: Iterable[Unassigned], week: Week) -> Iterator[StoredSubmission]:
    """Submissions that were read before they were assigned, in the form that `in_week` returns."""
    in_order = sorted((one.stored for one in known), key=lambda one: one.id)
    return (replace(one, week=week, number=number) for number, one in enumerate(in_order, 1))


def close_periods(
    context: ReportContext, claim: Claim, chain: Chain, box: Box, week: Week
) -> list[FrozenReport]:
    """Freeze the report of every round and year that ends in this week, unless that is done already."""
    frozen = []
    for period in ending_periods(box.rounds, box.closing_hours, week):
        context.progress(f"{box.ward.code} {period.edition}: closing")
        report = chain.find(box.ward.code, week, period.edition)
        if report is None:
            slot = chain.begin(week, period.edition)
            submissions = partial(_in_period, context, claim, week, period)
            made = compile_period(context, box, week, slot.number, period, submissions)
            report = chain.commit(slot, box, *made)
        frozen.append(report)
    return frozen


def _in_period(
    context: ReportContext, claim: Claim, week: Week, period: Period
) -> Iterator[StoredSubmission]:
    """All submissions of a period, streamed week by week; one that came late is found in a later week."""
    weeks = [past for past in period.weeks if past < week]
    for one in [*weeks, week]:
        for stored in in_week(context, claim, one):
            if period.kind is EditionKind.YEAR or stored.submission.round == period.mark:
                yield stored
