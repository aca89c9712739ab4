"""The ward's own emblem, for the band of what is printed: a picture beside the box file."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PNG = b"\x89PNG\r\n\x1a\n"
#: A band of an A3 poster needs no more; what is larger is a photograph that somebody forgot to make smaller.
MOST_BYTES = 2_000_000


class BadEmblem(Exception):
    """The picture is not there, is too large, or is not what its name says; `path` is where it should be."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


@dataclass(frozen=True, slots=True)
class Emblem:
    """A picture as the templates take it."""

    format: str
    content: bytes

    @property
    def data(self) -> Mapping[str, Any]:
        """For a template, which reads no file."""
        return {"format": self.format, "content": list(self.content)}


def read_emblem(folder: Path, name: str) -> Emblem | None:
    """The picture of this name; None if the box names none. Raise `BadEmblem`."""
    if not name:
        return None
    path = folder / name
    try:
        content = path.read_bytes() if path.stat().st_size <= MOST_BYTES else b""
    except OSError:
        content = b""
    is_png = content.startswith(_PNG)
    is_svg = b"<svg" in content[:2000]
    if (path.suffix == ".png" and is_png) or (path.suffix == ".svg" and is_svg):
        return Emblem(format=path.suffix[1:], content=content)
    raise BadEmblem(path)
