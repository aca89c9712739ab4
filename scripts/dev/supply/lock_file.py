"""Reads a lock: every package, its version and the hashes of its files."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pip_requirements_parser import RequirementsFile

_SHA256 = re.compile(r"sha256:([0-9a-f]{64})")


@dataclass(frozen=True, kw_only=True)
class Pin:
    """One package of a lock; `hashes` are SHA-256 in hexadecimal digits, one for each of its files."""

    name: str
    version: str
    hashes: tuple[str, ...]


def read_pins(lock: Path) -> list[Pin]:
    """The packages of a lock in the order of their names; raise `ValueError` for one that is not pinned."""
    found = RequirementsFile.from_file(str(lock))
    if found.invalid_lines:
        raise ValueError(f"{lock}: {found.invalid_lines[0].line}")
    pins = [
        Pin(
            name=canonicalize_name(one.name),
            version=one.get_pinned_version or "",
            hashes=tuple(sorted(found[1] for found in map(_SHA256.fullmatch, one.hash_options) if found)),
        )
        for one in found.requirements
    ]
    if loose := [pin.name for pin in pins if not pin.version or not pin.hashes]:
        raise ValueError(f"{lock}: {', '.join(loose)}")
    return sorted(pins, key=lambda pin: pin.name)


def read_wishes(source: Path) -> Iterator[Requirement]:
    """What a source of a lock asks for."""
    for one in RequirementsFile.from_file(str(source)).requirements:
        yield Requirement(str(one.req))
