"""Deliver: send what is owed, one recipient a message, and keep the ledger true about each."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from homthu.domain.reports.edition import WEEKLY
from homthu.domain.reports.ledger import Delivery, DeliveryState, FrozenReport
from homthu.ports import Clock, Conflict, Ledger, Mailer, MailNotSent, MailRefused, MailUnknown
from homthu.render.mail.message import MessageError, address

#: How long one attempt may hold a delivery; longer than any mail provider takes to answer.
LEASE = timedelta(minutes=15)
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sender:
    """Who a report comes from: the address, and the host that its Message-IDs name."""

    email: str
    host: str


def deliveries_of(report: FrozenReport) -> Iterable[Delivery]:
    """The deliveries that a report owes, one a recipient, with ids that come out the same again."""
    # The year is in the name of what is not weekly, for a correction counts in the year it is made.
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


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: a minute, doubling up to ten."""
    doublings: int = min(attempts - 1, 10)
    return min(_FIRST_WAIT * (1 << doublings), _LONGEST_WAIT)


def deliver(ledger: Ledger, mailer: Mailer, clock: Clock, *, ward: str, sender: Sender) -> list[Delivery]:
    """Try every delivery of a ward that is due; return those tried, as they stand now.

    A delivery that another worker holds, or whose waiting time is not over, is left alone.
    """
    tried = []
    for delivery in ledger.owed(ward):
        taken = _take(ledger, delivery, clock())
        if taken:
            tried.append(_attempt(ledger, mailer, clock, taken, sender))
    return tried


def _take(ledger: Ledger, delivery: Delivery, now: datetime) -> Delivery | None:
    is_held = delivery.state is DeliveryState.SENDING and delivery.lease_until and now < delivery.lease_until
    if is_held or (delivery.not_before and now < delivery.not_before):
        return None
    taken = replace(
        delivery,
        state=DeliveryState.SENDING,
        attempts=delivery.attempts + 1,
        lease_until=now + LEASE,
        not_before=None,
    )
    try:
        return ledger.replace_delivery(delivery, taken)
    except Conflict:
        return None


def _attempt(ledger: Ledger, mailer: Mailer, clock: Clock, taken: Delivery, sender: Sender) -> Delivery:
    after = _send(ledger, mailer, taken, sender)
    if after.state.is_owed:
        after = replace(after, not_before=clock() + wait_after(taken.attempts))
    try:
        return ledger.replace_delivery(taken, after)
    except Conflict:
        # The lease ran out while the provider was answering and another worker took over: its
        # mark stands, and the copy carries the same Message-ID.
        return taken


def _send(ledger: Ledger, mailer: Mailer, taken: Delivery, sender: Sender) -> Delivery:
    """Hand the mail over once, and say where the delivery stands after it."""

    def now_in(state: DeliveryState, reason: str = "") -> Delivery:
        return replace(taken, state=state, reason=reason, lease_until=None)

    try:
        message = _message(ledger, taken, sender)
        mailer.send(message, sender=sender.email, recipient=taken.recipient)
    except LookupError:
        return now_in(DeliveryState.PENDING, "content_missing")
    except MessageError:
        return now_in(DeliveryState.BOUNCED, "bad_message")
    except MailRefused as refused:
        return now_in(DeliveryState.BOUNCED, refused.reason)
    except MailNotSent as failed:
        return now_in(DeliveryState.PENDING, failed.reason)
    except MailUnknown as unknown:
        return now_in(DeliveryState.UNKNOWN, unknown.reason)
    return now_in(DeliveryState.SENT)


def _message(ledger: Ledger, delivery: Delivery, sender: Sender) -> bytes:
    """The frozen mail, addressed; raise `LookupError` if the ledger has lost it."""
    report = ledger.report(delivery.ward, delivery.week, delivery.edition)
    if report is None:
        raise LookupError(delivery.id)
    return address(
        ledger.content(report.content),
        recipient_name="",
        recipient=delivery.recipient,
        message_id=f"<{delivery.id}@{sender.host}>",
    )
