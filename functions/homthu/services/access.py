"""Access: the sealed token that lets a recipient work at the desk, and the mail that brings it.

It names the ward, the recipient and the term of the list of recipients, so that any change of the list ends
every pass of the ward for good, even if the list is changed back. Nothing about a pass is stored.
infra/decisions/0011 says why there is no cookie.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol, Self, TypeVar

from homthu.domain.boxes.box import Box, Boxes, Clerk, Recipient
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

PURPOSE, CLERK_PURPOSE = "desk", "clerk"
#: Where a clerk's link leads to.
CLERK_DOOR = f"{DESK}/nhap-lieu"
PASS_AGE = timedelta(days=14)
_Person = TypeVar("_Person", Recipient, Clerk)


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """The holder of a valid pass: for which ward, and until which day."""

    box: Box
    recipient: Recipient
    until: date

    @property
    def ward(self) -> str:
        """The ward's code; everything a member reads or changes is of this ward."""
        return self.box.ward.code


class PassParts(Protocol):
    """What a function needs to issue and open passes."""

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
    """What passes are issued and opened with."""

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
        """The current term of the ward's list. May raise `StoreUnavailable`."""
        return current_term(self.terms, box, self.random_bytes)


def make_pass(context: PassIssuer, box: Box, recipient: Recipient) -> str:
    """A token for this recipient, valid for fourteen days. May raise `StoreUnavailable`."""
    return _pass(context, box, recipient, context.term(box))


def own_links(context: PassIssuer, base_url: str, box: Box) -> Mapping[str, str]:
    """A link for every recipient of a ward, by address; each is valid for fourteen days from now.

    May raise `StoreUnavailable`.
    """
    term = context.term(box)
    return {one.email: f"{base_url}{DESK}/{_pass(context, box, one, term)}" for one in box.recipients}


def _pass(context: PassIssuer, box: Box, recipient: Recipient, term: DeskTerm) -> str:
    return context.seal.seal(PURPOSE, [box.ward.code, mark_of(recipient), term.name])


def clerk_link(context: PassIssuer, base_url: str, box: Box, clerk: Clerk) -> str:
    """A link for this clerk, valid as long as a recipient's. May raise `StoreUnavailable`."""
    token = context.seal.seal(CLERK_PURPOSE, [box.ward.code, mark_of(clerk), context.term(box).name])
    return f"{base_url}{CLERK_DOOR}/{token}"


def open_pass(context: PassIssuer, token: str) -> Member | None:
    """The member the token was made for; None if it is forged, expired, or of a term that has ended.

    May raise `StoreUnavailable`.
    """
    found = holder_of(context, token, PURPOSE, lambda box: box.recipients)
    if found is None:
        return None
    box, recipient, until = found
    return Member(box=box, recipient=recipient, until=until)


def holder_of(
    context: PassIssuer, token: str, purpose: str, people: Callable[[Box], Iterable[_Person]]
) -> tuple[Box, _Person, date] | None:
    """The box that a token of this purpose opens, for whom, and until when; None if it opens nothing.

    May raise `StoreUnavailable`.
    """
    unsealed = context.seal.open(purpose, token, PASS_AGE)
    if unsealed is None:
        return None
    ward, mark, term = unsealed.values
    box = context.boxes.by_ward.get(ward)
    if box is None or term != context.term(box).name:
        return None
    person = next((one for one in people(box) if mark_of(one) == mark), None)
    if person is None:
        return None
    return box, person, local_date(context.clock() - unsealed.age + PASS_AGE)


def mark_of(person: Recipient | Clerk) -> str:
    """What a token names somebody by: their address, unread."""
    return hashlib.sha256(person.email.casefold().encode()).hexdigest()[:16]


#: Words the mail: box, who asked, link, and the day on which the link runs out.
WriteLink = Callable[[Box, Recipient | Clerk, str, date], bytes]


class Outcome(StrEnum):
    """What became of a request, for the log; the person who asked sees the same answer in every case."""

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

    The turn is recorded in the store before the mail goes out, so that of many requests at once one sends; it
    is given back if the mail certainly did not go. May raise `StoreUnavailable`.
    """
    id = hashlib.sha256(f"{ward}\0{email.casefold()}".encode()).hexdigest()[:32]
    # Read for unknown addresses, too: both kinds of request cost one read.
    last = context.link_mails.link_mail(id)
    box = boxes.by_ward.get(ward)
    person = _person(box, email) if box else None
    if box is None or person is None:
        return Outcome.UNKNOWN
    now = context.clock()
    if last and not last.is_due(now):
        return Outcome.TOO_SOON
    link = _link(context, box, person)
    turn = LinkMail(id=id, sent_at=now)
    try:
        taken = _take_turn(context.link_mails, last, turn)
    except Conflict:
        return Outcome.TOO_SOON
    try:
        _send(context, box, person, link)
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
        # It may have expired and been deleted since it was read. If somebody else took a turn, that one also
        # blocks this one.
        return link_mails.create_link_mail(turn)


def _person(box: Box, email: str) -> Recipient | Clerk | None:
    """Who has this address: as a recipient, who may be a clerk as well, they get into all of the desk."""
    people: tuple[Recipient | Clerk, ...] = (*box.recipients, *box.clerks)
    return next((one for one in people if one.email.casefold() == email.casefold()), None)


def _link(context: LinkContext, box: Box, person: Recipient | Clerk) -> str:
    if isinstance(person, Clerk):
        return clerk_link(context.passes, context.base_url, box, person)
    return f"{context.base_url}{DESK}/{make_pass(context.passes, box, person)}"


def _send(context: LinkContext, box: Box, person: Recipient | Clerk, link: str) -> None:
    until = local_date(context.clock() + PASS_AGE)
    mark = hashlib.sha256(link.encode()).hexdigest()[:16]
    message = address(
        context.write(box, person, link, until),
        recipient_name="",
        recipient=person.email,
        message_id=f"<xu-ly.{box.ward.code}.{mark}@{context.sender.host}>",
    )
    MailRun(context.mailer).send(message, sender=context.sender.email, recipient=person.email)


def _give_back(context: LinkContext, taken: LinkMail) -> None:
    try:
        context.link_mails.replace_link_mail(taken, replace(taken, sent_at=taken.sent_at - LINK_PAUSE))
    except Conflict:
        # A later turn, which is somebody else's.
        return
