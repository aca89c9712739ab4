"""Finds files that were meant to be read and are not: `phuong-minh.toml.txt`, `PHUONG-MINH.TOML`.

The programs of an office hide endings and add their own; the ward of such a file would silently be
absent. What an editor keeps beside the real file, and what was plainly put aside, is left alone.
"""

import re
from collections.abc import Iterator
from pathlib import Path

#: A copy that was put aside, or that an editor makes by itself.
_PUT_ASIDE = re.compile(r"(?:~|\.(?:bak|old|orig|tmp|swp|swo))$", re.IGNORECASE)
#: Any mention of TOML in a name, a text file, and the usual misspellings of the ending.
_MEANT = re.compile(r"toml|\.(?:txt|tml|tom|tmol|ini|conf|docx?|odt|rtf)\s*$", re.IGNORECASE)


def look_alikes(folder: Path, read: frozenset[str]) -> Iterator[str]:
    """The sorted names of what looks as if it should be read; `read` names the folders that are."""
    for path in sorted(folder.iterdir()):
        name = path.name
        if name.startswith((".", "~$")) or _PUT_ASIDE.search(name):
            continue
        if path.is_dir():
            if name not in read and any(_MEANT.search(inner.name) for inner in path.iterdir()):
                yield f"{name}/"
        elif not name.endswith(".toml") and _MEANT.search(name):
            yield name
