"""Everything in a box's SQLite file, for a maintainer's backup. No function is given this."""

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path

from homthu.adapters.sqlite.database import SqliteDatabase
from homthu.adapters.sqlite.schema import (
    CASE,
    DELIVERY,
    HEAD,
    REPORT,
    SUBMISSION,
    insert,
    record_of,
    row_of,
)
from homthu.adapters.store_records import Record, content_record
from homthu.domain.backup import Entry, Kind
from homthu.ports import Access, Conflict

_CHUNK = 500
_REPORT_ID = "ward || '_' || week"
#: Table, id, and the columns of each kind.
_TABLES: dict[Kind, tuple[str, str, tuple[str, ...]]] = {
    Kind.HEADS: ("heads", "ward", HEAD),
    Kind.REPORTS: ("reports", _REPORT_ID, REPORT),
    Kind.CONTENTS: ("contents", "name", ("name", "sha256", "bytes")),
    Kind.DELIVERIES: ("deliveries", "id", DELIVERY),
    Kind.SUBMISSIONS: ("submissions", "id", SUBMISSION),
    Kind.CASES: ("cases", "id", CASE),
}
#: What a submission has only before, or only after, its week is closed.
_EITHER = ("received_at", "week", "received_on")


class SqliteBackup:
    """One file."""

    def __init__(self, path: Path, *, access: Access = Access.CREATE) -> None:
        self._database = SqliteDatabase(path, access=access)

    def dump(self, kind: Kind) -> Iterator[Entry]:
        """All rows of a kind, page after page, so that the log can be emptied meanwhile."""
        table, id, columns = _TABLES[kind]
        query = f"SELECT {id}, {', '.join(columns)} FROM {table} WHERE {id} > ? ORDER BY {id} LIMIT {_CHUNK}"
        after = ""
        while True:
            with self._database.reading() as connection:
                rows = connection.execute(query, (after,)).fetchall()
            for row in rows:
                after = row[0]
                yield Entry(kind=kind, id=after, record=_ENTRY[kind](record_of(columns, row[1:])))
            if len(rows) < _CHUNK:
                return

    def load(self, entries: Iterable[Entry]) -> int:
        """Insert a row for each."""
        count = 0
        remaining = iter(entries)
        while chunk := list(islice(remaining, _CHUNK)):
            with self._database.writing() as connection:
                for entry in chunk:
                    table, _, columns = _TABLES[entry.kind]
                    row = row_of(_row(entry))
                    if not connection.execute(insert(table, columns), row).rowcount:
                        raise Conflict(entry.id)
            count += len(chunk)
        return count

    def close(self) -> None:
        """Leave one file that holds everything."""
        self._database.close()


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
    Kind.CASES: _without_revision,
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
        case Kind.DELIVERIES | Kind.CASES:
            return {**record, "id": entry.id, "revision": 1}
        case Kind.SUBMISSIONS:
            return {**dict.fromkeys(_EITHER), **record, "id": entry.id}
