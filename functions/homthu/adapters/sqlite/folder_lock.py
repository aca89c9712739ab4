"""Tells whether anyone is using a box's folder, so that nothing is restored into a running box."""

import contextlib
import os
import weakref
from pathlib import Path
from typing import Protocol

from homthu.ports import StoreUnavailable

try:
    import fcntl
except ImportError:
    # Windows has none.
    fcntl = None  # type: ignore[assignment]
    import msvcrt

#: Where there are only locks of bytes: the file whose bytes are locked, and for how many users at once.
BYTES_FILE, MOST_USERS = ".hom-thu.lock", 64


class _System(Protocol):
    """The locks of an operating system, held by a handle until it is closed."""

    def open(self, folder: Path) -> int:
        """A handle to lock. May raise `OSError`."""

    def share(self, handle: int) -> None:
        """Take a shared lock. Raise `BlockingIOError` while someone holds an exclusive one."""

    def reserve(self, handle: int) -> None:
        """Take an exclusive lock. Raise `BlockingIOError` while others hold one; ours may be lost then."""


class _Flock:
    """flock(2): the folder itself is locked."""

    def open(self, folder: Path) -> int:
        return os.open(folder, os.O_RDONLY)

    def share(self, handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)

    def reserve(self, handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class _ByteLocks:
    """Windows: a locked byte belongs to one handle, so a shared lock takes one byte, an exclusive one all.

    A folder cannot be locked there, so an empty file in it is; bytes beyond its end can be locked.
    """

    def open(self, folder: Path) -> int:
        return os.open(folder / BYTES_FILE, os.O_RDWR | os.O_CREAT, 0o600)

    def share(self, handle: int) -> None:
        self._let_go(handle)
        for number in range(MOST_USERS):
            with contextlib.suppress(BlockingIOError):
                self._take(handle, number, 1)
                return
        raise BlockingIOError

    def reserve(self, handle: int) -> None:
        self._let_go(handle)
        self._take(handle, 0, MOST_USERS)

    def _take(self, handle: int, first: int, count: int) -> None:
        os.lseek(handle, first, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, count)  # type: ignore[attr-defined]
        except OSError as held:
            raise BlockingIOError from held

    def _let_go(self, handle: int) -> None:
        """Of whatever this handle holds; what it does not hold is no fault."""
        for first, count in ((0, MOST_USERS), *((number, 1) for number in range(MOST_USERS))):
            os.lseek(handle, first, os.SEEK_SET)
            with contextlib.suppress(OSError):
                msvcrt.locking(handle, msvcrt.LK_UNLCK, count)  # type: ignore[attr-defined]


_SYSTEM: _System = _ByteLocks() if fcntl is None else _Flock()


class FolderLock:
    """Held by everyone who uses a folder, or by one exclusively; it ends with the process at the latest.

    It is the folder that is locked and not the database: it stays held when the file is put aside. One
    that is not there yet, or on a file system that cannot lock folders, lets everybody in.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._close: weakref.finalize[..., FolderLock] | None = None
        self._handle = -1

    def share(self) -> None:
        """Share the folder with others. Raise `StoreUnavailable` while someone has it exclusively."""
        if self._close is None:
            self._lock(alone=False)

    def reserve(self) -> None:
        """Take the folder exclusively. Raise `StoreUnavailable` while anyone else uses it."""
        self._lock(alone=True)

    def admit(self) -> None:
        """Turn an exclusive lock into a shared one."""
        self._lock(alone=False)

    def release(self) -> None:
        """Release the folder."""
        if self._close is not None:
            self._close()
            self._close = None

    def _lock(self, *, alone: bool) -> None:
        was_held = self._close is not None
        try:
            if not was_held:
                self._handle = _SYSTEM.open(self._folder)
                self._close = weakref.finalize(self, os.close, self._handle)
            _SYSTEM.reserve(self._handle) if alone else _SYSTEM.share(self._handle)
        except BlockingIOError as held:
            if was_held:
                # The lock that was to be changed may be lost by the attempt.
                _SYSTEM.share(self._handle)
            else:
                self.release()
            raise StoreUnavailable("in_use") from held
        except OSError:
            return
