"""Finds the line on which each key of a TOML text stands; tomllib gives the values without it.

It reads only texts that tomllib has accepted, so it skips over values instead of checking them.
"""

import re
import tomllib
from bisect import bisect_right

from homthu.adapters.box_files.key_path import KeyPath

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY_PART = re.compile(r"""[A-Za-z0-9_-]+|"(?:\\.|[^"\\\n])*"|'[^'\n]*'""")
# The lazy triple-quoted forms stop at the first three quotes; up to two more belong to the text.
_SCALAR = re.compile(
    r'''"""(?:\\.|[^\\])*?""""{0,2}|"(?:\\.|[^"\\\n])*"'''
    r"""|'''.*?''''{0,2}|'[^'\n]*'"""
    r"""|[^"',\]}#\n][^,\]}#\n]*""",
    re.DOTALL,
)


class Lines:
    """The line of every key path of one text."""

    def __init__(self, source: str) -> None:
        self._lines = _Scanner(source).scan()

    def of(self, path: KeyPath) -> int:
        """The line, from 1, of this path or of the nearest thing around it that is written."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    @property
    def paths(self) -> frozenset[KeyPath]:
        """Every path that is written."""
        return frozenset(self._lines)


class _Scanner:
    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._starts = [0, *(match.end() for match in re.finditer("\n", source))]
        self._lines: dict[KeyPath, int] = {}
        #: How many `[[…]]` headers each array of tables has had so far.
        self._counts: dict[KeyPath, int] = {}

    def scan(self) -> dict[KeyPath, int]:
        table: KeyPath = ()
        while not self._ends():
            if self._source.startswith("[", self._at):
                table = self._header()
            else:
                self._pair(table)
        return self._lines

    def _ends(self) -> bool:
        self._skip()
        return self._at >= len(self._source)

    def _skip(self) -> None:
        self._take(_BLANK)

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._source, self._at)
        assert match, f"tomllib accepted what {pattern.pattern} does not match at {self._at}"
        self._at = match.end()
        return match.group()

    def _mark(self, path: KeyPath) -> None:
        self._lines.setdefault(path, self._line())

    def _line(self) -> int:
        return bisect_right(self._starts, self._at)

    def _header(self) -> KeyPath:
        brackets = 2 if self._source.startswith("[[", self._at) else 1
        self._at += brackets
        path: KeyPath = ()
        for part in self._key():
            path = self._latest((*path, part))
        if brackets == 2:
            array = path[:-1] if isinstance(path[-1], int) else path
            count = self._counts.get(array, 0)
            self._counts[array] = count + 1
            self._mark(array)
            path = (*array, count)
        self._mark(path)
        self._skip()
        self._at += brackets
        return path

    def _latest(self, path: KeyPath) -> KeyPath:
        """In an array of tables a header always means the latest entry."""
        path = (*path, self._counts[path] - 1) if path in self._counts else path
        self._mark(path)
        return path

    def _key(self) -> list[str]:
        parts = []
        while True:
            self._skip()
            raw = self._take(_KEY_PART)
            parts.append(tomllib.loads(f"key = {raw}")["key"] if raw[0] in "\"'" else raw)
            self._skip()
            if not self._source.startswith(".", self._at):
                return parts
            self._at += 1

    def _pair(self, table: KeyPath) -> None:
        line = self._line()
        parts = self._key()
        for length in range(1, len(parts) + 1):
            self._lines.setdefault((*table, *parts[:length]), line)
        self._at += 1
        self._value((*table, *parts))

    def _value(self, path: KeyPath) -> None:
        self._skip()
        self._mark(path)
        opening = self._source[self._at]
        if opening not in "[{":
            self._take(_SCALAR)
            return
        self._at += 1
        position = 0
        while not self._closes("]" if opening == "[" else "}"):
            if opening == "[":
                self._value((*path, position))
            else:
                self._pair(path)
            position += 1

    def _closes(self, bracket: str) -> bool:
        """Step over a comma, or over the bracket that ends an array or an inline table."""
        self._skip()
        if self._source.startswith(",", self._at):
            self._at += 1
            self._skip()
        if not self._source.startswith(bracket, self._at):
            return False
        self._at += 1
        return True
