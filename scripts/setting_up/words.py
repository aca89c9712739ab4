"""The sentences of the set-up pages, together with those of check-box and the mails."""

from environment import ROOT
from homthu.adapters.compiled import parse_toml
from homthu.adapters.web_files import load_texts
from homthu.render.texts import Texts

#: Kept apart from the functions' sentences, so that no function loads them.
FOLDER = ROOT / "web" / "text" / "setup"


def load_words() -> Texts:
    """Every sentence, in Vietnamese."""
    shared = load_texts("vi")
    tables = [parse_toml(path.read_text("utf-8-sig")) for path in sorted(FOLDER.glob("*.vi.toml"))]
    return Texts.from_tables("vi", {key: shared(key) for key in shared.keys}, *tables)
