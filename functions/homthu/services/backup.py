"""Copy everything that a store holds to a file, and from there to another store, and compare."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from homthu.domain.backup import (
    MOST_LINE_BYTES,
    Entry,
    EntryTooLarge,
    Kind,
    NotABackup,
    Sum,
    entry_line,
    entry_of,
    header,
    in_file,
    in_store,
    in_todays_form,
    is_trailer_of,
    read_line,
    trailer,
    version_of,
)
from homthu.domain.errors import HomThuError
from homthu.domain.reports.ledger import is_running
from homthu.ports.backup import Backup

Sums = dict[Kind, Sum]
#: Gives the lines of a file from its beginning.
Lines = Callable[[], Iterable[str]]


class ReportRunning(HomThuError):
    """A report is being made, or was made during the backup: its parts would not fit together. Try again."""


class NotAllRead(HomThuError):
    """The store counts more, or fewer, of a kind than were read from it."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(kind)
        self.kind = kind


class NotEmpty(HomThuError):
    """The store holds something that is not in the backup; nothing was written."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(entry.kind, entry.id)
        self.entry = entry


class NotRestored(HomThuError):
    """After writing, the store does not hold what the backup holds."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True, kw_only=True, slots=True)
class Restored:
    """What a restore did: what was there before it is not written again."""

    sums: Sums
    written: int


def back_up(store: Backup, now: datetime, write: Callable[[str], None]) -> Sums:
    """Write a backup, line by line. If this raises, what was written is no backup.

    Submissions that come in meanwhile may or may not be in it. A report must not run: it would assign some
    after the ledger was read. Raise `ReportRunning`, `NotAllRead` or `EntryTooLarge`.
    """
    heads = _heads(store, now)
    write(header(now))
    sums: Sums = {}
    for kind in Kind:
        before = store.count(kind)
        sums[kind] = Sum()
        for entry in store.dump(kind):
            line = _short_line(in_file(entry))
            sums[kind].add(line)
            write(line)
        if not before <= sums[kind].count <= store.count(kind):
            raise NotAllRead(kind)
    if _heads(store, now) != heads:
        raise ReportRunning
    write(trailer(sums))
    return sums


def restore(store: Backup, lines: Lines) -> Restored:
    """Make a store hold what the backup holds, and compare. If it breaks off, it can be started again.

    The file and the store are walked side by side, both in the order of ids, so that neither has to fit into
    memory. Raise `NotABackup` or `NotEmpty` before anything is written, `NotRestored` after.
    """
    with store.alone():
        wanted = _examine(store, lines)
        # From here on an unexpected entry in the store is one that was written meanwhile.
        try:
            beside = _beside(_entries(lines()), store)
            written = store.load(in_store(entry) for entry, is_there in beside if not is_there)
        except NotEmpty as other:
            raise NotRestored(other.entry.kind) from other
        found = sums_of(store)
        for kind in Kind:
            if found[kind].to_json() != wanted[kind].to_json() or store.count(kind) != wanted[kind].count:
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
    if any(is_running(head.record["lease_until"], now) for head in heads):
        raise ReportRunning
    return [entry_line(head) for head in heads]


def _short_line(entry: Entry) -> str:
    line = entry_line(entry)
    if len(line.encode()) > MOST_LINE_BYTES:
        raise EntryTooLarge(entry)
    return line


def _examine(store: Backup, lines: Lines) -> Sums:
    """What the store must hold in the end: the file is whole, and the store holds nothing else."""
    wanted = {kind: Sum() for kind in Kind}
    entries = _entries(lines())
    try:
        for entry, _ in _beside(entries, store):
            wanted[entry.kind].add(entry_line(entry))
    except NotEmpty:
        # A damaged file differs from the store that it was made from: that is the fault to report.
        for _ in entries:
            pass
        raise
    return wanted


def _entries(lines: Iterable[str]) -> Iterator[Entry]:
    """The entries of a file in the current format; raise `NotABackup` if they do not match its last line."""
    all_lines = iter(lines)
    version = version_of(next(all_lines, "{}"))
    yield from in_todays_form(_as_written(all_lines), version)


def _as_written(lines: Iterator[str]) -> Iterator[Entry]:
    sums = {kind: Sum() for kind in Kind}
    for line in lines:
        value = read_line(line)
        if "sums" in value:
            if not is_trailer_of(value, sums):
                raise NotABackup("changed")
            return
        entry = entry_of(value)
        sums[entry.kind].add(entry_line(entry))
        yield entry
    raise NotABackup("cut_off")


def _beside(entries: Iterator[Entry], store: Backup) -> Iterator[tuple[Entry, bool]]:
    """Each entry with whether the store holds it; raise `NotEmpty` for what only the store holds."""
    entry = next(entries, None)
    for kind in Kind:
        held = store.dump(kind)
        there = next(held, None)
        last = ""
        while entry is not None and entry.kind is kind:
            if entry.id <= last:
                raise NotABackup("disorder")
            is_there = there is not None and entry_line(in_file(there)) == entry_line(entry)
            if there is not None and there.id <= entry.id and not is_there:
                raise NotEmpty(there)
            yield entry, is_there
            if is_there:
                there = next(held, None)
            last, entry = entry.id, next(entries, None)
        if there is not None:
            raise NotEmpty(there)
    if entry is not None:
        raise NotABackup("disorder")
