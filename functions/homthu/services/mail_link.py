"""Mail link: send a recipient of the reports the link to the desk that they asked for."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from homthu.domain.boxes.box import Box, Boxes, Recipient
from homthu.domain.cases.link_mail import LINK_PAUSE, LinkMail
from homthu.domain.week import local_date
from homthu.ports import Clock, Conflict, LinkMails, Mailer, MailError, MailUnknown
from homthu.render.mail.message import address
from homthu.services.deliver import Sender
from homthu.services.desk_pass import PASS_AGE, PassOffice, make_pass
from homthu.services.mail_run import MailRun

#: Words the mail: box, recipient, link, and the day on which the link runs out.
WriteLink = Callable[[Box, Recipient, str, date], bytes]


class Outcome(StrEnum):
    """What became of a request, for the log; whoever asked is told the same in every case."""

    SENT = "sent"
    UNKNOWN = "unknown"
    TOO_SOON = "too_soon"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class PostRoom:
    """What links are mailed with."""

    link_mails: LinkMails
    mailer: Mailer
    sender: Sender
    passes: PassOffice
    clock: Clock
    write: WriteLink
    base_url: str


def mail_link(room: PostRoom, boxes: Boxes, *, ward: str, email: str) -> Outcome:
    """Mail a link if the address is one of the ward's recipients and got none in the last minutes.

    Their turn is taken in the store before the mail goes out, so that of many requests at once one
    sends; it is given back if the mail surely did not go. May raise `StoreUnavailable`.
    """
    id = hashlib.sha256(f"{ward}\0{email.casefold()}".encode()).hexdigest()[:32]
    # Read for a stranger, too: both kinds of request make one read.
    last = room.link_mails.link_mail(id)
    box = boxes.by_ward.get(ward)
    recipient = _recipient(box, email) if box else None
    if box is None or recipient is None:
        return Outcome.UNKNOWN
    now = room.clock()
    if last and not last.is_due(now):
        return Outcome.TOO_SOON
    token = make_pass(room.passes, box, recipient)
    turn = LinkMail(id=id, sent_at=now)
    try:
        taken = _take_turn(room.link_mails, last, turn)
    except Conflict:
        return Outcome.TOO_SOON
    try:
        _send(room, box, recipient, token)
    except MailUnknown:
        return Outcome.FAILED
    except MailError:
        _give_back(room, taken)
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


def _send(room: PostRoom, box: Box, recipient: Recipient, token: str) -> None:
    until = local_date(room.clock() + PASS_AGE)
    mark = hashlib.sha256(token.encode()).hexdigest()[:16]
    message = address(
        room.write(box, recipient, f"{room.base_url}/xu-ly/{token}", until),
        recipient_name="",
        recipient=recipient.email,
        message_id=f"<xu-ly.{box.ward.code}.{mark}@{room.sender.host}>",
    )
    MailRun(room.mailer).send(message, sender=room.sender.email, recipient=recipient.email)


def _give_back(room: PostRoom, taken: LinkMail) -> None:
    try:
        room.link_mails.replace_link_mail(taken, replace(taken, sent_at=taken.sent_at - LINK_PAUSE))
    except Conflict:
        # Somebody's later turn, which is theirs.
        return
