"""Access: the sealed token that lets a recipient work at the desk, and the mail that brings it.

It names the ward, the recipient and the term of the list of recipients, so that any change of the
list ends every pass of the ward for good, also when the list is changed back. Nothing about a pass
is stored. infra/decisions/0011 says why there is no cookie.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol, Self

from homthu.domain.boxes.box import Box, Boxes, Recipient
from homthu.domain.cases.desk_term import DeskTerm
from homthu.domain.cases.link_mail import LINK_PAUSE, LinkMail
from homthu.domain.week import local_date
from homthu.ports import (
    Clock,
    Conflict,
    DeskTerms,
    LinkMails,
    Mailer,
    MailError,
    MailUnknown,
    RandomBytes,
    Seal,
)
from homthu.render.mail.desk_link import DESK
from homthu.render.mail.message import address
from homthu.services.deliver import Sender
from homthu.services.desk_term import current_term
from homthu.services.mail_run import MailRun

PURPOSE = "desk"
PASS_AGE = timedelta(days=14)


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """Who holds a valid pass, for which ward, and the day on which it runs out."""

    box: Box
    recipient: Recipient
    until: date

    @property
    def ward(self) -> str:
        """The ward's code; everything a member reads or changes is of this ward."""
        return self.box.ward.code


class PassParts(Protocol):
    """The parts of a function that deals with passes."""

    @property
    def desk_seal(self) -> Seal:
        """Seals them."""

    @property
    def boxes(self) -> Boxes:
        """Whose they may be."""

    @property
    def desk_terms(self) -> DeskTerms:
        """Since when the lists stand."""

    @property
    def clock(self) -> Clock:
        """Tells when one is made."""

    @property
    def random_bytes(self) -> RandomBytes:
        """Names terms."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PassIssuer:
    """What passes are made and read with."""

    seal: Seal
    boxes: Boxes
    terms: DeskTerms
    clock: Clock
    random_bytes: RandomBytes

    @classmethod
    def of(cls, parts: PassParts) -> Self:
        """From a function's parts."""
        return cls(
            seal=parts.desk_seal,
            boxes=parts.boxes,
            terms=parts.desk_terms,
            clock=parts.clock,
            random_bytes=parts.random_bytes,
        )

    def term(self, box: Box) -> DeskTerm:
        """The term of the ward's list as it is now. May raise `StoreUnavailable`."""
        return current_term(self.terms, box, self.random_bytes)


def make_pass(context: PassIssuer, box: Box, recipient: Recipient) -> str:
    """A token for this recipient, valid for fourteen days. May raise `StoreUnavailable`."""
    return _pass(context, box, recipient, context.term(box))


def own_links(context: PassIssuer, base_url: str, box: Box) -> Mapping[str, str]:
    """A link for every recipient of a ward, by their addresses: each holds for fourteen days from now.

    May raise `StoreUnavailable`.
    """
    term = context.term(box)
    return {one.email: f"{base_url}{DESK}/{_pass(context, box, one, term)}" for one in box.recipients}


def _pass(context: PassIssuer, box: Box, recipient: Recipient, term: DeskTerm) -> str:
    return context.seal.seal(PURPOSE, [box.ward.code, _mark(recipient), term.name])


def open_pass(context: PassIssuer, token: str) -> Member | None:
    """Who the token was made for; None if it is forged, run out, or of a term that has ended.

    May raise `StoreUnavailable`.
    """
    unsealed = context.seal.open(PURPOSE, token, PASS_AGE)
    if unsealed is None:
        return None
    ward, mark, term = unsealed.values
    box = context.boxes.by_ward.get(ward)
    if box is None or term != context.term(box).name:
        return None
    recipient = next((one for one in box.recipients if _mark(one) == mark), None)
    if recipient is None:
        return None
    return Member(box=box, recipient=recipient, until=local_date(context.clock() - unsealed.age + PASS_AGE))


def _mark(recipient: Recipient) -> str:
    return hashlib.sha256(recipient.email.casefold().encode()).hexdigest()[:16]


#: Words the mail: box, recipient, link, and the day on which the link runs out.
WriteLink = Callable[[Box, Recipient, str, date], bytes]


class Outcome(StrEnum):
    """What became of a request, for the log; whoever asked is told the same in every case."""

    SENT = "sent"
    UNKNOWN = "unknown"
    TOO_SOON = "too_soon"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkContext:
    """What links are mailed with."""

    link_mails: LinkMails
    mailer: Mailer
    sender: Sender
    passes: PassIssuer
    clock: Clock
    write: WriteLink
    base_url: str


def mail_link(context: LinkContext, boxes: Boxes, *, ward: str, email: str) -> Outcome:
    """Mail a link if the address is one of the ward's recipients and got none in the last minutes.

    Their turn is taken in the store before the mail goes out, so that of many requests at once one
    sends; it is given back if the mail surely did not go. May raise `StoreUnavailable`.
    """
    id = hashlib.sha256(f"{ward}\0{email.casefold()}".encode()).hexdigest()[:32]
    # Read for a stranger, too: both kinds of request make one read.
    last = context.link_mails.link_mail(id)
    box = boxes.by_ward.get(ward)
    recipient = _recipient(box, email) if box else None
    if box is None or recipient is None:
        return Outcome.UNKNOWN
    now = context.clock()
    if last and not last.is_due(now):
        return Outcome.TOO_SOON
    token = make_pass(context.passes, box, recipient)
    turn = LinkMail(id=id, sent_at=now)
    try:
        taken = _take_turn(context.link_mails, last, turn)
    except Conflict:
        return Outcome.TOO_SOON
    try:
        _send(context, box, recipient, token)
    except MailUnknown:
        return Outcome.FAILED
    except MailError:
        _give_back(context, taken)
        return Outcome.FAILED
    return Outcome.SENT


def _take_turn(link_mails: LinkMails, last: LinkMail | None, turn: LinkMail) -> LinkMail:
    if last is None:
        return link_mails.create_link_mail(turn)
    try:
        return link_mails.replace_link_mail(last, turn)
    except Conflict:
        # It may have been swept since it was read, having expired. If somebody else took a turn, it
        # stands in the way of this one as well.
        return link_mails.create_link_mail(turn)


def _recipient(box: Box, email: str) -> Recipient | None:
    return next((one for one in box.recipients if one.email.casefold() == email.casefold()), None)


def _send(context: LinkContext, box: Box, recipient: Recipient, token: str) -> None:
    until = local_date(context.clock() + PASS_AGE)
    mark = hashlib.sha256(token.encode()).hexdigest()[:16]
    message = address(
        context.write(box, recipient, f"{context.base_url}{DESK}/{token}", until),
        recipient_name="",
        recipient=recipient.email,
        message_id=f"<xu-ly.{box.ward.code}.{mark}@{context.sender.host}>",
    )
    MailRun(context.mailer).send(message, sender=context.sender.email, recipient=recipient.email)


def _give_back(context: LinkContext, taken: LinkMail) -> None:
    try:
        context.link_mails.replace_link_mail(taken, replace(taken, sent_at=taken.sent_at - LINK_PAUSE))
    except Conflict:
        # Somebody's later turn, which is theirs.
        return
