"""Desk pass: the sealed token that lets one recipient of a ward's reports work at its desk.

It names the ward, the recipient and the term of the list of recipients, so that any change of the
list ends every pass of the ward for good, also when the list is changed back. Nothing about a pass
is stored. infra/decisions/0011 says why there is no cookie.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta

from homthu.domain.boxes.box import Box, Boxes, Recipient
from homthu.domain.cases.desk_term import DeskTerm
from homthu.domain.week import local_date
from homthu.ports import Clock, DeskTerms, RandomBytes, Seal
from homthu.services.desk_term import current_term

PURPOSE = "desk"
PASS_AGE = timedelta(days=14)


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """Who holds a valid pass, for which ward, and the day on which it runs out."""

    box: Box
    recipient: Recipient
    until: date

    @property
    def ward(self) -> str:
        """The ward's code; everything a member reads or changes is of this ward."""
        return self.box.ward.code


@dataclass(frozen=True, kw_only=True, slots=True)
class PassOffice:
    """What passes are made and read with."""

    seal: Seal
    boxes: Boxes
    terms: DeskTerms
    clock: Clock
    random_bytes: RandomBytes

    def term(self, box: Box) -> DeskTerm:
        """The term of the ward's list as it is now. May raise `StoreUnavailable`."""
        return current_term(self.terms, box, self.random_bytes)


def make_pass(office: PassOffice, box: Box, recipient: Recipient) -> str:
    """A token for this recipient, valid for fourteen days. May raise `StoreUnavailable`."""
    return office.seal.seal(PURPOSE, [box.ward.code, _mark(recipient), office.term(box).name])


def open_pass(office: PassOffice, token: str) -> Member | None:
    """Who the token was made for; None if it is forged, run out, or of a term that has ended.

    May raise `StoreUnavailable`.
    """
    unsealed = office.seal.open(PURPOSE, token, PASS_AGE)
    if unsealed is None:
        return None
    ward, mark, term = unsealed.values
    box = office.boxes.by_ward.get(ward)
    if box is None or term != office.term(box).name:
        return None
    recipient = next((one for one in box.recipients if _mark(one) == mark), None)
    if recipient is None:
        return None
    return Member(box=box, recipient=recipient, until=local_date(office.clock() - unsealed.age + PASS_AGE))


def _mark(recipient: Recipient) -> str:
    return hashlib.sha256(recipient.email.casefold().encode()).hexdigest()[:16]
