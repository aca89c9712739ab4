"""Seals small texts for a trip through the citizen's browser: nobody can read, change or forge them."""

import base64
import binascii
import json
import re
from collections.abc import Sequence
from datetime import timedelta

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from homthu.ports import Clock, Unsealed

#: The characters of a token (RFC 4648, section 5), without its padding.
_FOREIGN_END = re.compile(r"[^A-Za-z0-9_-]+\Z")


class FernetSeal:
    """Fernet tokens (AES-128-CBC with HMAC-SHA-256): sealed with the first key, opened with any."""

    def __init__(self, keys: Sequence[bytes], clock: Clock) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        self._clock = clock

    def seal(self, purpose: str, values: Sequence[str]) -> str:
        """A URL-safe token that holds the values and when it was made.

        It has no padding: programs that find links in a mail leave `==` outside of them.
        """
        body = json.dumps([purpose, *values]).encode()
        return self._fernet.encrypt_at_time(body, int(self._clock().timestamp())).decode("ascii").rstrip("=")

    def open(self, purpose: str, token: str, max_age: timedelta) -> Unsealed | None:
        """The content of a token of this purpose, or None if it is forged, has another purpose or is too old.

        A token from an instance whose clock is up to a minute ahead is accepted, and so is one with the full
        stop or bracket that followed its link.
        """
        token = _FOREIGN_END.sub("", token)
        token += "=" * (-len(token) % 4)
        if not (token and _is_canonical(token)):
            return None
        now = int(self._clock().timestamp())
        try:
            body = self._fernet.decrypt_at_time(token.encode(), int(max_age.total_seconds()), now)
            made = self._fernet.extract_timestamp(token.encode())
        except (InvalidToken, UnicodeEncodeError):
            return None
        kind, *values = json.loads(body)
        if kind != purpose:
            return None
        return Unsealed(values=tuple(values), age=timedelta(seconds=max(0, now - made)))


def _is_canonical(token: str) -> bool:
    """Whether the token is spelt the one way it was made: base64 is read leniently by Python, which
    skips foreign characters and ignores the bits left over at the end."""
    try:
        return base64.urlsafe_b64encode(base64.urlsafe_b64decode(token)).decode("ascii") == token
    except (binascii.Error, ValueError):
        return False
