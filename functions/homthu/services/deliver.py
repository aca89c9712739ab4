"""Deliver: send the reports that are owed, one message per recipient, and record the state of each."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from homthu.domain.boxes.box import Box
from homthu.domain.errors import HomThuError
from homthu.domain.mail_cause import MailCause, cause_of
from homthu.domain.reports.edition import WEEKLY, Edition
from homthu.domain.reports.ledger import Delivery, DeliveryState, FrozenReport
from homthu.domain.week import Week
from homthu.log import log
from homthu.ports import Clock, Conflict, Ledger, Mailer
from homthu.render.mail.desk_link import with_link
from homthu.render.mail.message import address
from homthu.services import handover
from homthu.services.handover import handed_over, put_off
from homthu.services.mail_run import MailRun


@dataclass(frozen=True, kw_only=True, slots=True)
class Sender:
    """The sender of mails: the address, and the host named in their Message-IDs."""

    email: str
    host: str


def deliveries_of(report: FrozenReport) -> Iterable[Delivery]:
    """The deliveries that a report owes, one per recipient; their ids are the same each time."""
    # Every other edition has the year in its name: a correction counts in the year in which it is made.
    name = str(report.week) if report.edition == WEEKLY else f"{report.week}.{report.edition}.{report.year}"
    for recipient in report.recipients:
        mark = hashlib.sha256(recipient.encode()).hexdigest()[:16]
        yield Delivery(
            id=f"{report.ward}.{name}.{report.number}.{mark}",
            ward=report.ward,
            week=report.week,
            edition=report.edition,
            recipient=recipient,
        )


#: So many reports are held while a ward's mails are sent.
_REPORTS_HELD = 8
#: The links to the desk for the recipients of a ward, by address. May raise `StoreUnavailable`.
OwnLinks = Callable[[Box], Mapping[str, str]]


def no_links(box: Box) -> Mapping[str, str]:
    """No link for anyone: every mail keeps the address of the desk's entrance."""
    return {}


def deliver(
    ledger: Ledger,
    mailer: Mailer,
    clock: Clock,
    box: Box,
    *,
    sender: Sender,
    links: OwnLinks = no_links,
    at_once: bool = False,
) -> list[Delivery]:
    """Attempt every delivery of a ward that is due; return those attempted, in their new state.

    Each mail carries its recipient's own link to the desk, made now; for someone who is no longer a
    recipient the frozen mail keeps the address of the desk's entrance.

    A delivery that another worker holds, or that must still wait, is skipped; a blocked one does not wait if
    it is wanted `at_once`, after its cause has been fixed. May raise `StoreUnavailable`.
    """
    owed = ledger.owed(box.ward.code)
    post = _Post(
        report=lru_cache(_REPORTS_HELD)(ledger.report),
        ledger=ledger,
        mailer=MailRun.over(mailer),
        clock=clock,
        sender=sender,
        # Before any is leased: if the store fails here, no delivery is left leased.
        links=links(box) if owed else {},
    )
    named = {recipient.email for recipient in box.recipients}
    tried: list[Delivery] = []
    refused: list[_Refusal] = []
    for delivery in owed:
        if delivery.recipient not in named and _waits_for_its_address(delivery) and post.is_ours(delivery):
            post.mark(delivery, replace(delivery, state=DeliveryState.WITHDRAWN, not_before=None))
        elif taken := post.take(delivery, at_once=at_once):
            after = post.send(taken)
            if after.state is DeliveryState.BOUNCED:
                # Whose fault it is shows when all have been tried. After a crash here it is refused again.
                refused.append((taken, after))
            else:
                tried.append(post.mark(taken, after))
    return tried + [post.mark(taken, after) for taken, after in _judged(ledger, refused)]


#: A delivery as it was leased, and as it would be after its refusal.
_Refusal = tuple[Delivery, Delivery]


def _waits_for_its_address(delivery: Delivery) -> bool:
    """Whether it waits for a person to act. Removing the address from the box is such an act."""
    return delivery.state is DeliveryState.BLOCKED or cause_of(delivery.reason) is MailCause.MAILBOX_FULL


