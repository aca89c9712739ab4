"""Names for files of others that must make room for ours."""

from itertools import count
from pathlib import Path

#: An ending that the check for misnamed box files ignores: any other would keep every ward from being read.
_ENDING = ".bak"


def name_aside(path: Path) -> Path:
    """A free name beside the file: `a.toml.bak`, `a.toml.2.bak`."""
    names = (f"{path.name}.{number}{_ENDING}" if number > 1 else path.name + _ENDING for number in count(1))
    return next(one for one in map(path.with_name, names) if not one.exists())
