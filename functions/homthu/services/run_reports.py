"""Report: bring every ward up to date, and say whether anything is still owed."""

from collections.abc import Iterable
from dataclasses import dataclass

from homthu.domain.boxes.box import Box
from homthu.domain.reports.ledger import Delivery, DeliveryState, FrozenReport
from homthu.domain.week import Week
from homthu.log import log, log_crash
from homthu.ports import Mailer, QueueUnavailable, WardQueue
from homthu.services.chain import Chain
from homthu.services.claim import claim_ward
from homthu.services.clock_check import check_clock
from homthu.services.close import close_week
from homthu.services.deliver import Sender, deliver
from homthu.services.mail_run import MailRun
from homthu.services.owed_weeks import MAX_CATCH_UP, last_finished_week, owed_weeks, problem_of
from homthu.services.report_context import ReportContext


@dataclass(frozen=True, kw_only=True, slots=True)
class WardOutcome:
    """What a run did for one ward. `problem` is a short code, empty when all went well."""

    ward: str
    closed: tuple[FrozenReport, ...] = ()
    tried: tuple[Delivery, ...] = ()
    owed: int = 0
    problem: str = ""

    @property
    def is_done(self) -> bool:
        """Whether nothing is owed to this ward's recipients, so that another run would do nothing."""
        return not self.owed and not self.problem

    @property
    def bounced(self) -> int:
        """How many addresses were refused: they get nothing more unless a person asks for it."""
        return sum(delivery.state is DeliveryState.BOUNCED for delivery in self.tried)

    @property
    def is_well(self) -> bool:
        """Whether nobody has to look at it."""
        return self.is_done and not self.bounced


def report_all(
    context: ReportContext, mailer: Mailer, sender: Sender, boxes: Iterable[Box], *, owner: str
) -> list[WardOutcome]:
    """Close and send whatever every ward owes. One ward's trouble does not stop another's report."""
    outcomes = []
    mailer = MailRun.over(mailer)
    for box in boxes:
        try:
            outcome = report_ward(context, mailer, sender, box, owner=owner)
        except Exception as error:
            # A defect in one ward's data must not keep the others from their Monday report.
            log_crash("report_crashed", error)
            outcome = WardOutcome(ward=box.ward.code, problem="crashed")
        log(
            "ward_reported",
            "INFO" if outcome.is_well else "ERROR",
            ward=outcome.ward,
            closed=len(outcome.closed),
            tried=len(outcome.tried),
            owed=outcome.owed,
            bounced=outcome.bounced,
            problem=outcome.problem,
        )
        outcomes.append(outcome)
    return outcomes


def report_ward(
    context: ReportContext,
    mailer: Mailer,
    sender: Sender,
    box: Box,
    *,
    owner: str,
    until: Week | None = None,
    catch_up: int = MAX_CATCH_UP,
    at_once: bool = False,
) -> WardOutcome:
    """Close one ward's finished weeks, oldest first, up to `until`, and send what is owed.

    `catch_up` is how many weeks may be closed without a person having looked; `at_once` tries what is
    blocked without waiting.
    """
    ward = box.ward.code
    closed: list[FrozenReport] = []
    tried: list[Delivery] = []
    owed = 0
    problem = problem_of(
        lambda: _close(context, box, owner, until or last_finished_week(context.clock()), catch_up, closed)
    )

    def send() -> None:
        nonlocal owed
        tried.extend(
            deliver(
                context.ledger,
                mailer,
                context.clock,
                box,
                sender=sender,
                links=context.links,
                at_once=at_once,
            )
        )
        owed = len(context.ledger.owed(ward))

    # What is frozen goes out even when another report of the ward cannot be made.
    problem = problem_of(send) or problem
    return WardOutcome(ward=ward, closed=tuple(closed), tried=tuple(tried), owed=owed, problem=problem)


def _close(
    context: ReportContext, box: Box, owner: str, until: Week, catch_up: int, closed: list[FrozenReport]
) -> None:
    """Close the weeks that are owed, and add each report to `closed` as soon as it stands."""
    ward = box.ward.code
    head = context.ledger.head(ward)
    if head and head.last_week and head.last_week >= until:
        # As it should be after a first run; but it also happens when a clock that was ahead closed the weeks.
        check_clock(context.archive, context.ledger, head, ward, context.clock())
        return
    claim = claim_ward(context.ledger, context.clock, ward=ward, owner=owner)
    try:
        Chain.of(context, claim).settle()
        weeks = owed_weeks(claim.head, context.archive.oldest_without_week(ward), until, limit=catch_up)
        for week in weeks:
            context.progress(f"{ward} {week}: closing")
            closed += close_week(context, claim, box, week)
    finally:
        claim.release()


def fan_out(queue: WardQueue, codes: Iterable[str], *, url: str, path: str) -> list[str]:
    """Queue the wards for one job, in order, and give those that were not accepted: the first refusal ends
    it.

    A ward that owes nothing is queued too: its task finds that out by reading one document.
    """
    wards = list(codes)
    for at, ward in enumerate(wards):
        try:
            queue.put(ward, url=url, path=path)
        except QueueUnavailable as unavailable:
            log("wards_not_queued", "ERROR", path=path, count=len(wards) - at, reason=unavailable.reason)
            return wards[at:]
    log("wards_queued", path=path, count=len(wards))
    return []
