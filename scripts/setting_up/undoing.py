"""Several files written as one: if a disk refuses any of them, all are as they were."""

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from homthu.adapters.whole_file import replace_whole


@contextlib.contextmanager
def undone_if_it_fails(paths: Iterable[Path]) -> Iterator[None]:
    """Put these files back if what is done fails: what was not there goes, what was changed is as before."""
    before = {path: path.read_bytes() if path.is_file() else None for path in paths}
    try:
        yield
    except BaseException:
        # What goes makes room on a full disk for what comes back.
        for path, content in sorted(before.items(), key=lambda one: one[1] is not None):
            with contextlib.suppress(OSError):
                if content is None:
                    path.unlink(missing_ok=True)
                elif not path.is_file() or path.read_bytes() != content:
                    replace_whole(path, content)
        raise
