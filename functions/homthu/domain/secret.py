"""The deployment's secrets: the one in use, and those before it that old ids may rest on."""

import base64
import hmac
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
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
        """A Fernet key from each secret, kept apart from its other use by a label."""
        return tuple(
            base64.urlsafe_b64encode(hmac.digest(secret, b"homthu seal", "sha256")) for secret in self.all
        )
