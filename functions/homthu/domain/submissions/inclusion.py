"""Inclusion: how the sender of a form sees, by its reference alone, that it was counted.

When a form is stored, a *seed* is made from its reference and kept with it. A week's report publishes a
*commitment* to every form it counted, made from the seed: sorted, so that it tells neither order nor place
nor time. Whoever has a reference makes both again and looks it up; nobody else can tell whose it is.

A reference has 60 bits, which a fast digest alone would not protect against being tried one after the
other. So the commitment is stretched (PBKDF2, RFC 8018), once a form and a week, and never while a citizen
waits to send.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

_SEED = b"homthu inclusion\0"
_SALT = b"homthu counted"
#: Some two thousandths of a second a form; `web/README.md` prints the program that does the same.
_ROUNDS = 10_000
_BYTES = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class Inclusion:
    """Whether a form is among those that a report counted: which report, and how many it lists."""

    number: int
    year: int
    count: int
    is_in: bool


def seed_of(reference: str) -> str:
    """What is kept with a form: 64 hexadecimal digits. `reference` is the twelve symbols without hyphens."""
    return hashlib.sha256(_SEED + reference.encode()).hexdigest()


def commitment_of(seed: str) -> str:
    """What a report publishes of a form: 32 hexadecimal digits."""
    return _stretched(seed).hex()


def _stretched(seed: str) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", bytes.fromhex(seed), _SALT, _ROUNDS, _BYTES)


#: The rehearsal, the report and each edition of a week count the same forms.
_stretched_once = lru_cache(maxsize=1_000)(_stretched)


class CountedForms:
    """The forms that a report counts, each committed to as it is added, so that one who streams them may stop
    or renew a lease in between: of all that a large week takes, this takes longest."""

    def __init__(self) -> None:
        self._commitments: list[bytes] = []

    def add(self, seed: str) -> None:
        """Count one more form. One from before there were seeds has none, and is not on the list."""
        if seed:
            self._commitments.append(_stretched_once(seed))

    def to_bytes(self) -> bytes:
        """The list that the report publishes: one commitment a line, sorted."""
        lines = BytesIO()
        for one in sorted(self._commitments):
            lines.write(b"%s\n" % one.hex().encode())
        return lines.getvalue()


def count_in(content: bytes) -> int:
    """How many commitments a published list has."""
    return content.count(b"\n")


def commitments_in(content: bytes) -> list[str]:
    """The commitments in a published list."""
    return content.decode("ascii", "replace").split()


def list_digest(content: bytes) -> str:
    """What the report's digest covers of the list: its SHA-256, hexadecimal."""
    return hashlib.sha256(content).hexdigest()
