"""Reads the secrets from a file, which on Google Cloud is a mounted Secret Manager version.

One secret a line in hexadecimal, the current one first; after a rotation the line before it stays
below until nobody resends what was sent under it (a week).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from homthu.domain.errors import HomThuError
from homthu.domain.secret import Secrets

if TYPE_CHECKING:
    from homthu.ports import RandomBytes

MIN_SECRET_BYTES = 32


class BadSecretFile(HomThuError):
    """The file is missing, unreadable or holds no usable secret; `reason` is a short code."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(str(path), reason)
        self.path = path
        self.reason = reason


def load_secrets(path: Path) -> Secrets:
    """Read the file; raise `BadSecretFile`."""
    try:
        lines = path.read_text("ascii").split()
    except OSError:
        raise BadSecretFile(path, "unreadable") from None
    except UnicodeDecodeError:
        raise BadSecretFile(path, "not_hexadecimal") from None
    try:
        values = [bytes.fromhex(line) for line in lines]
    except ValueError:
        raise BadSecretFile(path, "not_hexadecimal") from None
    if not values:
        raise BadSecretFile(path, "empty")
    if any(len(value) < MIN_SECRET_BYTES for value in values):
        raise BadSecretFile(path, "too_short")
    return Secrets(current=values[0], previous=tuple(values[1:]))


def make_secret_file(path: Path, random_bytes: RandomBytes) -> None:
    """Write a new secret that only this user can read, unless the file exists."""
    # Only one's own computer makes a secret; the functions start without what that needs.
    from homthu.adapters.whole_file import create_whole

    if not path.exists():
        create_whole(path, f"{random_bytes(MIN_SECRET_BYTES).hex()}\n".encode("ascii"))
