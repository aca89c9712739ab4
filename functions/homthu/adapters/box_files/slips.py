"""Tells the slips that people make in TOML apart."""

import re

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


def note_slip(notes: Notes, lines: list[str], message: str) -> None:
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
