"""Resend: owe a frozen report again to those it did not reach; the report itself stays as it is."""

from dataclasses import replace

from homthu.domain.reports.edition import Edition
from homthu.domain.reports.ledger import Delivery, DeliveryState
from homthu.domain.week import Week
from homthu.ports import Conflict, Ledger

_GIVEN_UP = (DeliveryState.BOUNCED, DeliveryState.WITHDRAWN)


def resend(
    ledger: Ledger, ward: str, week: Week, *, edition: Edition | None = None, recipient: str = ""
) -> list[Delivery]:
    """Owe again what bounced of a week's reports, or of one edition; return what is owed again.

    With a `recipient` only theirs, and then also what the server accepted: a notice of non-delivery may have
    come later. What is still owed needs no resending. Nothing is sent here.
    """
    wanted = (*_GIVEN_UP, DeliveryState.SENT) if recipient else _GIVEN_UP
    owed_again = []
    for delivery in ledger.deliveries(ward, week):
        if (
            delivery.state in wanted
            and edition in (None, delivery.edition)
            and recipient.casefold() in ("", delivery.recipient.casefold())
        ):
            again = replace(delivery, state=DeliveryState.PENDING, attempts=0, reason="", not_before=None)
            try:
                owed_again.append(ledger.replace_delivery(delivery, again))
            except Conflict:
                # Somebody else has made it owed again, or is sending it, which is what was asked for.
                continue
    return owed_again
