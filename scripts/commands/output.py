"""Where a command writes to: checked before the work, and written whole or not at all."""

import errno
import os
from pathlib import Path

from homthu.adapters.whole_file import replace_whole


def require_place_for(path: Path) -> None:
    """Raise `OSError`, which is reported as a sentence, if no file of this name can be written."""
    if not path.parent.exists():
        raise FileNotFoundError(errno.ENOENT, "no such folder", str(path.parent))
    if not path.parent.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, "not a folder", str(path.parent))
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "is a folder", str(path))
    # A device, such as /dev/null, would be replaced by a file.
    if not os.access(path.parent, os.W_OK) or (path.exists() and not path.is_file()):
        raise PermissionError(errno.EACCES, "not permitted", str(path))


def write_privately(path: Path, content: bytes) -> None:
    """Write a file that only this user may read, like a backup: it holds what citizens wrote."""
    replace_whole(path, content)
