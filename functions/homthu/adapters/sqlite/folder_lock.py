"""Tells whether anybody has a box's folder open, so that nothing is restored into a running box."""

import os
import weakref
from pathlib import Path

from homthu.ports import StoreUnavailable

try:
    import fcntl
except ImportError:
    # Windows has no such locks: everybody is let in.
    fcntl = None  # type: ignore[assignment]


class FolderLock:
    """Held by everybody who uses a folder, or by one alone; it ends with the process at the latest.

    It is the folder that is locked and not the database: it stays held when the file is put aside. One
    that is not there yet, or on a file system that cannot lock folders, lets everybody in.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._close: weakref.finalize[..., FolderLock] | None = None
        self._handle = -1

    def share(self) -> None:
        """Use the folder beside others, unless it is used already. Raise `StoreUnavailable`."""
        if self._close is None:
            self._lock("LOCK_SH")

    def reserve(self) -> None:
        """Have the folder alone. Raise `StoreUnavailable` while anybody else uses it."""
        self._lock("LOCK_EX")

    def admit(self) -> None:
        """Let others in beside us."""
        self._lock("LOCK_SH")

    def release(self) -> None:
        """Use the folder no longer."""
        if self._close is not None:
            self._close()
            self._close = None

    def _lock(self, name: str) -> None:
        if fcntl is None:
            return
        how: int = getattr(fcntl, name)
        was_held = self._close is not None
        try:
            if not was_held:
                self._handle = os.open(self._folder, os.O_RDONLY)
                self._close = weakref.finalize(self, os.close, self._handle)
            fcntl.flock(self._handle, how | fcntl.LOCK_NB)
        except BlockingIOError as held:
            if was_held:
                # The lock that was to be changed may be lost by the attempt (flock(2)).
                fcntl.flock(self._handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            else:
                self.release()
            raise StoreUnavailable("in_use") from held
        except OSError:
            return
