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
    """Erases in one file, which a box may be using."""

    def __init__(self, path: Path) -> None:
        self._database = SqliteDatabase(path, access=Access.WRITE)

    def blank(self, id: str, on: date, *, words: bool = True, answers: bool = True) -> None:
        """Reduce a submission and its verdict to what is still counted and what is to be kept."""
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
        """The names of all frozen mails of a ward."""
        # A name begins with the ward's code and a dot; after the dot comes the slash.
        query = "SELECT name FROM contents WHERE name > ? AND name < ? ORDER BY name"
        with self._database.reading() as connection:
            found = connection.execute(query, (f"{ward}.", f"{ward}/")).fetchall()
        return (name for (name,) in found)

    def replace_contents(self, contents: Mapping[str, bytes]) -> None:
        """Overwrite each frozen mail under its name."""
        with self._database.writing() as connection:
            for name, content in contents.items():
                connection.execute(_REPLACE, (name, sha256(content).hexdigest(), content))

    def wipe(self, *, rebuild: bool = True) -> None:
        """Rebuild the file without its freed pages and empty the log, or only empty the log.

        What is deleted has been overwritten already, but a page rearranged earlier may still hold a copy.
        """
        if rebuild:
            self._database.rebuild()
        else:
            self._database.checkpoint()

    def close(self) -> None:
        """Leave a single file that holds everything."""
        self._database.close()
