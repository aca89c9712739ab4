"""Rekey access: who may see and tick what is to be typed: recipients who read figures, and clerks.

A clerk's link opens that page alone, for fourteen days or until the ward's list of people changes. Nothing
about the link is stored.
"""

from dataclasses import dataclass
from datetime import date

from homthu.domain.boxes.box import Box, Reads
from homthu.services.access import CLERK_PURPOSE, PassIssuer, holder_of, open_pass


@dataclass(frozen=True, kw_only=True, slots=True)
class Typist:
    """The holder of a pass to the page, valid until a day; `is_member` adds the way back to the desk."""

    box: Box
    name: str
    until: date
    is_member: bool

    @property
    def ward(self) -> str:
        """The ward's code."""
        return self.box.ward.code


def open_typist(context: PassIssuer, token: str) -> Typist | None:
    """The holder of this token, a clerk or a recipient who reads figures; None for any other token.

    May raise `StoreUnavailable`.
    """
    member = open_pass(context, token)
    if member is None:
        return _open_clerk(context, token)
    if Reads.FIGURES not in member.recipient.reads:
        return None
    return Typist(box=member.box, name=member.recipient.name, until=member.until, is_member=True)


def _open_clerk(context: PassIssuer, token: str) -> Typist | None:
    found = holder_of(context, token, CLERK_PURPOSE, lambda box: box.clerks)
    if found is None:
        return None
    box, clerk, until = found
    return Typist(box=box, name=clerk.name, until=until, is_member=False)
