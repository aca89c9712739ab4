"""Clerk mails: tell each clerk once a week what is to be typed, with the link that opens it.

A mail is owed once the week's report exists and as long as anything is left to be typed; so a late report
delays the mail instead of emptying it, and a clerk who is done gets none.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from homthu.domain.boxes.box import Box, Boxes, Clerk
from homthu.domain.cases.unit_mail import UnitMail, UnitMailKind, figures_mail_id
from homthu.domain.rekeying.rows import Totals
from homthu.domain.reports.ledger import DeliveryState
from homthu.domain.week import Week, local_date
from homthu.ports import Conflict, Ledger, TypedWeeks
from homthu.services.access import PASS_AGE, PassIssuer, clerk_link
from homthu.services.owed_weeks import last_finished_week
from homthu.services.page_mails import MailsOutcome, PagePost, hand_over, tell_each, to_clerks, withdraw
from homthu.services.rekey import RekeyingSheet, read_rekeying


@dataclass(frozen=True, kw_only=True, slots=True)
class ClerkLetter:
    """The content of a mail to a clerk: how many rows are to be typed, and the newest year's totals."""

    clerk: str
    link: str
    until: date
    rows: int
    target: str
    year: int
    totals: Totals


#: Renders a mail to a clerk of a box.
WriteClerkMail = Callable[[Box, ClerkLetter], bytes]


@dataclass(frozen=True, kw_only=True, slots=True)
class ClerkPost(PagePost):
    """What mails to clerks are made and sent with."""

    ledger: Ledger
    typed_weeks: TypedWeeks
    boxes: Boxes
    passes: PassIssuer
    write: WriteClerkMail


def tell_clerks(post: ClerkPost, boxes: Iterable[Box]) -> list[MailsOutcome]:
    """Note and send whatever the clerks of every ward are owed; one ward's trouble stops no other."""
    run = post.in_one_run()
    return tell_each(boxes, lambda box: _tell(run, box), crashed="clerks_crashed", not_told="clerks_not_told")


def _tell(post: ClerkPost, box: Box) -> MailsOutcome:
    _withdraw_returned(post, box)
    if not _owed(post, box) and not _awaits_mail(post, box):
        return MailsOutcome(ward=box.ward.code)
    sheet = read_rekeying(post.ledger, post.typed_weeks, post.boxes, box, post.clock())
    _owe(post, box, sheet)
    tried = [mail for one in _owed(post, box) if (mail := _send(post, box, one, sheet))]
    return MailsOutcome(ward=box.ward.code, tried=len(tried), owed=len(_owed(post, box)))


def _owed(post: ClerkPost, box: Box) -> list[UnitMail]:
    return list(to_clerks(post.unit_mails.owed_unit_mails(box.ward.code)))


def _awaits_mail(post: ClerkPost, box: Box) -> bool:
    """Whether a clerk still lacks this week's mail though the report exists; if not, nothing need be read."""
    return (
        bool(box.target)
        and _is_reported(post, box)
        and any(_is_untold(post.unit_mails.unit_mail(_id(post, box, clerk))) for clerk in box.clerks)
    )


def _is_untold(mail: UnitMail | None) -> bool:
    """Whether the clerk has not been mailed: a mail withdrawn before it was sent is owed again."""
    return mail is None or mail.state is DeliveryState.WITHDRAWN


def _is_reported(post: ClerkPost, box: Box) -> bool:
    head = post.ledger.head(box.ward.code)
    last = head.last_week if head else None
    return last is not None and last >= last_finished_week(post.clock())


def _id(post: ClerkPost, box: Box, clerk: Clerk) -> str:
    return figures_mail_id(box.ward.code, clerk.email, Week.at(post.clock()))


def _owe(post: ClerkPost, box: Box, sheet: RekeyingSheet | None) -> None:
    if sheet is None or not sheet.to_type or not _is_reported(post, box):
        return
    for clerk in box.clerks:
        mail = UnitMail(
            id=_id(post, box, clerk),
            ward=box.ward.code,
            unit=clerk.name,
            recipient=clerk.email,
            kind=UnitMailKind.FIGURES,
            made_on=post.today,
            tasks=(),
        )
        found = post.unit_mails.unit_mail(mail.id)
        if found is None:
            post.unit_mails.owe_unit_mail(mail)
        elif _is_untold(found):
            # The clerk was gone, or everything typed, for a while before the mail could be sent.
            with suppress(Conflict):
                post.unit_mails.replace_unit_mail(found, replace(mail, revision=found.revision))


def _withdraw_returned(post: ClerkPost, box: Box) -> None:
    """Withdraw mails that bounced in an earlier week, or whose address is no clerk's any more."""
    for mail in to_clerks(post.unit_mails.bounced_unit_mails(box.ward.code)):
        if _is_past(post, mail) or _clerk(box, mail) is None:
            withdraw(post, mail)


def _is_past(post: ClerkPost, mail: UnitMail) -> bool:
    """Whether a mail is of an earlier week; each week has one of its own."""
    return Week.of(mail.made_on) < Week.at(post.clock())


def _clerk(box: Box, mail: UnitMail) -> Clerk | None:
    """The clerk that a mail is addressed to; None if they have left or the box has no target."""
    return next((one for one in box.clerks if box.target and one.email == mail.recipient), None)


def _send(post: ClerkPost, box: Box, mail: UnitMail, sheet: RekeyingSheet | None) -> UnitMail | None:
    """Hand one over; it is withdrawn if its clerk has left, if nothing is left to be typed, or if the mail
    of a later week says the same."""

    def write_if_due() -> Callable[[], bytes] | None:
        clerk = _clerk(box, mail)
        if clerk is None or sheet is None or not sheet.to_type or _is_repeated(post, box, mail, clerk):
            return None
        letter = _letter(post, box, clerk, sheet)
        return lambda: post.write(box, letter)

    return hand_over(post, mail, write_if_due)


def _is_repeated(post: ClerkPost, box: Box, mail: UnitMail, clerk: Clerk) -> bool:
    id = _id(post, box, clerk)
    return mail.id != id and post.unit_mails.unit_mail(id) is not None


def _letter(post: ClerkPost, box: Box, clerk: Clerk, sheet: RekeyingSheet) -> ClerkLetter:
    year, totals = sheet.totals[0]
    return ClerkLetter(
        clerk=clerk.name,
        link=clerk_link(post.passes, post.base_url, box, clerk),
        until=local_date(post.clock() + PASS_AGE),
        rows=len(sheet.to_type),
        target=sheet.target.title,
        year=year,
        totals=totals,
    )
