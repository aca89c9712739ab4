"""Reads the phrases and examples of complaints and denunciations, from all files of a folder."""

from collections.abc import Sequence
from pathlib import Path

from homthu.adapters.box_files.problems import Notes
from homthu.adapters.box_files.reader import Reader
from homthu.adapters.box_files.schema import note_schema
from homthu.adapters.box_files.toml_file import read_toml, toml_files
from homthu.domain.submissions.answers import MAX_TEXT
from homthu.domain.submissions.phrases import is_phrase
from homthu.domain.submissions.signs import Signs

SIGNS = "signs"
_PHRASES = ("certain", "harmless", "signs", "marked")
_EXAMPLES = ("apart", "ordinary")
KEYS = ("schema", *_PHRASES, *_EXAMPLES)
_MOST = 2_000
_LONGEST_PHRASE = 300


def load_signs(folder: Path) -> tuple[Signs, list[Notes]]:
    """Those of every file in the folder together, so that an office adds a file of its own."""
    found: dict[str, list[str]] = {key: [] for key in (*_PHRASES, *_EXAMPLES)}
    notes: list[Notes] = []
    for path in toml_files(folder):
        table, file_notes = read_toml(path, f"{SIGNS}/{path.name}")
        notes.append(file_notes)
        root = Reader(table, file_notes, KEYS)
        note_schema(root)
        for key in _PHRASES:
            found[key] += read_phrases(root, key)
        for key in _EXAMPLES:
            found[key] += root.texts(key, most=_MOST, longest=MAX_TEXT, is_optional=True)
    return Signs(**{key: tuple(dict.fromkeys(phrases)) for key, phrases in found.items()}), notes


def read_phrases(root: Reader, key: str) -> Sequence[str]:
    """The phrases of a list; what cannot be read as one, or stands there twice, is noted."""
    phrases = root.texts(key, most=_MOST, longest=_LONGEST_PHRASE, is_optional=True)
    first: dict[str, int] = {}
    for position, phrase in enumerate(phrases):
        where = (*root.path, key, position)
        if phrase and not is_phrase(phrase):
            root.notes.add(where, "bad_phrase", value=phrase)
        if phrase and first.setdefault(phrase.casefold(), position) != position:
            line = root.notes.line((*root.path, key, first[phrase.casefold()]))
            root.notes.add(where, "duplicate", value=phrase, line=line)
    return [phrase.casefold() for phrase in phrases]
