"""Reads a parsed table key by key, notes everything that is wrong with it, and continues.

A value that is missing or wrong is noted once and comes back empty; emptiness is never a fault of its own in
the checks that follow, so that one mistake makes one problem. Nobody sees such a value: a file with problems
is not used.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from homthu.adapters.box_files.key_path import KeyPath
from homthu.adapters.box_files.problems import Notes

#: The shape of the files that this program reads, which every file names.
SCHEMA = 1
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_Kind = TypeVar("_Kind", bound=StrEnum)


class Reader:
    """One table of a file. For None, or anything that is no table, every value is empty."""

    def __init__(self, table: object, notes: Notes, known: Sequence[str], path: KeyPath = ()) -> None:
        self.path = path
        self.notes = notes
        self._is_hollow = not isinstance(table, Mapping)
        self._table: Mapping[str, object] = table if isinstance(table, Mapping) else {}
        if not path:
            notes.top_keys = known
        for name in self._table:
            if name not in known:
                self._note_stranger(name, known)

    def _note_stranger(self, name: str, known: Sequence[str]) -> None:
        absent = [key for key in known if key not in self._table]
        close = get_close_matches(name.lower(), absent, 1) or get_close_matches(name.lower(), known, 1)
        if close:
            self.notes.doubt((*self.path, close[0]))
            self.note(name, "misspelt_key", name=name, suggestion=close[0])
        elif self.path and name in self.notes.top_keys:
            self.note(name, "misplaced_key", name=name)
        else:
            self.note(name, "unknown_key", name=name, known=", ".join(known))

    def note(self, key: str, code: str, **data: str | int) -> None:
        """Note a problem with the value of this key."""
        self.notes.add((*self.path, key), code, **data)

    def line(self, key: str) -> int:
        """The line of this key."""
        return self.notes.line((*self.path, key))

    def is_noted(self, key: str) -> bool:
        """Whether this key is known to be wrong or misspelt already."""
        return self.notes.is_noted((*self.path, key))

    def has(self, key: str) -> bool:
        """Whether the key is present."""
        return key in self._table

    def _value(self, key: str, *, is_optional: bool = False) -> object | None:
        if key in self._table:
            return self._table[key]
        if not (is_optional or self._is_hollow or self.is_noted(key)):
            self.note(key, "missing_key", name=key)
        return None

    def text(self, key: str, *, most: int, is_optional: bool = False) -> str:
        """A text of one line in NFC, of at most this many characters; tone marks stay as typed."""
        value = self._value(key, is_optional=is_optional)
        return self._tidy((*self.path, key), value, most=most, may_be_empty=is_optional)

    def _tidy(self, path: KeyPath, value: object | None, *, most: int, may_be_empty: bool) -> str:
        if value is None:
            return ""
        if not isinstance(value, str):
            self.notes.add(path, "not_text")
            return ""
        text = unicodedata.normalize("NFC", value)
        unseen = None if text.isprintable() else _first_unseen(text)
        text = " ".join(text.split())
        if unseen == "\n":
            self.notes.add(path, "several_lines")
        elif unseen is not None:
            self.notes.add(path, "unseen_character", character=f"U+{ord(unseen):04X}")
        elif not text and not may_be_empty:
            self.notes.add(path, "empty_text")
        elif len(text) > most:
            self.notes.add(path, "too_long", length=len(text), most=most)
        else:
            return text
        return ""

    def code(self, key: str, pattern: re.Pattern[str], problem: str, *, is_optional: bool = False) -> str:
        """A text that matches the whole pattern; else the problem with this code is noted."""
        text = self.text(key, most=200, is_optional=is_optional)
        if not text or pattern.fullmatch(text):
            return text
        self.note(key, problem, value=text)
        return ""

    def day(self, key: str) -> str:
        """A date as text; a date without quotes, which TOML parses itself, is accepted too."""
        value = self._value(key)
        if type(value) is date:
            return value.isoformat()
        return self._tidy((*self.path, key), value, most=40, may_be_empty=False)

    def whole(self, key: str, *, low: int, high: int) -> int:
        """A whole number within bounds."""
        value = self._value(key)
        if value is None:
            return low
        if not isinstance(value, int) or isinstance(value, bool):
            self.note(key, "not_whole", low=low, high=high)
        elif not low <= value <= high:
            self.note(key, "out_of_range", value=value, low=low, high=high)
        else:
            return value
        return low

    def flag(self, key: str) -> bool:
        """True or false; false if missing."""
        value = self._value(key, is_optional=True)
        if value is not None and not isinstance(value, bool):
            self.note(key, "not_flag")
        return value is True

    def one_of(self, key: str, kinds: type[_Kind]) -> _Kind:
        """A member of a closed set, by its value."""
        allowed = [kind.value for kind in kinds]
        text = self.text(key, most=200)
        if text in allowed:
            return kinds(text)
        if text:
            self.note(key, "not_one_of", value=text, allowed=", ".join(allowed))
        return next(iter(kinds))

    def several_of(self, key: str, kinds: type[_Kind]) -> frozenset[_Kind]:
        """Members of a closed set, at least one, by their values."""
        allowed = [kind.value for kind in kinds]
        texts = self.texts(key, most=len(allowed), longest=200)
        for position, text in enumerate(texts):
            if text and text not in allowed:
                path = (*self.path, key, position)
                self.notes.add(path, "not_one_of", value=text, allowed=", ".join(allowed))
        if not texts and self.has(key) and not self.is_noted(key):
            self.note(key, "none_of", allowed=", ".join(allowed))
        return frozenset(kinds(text) for text in texts if text in allowed)

    def texts(self, key: str, *, most: int, longest: int, is_optional: bool = False) -> tuple[str, ...]:
        """A list of texts of at most this many characters each."""
        value = self._value(key, is_optional=is_optional)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.note(key, "not_texts")
            return ()
        if len(value) > most:
            self.note(key, "too_many", count=len(value), most=most)
        path = (*self.path, key)
        return tuple(
            self._tidy((*path, position), item, most=longest, may_be_empty=False)
            for position, item in enumerate(value)
        )

    def named_texts(self, key: str, *, most: int) -> dict[str, str]:
        """A table of texts under names of the writer's choice; empty if missing."""
        value = self._value(key, is_optional=True)
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self.note(key, "not_table", name=key)
            return {}
        path = (*self.path, key)
        return {
            name: self._tidy((*path, name), text, most=most, may_be_empty=False)
            for name, text in value.items()
        }

    def table(self, key: str, known: Sequence[str]) -> "Reader":
        """A table within this one."""
        value = self._value(key)
        if value is not None and not isinstance(value, Mapping):
            self.note(key, "not_table", name=key)
        return Reader(value, self.notes, known, (*self.path, key))

    def tables(self, key: str, known: Sequence[str], *, least: int, most: int) -> list["Reader"]:
        """A list of tables, within these bounds."""
        value = self._table.get(key, [])
        path = (*self.path, key)
        if not isinstance(value, list):
            self.note(key, "not_tables", name=key)
            return []
        if len(value) < least and not (self._is_hollow or self.is_noted(key)):
            self.note(key, "too_few", name=key, count=len(value), least=least)
        if len(value) > most:
            self.note(key, "too_many", count=len(value), most=most)
        for position, item in enumerate(value):
            if not isinstance(item, Mapping):
                self.notes.add((*path, position), "not_table", name=key)
        return [Reader(item, self.notes, known, (*path, position)) for position, item in enumerate(value)]


def _first_unseen(text: str) -> str | None:
    return next((c for c in text if c != "\t" and unicodedata.category(c) in _UNSEEN), None)


def note_repeats(readers: Sequence[Reader], key: str, values: Sequence[str]) -> None:
    """Note every value of this key that an earlier table has; `values` are as compared."""
    first: dict[str, Reader] = {}
    for reader, value in zip(readers, values, strict=True):
        if value and first.setdefault(value, reader) is not reader:
            reader.note(key, "duplicate", value=value, line=first[value].line(key))


def note_schema(root: Reader) -> None:
    """Note a file that is written for another version of this program."""
    schema = root.whole("schema", low=0, high=1_000_000)
    if root.has("schema") and not root.is_noted("schema") and schema != SCHEMA:
        root.note("schema", "unsupported_schema", value=schema, supported=SCHEMA)
