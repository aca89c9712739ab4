"""Names for files that somebody else wrote and that must make room."""

from itertools import count
from pathlib import Path

#: An ending that `look_alikes` ignores: any other would keep every ward from being read.
_ENDING = ".bak"


def name_aside(path: Path) -> Path:
    """A name beside the file that no file has yet: `a.toml.bak`, `a.toml.2.bak`."""
    names = (f"{path.name}.{number}{_ENDING}" if number > 1 else path.name + _ENDING for number in count(1))
    return next(one for one in map(path.with_name, names) if not one.exists())