def _judged(ledger: Ledger, refused: Iterable[_Refusal]) -> Iterable[_Refusal]:
    """The refusals; blocked instead where every recipient of a report was refused alike: then it is us."""
    by_report: dict[tuple[str, Week, Edition], list[_Refusal]] = {}
    for taken, after in refused:
        by_report.setdefault((taken.ward, taken.week, taken.edition), []).append((taken, after))
    for (ward, week, edition), group in by_report.items():
        ids = {taken.id for taken, _ in group}
        others = [
            one for one in ledger.deliveries(ward, week) if one.edition == edition and one.id not in ids
        ]
        # Those that bounced in an earlier run for the same reason are reconsidered.
        everybody = [*group, *((one, one) for one in others)]
        if len(everybody) > 1 and {(one.state, one.reason) for _, one in everybody} == {
            (DeliveryState.BOUNCED, group[0][1].reason)
        }:
            code = group[0][1].reason.partition(" ")[2]
            reason = f"{MailCause.ALL_REFUSED} {code}".strip()
            yield from (
                (taken, replace(after, state=DeliveryState.BLOCKED, reason=reason))
                for taken, after in everybody
            )
        else:
            yield from group


@dataclass(frozen=True, kw_only=True, slots=True)
class _Post:
    """What deliveries are made with. A report never changes, and is read once for all its recipients; a mail
    is read for each, for words may be erased from it between two of them."""

    report: Callable[[str, Week, Edition], FrozenReport | None]
    ledger: Ledger
    mailer: Mailer
    clock: Clock
    sender: Sender
    links: Mapping[str, str]

    def take(self, delivery: Delivery, *, at_once: bool) -> Delivery | None:
        """Lease a delivery that is due; None if it is not due, or another worker has it."""
        held = handover.taken(delivery, self.clock(), at_once=at_once)
        try:
            return self.ledger.replace_delivery(delivery, held) if held else None
        except Conflict:
            return None

    def mark(self, taken: Delivery, after: Delivery) -> Delivery:
        """Record the new state of a delivery, and when it may be tried again."""
        try:
            return self.ledger.replace_delivery(taken, put_off(after, self.clock()))
        except Conflict:
            # The lease ran out while the provider was answering and another worker took over: its
            # mark stands, and the copy carries the same Message-ID.
            return taken

    def send(self, taken: Delivery) -> Delivery:
        """Hand the mail over once, and return the delivery in its new state."""

        def send() -> None:
            self.mailer.send(self._message(taken), sender=self.sender.email, recipient=taken.recipient)

        try:
            return handed_over(taken, send)
        except LookupError:
            reason = MailCause.CONTENT_MISSING
        except NotARecipient:
            log("delivery_to_a_stranger", "ERROR", ward=taken.ward, week=str(taken.week))
            reason = MailCause.NOT_A_RECIPIENT
        return replace(taken, state=DeliveryState.BLOCKED, reason=reason, lease_until=None)

    def is_ours(self, delivery: Delivery) -> bool:
        """Whether its report exists and was made for this address."""
        report = self.report(delivery.ward, delivery.week, delivery.edition)
        return report is not None and delivery.recipient in report.recipients

    def _message(self, delivery: Delivery) -> bytes:
        """The frozen mail, addressed. Raise `NotARecipient`, or `LookupError` if the mail is lost."""
        report = self.report(delivery.ward, delivery.week, delivery.edition)
        content = report.content_for(delivery.recipient) if report else None
        if content is None:
            raise NotARecipient
        frozen, link = self.ledger.content(content), self.links.get(delivery.recipient)
        return address(
            with_link(frozen, link) if link else frozen,
            recipient_name="",
            recipient=delivery.recipient,
            message_id=f"<{delivery.id}@{self.sender.host}>",
            sender=self.sender.email,
        )


class NotARecipient(HomThuError):
    """The report was not made for this address: the delivery was written into the store by hand."""
