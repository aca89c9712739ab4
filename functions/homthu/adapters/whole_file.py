"""Files and folders that are on the disk whole or not at all, whatever comes: a kill, or a power cut."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def make_folder(path: Path) -> None:
    """Make a folder for this user only, and those above it, durably. May raise `OSError`."""
    missing = [one for one in (path, *path.parents) if not one.exists()]
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    for one in missing:
        _sync_folder(one.parent)


def replace_whole(path: Path, content: bytes) -> None:
    """Write the file, durably, in place of one that may be there. May raise `OSError`."""
    with beside(path) as new:
        _write_durably(new, content)
        new.replace(path)
    _sync_folder(path.parent)


def create_whole(path: Path, content: bytes) -> None:
    """Write the file, durably and for this user only, unless there is one. May raise `OSError`."""
    with beside(path) as new:
        _write_durably(new, content)
        give_name(new, path)


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """An empty file in the same folder, for this user only, that is gone in the end unless it was renamed."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    os.close(handle)
    new = Path(name)
    try:
        yield new
    finally:
        new.unlink(missing_ok=True)


def give_name(new: Path, path: Path) -> None:
    """Give a file that is complete and durable its name, unless another has it."""
    try:
        # A link fails where a file is: of two processes that start at once, one wins.
        os.link(new, path)
    except FileExistsError:
        return
    _sync_folder(path.parent)


def _write_durably(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make a name survive a power cut; Windows opens no folders, and leaves that to its file system."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
