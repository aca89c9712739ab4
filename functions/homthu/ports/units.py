"""What the services need of a store to owe mails to units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from homthu.domain.cases.unit_mail import UnitMail


class UnitMails(Protocol):
    """Mails owed to units, sent or not. Every method may raise `StoreUnavailable`."""

    def owe_unit_mail(self, mail: UnitMail) -> None:
        """Store a mail; one with this id that is there already stays as it is."""

    def unit_mail(self, id: str) -> UnitMail | None:
        """The mail under this id, or None."""

    def replace_unit_mail(self, old: UnitMail, new: UnitMail) -> UnitMail:
        """Store `new` if the stored mail is still `old`, else raise `Conflict`."""

    def owed_unit_mails(self, ward: str) -> list[UnitMail]:
        """The ward's mails that are neither sent, bounced nor withdrawn, in the order of their ids."""

    def bounced_unit_mails(self, ward: str) -> list[UnitMail]:
        """The ward's mails that came back, in the order of their ids."""
