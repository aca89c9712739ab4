"""Packs what the functions need into one archive, the same bytes for the same files.

So an unchanged source has an unchanged name in the bucket, and deploying it again changes nothing.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path

from homthu.adapters.box_files.clips import AUDIO
from homthu.adapters.box_files.index import COMPILED
from homthu.adapters.box_files.index_writer import index_files
from homthu.render.register import SIGNATURE_FILE

from deploying.compiling import TARGET, compiled_files
from deploying.deployment import BOXES_FOLDER

#: The lock file is at the top, where the buildpack looks for it; see infra/decisions/0008.
FOLDERS = ("functions", "web")
FILES = ("requirements.txt",)
#: What is made anew, and what a deployment may have of its own.
_REPLACED = (f"{TARGET}/", f"{BOXES_FOLDER}/")
#: The earliest time that a zip can hold.
_TIME = (1980, 1, 1, 0, 0, 0)
_MODE = 0o100644


def make_archive(root: Path, target: Path, boxes: Path | None = None) -> None:
    """Write the archive, with the boxes of another folder if one is given. Raise `BoxProblems`.

    Of the boxes it holds the index and the recordings. Nothing of it is compressed by zip: libraries that do
    so differ in the bytes they give.
    """
    boxes = boxes or root / BOXES_FOLDER
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".tmp")
    files = {name: (root / name).read_bytes() for name in FILES}
    for folder in FOLDERS:
        files |= {f"{folder}/{name}": content for name, content in _contents(root / folder)}
    files = {name: content for name, content in files.items() if not name.startswith(_REPLACED)}
    files |= {f"{BOXES_FOLDER}/{AUDIO}/{name}": content for name, content in _contents(boxes / AUDIO)}
    files |= {f"{BOXES_FOLDER}/{COMPILED}/{name}": content for name, content in index_files(boxes).items()}
    if (signature := boxes / SIGNATURE_FILE).is_file():
        files[f"{BOXES_FOLDER}/{SIGNATURE_FILE}"] = signature.read_bytes()
    files |= dict(compiled_files(root))
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _TIME)
            entry.external_attr = _MODE << 16
            entry.create_system = 3  # Unix, also when it is made on another system
            archive.writestr(entry, content)
    partial.replace(target)


def _contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The files below a folder by their names in it."""
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        # Files that Python, an editor or a desktop leaves behind are no source.
        is_ours = not any(part.startswith(".") or part == "__pycache__" for part in relative.parts)
        if path.is_file() and is_ours and not path.name.endswith((".pyc", "~")):
            yield relative.as_posix(), path.read_bytes()
