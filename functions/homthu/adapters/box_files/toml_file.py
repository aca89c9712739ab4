"""Reads one TOML file, and tells the slips that people make in TOML apart."""

import re
import tomllib
from pathlib import Path

from homthu.adapters.box_files.problems import Notes

_LINE = re.compile(r"\(at line (\d+), column \d+\)$")
_KEY = r"^\s*[\w.-]+\s*="
#: What a broken line looks like, and the problem that is meant by it; the first that fits is told.
_SLIPS = (
    (re.compile(rf"(?:{_KEY}|^)\s*\[?\s*[\u2018\u2019\u201c\u201d\u00ab\u00bb]"), "curly_quotes"),
    (re.compile(rf"{_KEY}\s*[0-9]"), "unquoted_digits"),
    (re.compile(rf"{_KEY}\s*[^\W\d]"), "unquoted_text"),
)
_OVERWRITES = ("Cannot overwrite", "Cannot declare", "Cannot mutate", "Duplicate inline")


def read_toml(path: Path, file: str) -> tuple[object, Notes]:
    """The parsed table, or None when it cannot be parsed, and the notes that belong to it.

    `file` is how the problems name the file. A byte order mark, as Windows' Notepad may write it,
    is passed over.
    """
    notes = Notes(file)
    try:
        data = path.read_bytes()
    except OSError as error:
        notes.add_at_line(0, "unreadable", reason=error.strerror or type(error).__name__)
        return None, notes
    try:
        source = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        notes.add_at_line(data[: error.start].count(b"\n") + 1, "not_utf8")
        return None, notes
    try:
        return tomllib.loads(source), Notes(file, source)
    except tomllib.TOMLDecodeError as error:
        _note_slip(notes, source.split("\n"), str(error))
    except RecursionError:
        notes.add_at_line(1, "bad_syntax", detail="nested too deeply")
    return None, notes


def _note_slip(notes: Notes, lines: list[str], message: str) -> None:
    """Note what tomllib stumbled over; it stops at the first slip, so there is one a file."""
    match = _LINE.search(message)
    number = int(match.group(1)) if match else len(lines)
    line = lines[min(number, len(lines)) - 1]
    detail = message.rpartition(" (at ")[0] or message
    if message.startswith(_OVERWRITES):
        notes.add_at_line(number, "written_twice")
        return
    slip = next((code for pattern, code in _SLIPS if pattern.search(line)), "bad_syntax")
    notes.add_at_line(number, slip, detail=detail)
