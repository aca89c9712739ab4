"""Tries whether a box's SQLite file can be written, without touching what citizens wrote.

Nobody asks this of Firestore: there is no disk that fills up, and a try would cost a write each time.
"""

import os
from pathlib import Path

from homthu.adapters.sqlite.database import SqliteDatabase
from homthu.adapters.sqlite.schema import VERSION
from homthu.adapters.whole_file import beside
from homthu.ports import Access, StoreUnavailable

#: What must still find room, so that a form that is taken also finds its way into the main file.
ROOM_BYTES = 4 * 1024 * 1024


class SqliteProbe:
    """Probes one file, which must exist."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._database = SqliteDatabase(path, access=Access.WRITE)

    def try_writing(self) -> None:
        """Commit an empty change, then take space and give it back. Raise `StoreUnavailable`."""
        with self._database.writing() as connection:
            # Written to the log and to the disk like a form, though the number is the one that stood there.
            connection.execute(f"PRAGMA user_version = {VERSION}")
        try:
            with beside(self._path) as room, room.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, ROOM_BYTES)
        except OSError as error:
            raise StoreUnavailable("full") from error

    def close(self) -> None:
        """Close the file."""
        self._database.close()
