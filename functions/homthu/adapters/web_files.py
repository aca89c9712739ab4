"""Reads the sentences, templates and assets in `web/`, which lies beside `functions/`."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from homthu.adapters.compiled import parse_toml
from homthu.render.texts import Texts

WEB = Path(__file__).parents[3] / "web"
_BASE = "vi"


def languages(web: Path = WEB) -> tuple[str, ...]:
    """The languages that the citizen's pages have a file of sentences in, Vietnamese first."""
    written = {path.name.split(".")[1] for path in (web / "text").glob("page.*.toml")}
    return (_BASE, *sorted(written - {_BASE}))


#: What can be asked for; a language more is a file more.
LANGUAGES = languages()


def load_texts(language: str, *audiences: str, web: Path = WEB) -> Texts:
    """The sentences of a language, from `web/text/AUDIENCE.LANGUAGE.toml`; all audiences' unless named.

    A sentence that is not written in it is there in Vietnamese.
    """
    spoken = (_BASE,) if language == _BASE else (_BASE, language)
    tables = (table for one in spoken for table in _tables(one, audiences, web / "text"))
    return Texts.from_tables(language, *tables)


def _tables(language: str, audiences: Collection[str], folder: Path) -> Iterator[Mapping[str, Any]]:
    for path in sorted(folder.glob(f"*.{language}.toml")):
        if not audiences or path.name.split(".")[0] in audiences:
            yield parse_toml(path.read_text("utf-8-sig"))


def load_templates(web: Path = WEB) -> Mapping[str, str]:
    """Every template by its path below `web/templates/`, read when it is asked for."""
    return _Templates(web / "templates")


def load_assets(web: Path = WEB) -> dict[str, bytes]:
    """Every asset by its path below `web/assets/`."""
    folder = web / "assets"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


class _Templates(Mapping[str, str]):
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __getitem__(self, name: str) -> str:
        try:
            return (self._folder / name).read_text("utf-8")
        except FileNotFoundError:
            raise KeyError(name) from None

    def __iter__(self) -> Iterator[str]:
        paths = sorted(path for path in self._folder.rglob("*") if path.is_file())
        return (path.relative_to(self._folder).as_posix() for path in paths)

    def __len__(self) -> int:
        return sum(1 for _ in self)
