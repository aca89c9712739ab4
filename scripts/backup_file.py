"""The file of a backup: lines of text, compressed, that only this user can read."""

import gzip
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


@contextmanager
def new_backup_file(path: Path) -> Iterator[Callable[[str], None]]:
    """Gives what writes a line. The name is given to the file when it is whole and on the disk."""
    partial = path.with_name(f"{path.name}.part")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with (
            os.fdopen(handle, "wb") as raw,
            gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as packed,
        ):
            yield lambda line: _write(packed, line)
            packed.close()
            raw.flush()
            os.fsync(raw.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def lines_of(path: Path) -> Iterator[str]:
    """The file's lines. Raise `OSError` or `EOFError` for a file that is damaged or cut off."""
    file: TextIO
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
        for line in file:
            yield line.rstrip("\n")


def _write(packed: gzip.GzipFile, line: str) -> None:
    packed.write(line.encode() + b"\n")
