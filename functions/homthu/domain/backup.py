"""A backup: every record of a store as a line of text, the same for every kind of store.

A line is JSON with its names sorted, so that equal records make equal lines and digests can be
compared. JSON has no instants and no bytes: they are written `{"$at": …}` and `{"$bytes": …}`.

Version 1 gave every report of a week the id of the weekly one, when it was made from SQLite.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import groupby
from typing import Any

from homthu.domain.errors import HomThuError
from homthu.domain.reports.edition import Edition, NotAnEdition
from homthu.domain.reports.ledger import report_id
from homthu.domain.submissions.receipt_mark import mark_of_day
from homthu.domain.week import NotAWeek, Week, local_date

#: The version of the file's format, and the versions that can be read.
VERSION = 2
READABLE = (1, 2)
#: The longest line, in bytes: four times what the largest mail there may be takes.
MOST_LINE_BYTES = 40_000_000
_AT, _BYTES = "$at", "$bytes"


class NotABackup(HomThuError):
    """The file is not a whole backup; `reason` says what is wrong with it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class EntryTooLarge(HomThuError):
    """A record is larger than a backup may hold, so that it could not be read back."""

    def __init__(self, entry: "Entry") -> None:
        super().__init__(entry.kind, entry.id)
        self.entry = entry


class Kind(StrEnum):
    """What a store holds, in the order of a backup: what the report remembers comes first.

    Mailed links are left out: they matter for ten minutes.
    """

    HEADS = "heads"
    REPORTS = "reports"
    CONTENTS = "contents"
    DELIVERIES = "deliveries"
    SUBMISSIONS = "submissions"
    CASES = "cases"
    PAPER_BATCHES = "paper_batches"
    REVIEWS = "reviews"
    UNIT_MAILS = "unit_mails"
    VERDICTS = "verdicts"
    TYPED_WEEKS = "typed_weeks"


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One record under its id: plain values, instants and bytes."""

    kind: Kind
    id: str
    record: Mapping[str, Any]


@dataclass(slots=True)
class Sum:
    """How many entries of a kind there are, and the digest of their lines in the order of their ids."""

    count: int = 0
    _digest: Any = field(default_factory=hashlib.sha256)

    def add(self, line: str) -> None:
        """Count one more."""
        self.count += 1
        self._digest.update(line.encode() + b"\n")

    def to_json(self) -> dict[str, Any]:
        """The sum as it stands at the end of a backup."""
        return {"count": self.count, "sha256": self._digest.hexdigest()}


#: What records gained after version 3 of the store, with the value that says there is none. A file
#: leaves it out then, so that it is the same whichever version the record is from.
ADDED: Mapping[Kind, Mapping[str, Any]] = {
    Kind.SUBMISSIONS: {"batch": "", "text_kind": "", "do_not_quote": False, "seed": ""},
    Kind.CASES: {"number": 0},
    Kind.REPORTS: {"versions": "", "counted": ""},
    Kind.REVIEWS: {"only_theme": False},
}


def in_file(entry: Entry) -> Entry:
    """An entry as a backup holds it: of a submission whose week is not closed, the day it came and no time.

    A backup may be kept for years, and a time might identify its author.
    """
    added = ADDED.get(entry.kind, {})
    record = {
        name: value for name, value in entry.record.items() if name not in added or value != added[name]
    }
    received_at = record.get("received_at") if entry.kind is Kind.SUBMISSIONS else None
    if isinstance(received_at, datetime):
        del record["received_at"]
        record["received_on"] = local_date(received_at).isoformat()
    return replace(entry, record=record)


def in_store(entry: Entry) -> Entry:
    """An entry as a store holds it, read from either form: what is not closed yet gets the week it came in.

    Raise `NotABackup` for what is no day.
    """
    record = {**ADDED.get(entry.kind, {}), **in_file(entry).record}
    if entry.kind is not Kind.SUBMISSIONS or record.get("week"):
        return replace(entry, record=record)
    try:
        record["received_at"] = mark_of_day(date.fromisoformat(record.pop("received_on")))
    except (KeyError, ValueError, TypeError):
        raise NotABackup("no_entry") from None
    return replace(entry, record=record)


def header(made_at: datetime) -> str:
    """The first line."""
    return _dumps({"homthu_backup": VERSION, "made_at": made_at.astimezone(UTC).isoformat()})


def trailer(sums: Mapping[Kind, Sum]) -> str:
    """The last line: if it is missing, so is the rest of the file."""
    return _dumps({"sums": {kind.value: one.to_json() for kind, one in sums.items()}})


def is_trailer_of(value: Mapping[str, Any], sums: Mapping[Kind, Sum]) -> bool:
    """Whether a last line says what was read. One from before there was a kind does not name it."""
    found = {kind.value: one.to_json() for kind, one in sums.items()}
    unnamed = {name: Sum().to_json() for name in found}
    named = value.get("sums")
    return isinstance(named, dict) and found == {**unnamed, **named}


def entry_line(entry: Entry) -> str:
    """An entry as a line."""
    record = {name: _plain(value) for name, value in entry.record.items()}
    return _dumps({"kind": entry.kind.value, "id": entry.id, "record": record})


def size_of(entry: Entry) -> int:
    """Roughly how many bytes an entry takes in memory: its texts and its bytes."""
    return sum(len(value) for value in entry.record.values() if isinstance(value, str | bytes))


def read_line(line: str) -> dict[str, Any]:
    """Any line; raise `NotABackup`."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        raise NotABackup("not_json") from None
    if not isinstance(value, dict):
        raise NotABackup("not_json")
    return value


