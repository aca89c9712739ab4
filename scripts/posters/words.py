"""The sentences of the printed and posted products, with those of the page."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from environment import ROOT
from homthu.adapters.box_files.toml_file import read_toml
from homthu.adapters.web_files import load_texts
from homthu.render.problems import describe
from homthu.render.texts import Texts

FOLDER = ROOT / "web" / "text" / "print"


class BadTextFile(SystemExit):
    """Files of sentences are not valid TOML; the message names file, line and remedy for all of them."""


def load_words(folder: Path = FOLDER) -> Texts:
    """Every sentence in Vietnamese. Raise `BadTextFile`.

    These files lie apart from those of the functions, so that a slip of an editor's pen in a
    notice for Zalo can never stop the form.
    """
    shared = load_texts("vi")
    tables: list[Mapping[str, Any]] = []
    problems: list[str] = []
    for path in sorted(folder.glob("*.vi.toml")):
        table, notes = read_toml(path, path.name)
        problems += [describe(problem, shared) for problem in notes.problems]
        if isinstance(table, Mapping):
            tables.append(table)
    if problems:
        raise BadTextFile("\n".join(problems))
    return Texts.from_tables("vi", {key: shared(key) for key in shared.keys}, *tables)
