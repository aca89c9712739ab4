"""The folder that prints are written to, where an office may also keep files of its own.

What was written is recorded beside the folder, each file with its digest: only a file that is unchanged since
is replaced or removed.
"""

import contextlib
import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from homthu.adapters.whole_file import make_folder, replace_whole

from setting_up.aside import name_aside


def files_of(folder: Path) -> list[str]:
    """The files below a folder, by their paths in it, sorted."""
    found = (path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else ()
    return sorted(path.relative_to(folder).as_posix() for path in found)


def lay_files(files: Mapping[str, bytes], folder: Path) -> None:
    """Write these files in place of those written before. May raise `OSError`.

    What someone else put there or changed is kept; where it has the name of one of ours, it is renamed.
    """
    before = _noted(folder)
    now = {name: _digest(content) for name, content in files.items()}
    make_folder(folder)
    # Recorded before anything is written: if interrupted, no file of ours is forgotten.
    _note({**before, **now}, folder)
    for name, content in files.items():
        path = folder / name
        make_folder(path.parent)
        if path.exists() and _digest(path.read_bytes()) not in (before.get(name), now[name]):
            path.rename(name_aside(path))
        replace_whole(path, content)
    _remove({name: digest for name, digest in before.items() if name not in now}, folder)
    _note(now, folder)


def _remove(old: Mapping[str, str], folder: Path) -> None:
    for name, digest in old.items():
        path = folder / name
        if path.is_file() and _digest(path.read_bytes()) == digest:
            path.unlink()
            _remove_empty(path.parents, folder)


def _remove_empty(parents: Iterable[Path], folder: Path) -> None:
    with contextlib.suppress(OSError):
        for parent in parents:
            if parent == folder:
                return
            parent.rmdir()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _notes(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.json")


def _note(digests: Mapping[str, str], folder: Path) -> None:
    replace_whole(_notes(folder), json.dumps(digests, ensure_ascii=False, indent=1).encode())


def _noted(folder: Path) -> dict[str, str]:
    """The digests of what was written, by path in the folder; empty if the record is missing or damaged."""
    try:
        found = json.loads(_notes(folder).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    pairs = found.items() if isinstance(found, dict) else ()
    return {name: str(digest) for name, digest in pairs if _is_below(PurePosixPath(name))}


def _is_below(path: PurePosixPath) -> bool:
    return not path.is_absolute() and ".." not in path.parts
