"""The deployment's secrets, one per purpose: the current one, and earlier ones that old ids may rest on."""

import base64
import hmac
from enum import StrEnum

from homthu.record import record

#: Fernet takes keys of this size (https://github.com/fernet/spec).
_KEY_BYTES = 32


class SecretPurpose(StrEnum):
    """What a secret is for. What opens one thing must open no other: `form`, which the whole world
    may call, holds only the secret of receipts, and nobody but `desk` holds the desk's."""

    REFERENCES = "references"
    RECEIPTS = "receipts"
    DESK = "desk"


@record
class Secrets:
    """Random bytes, never shown: `current` makes new ids and seals, `previous` still reads old ones."""

    current: bytes
    previous: tuple[bytes, ...] = ()

    def __repr__(self) -> str:
        return f"Secrets({1 + len(self.previous)} kept)"

    @property
    def all(self) -> tuple[bytes, ...]:
        """Every secret, the current one first."""
        return (self.current, *self.previous)

    def sealing_keys(self) -> tuple[bytes, ...]:
        """Each secret as a Fernet key."""
        return tuple(base64.urlsafe_b64encode(secret[:_KEY_BYTES]) for secret in self.all)


def verdicts_of(references: Secrets) -> Secrets:
    """Seals the permission to judge an answer, given to someone who has just shown its reference.

    It is made from the secret of references, which `board` and `submit` hold both, and leads back to nothing.
    """
    first, *others = (hmac.digest(secret, b"homthu verdict", "sha256") for secret in references.all)
    return Secrets(current=first, previous=tuple(others))


def receipts_of_single(single: Secrets) -> Secrets:
    """What sealed receipts and review pages while one secret served every purpose.

    With this as their own secret everything that citizens have open stays open, also while functions
    of the version before answer beside the new ones. It leads neither back to that secret nor to
    anything else that was made from it.
    """
    first, *others = (hmac.digest(secret, b"homthu seal", "sha256") for secret in single.all)
    return Secrets(current=first, previous=tuple(others))
