"""What is opened below a folder, as Python itself tells it (PEP 578), with nothing replaced to count it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_watched: list[tuple[str, list[str]]] = []
_hooked: list[bool] = []


@contextmanager
def opened_in(folder: Path) -> Iterator[list[str]]:
    """The names of the files opened below this folder until the block ends, in their order."""
    if not _hooked:
        # A hook stays for good; it looks at nothing unless somebody watches.
        sys.addaudithook(_note)
        _hooked.append(True)
    watch = (str(folder), list[str]())
    _watched.append(watch)
    try:
        yield watch[1]
    finally:
        _watched.remove(watch)


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and isinstance(path := arguments[0], str):
        for folder, found in _watched:
            if path.startswith(folder):
                found.append(Path(path).name)
