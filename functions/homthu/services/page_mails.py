"""Page mails: mails that lead to one page, a unit's cases or a clerk's figures, from owed to handed over.

Both kinds lie in one store and are owed, leased and sent alike; what they say, and when they are owed, is
in `unit_mails` and `clerk_mails`.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from homthu.domain.boxes.box import Box
from homthu.domain.cases.unit_mail import UnitMail, UnitMailKind
from homthu.domain.reports.ledger import DeliveryState
from homthu.domain.week import local_date
from homthu.log import log, log_crash
from homthu.ports import Clock, Conflict, Mailer, StoreUnavailable, UnitMails
from homthu.render.mail.message import address
from homthu.services.deliver import Sender
from homthu.services.handover import handed_over, put_off, taken
from homthu.services.mail_run import MailRun


@dataclass(frozen=True, kw_only=True, slots=True)
class PagePost:
    """What mails that lead to one page are kept, sent and dated with."""

    unit_mails: UnitMails
    mailer: Mailer
    sender: Sender
    clock: Clock
    base_url: str

    @property
    def today(self) -> date:
        """The day in Viet Nam."""
        return local_date(self.clock())

    def in_one_run(self) -> Self:
        """The same, with a mailer that gives up for all after a failure that would hit every mail."""
        return replace(self, mailer=MailRun.over(self.mailer))


@dataclass(frozen=True, kw_only=True, slots=True)
class MailsOutcome:
    """What a run did for one ward's units or clerks. `problem` is a short code, empty when all went well."""

    ward: str
    tried: int = 0
    owed: int = 0
    problem: str = ""

    @property
    def is_done(self) -> bool:
        """Whether another run would have nothing to do."""
        return not self.owed and not self.problem


def tell_each(
    boxes: Iterable[Box], tell: Callable[[Box], MailsOutcome], *, crashed: str, not_told: str
) -> list[MailsOutcome]:
    """Do for every ward what `tell` does for one; one ward's trouble stops no other.

    `crashed` and `not_told` are what the log calls it when a ward's mails break, and when some stay owed.
    """
    outcomes = []
    for box in boxes:
        try:
            outcome = tell(box)
        except StoreUnavailable as unavailable:
            outcome = MailsOutcome(ward=box.ward.code, problem=f"store_{unavailable.reason}")
        except Exception as error:
            # A defect in one ward's data must not keep the others waiting.
            log_crash(crashed, error)
            outcome = MailsOutcome(ward=box.ward.code, problem="crashed")
        if not outcome.is_done:
            log(not_told, "ERROR", ward=outcome.ward, owed=outcome.owed, problem=outcome.problem)
        outcomes.append(outcome)
    return outcomes


def to_units(mails: Iterable[UnitMail]) -> Iterable[UnitMail]:
    """Those that units get, without those to clerks."""
    return (mail for mail in mails if mail.kind is not UnitMailKind.FIGURES)


def to_clerks(mails: Iterable[UnitMail]) -> Iterable[UnitMail]:
    """Those that clerks get."""
    return (mail for mail in mails if mail.kind is UnitMailKind.FIGURES)


def withdraw(post: PagePost, mail: UnitMail) -> None:
    """Ask nobody to see to a mail that bounced any more; one that has changed meanwhile is left alone.

    May raise `StoreUnavailable`.
    """
    with suppress(Conflict):
        post.unit_mails.replace_unit_mail(mail, replace(mail, state=DeliveryState.WITHDRAWN))


#: Looks whether a due mail still has something to say, and gives what words it; else None.
WriteIfDue = Callable[[], Callable[[], bytes] | None]


def hand_over(post: PagePost, mail: UnitMail, write_if_due: WriteIfDue) -> UnitMail | None:
    """Hand a mail over if it is due; None if it is not due, or another worker has it.

    One that has nothing to say any more is withdrawn. May raise `StoreUnavailable`.
    """
    held = taken(mail, post.clock()) if mail.state.is_owed else None
    if held is None:
        return None
    write = write_if_due()
    try:
        if write is None:
            withdrawn = replace(mail, state=DeliveryState.WITHDRAWN, not_before=None, lease_until=None)
            return post.unit_mails.replace_unit_mail(mail, withdrawn)
        held = post.unit_mails.replace_unit_mail(mail, held)
    except Conflict:
        return None
    worded = write

    def send() -> None:
        message = address(
            worded(),
            recipient_name="",
            recipient=mail.recipient,
            message_id=f"<{mail.id}@{post.sender.host}>",
        )
        post.mailer.send(message, sender=post.sender.email, recipient=mail.recipient)

    after = put_off(handed_over(held, send), post.clock())
    is_sent = after.state is DeliveryState.SENT
    log(
        "unit_mail",
        "INFO" if is_sent else "ERROR",
        ward=mail.ward,
        kind=mail.kind.value,
        state=after.state.value,
        reason=after.reason,
    )
    try:
        return post.unit_mails.replace_unit_mail(held, after)
    except Conflict:
        # Another worker took over meanwhile: its mark stands, and the copy carries the same Message-ID.
        return held
