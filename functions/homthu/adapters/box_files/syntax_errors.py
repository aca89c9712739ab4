"""Tells the mistakes that people make in TOML apart, and continues after each.

tomllib stops at the first. What it stumbled over is noted and removed, and the rest is parsed again, so that
all mistakes in a file are reported together; only an unterminated value leaves nothing to continue with.
"""

import re
import tomllib
from collections.abc import Callable
from itertools import count

from homthu.adapters.box_files.problems import Notes

_MOST = 50
_WHERE = re.compile(r"\(at line (\d+), column (\d+)\)$")
_KEY = r"^\s*[\w.-]+\s*="
_PAIR = re.compile(rf"{_KEY}|^\s*[^\s\[#=]+\s*=")
_HEADER = re.compile(r"^\s*\[")
_SOUND_HEADER = re.compile(r"^\s*\[{1,2}[\w.-]+\]{1,2}\s*(?:#.*)?$")
_ITEM = re.compile(r"^\s*[\"'0-9{]")
_OPENS = re.compile(rf"{_KEY}\s*\[")
_CHARACTER = re.compile(r"^Illegal character '(.+)'$")
#: Patterns of broken lines, and the problem of each; the first that matches is noted.
_LOOKS = (
    (re.compile(r"""^\s*[^"'\[#=]*(?:[^\x00-\x7f]|\w\s+\w)[^"'\[#=]*="""), "bad_key"),
    (re.compile(rf"(?:{_KEY}|^)\s*\[?\s*[\u2018\u2019\u201c\u201d\u00ab\u00bb]"), "curly_quotes"),
    (re.compile(rf"{_KEY}\s*(?:#.*)?$"), "missing_value"),
    (re.compile(rf"{_KEY}\s*[0-9]"), "unquoted_digits"),
    (re.compile(rf"{_KEY}\s*[^\W\d]"), "unquoted_text"),
)
#: The messages of tomllib, and the problem of each.
_SAYS = (
    (re.compile("Cannot overwrite|Cannot declare|Cannot mutate|Duplicate inline"), "written_twice"),
    (re.compile(r"Illegal character '\\n'|Unterminated string"), "unclosed_quote"),
    (re.compile("Unclosed inline table"), "unclosed_brace"),
    (re.compile("Unescaped|Invalid hex value|Escaped character"), "bad_backslash"),
    (re.compile("at the end of (?:a table|an array) declaration"), "bad_header"),
)
#: The same, for lines that match nothing above.
_SAYS_LAST = (
    (re.compile("Expected '=' after a key"), "missing_equals"),
    (re.compile("Expected newline or end of document"), "text_after_value"),
    (re.compile("Invalid initial character for a key|Invalid statement"), "bad_key"),
)


def note_syntax_errors(notes: Notes, source: str) -> None:
    """Note every line of a text that tomllib cannot read."""
    text = _Text(source)
    for _ in range(_MOST):
        try:
            tomllib.loads(text.joined)
        except RecursionError:
            notes.add_at_line(1, "bad_syntax", detail="nested too deeply")
        except ValueError as error:
            if _note(notes, text, str(error)):
                continue
        return


class _Text:
    """The lines of a text, some of them repaired; a repaired one may consist of several."""

    def __init__(self, source: str) -> None:
        self.lines = source.split("\n")
        #: The headers that were noted already: in a list that began as a table, every entry is refused.
        self.told: set[str] = set()

    @property
    def joined(self) -> str:
        return "\n".join(self.lines)

    def at(self, message: str) -> int:
        """The position of the line that an error names; of the last where it names the end."""
        match = _WHERE.search(message)
        left = int(match.group(1)) if match else len(self.joined.split("\n"))
        for position, line in enumerate(self.lines):
            left -= 1 + line.count("\n")
            if left <= 0:
                return position
        return len(self.lines) - 1

    def before(self, position: int, is_meant: Callable[[str], object]) -> int:
        """The nearest earlier line that is meant, else this one."""
        return next((at for at in range(position - 1, -1, -1) if is_meant(self.lines[at])), position)

    def take_out(self, position: int) -> bool:
        """Remove a line, keeping only the beginning of a table if it is a header; whether that helps."""
        line = self.lines[position]
        names = (f"slip-{number}" for number in count())
        name = next(name for name in names if name not in self.joined)
        self.lines[position] = "" if not _HEADER.match(line) else f"[{name}]"
        return bool(line.strip()) and not line.startswith("[slip-")


def _note(notes: Notes, text: _Text, message: str) -> bool:
    """Note what an error means and repair the text; whether it is worth continuing."""
    at = text.at(message)
    line, where = text.lines[at], _WHERE.search(message)
    message = message.rpartition(" (at ")[0] or message
    if message.startswith("Unclosed array") or _is_in_array(line, message, where):
        return _note_array(notes, text, at)
    if message.startswith("Unterminated string"):
        # Nothing tells where it should have ended.
        opening = text.before(len(text.lines), lambda line: '"""' in line or "'''" in line)
        notes.add_at_line(opening + 1, "unclosed_quote")
        return False
    if (match := _CHARACTER.match(message)) and match[1] != "\\n":
        notes.add_at_line(at + 1, "unseen_character", character=match[1])
        return text.take_out(at)
    if message.startswith("Cannot") and not (_PAIR.match(line) or _HEADER.match(line)):
        # The end of a value over several lines: it is noted and removed from its beginning on.
        first = text.before(at, _PAIR.match)
        for between in range(first + 1, at + 1):
            text.take_out(between)
        at = first
    code, header = _meaning(text.lines[at], message), text.lines[at].strip(" []")
    if header not in text.told:
        notes.add_at_line(at + 1, code, detail=message)
    if _HEADER.match(text.lines[at]):
        text.told.add(header)
    return text.take_out(at)


def _is_in_array(line: str, message: str, where: re.Match[str] | None) -> bool:
    """Whether a line was parsed as an entry of a list that was not closed."""
    if message != "Invalid value" or where is None:
        return False
    indent = len(line) - len(line.lstrip())
    return bool(_SOUND_HEADER.match(line) or (_PAIR.match(line) and int(where[2]) == indent + 1))


def _note_array(notes: Notes, text: _Text, at: int) -> bool:
    line = text.lines[at]
    if _ITEM.match(line):
        before = text.before(at, str.strip)
        notes.add_at_line(before + 1, "missing_comma")
        text.lines[at] = "," + line
        return True
    code = next((code for look, code in _LOOKS if look.search(line)), "")
    if code == "curly_quotes":
        notes.add_at_line(at + 1, code)
        return text.take_out(at)
    opening = text.before(at, _OPENS.search)
    notes.add_at_line(opening + 1, "unclosed_array")
    text.lines[at] = "]\n" + line
    return opening != at


def _meaning(line: str, message: str) -> str:
    found = (code for says, code in _SAYS if says.search(message))
    looks = (code for look, code in _LOOKS if look.search(line))
    last = (code for says, code in _SAYS_LAST if says.search(message))
    return next(found, None) or next(looks, None) or next(last, "bad_syntax")
