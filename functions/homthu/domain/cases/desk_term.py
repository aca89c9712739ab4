"""The term of a ward's list of recipients: while the list stays unchanged, the desk's passes stay valid."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from homthu.domain.boxes.box import EVERYTHING, Clerk, Recipient


@dataclass(frozen=True, kw_only=True, slots=True)
class DeskTerm:
    """A ward's list as last seen, and the name of the term that began with it.

    The name is random and never reused, so that a list which is changed back begins a new term. `revision` is
    the store's own: a replacement succeeds only while it is unchanged.
    """

    ward: str
    people: str
    name: str
    revision: object = field(default=None, compare=False)


def digest_of_people(recipients: Sequence[Recipient], clerks: Sequence[Clerk] = ()) -> str:
    """A digest of who is on a list and what they read: 16 hexadecimal digits."""
    people: list[object] = [
        # Those who read everything are written as they were before readings existed, so that no link ends by
        # it.
        [one.name, one.email, *([] if one.reads == EVERYTHING else sorted(one.reads))]
        for one in recipients
    ]
    # A ward without clerks is known as it was before there were any.
    people += [{"clerk": [one.name, one.email]} for one in clerks]
    return hashlib.sha256(json.dumps(people).encode()).hexdigest()[:16]
