"""The signature of a deployment's register: made where it is deployed from, checked where it is read.

Ed25519 (RFC 8032), by a key of its own that no server ever holds. Signed is a statement of the address and a
digest of each ward's register without its rounds, which follow from the day; so the index and every ward's
file are covered, and whoever takes over a server can publish no other place, number or name unseen. A new key
is announced by the one before it, so that whoever remembers a key can follow to the newest. Statements are
numbered, and the numbers rise: an old one is known as such by whoever saw a newer one.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from homthu.adapters.whole_file import create_whole
from homthu.domain.boxes.box import Box
from homthu.render.register import SERVICE, render_register
from posters.strict_json import read_json

SCHEMA = 1
#: Above all numbers of statements, which are seconds since 1970 or slightly more.
_END = 2**53
_ANNOUNCED = b"hom-thu-gop-y key\0"
#: Any day: the rounds that follow from it are not signed.
_DAY = date(2026, 1, 1)


class NotSigned(Exception):
    """The signature is invalid; `code` names the sentence in `register.problem`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, kw_only=True, slots=True)
class Signed:
    """A signature that holds: the keys, oldest first, what each ward's register was, and which of all it is;
    0 if it was made before there were numbers."""

    url: str
    number: int = 0
    keys: tuple[str, ...]
    wards: Mapping[str, str]

    @property
    def key(self) -> str:
        """The key in use."""
        return self.keys[-1]

    def covers(self, source: str, box: Mapping[str, Any]) -> bool:
        """Whether it was made for what this source publishes of a ward."""
        return self.url == source and self.wards.get(box["ward"]["code"]) == digest_of(box)


def new_key(path: Path) -> Ed25519PrivateKey:
    """A new key in a file of its own, for this user only. Raise `FileExistsError` if one is there."""
    if path.exists():
        raise FileExistsError(path)
    key = Ed25519PrivateKey.generate()
    create_whole(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return key


def read_key(path: Path) -> Ed25519PrivateKey:
    """The key in a file. Raise `OSError`, or `ValueError` if it is none or others may read it."""
    if os.stat(path).st_mode & 0o077:
        raise ValueError(path)
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(path)
    return key


def public_key(key: Ed25519PrivateKey) -> str:
    """Its public half, 64 hexadecimal digits."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def sign(
    key: Ed25519PrivateKey,
    boxes: Iterable[Box],
    base_url: str,
    *,
    before: bytes | None = None,
    by: Ed25519PrivateKey | None = None,
    number: int = 1,
) -> bytes:
    """The signature file of these boxes. `before` is the one that it replaces, `by` that one's key if it was
    another. Its number is higher than that of `before`, and at least `number`. Raise `NotSigned` if `before`
    does not hold, or is by neither key."""
    keys = _keys_after(key, before, by)
    number = max(number, check(before).number + 1 if before else 1)
    wards = {box.ward.code: _digest_of_box(box, base_url) for box in boxes}
    head = {"schema": SCHEMA, "service": SERVICE, "url": base_url, "number": number}
    statement = _canonical({**head, "wards": wards})
    signature = key.sign(statement.encode()).hex()
    return json.dumps({"statement": statement, "signature": signature, "keys": keys}, indent=1).encode()


def _keys_after(
    key: Ed25519PrivateKey, before: bytes | None, by: Ed25519PrivateKey | None
) -> list[dict[str, str]]:
    new = public_key(key)
    if before is None:
        return [{"key": new}]
    held, known = check(before), json.loads(before)["keys"]
    if held.key == new:
        return list(known)
    if by is None or public_key(by) != held.key:
        raise NotSigned("other_key")
    return [*known, {"key": new, "announced": by.sign(_ANNOUNCED + bytes.fromhex(new)).hex()}]


def check(content: bytes) -> Signed:
    """A signature file that is valid in itself. Raise `NotSigned`."""
    try:
        document = read_json(content)
        statement, signature, entries = (document[name] for name in ("statement", "signature", "keys"))
        keys = [str(entry["key"]) for entry in entries]
        for old, entry in zip(keys, entries[1:], strict=False):
            announced = _ANNOUNCED + bytes.fromhex(entry["key"])
            _public(old).verify(bytes.fromhex(entry["announced"]), announced)
        _public(keys[-1]).verify(bytes.fromhex(signature), statement.encode())
        said = read_json(statement)
        if said["schema"] != SCHEMA or said["service"] != SERVICE:
            raise NotSigned("bad_signature")
        number = said.get("number", 0)
        if type(number) is not int or not 0 <= number < _END:
            raise NotSigned("bad_signature")
        return Signed(url=str(said["url"]), number=number, keys=tuple(keys), wards=_digests(said["wards"]))
    except (InvalidSignature, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        raise NotSigned("bad_signature") from None


def _digests(wards: Mapping[object, object]) -> dict[str, str]:
    return {str(code): str(digest) for code, digest in wards.items()}


def digest_of(box: Mapping[str, Any]) -> str:
    """What is signed of a ward's entry in a register."""
    lasting = {name: value for name, value in box.items() if name != "rounds"}
    return hashlib.sha256(_canonical(lasting).encode()).hexdigest()


def _digest_of_box(box: Box, base_url: str) -> str:
    return digest_of(json.loads(render_register([box], base_url, _DAY))["boxes"][0])


def _public(key: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
