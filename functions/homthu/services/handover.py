"""Handover: how a mail that is owed is taken by one worker, handed over once, and what
state it is in after.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from homthu.domain.cases.unit_mail import UnitMail
from homthu.domain.mail_cause import MailCause
from homthu.domain.reports.ledger import LEASE, Delivery, DeliveryState, is_running
from homthu.ports import MailBlocked, MailNotSent, MailRefused, MailUnknown
from homthu.render.mail.message import MessageError

_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(minutes=10)
#: After a failure that a person must fix. A wrong password tried every ten minutes would lock the account.
BLOCKED_WAIT = timedelta(hours=1)

Owed = TypeVar("Owed", Delivery, UnitMail)


def wait_after(attempts: int) -> timedelta:
    """How long to wait after this many attempts: a minute, doubling up to ten."""
    doublings: int = min(attempts - 1, 10)
    return min(_FIRST_WAIT * (1 << doublings), _LONGEST_WAIT)


def taken(mail: Owed, now: datetime, *, at_once: bool = False) -> Owed | None:
    """A mail as a worker holds it; None if it is not due, or another worker has it.

    A blocked mail does not wait if somebody, having fixed the cause, wants it `at_once`.
    """
    is_held = mail.state is DeliveryState.SENDING and is_running(mail.lease_until, now)
    # A longer wait than any was set by a clock that was ahead.
    is_early = mail.not_before and now < mail.not_before <= now + 2 * BLOCKED_WAIT
    if is_held or (is_early and not (at_once and mail.state is DeliveryState.BLOCKED)):
        return None
    return replace(
        mail,
        state=DeliveryState.SENDING,
        attempts=mail.attempts + 1,
        lease_until=now + LEASE,
        not_before=None,
    )


def handed_over(mail: Owed, send: Callable[[], None]) -> Owed:
    """The mail after one attempt; the error that `send` raises decides its state."""

    def now_in(state: DeliveryState, reason: str = "") -> Owed:
        return replace(mail, state=state, reason=reason, lease_until=None)

    try:
        send()
    except MessageError:
        return now_in(DeliveryState.BLOCKED, MailCause.BAD_MESSAGE)
    except MailRefused as refused:
        return now_in(DeliveryState.BOUNCED, refused.reason)
    except MailBlocked as blocked:
        return now_in(DeliveryState.BLOCKED, blocked.reason)
    except MailNotSent as failed:
        return now_in(DeliveryState.PENDING, failed.reason)
    except MailUnknown as unknown:
        return now_in(DeliveryState.UNKNOWN, unknown.reason)
    return now_in(DeliveryState.SENT)


def put_off(mail: Owed, now: datetime) -> Owed:
    """The mail with the time from which it may be tried again, if it is still owed."""
    if not mail.state.is_owed:
        return mail
    wait = BLOCKED_WAIT if mail.state is DeliveryState.BLOCKED else wait_after(mail.attempts)
    return replace(mail, not_before=now + wait)
