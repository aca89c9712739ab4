"""Two instances of the same job take turns, or the second says that the first is running; a kill frees the
lock.
"""

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def one_at_a_time(folder: Path, what: str, *, waits: bool = True) -> Iterator[None]:
    """Hold a lock in this existing folder; wait for it, or exit with a sentence."""
    handle = os.open(folder / f".{what}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
        except BlockingIOError:
            sys.exit(f"✗ {what}: đang có lệnh như vậy chạy / another one runs")
        yield
    finally:
        os.close(handle)
