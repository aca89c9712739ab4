"""Writes several files as one: if the disk refuses any of them, all are restored."""

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from homthu.adapters.whole_file import replace_whole


@contextlib.contextmanager
def undone_if_it_fails(paths: Iterable[Path]) -> Iterator[None]:
    """Restore these files if the block raises: new ones are deleted, changed ones get their old content."""
    before = {path: path.read_bytes() if path.is_file() else None for path in paths}
    try:
        yield
    except BaseException:
        # Deleting first makes room on a full disk for what is restored.
        for path, content in sorted(before.items(), key=lambda one: one[1] is not None):
            with contextlib.suppress(OSError):
                if content is None:
                    path.unlink(missing_ok=True)
                elif not path.is_file() or path.read_bytes() != content:
                    replace_whole(path, content)
        raise
