"""Rehearse: go through all that the next report needs, and change, send and owe nothing.

What would fail on Monday fails while there is time. Rounds and years are not rehearsed; and only the real run
shows that the store accepts what is written and the mail server what is handed over.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from homthu.domain.boxes.box import Box
from homthu.domain.reports.audience import Audience
from homthu.domain.reports.edition import WEEKLY
from homthu.domain.reports.ledger import Head
from homthu.domain.submissions.submission import StoredSubmission
from homthu.domain.week import Week
from homthu.ports import Mailer, MailError
from homthu.render.mail.message import address
from homthu.render.mail.quotations import separate
from homthu.services.chain import next_number
from homthu.services.clock_check import check_clock
from homthu.services.compile import compile_week
from homthu.services.deliver import Sender
from homthu.services.mail_run import MailRun
from homthu.services.owed_weeks import or_crashed, owed_weeks, problem_of
from homthu.services.report_context import ReportContext

_CRASHED = "rehearsal_crashed"


@dataclass(frozen=True, kw_only=True, slots=True)
class WardRehearsal:
    """The week of a ward's next report and the size of its mail; or a problem's short code."""

    ward: str
    week: Week | None = None
    mail_bytes: int = 0
    problem: str = ""


def rehearse_mail(mailer: Mailer, sender: Sender, boxes: Iterable[Box], *, size_bytes: int) -> str:
    """A short code of why no mail of this size would leave, or empty.

    Delivery is exercised as far as naming a recipient: the wards' own operators, who have agreed to be
    written to. Each is named once, over one connection.
    """
    operators = list(dict.fromkeys(box.operator.email for box in boxes))

    def problem() -> str:
        try:
            MailRun(mailer).check(sender=sender.email, recipients=operators, size_bytes=size_bytes)
        except MailError as error:
            return error.reason
        return ""

    return or_crashed(problem, crashed=_CRASHED)


def rehearse_wards(
    context: ReportContext, sender: Sender, boxes: Iterable[Box], *, check_store: Callable[[], None]
) -> Iterator[WardRehearsal]:
    """Every ward's next report, one after the other; one ward's trouble does not hide another's."""
    # A store that does not answer is waited for once, not once per ward.
    store = or_crashed(partial(problem_of, check_store), crashed=_CRASHED)
    for box in boxes:
        yield WardRehearsal(ward=box.ward.code, problem=store) if store else _ward(context, sender, box)


def _ward(context: ReportContext, sender: Sender, box: Box) -> WardRehearsal:
    ward = box.ward.code
    made: list[tuple[Week, int]] = []

    def make() -> None:
        made.append(_make_next(context, sender, box))

    problem = or_crashed(partial(problem_of, make), crashed=_CRASHED)
    if problem:
        return WardRehearsal(ward=ward, problem=problem)
    [(week, size)] = made
    return WardRehearsal(ward=ward, week=week, mail_bytes=size)


def _make_next(context: ReportContext, sender: Sender, box: Box) -> tuple[Week, int]:
    """Make the mail that the next run would begin with, for every recipient; its week and size.

    That is the running week as it stands, or an older one that is still owed.
    """
    ward = box.ward.code
    head = context.ledger.head(ward) or Head(ward=ward)
    check_clock(context.archive, context.ledger, head, ward, context.clock())
    running = Week.at(context.clock())
    week = owed_weeks(head, context.archive.oldest_without_week(ward), running)[0]
    context.progress(f"{ward} {week}: rehearsing")

    def submissions() -> Iterator[StoredSubmission]:
        # Only this week of the assigned ones is read: a ward's past would cost more every year.
        yield from context.archive.in_week(ward, week)
        # As they will be assigned: a submission that missed its own week falls into this one.
        yield from (replace(one, week=week) for one in context.archive.without_week(ward) if one.week <= week)

    _, number = next_number(head, week, WEEKLY)
    _, mails, _ = compile_week(context, box, week, number, submissions)
    contents = {audience: separate(marked, context.random_bytes)[0] for audience, marked in mails.items()}
    message_id = f"<rehearsal@{sender.host}>"
    sizes = [
        len(
            address(contents[Audience.of(one)], recipient_name="", recipient=one.email, message_id=message_id)
        )
        for one in box.recipients
    ]
    return week, max(sizes, default=0)
