"""The term of a ward's list of recipients: how long it has stood as it is, for the desk's passes."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from homthu.domain.boxes.box import EVERYTHING, Recipient


@dataclass(frozen=True, kw_only=True, slots=True)
class DeskTerm:
    """A ward's list as it was last seen, and the name of the term that began with it.

    The name is random and never comes again, so a list that is changed back begins a term of its own.
    `revision` is the store's own: a replacement succeeds only while it is unchanged.
    """

    ward: str
    people: str
    name: str
    revision: object = field(default=None, compare=False)


def digest_of_people(recipients: Sequence[Recipient]) -> str:
    """What tells two lists apart, who is on them and what they read: 16 hexadecimal digits."""
    people = [
        # Who reads everything stands here as before it was asked who reads what: no link ends by that.
        [one.name, one.email, *([] if one.reads == EVERYTHING else sorted(one.reads))]
        for one in recipients
    ]
    return hashlib.sha256(json.dumps(people).encode()).hexdigest()[:16]
