"""Reads rows of the SQLite file, and writes one that is new or replaces one that is unchanged."""

from homthu.adapters.sqlite.database import SqliteDatabase
from homthu.adapters.sqlite.schema import record_of, row_of
from homthu.adapters.store_records import Record
from homthu.ports import Conflict


class SqliteRecords:
    """What the ledger and the desk share. A revision is a number that every replacement raises."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    def _read(self, query: str, columns: tuple[str, ...], *parameters: str) -> list[Record]:
        with self._database.reading() as connection:
            rows = connection.execute(query, parameters).fetchall()
        return [record_of(columns, row) for row in rows]

    def _write(self, statement: str, record: Record) -> bool:
        """Whether the statement changed a row."""
        with self._database.writing() as connection:
            return connection.execute(statement, row_of(record)).rowcount == 1

    def _replace(self, table: str, key: str, id: str, record: Record, revision: object) -> int:
        """Write the record over the row with this key and revision; give the next revision."""
        changes = ", ".join(f"{column} = :{column}" for column in record)
        statement = (
            f"UPDATE {table} SET {changes}, revision = revision + 1"
            f" WHERE {key} = :_id AND revision = :_revision"
        )
        if not isinstance(revision, int) or not self._write(
            statement, {**record, "_id": id, "_revision": revision}
        ):
            raise Conflict(id)
        return revision + 1
