"""The file of a backup: lines of text, compressed, that only this user can read."""

import gzip
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from homthu.domain.backup import MOST_LINE_BYTES, NotABackup


@contextmanager
def new_backup_file(path: Path) -> Iterator[Callable[[str], None]]:
    """Gives a function that writes a line. The file gets its name once it is complete and on the disk."""
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
    """The file's lines. Raise `OSError` if it cannot be read, `NotABackup` if it is damaged.

    No line is read beyond the longest allowed, whatever the file unpacks to.
    """
    try:
        with gzip.open(path, "rb") as file:
            while line := file.readline(MOST_LINE_BYTES + 1):
                if len(line) > MOST_LINE_BYTES:
                    raise NotABackup("line_too_long")
                yield line.decode().rstrip("\n")
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise NotABackup("damaged") from None
    except UnicodeDecodeError:
        raise NotABackup("not_json") from None


def _write(packed: gzip.GzipFile, line: str) -> None:
    packed.write(line.encode() + b"\n")
