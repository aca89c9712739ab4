"""Counts what is asked of a store, as its maker bills it or its user waits for it."""

from dataclasses import dataclass, field
from math import ceil
from threading import Lock

#: Google bills a counting query as one read for so many index entries, and at least one.
_COUNTED_AT_ONCE = 1000


@dataclass(slots=True)
class Traffic:
    """Documents or rows read and written, and calls made, since it was made. Threads may share it."""

    reads: int = 0
    writes: int = 0
    calls: int = 0
    _lock: Lock = field(default_factory=Lock, repr=False)

    def read(self, documents: int) -> None:
        """Count a call that returned this many; one that returned none is billed as one."""
        with self._lock:
            self.calls += 1
            self.reads += max(1, documents)

    def more(self, documents: int = 1) -> None:
        """Count this many more from a call already counted."""
        with self._lock:
            self.reads += documents

    def counted(self, entries: int) -> None:
        """Count a counting query over this many."""
        self.read(ceil(entries / _COUNTED_AT_ONCE))

    def wrote(self, documents: int) -> None:
        """Count a call that wrote this many."""
        with self._lock:
            self.calls += 1
            self.writes += documents
