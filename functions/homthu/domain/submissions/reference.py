"""Keys, references and ids: three names of one submission, each derivable only from the one before.

The *key* is made on the phone, or by the review page, and never stored. The *reference* is what
the citizen keeps. The *id* names the stored document; whoever reads the store cannot find the
reference from it, because the secret is not there.
"""

import hashlib
import hmac
import re
from itertools import islice

from homthu.domain.submissions.input_method import readings

#: Crockford's base 32: no I, L, O, U, so that a code copied by hand can be read back.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans("OIL", "011")
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}", re.ASCII)
#: Symbols in a reference: 60 bits. infra/decisions/0003-references.md says why not more.
REFERENCE_LENGTH = 12
#: The most readings of one text that are looked up: each costs a read of the store.
MOST_READINGS = 64


def is_key(text: str) -> bool:
    """Whether the text can be a key: 16 to 64 URL-safe characters (the page makes 32, 128 bits)."""
    return _KEY.fullmatch(text) is not None


def make_key(entropy: bytes) -> str:
    """A key from 16 random bytes."""
    return entropy.hex()


def derive_key(key: str, digest: str) -> str:
    """The key under which a second, different payload sent with the same key is kept.

    It depends on the payload, so that resending that payload finds its own record again.
    """
    return hashlib.sha256(f"homthu second key\0{key}\0{digest}".encode()).hexdigest()[:32]


def reference_of(key: str) -> str:
    """The reference of a key: twelve characters without hyphens."""
    number = int.from_bytes(hashlib.sha256(b"homthu reference\0" + key.encode()).digest()[:8])
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(0, REFERENCE_LENGTH * 5, 5))


def format_reference(reference: str) -> str:
    """The reference as people see it: `XXXX-XXXX-XXXX`."""
    return "-".join(reference[i : i + 4] for i in range(0, REFERENCE_LENGTH, 4))


def parse_reference(text: str) -> str | None:
    """Read a reference however it was typed or copied; None if it cannot be one."""
    # A copied reference may include a full stop, or dashes that a word processor made of its hyphens.
    symbols = re.sub(r"[\W_]", "", text).upper().translate(_LOOKALIKES)
    if len(symbols) != REFERENCE_LENGTH or set(symbols) - set(_ALPHABET):
        return None
    return symbols


def read_code(text: str, most: int) -> tuple[str, ...]:
    """The codes that may be meant, however they were typed: one if plain, more where
    Telex or VNI rewrote it.
    """
    if plain := parse_reference(text):
        return (plain,)
    retyped = (parse_reference(reading) for reading in readings(text, REFERENCE_LENGTH))
    return tuple(islice(dict.fromkeys(filter(None, retyped)), most))


def id_of(reference: str, secret: bytes) -> str:
    """The id of the stored document: 32 hexadecimal digits of an HMAC-SHA-256."""
    return hmac.digest(secret, b"homthu submission\0" + reference.encode(), "sha256").hex()[:32]
