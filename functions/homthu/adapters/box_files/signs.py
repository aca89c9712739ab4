"""Reads the phrases by which a text may be a complaint or a denunciation: all files of a folder, one list."""

from collections.abc import Sequence
from pathlib import Path

from homthu.adapters.box_files.problems import Notes
from homthu.adapters.box_files.reader import Reader
from homthu.adapters.box_files.schema import note_schema
from homthu.adapters.box_files.toml_file import read_toml, toml_files
from homthu.domain.submissions.signs import BadPhrase, Signs, readings

SIGNS = "signs"
KEYS = ("schema", "certain", "harmless", "signs", "marked")
_LISTS = KEYS[1:]
_MOST, _LONGEST = 1_000, 200


def load_signs(folder: Path) -> tuple[Signs, list[Notes]]:
    """The phrases of every file in the folder together, so that an office adds a file of its own."""
    found: dict[str, list[str]] = {key: [] for key in _LISTS}
    notes: list[Notes] = []
    for path in toml_files(folder):
        table, file_notes = read_toml(path, f"{SIGNS}/{path.name}")
        notes.append(file_notes)
        root = Reader(table, file_notes, KEYS)
        note_schema(root)
        for key in _LISTS:
            found[key] += _phrases(root, key)
    return Signs(**{key: tuple(dict.fromkeys(phrases)) for key, phrases in found.items()}), notes


def _phrases(root: Reader, key: str) -> Sequence[str]:
    """The sound ones of a list."""
    phrases = root.texts(key, most=_MOST, longest=_LONGEST, is_optional=True)
    first: dict[str, int] = {}
    for position, phrase in enumerate(phrases):
        where = (*root.path, key, position)
        try:
            readings(phrase)
        except BadPhrase:
            if phrase:
                root.notes.add(where, "bad_phrase", value=phrase)
        if phrase and first.setdefault(phrase.casefold(), position) != position:
            line = root.notes.line((*root.path, key, first[phrase.casefold()]))
            root.notes.add(where, "duplicate", value=phrase, line=line)
    return [phrase.casefold() for phrase in phrases]
