"""Reads the sentences, templates and assets in `web/`, which lies beside `functions/`."""

import tomllib
from pathlib import Path

from homthu.render.texts import Texts

WEB = Path(__file__).parents[3] / "web"
LANGUAGES = ("vi", "en")


def load_texts(language: str, web: Path = WEB) -> Texts:
    """The sentences of a language, from every `web/text/*.LANGUAGE.toml`."""
    paths = sorted((web / "text").glob(f"*.{language}.toml"))
    return Texts.from_tables(language, *(tomllib.loads(path.read_text("utf-8")) for path in paths))


def load_templates(web: Path = WEB) -> dict[str, str]:
    """Every template by its path below `web/templates/`."""
    folder = web / "templates"
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def load_assets(web: Path = WEB) -> dict[str, bytes]:
    """Every asset by its path below `web/assets/`."""
    folder = web / "assets"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
