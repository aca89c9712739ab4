"""The sentences of the printed and posted products, and the page's own beside them."""

import tomllib
from pathlib import Path

from environment import ROOT
from homthu.adapters.web_files import load_texts
from homthu.render.texts import Texts

FOLDER = ROOT / "web" / "text" / "print"


class BadTextFile(Exception):
    """A file of sentences is no TOML; `file` and `reason` say where."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"{file}: {reason}")
        self.file = file
        self.reason = reason


def load_words(folder: Path = FOLDER) -> Texts:
    """Every sentence in Vietnamese. Raise `BadTextFile`.

    These files lie apart from those of the functions, so that a slip of an editor's pen in a
    notice for Zalo can never stop the form.
    """
    tables = []
    for path in sorted(folder.glob("*.vi.toml")):
        try:
            tables.append(tomllib.loads(path.read_text("utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise BadTextFile(path, str(error)) from None
    shared = load_texts("vi")
    return Texts.from_tables("vi", {key: shared(key) for key in shared.keys}, *tables)
