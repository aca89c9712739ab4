"""Everything in a box's SQLite file, for a maintainer's backup. No function is given this."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from homthu.adapters.case_records import index_record, without_index
from homthu.adapters.chunks import chunks
from homthu.adapters.sqlite.database import SqliteDatabase
from homthu.adapters.sqlite.rows import (
    CASE,
    DELIVERY,
    HEAD,
    PAPER_BATCH,
    REPORT,
    REVIEW,
    SUBMISSION,
    TYPED_WEEK,
    UNIT_MAIL,
    VERDICT,
    insert,
    record_of,
    row_of,
)
from homthu.adapters.store_records import Record, content_record
from homthu.domain.backup import Entry, Kind, size_of
from homthu.domain.reports.edition import Edition
from homthu.domain.reports.ledger import report_id
from homthu.domain.week import Week
from homthu.ports import Access, Conflict

#: What is in memory at a time, and what one transaction writes.
_ROWS, _BYTES = 500, 4_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class _Table:
    """A table with its columns; `key` names those that identify a row and give the order."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]

    def page(self) -> str:
        """A query for the rows after a key; the first column of the key finds where they begin."""
        key = ", ".join(self.key)
        return (
            f"SELECT {key}, {', '.join(self.columns)} FROM {self.name}"
            f" WHERE {self.key[0]} >= ? AND ({key}) > ({', '.join('?' * len(self.key))})"
            f" ORDER BY {key} LIMIT {_ROWS}"
        )


_TABLES = {
    Kind.HEADS: _Table(name="heads", columns=HEAD, key=("ward",)),
    # A week's own report has the shortest id, so it comes before those of its other editions.
    Kind.REPORTS: _Table(
        name="reports", columns=REPORT, key=("ward", "week", "edition <> 'week'", "edition")
    ),
    Kind.CONTENTS: _Table(name="contents", columns=("name", "sha256", "bytes"), key=("name",)),
    Kind.DELIVERIES: _Table(name="deliveries", columns=DELIVERY, key=("id",)),
    Kind.SUBMISSIONS: _Table(name="submissions", columns=SUBMISSION, key=("id",)),
    Kind.CASES: _Table(name="cases", columns=CASE, key=("id",)),
    Kind.PAPER_BATCHES: _Table(name="paper_batches", columns=PAPER_BATCH, key=("id",)),
    Kind.REVIEWS: _Table(name="reviews", columns=REVIEW, key=("id",)),
    Kind.UNIT_MAILS: _Table(name="unit_mails", columns=UNIT_MAIL, key=("id",)),
    Kind.VERDICTS: _Table(name="verdicts", columns=VERDICT, key=("id",)),
    Kind.TYPED_WEEKS: _Table(name="typed_weeks", columns=TYPED_WEEK, key=("id",)),
}
#: What a submission has only before, or only after, its week is closed, or it was erased.
_EITHER = ("received_at", "week", "received_on", "erased_on")


class SqliteBackup:
    """One file."""

    def __init__(self, path: Path, *, access: Access = Access.CREATE) -> None:
        self._database = SqliteDatabase(path, access=access)

    def alone(self) -> AbstractContextManager[None]:
        """Take the file's folder for ourselves. Raise `StoreUnavailable` while anyone uses it."""
        return self._database.alone()

    def dump(self, kind: Kind) -> Iterator[Entry]:
        """All rows of a kind, page by page, so that the log can be emptied meanwhile."""
        table = _TABLES[kind]
        width = len(table.key)
        after: tuple[Any, ...] = ("",) * width
        while rows := self._page(table, after):
            for row in rows:
                record = record_of(table.columns, row[width:])
                yield Entry(kind=kind, id=_id(kind, record), record=_ENTRY[kind](record))
            after = rows[-1][:width]

    def count(self, kind: Kind) -> int:
        """How many rows of a kind there are."""
        count: int
        with self._database.reading() as connection:
            (count,) = connection.execute(f"SELECT count(*) FROM {_TABLES[kind].name}").fetchone()
        return count

    def load(self, entries: Iterable[Entry]) -> int:
        """Insert a row for each."""
        count = 0
        for chunk in chunks(entries, size_of, most=_ROWS, most_bytes=_BYTES):
            with self._database.writing() as connection:
                for entry in chunk:
                    table = _TABLES[entry.kind]
                    row = row_of(_row(entry))
                    if not connection.execute(insert(table.name, table.columns), row).rowcount:
                        raise Conflict(entry.id)
            count += len(chunk)
        return count

    def close(self) -> None:
        """Leave a single file that holds everything."""
        self._database.close()

    def _page(self, table: _Table, after: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        """The next rows; an empty list only at the end."""
        with (
            self._database.reading() as connection,
            closing(connection.execute(table.page(), (after[0], *after))) as rows,
        ):
            return next(chunks(rows, _row_size, most=_ROWS, most_bytes=_BYTES), [])


def _row_size(row: tuple[Any, ...]) -> int:
    return sum(len(value) for value in row if isinstance(value, str | bytes))


def _id(kind: Kind, record: Record) -> str:
    if kind is Kind.REPORTS:
        return report_id(record["ward"], Week.parse(record["week"]), Edition.parse(record["edition"]))
    return str(record[_TABLES[kind].key[0]])


def _without_revision(record: Record) -> Record:
    return {name: value for name, value in record.items() if name not in ("id", "revision")}


def _submission(record: Record) -> Record:
    return {
        name: value
        for name, value in record.items()
        if name != "id" and not (name in _EITHER and value is None)
    }


_ENTRY: dict[Kind, Callable[[Record], Record]] = {
    Kind.HEADS: _without_revision,
    Kind.REPORTS: dict,
    Kind.CONTENTS: lambda record: content_record(record["bytes"]),
    Kind.DELIVERIES: _without_revision,
    Kind.SUBMISSIONS: _submission,
    Kind.CASES: lambda record: without_index(_without_revision(record)),
    Kind.PAPER_BATCHES: _without_revision,
    Kind.REVIEWS: _without_revision,
    Kind.UNIT_MAILS: _without_revision,
    Kind.VERDICTS: _without_revision,
    Kind.TYPED_WEEKS: _without_revision,
}


def _row(entry: Entry) -> Record:
    record = dict(entry.record)
    match entry.kind:
        case Kind.HEADS:
            return {**record, "revision": 1}
        case Kind.REPORTS:
            return record
        case Kind.CONTENTS:
            return {"name": entry.id, "sha256": sha256(record["bytes"]).hexdigest(), **record}
        case Kind.CASES:
            return {**record, **index_record(record), "id": entry.id, "revision": 1}
        case Kind.SUBMISSIONS:
            return {**dict.fromkeys(_EITHER), **record, "id": entry.id}
        case _:
            return {**record, "id": entry.id, "revision": 1}