def version_of(line: str) -> int:
    """The version of the backup that this line begins; raise `NotABackup` unless we can read it."""
    version = read_line(line).get("homthu_backup")
    if not isinstance(version, int) or version not in READABLE:
        raise NotABackup("no_header")
    return version


def made_at(line: str) -> datetime:
    """When the backup that this line begins was made; raise `NotABackup` unless we can read it."""
    version_of(line)
    try:
        return datetime.fromisoformat(read_line(line)["made_at"])
    except (KeyError, ValueError, TypeError):
        raise NotABackup("no_header") from None


def in_todays_form(entries: Iterable[Entry], version: int) -> Iterator[Entry]:
    """The entries of a file in the current format, in the order of their ids."""
    if version == VERSION:
        yield from map(in_file, entries)
        return
    for kind, group in groupby(entries, lambda entry: entry.kind):
        if kind is Kind.REPORTS:
            yield from sorted(map(_with_edition, group), key=lambda entry: entry.id)
        else:
            yield from map(in_file, group)


def _with_edition(entry: Entry) -> Entry:
    record = entry.record
    try:
        week, edition = Week.parse(record["week"]), Edition.parse(record["edition"])
        return in_file(replace(entry, id=report_id(record["ward"], week, edition)))
    except (KeyError, TypeError, AttributeError, NotAWeek, NotAnEdition):
        raise NotABackup("no_entry") from None


def entry_of(value: Mapping[str, Any]) -> Entry:
    """Read an entry back; raise `NotABackup`."""
    try:
        record = {name: _rich(part) for name, part in value["record"].items()}
        if not isinstance(value["id"], str):
            raise NotABackup("no_entry")
        return Entry(kind=Kind(value["kind"]), id=value["id"], record=record)
    except (KeyError, ValueError, TypeError, AttributeError):
        raise NotABackup("no_entry") from None


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return {_AT: value.astimezone(UTC).isoformat()}
        case bytes():
            return {_BYTES: base64.b64encode(value).decode()}
        case _:
            return value


def _rich(value: Any) -> Any:
    match value:
        case {"$at": str(at)} if len(value) == 1:
            return datetime.fromisoformat(at)
        case {"$bytes": str(encoded)} if len(value) == 1:
            return base64.b64decode(encoded, validate=True)
        case _:
            return value
