"""Carry everything a store holds to a file, and from there to another store, and compare."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from homthu.domain.backup import (
    Entry,
    Kind,
    NotABackup,
    Sum,
    check_header,
    entry_line,
    entry_of,
    header,
    in_file,
    in_store,
    read_line,
    trailer,
)
from homthu.domain.errors import HomThuError
from homthu.ports import Backup

Sums = dict[Kind, Sum]


class ReportRunning(HomThuError):
    """A report is being made, or was made meanwhile: its halves would not fit together. Try again."""


class NotEmpty(HomThuError):
    """The store holds something that is not in the backup; nothing was written."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(entry.kind, entry.id)
        self.entry = entry


class NotRestored(HomThuError):
    """After writing, the store does not hold what the backup does."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True, kw_only=True, slots=True)
class Restored:
    """What a restore did: what was there before it is not written again."""

    sums: Sums
    written: int


def back_up(store: Backup, now: datetime, write: Callable[[str], None]) -> Sums:
    """Write a backup, line by line. Raise `ReportRunning`; what was written is no backup then.

    Submissions that come in meanwhile may be in it or not. A report may not run: it would stamp some
    after the ledger was read.
    """
    heads = _heads(store, now)
    write(header(now))
    sums: Sums = {}
    for kind in Kind:
        sums[kind] = Sum()
        for entry in store.dump(kind):
            line = entry_line(in_file(entry))
            sums[kind].add(line)
            write(line)
    if _heads(store, now) != heads:
        raise ReportRunning
    write(trailer(sums))
    return sums


def restore(store: Backup, lines: Callable[[], Iterable[str]]) -> Restored:
    """Bring a store to hold what the backup does, and compare. Broken off, it can be begun again.

    `lines` gives the file's lines from the beginning each time it is called. Raise `NotABackup` or
    `NotEmpty` before anything is written, `NotRestored` after.
    """
    wanted, digests = _examine(lines())
    there = {(entry.kind, entry.id) for kind in Kind for entry in store.dump(kind) if _is_in(entry, digests)}
    missing = (entry for entry in _entries(lines()) if (entry.kind, entry.id) not in there)
    written = store.load(in_store(entry) for entry in missing)
    found = sums_of(store)
    for kind in Kind:
        if found[kind].to_json() != wanted[kind].to_json():
            raise NotRestored(kind)
    return Restored(sums=found, written=written)


def sums_of(store: Backup) -> Sums:
    """Counts and digests of what a store holds."""
    sums = {kind: Sum() for kind in Kind}
    for kind in Kind:
        for entry in store.dump(kind):
            sums[kind].add(entry_line(in_file(entry)))
    return sums


def _heads(store: Backup, now: datetime) -> list[str]:
    heads = list(store.dump(Kind.HEADS))
    if any(head.record["lease_until"] and head.record["lease_until"] > now for head in heads):
        raise ReportRunning
    return [entry_line(head) for head in heads]


def _examine(lines: Iterable[str]) -> tuple[Sums, dict[tuple[Kind, str], bytes]]:
    """Counts and digests of what the file brings, and each entry's; its own last line is checked.

    A file from before there were marks holds instants, which are not brought on: it is compared as
    it will stand.
    """
    own = {kind: Sum() for kind in Kind}
    sums = {kind: Sum() for kind in Kind}
    digests: dict[tuple[Kind, str], bytes] = {}
    for entry in _entries(lines, own):
        digests[entry.kind, entry.id] = _digest(entry)
        sums[entry.kind].add(entry_line(in_file(entry)))
    return sums, digests


def _entries(lines: Iterable[str], sums: Sums | None = None) -> Iterator[Entry]:
    """The entries of a file; with `sums`, these are filled and compared with the file's own."""
    all_lines = iter(lines)
    check_header(next(all_lines, "{}"))
    for line in all_lines:
        value = read_line(line)
        if "sums" in value:
            if sums is not None and line != trailer(sums):
                raise NotABackup("changed")
            return
        entry = entry_of(value)
        if sums is not None:
            sums[entry.kind].add(entry_line(entry))
        yield entry
    raise NotABackup("cut_off")


def _is_in(entry: Entry, digests: dict[tuple[Kind, str], bytes]) -> bool:
    if digests.get((entry.kind, entry.id)) != _digest(entry):
        raise NotEmpty(entry)
    return True


def _digest(entry: Entry) -> bytes:
    return hashlib.sha256(entry_line(in_file(entry)).encode()).digest()
