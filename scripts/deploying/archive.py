"""Packs what the functions need into one archive, the same bytes for the same files.

An unchanged source so has an unchanged name in the bucket, and deploying it again changes nothing.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path

from deploying.compiling import TARGET, compiled_files

#: The lock lies at the top, where the buildpack looks for it; see README, «Deploy».
FOLDERS = ("functions", "web")
FILES = ("requirements.txt",)
#: The earliest time that a zip can hold.
_TIME = (1980, 1, 1, 0, 0, 0)
_MODE = 0o100644


def members(root: Path) -> Iterator[Path]:
    """The source files that go in, in the order of their names."""
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            relative = path.relative_to(root)
            # What Python, an editor or a desktop leaves lying about is nobody's source, and what is
            # compiled is made anew.
            is_ours = not any(part.startswith(".") or part == "__pycache__" for part in relative.parts)
            is_ours = is_ours and not relative.as_posix().startswith(f"{TARGET}/")
            if path.is_file() and is_ours and not path.name.endswith((".pyc", "~")):
                yield path
    for name in FILES:
        yield root / name


def make_archive(root: Path, target: Path) -> None:
    """Write the archive. Nothing is compressed: libraries that compress differ in the bytes they give."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".tmp")
    files = {path.relative_to(root).as_posix(): path.read_bytes() for path in members(root)}
    files.update(compiled_files(root))
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _TIME)
            entry.external_attr = _MODE << 16
            entry.create_system = 3  # Unix, also when it is made on another system
            archive.writestr(entry, content)
    partial.replace(target)
