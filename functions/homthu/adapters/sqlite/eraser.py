"""Takes words out of a box's SQLite file for good. No function is given this."""

from collections.abc import Iterator, Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path

from homthu.adapters.sqlite.database import SqliteDatabase
from homthu.adapters.sqlite.rows import row_of
from homthu.adapters.store_records import erasure_record
from homthu.ports import Access, StoreUnavailable

_REPLACE = (
    "INSERT INTO contents (name, sha256, bytes) VALUES (?, ?, ?)"
    " ON CONFLICT (name) DO UPDATE SET sha256 = excluded.sha256, bytes = excluded.bytes"
)


class SqliteEraser:
    """One file, which a box may be using."""

    def __init__(self, path: Path) -> None:
        self._database = SqliteDatabase(path, access=Access.WRITE)

    def blank(self, id: str, on: date, *, words: bool = True, answers: bool = True) -> None:
        """Leave of a submission, and of its verdict, what counts it and what is not to go."""
        row = row_of(erasure_record(on, words=words, answers=answers))
        changes = ", ".join(f"{column} = :{column}" for column in row)
        with self._database.writing() as connection:
            if words:
                connection.execute(
                    "UPDATE verdicts SET words = '', revision = revision + 1 WHERE id = ?", (id,)
                )
            # The columns are our own names.
            statement = f"UPDATE submissions SET {changes} WHERE id = :id"
            if not connection.execute(statement, {**row, "id": id}).rowcount:
                raise StoreUnavailable("vanished")

    def contents(self, ward: str) -> Iterator[str]:
        """The names of all contents of a ward."""
        # A name begins with the ward's code and a dot; after the dot comes the slash.
        query = "SELECT name FROM contents WHERE name > ? AND name < ? ORDER BY name"
        with self._database.reading() as connection:
            found = connection.execute(query, (f"{ward}.", f"{ward}/")).fetchall()
        return (name for (name,) in found)

    def replace_contents(self, contents: Mapping[str, bytes]) -> None:
        """Store each in the place of what is under its name."""
        with self._database.writing() as connection:
            for name, content in contents.items():
                connection.execute(_REPLACE, (name, sha256(content).hexdigest(), content))

    def wipe(self, *, rebuild: bool = True) -> None:
        """Rebuild the file without what was freed in it, and empty the log; or the latter alone.

        What is deleted is overwritten already, but a page that was rearranged before may hold a copy.
        """
        if rebuild:
            self._database.rebuild()
        else:
            self._database.checkpoint()

    def close(self) -> None:
        """Leave one file that holds everything."""
        self._database.close()
