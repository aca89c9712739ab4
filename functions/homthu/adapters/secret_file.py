"""Reads a purpose's secrets from a file, which on Google Cloud is a mounted Secret Manager version.

One hexadecimal secret per line, the current one first; after a rotation the previous line stays below until
nothing depends on it any more.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from homthu.domain.errors import HomThuError
from homthu.domain.secret import SecretPurpose, Secrets, receipts_of_single

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from homthu.ports import RandomBytes

MIN_SECRET_BYTES = 32
#: The files of a box on one machine.
_NAMES = {
    SecretPurpose.RECEIPTS: "secret-receipts",
    SecretPurpose.DESK: "secret-desk",
    SecretPurpose.REFERENCES: "secret",
}


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
    return parse_secrets(lines, path)


def parse_secrets(lines: Sequence[str], path: Path = Path()) -> Secrets:
    """Read the lines of such a file; raise `BadSecretFile`, which names the path."""
    try:
        values = [bytes.fromhex(line) for line in lines]
    except ValueError:
        raise BadSecretFile(path, "not_hexadecimal") from None
    if not values:
        raise BadSecretFile(path, "empty")
    if any(len(value) < MIN_SECRET_BYTES for value in values):
        raise BadSecretFile(path, "too_short")
    return Secrets(current=values[0], previous=tuple(values[1:]))


def file_of(secrets: Secrets) -> bytes:
    """The content of a file with these secrets."""
    return "".join(f"{secret.hex()}\n" for secret in secrets.all).encode("ascii")


def new_secrets(
    purpose: SecretPurpose, random_bytes: RandomBytes, single: Callable[[], Secrets | None]
) -> Secrets:
    """The first secret of a purpose. `single` gives what once served every purpose, if there is that.

    Receipts go on from it, so that what citizens have open stays open. Passes of the desk do not:
    its holder could have forged them.
    """
    if purpose is SecretPurpose.RECEIPTS and (before := single()):
        return receipts_of_single(before)
    return Secrets(current=random_bytes(MIN_SECRET_BYTES))


def secret_paths(folder: Path, given: Mapping[SecretPurpose, Path]) -> dict[SecretPurpose, Path]:
    """The file for each purpose: the given one, else one in this folder, whether it exists or not."""
    return {purpose: given.get(purpose, folder / name) for purpose, name in _NAMES.items()}


def make_secret_files(
    folder: Path, random_bytes: RandomBytes, given: Mapping[SecretPurpose, Path]
) -> dict[SecretPurpose, Path]:
    """The file of every purpose: the one that is given, else one in this folder, made if it is missing.

    Only this user can read what is made. `secret`, with which references lead to submissions, comes
    last: where it is without the others, it once served every purpose. If it cannot be read, what
    would follow from it is left to be made later.
    """
    paths = secret_paths(folder, given)
    references = paths[SecretPurpose.REFERENCES]

    def single() -> Secrets | None:
        return load_secrets(references) if references.exists() else None

    for purpose, path in paths.items():
        if purpose not in given:
            with suppress(BadSecretFile):
                make_secret_file(path, purpose, random_bytes, single)
    return paths


def make_secret_file(
    path: Path,
    purpose: SecretPurpose,
    random_bytes: RandomBytes,
    single: Callable[[], Secrets | None] = lambda: None,
) -> None:
    """Make one of these files if it is missing. May raise `BadSecretFile` for what `single` reads."""
    # Only one's own computer makes a secret; the functions start without what that needs.
    from homthu.adapters.whole_file import create_whole

    if not path.exists():
        create_whole(path, file_of(new_secrets(purpose, random_bytes, single)))
