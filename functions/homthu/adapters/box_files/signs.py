"""Reads the phrases and examples of complaints and denunciations, from all files of a folder."""

from pathlib import Path

from homthu.adapters.box_files.phrases import read_phrases
from homthu.adapters.box_files.problems import Notes
from homthu.adapters.box_files.reader import Reader, note_schema
from homthu.adapters.box_files.toml_file import read_toml, toml_files
from homthu.domain.submissions.answers import MAX_TEXT
from homthu.domain.submissions.signs import Signs

SIGNS = "signs"
_PHRASES = ("certain", "harmless", "signs", "marked")
_EXAMPLES = ("apart", "ordinary")
KEYS = ("schema", *_PHRASES, *_EXAMPLES)
_MOST = 2_000


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
