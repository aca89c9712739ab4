"""Reads rows of the SQLite file, and writes one that is new or replaces one that is unchanged."""

from collections.abc import Sequence

from homthu.adapters.sqlite.database import SqliteDatabase
from homthu.adapters.sqlite.rows import insert, record_of, row_of
from homthu.adapters.store_records import Record
from homthu.ports import Conflict


class SqliteRecords:
    """The base of every keeper of records. A revision is a number that every replacement raises by one."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    def _read(self, query: str, columns: tuple[str, ...], *parameters: str | int) -> list[Record]:
        with self._database.reading() as connection:
            rows = connection.execute(query, parameters).fetchall()
        return [record_of(columns, row) for row in rows]

    def _write(self, statement: str, record: Record) -> bool:
        """Whether the statement changed a row."""
        with self._database.writing() as connection:
            return connection.execute(statement, row_of(record)).rowcount == 1

    def _replace(self, table: str, key: str, id: str, record: Record, revision: object) -> int:
        """Overwrite the row with this key and revision, and return its next one, or raise `Conflict`."""
        if not isinstance(revision, int) or not self._write(
            _replace_statement(table, key, record), {**record, "_id": id, "_revision": revision}
        ):
            raise Conflict(id)
        return revision + 1

    def _change_all(
        self, table: str, columns: tuple[str, ...], changes: Sequence[tuple[str, Record, object]]
    ) -> list[int]:
        """Replace rows by id, or insert those without a revision: all or none. Return their revisions."""
        revisions = []
        with self._database.writing() as connection:
            for id, record, revision in changes:
                if revision is None:
                    statement, row = insert(table, columns), {**record, "id": id, "revision": 1}
                else:
                    statement = _replace_statement(table, "id", record)
                    row = {**record, "_id": id, "_revision": revision}
                if connection.execute(statement, row_of(row)).rowcount != 1:
                    raise Conflict(id)
                revisions.append(revision + 1 if isinstance(revision, int) else 1)
        return revisions


def _replace_statement(table: str, key: str, record: Record) -> str:
    """A statement that writes a record over the row with this key and revision."""
    changes = ", ".join(f"{column} = :{column}" for column in record)
    return (
        f"UPDATE {table} SET {changes}, revision = revision + 1 WHERE {key} = :_id AND revision = :_revision"
    )
