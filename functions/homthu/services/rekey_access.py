"""Rekey access: who may see what is typed again, and tick it: recipients who read figures, and clerks.

A clerk's link opens that page and nothing else, for fourteen days or until the ward's list of people changes.
Nothing about it is stored.
"""

from dataclasses import dataclass
from datetime import date

from homthu.domain.boxes.box import Box, Reads
from homthu.domain.week import local_date
from homthu.services.access import CLERK_PURPOSE, PASS_AGE, PassIssuer, mark_of, open_pass


@dataclass(frozen=True, kw_only=True, slots=True)
class Typist:
    """Who holds a pass to the page, until which day; `is_member` of the desk, whose way back leads there."""

    box: Box
    name: str
    until: date
    is_member: bool

    @property
    def ward(self) -> str:
        """The ward's code."""
        return self.box.ward.code


def open_typist(context: PassIssuer, token: str) -> Typist | None:
    """Who may type with this token, a clerk's or a recipient's who reads figures; None for any other.

    May raise `StoreUnavailable`.
    """
    member = open_pass(context, token)
    if member is None:
        return _open_clerk(context, token)
    if Reads.FIGURES not in member.recipient.reads:
        return None
    return Typist(box=member.box, name=member.recipient.name, until=member.until, is_member=True)


def _open_clerk(context: PassIssuer, token: str) -> Typist | None:
    unsealed = context.seal.open(CLERK_PURPOSE, token, PASS_AGE)
    if unsealed is None:
        return None
    ward, mark, term = unsealed.values
    box = context.boxes.by_ward.get(ward)
    if box is None or term != context.term(box).name:
        return None
    clerk = next((one for one in box.clerks if mark_of(one) == mark), None)
    if clerk is None:
        return None
    until = local_date(context.clock() - unsealed.age + PASS_AGE)
    return Typist(box=box, name=clerk.name, until=until, is_member=False)
