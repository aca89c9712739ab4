"""Desk pass: the sealed token that lets one recipient of a ward's reports work at its desk.

It names the ward, the recipient and the list of recipients as it was, so that any change of the
list ends every pass of the ward, and removing a person surely ends theirs. Nothing about a pass is
stored. infra/decisions/0011 says why there is no cookie.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from homthu.domain.boxes.box import Box, Boxes, Recipient
from homthu.domain.week import local_date
from homthu.ports import Seal

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


def make_pass(seal: Seal, box: Box, recipient: Recipient) -> str:
    """A token for this recipient, valid for fourteen days."""
    return seal.seal(PURPOSE, [box.ward.code, _mark(recipient), _version(box)])


def open_pass(seal: Seal, boxes: Boxes, token: str, now: datetime) -> Member | None:
    """Who the token was made for; None if it is forged, run out, or its recipient no longer one."""
    unsealed = seal.open(PURPOSE, token, PASS_AGE)
    if unsealed is None:
        return None
    ward, mark, version = unsealed.values
    box = boxes.by_ward.get(ward)
    if box is None or version != _version(box):
        return None
    recipient = next((one for one in box.recipients if _mark(one) == mark), None)
    if recipient is None:
        return None
    return Member(box=box, recipient=recipient, until=local_date(now - unsealed.age + PASS_AGE))


def _mark(recipient: Recipient) -> str:
    return hashlib.sha256(recipient.email.casefold().encode()).hexdigest()[:16]


def _version(box: Box) -> str:
    people = [[one.name, one.email] for one in box.recipients]
    return hashlib.sha256(json.dumps(people).encode()).hexdigest()[:16]
