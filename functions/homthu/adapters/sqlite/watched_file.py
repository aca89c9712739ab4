"""Notices when a database file is moved away or replaced while it is open.

SQLite goes on with the file that it opened, wherever that was put and whatever bears its name now
(https://sqlite.org/howtocorrupt.html, «Unlinking or renaming a database file while in use»): what is
written there would be acknowledged and lost.
"""

import os
from pathlib import Path
from threading import Lock
from typing import Protocol

from homthu.ports import StoreUnavailable

_Identity = tuple[int, int]


class Closable(Protocol):
    """A connection, as far as this module knows it."""

    def close(self) -> None:
        """Close the file."""


class WatchedFile:
    """The file at a path and its log, as they were when opened."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._log_path = path.with_name(f"{path.name}-wal")
        self._main: _Identity | None = None
        self._log: _Identity | None = None
        self._open_count = 0
        self._lock = Lock()

    def identity(self) -> "_Identity | None":
        """What identifies the file that is there now; None if there is none."""
        return _identity(self._path)

    def opened(self, connection: Closable, before: "_Identity | None") -> None:
        """Register a connection; `before` is the identity of the file before it was opened.

        Raise `StoreUnavailable`, and close it, if that is not the file that was opened first.
        """
        with self._lock:
            now = self.identity()
            if now is None or now != before or self._main not in (None, now):
                connection.close()
                raise StoreUnavailable("moved")
            self._main = now
            if not self._open_count:
                self._log = _identity(self._log_path)
            self._open_count += 1

    def refuse_moved(self) -> None:
        """Raise `StoreUnavailable` unless the names still lead to the open files. Once put back, they do."""
        if self.is_moved():
            raise StoreUnavailable("moved")

    def is_moved(self) -> bool:
        """Whether the names lead to other files, or to none."""
        with self._lock:
            if self._main is None:
                return False
            has_log = self._open_count > 0
            return self.identity() != self._main or (has_log and _identity(self._log_path) != self._log)

    def let_go(self, connection: Closable) -> None:
        """Close a connection. Closing the last one removes the log."""
        with self._lock:
            self._open_count -= 1
            connection.close()

    def forget(self) -> None:
        """Once all connections are closed, another file may take this one's place."""
        with self._lock:
            self._main = None


def _identity(path: Path) -> "_Identity | None":
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino
