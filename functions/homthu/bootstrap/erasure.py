"""Puts together what an erasure needs."""

from typing import TYPE_CHECKING

from homthu.adapters.mail.outbox import change_each
from homthu.services.erase import ErasureContext

if TYPE_CHECKING:
    from homthu.bootstrap.parts import Parts


def make_erasure(parts: "Parts", why: str) -> ErasureContext:
    """It holds a connection of its own, to be closed by whoever asked for it."""
    folder = parts.outbox
    return ErasureContext(
        finder=parts.finder,
        ledger=parts.ledger,
        cases=parts.cases,
        reviews=parts.reviews,
        verdicts=parts.verdicts,
        eraser=parts.eraser,
        clock=parts.clock,
        secrets=parts.secrets,
        owner=parts.random_bytes(8).hex(),
        wording=parts.wording(why),
        # Where mails go elsewhere there is no outbox to change.
        change_outbox=lambda ward, change: change_each(folder, ward, change) if folder else 0,
    )
