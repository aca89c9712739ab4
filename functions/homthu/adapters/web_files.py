"""Reads the sentences, templates and assets in `web/`, which lies beside `functions/`."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from homthu.adapters.compiled import parse_toml
from homthu.render.texts import Texts

WEB = Path(__file__).parents[3] / "web"
LANGUAGES = ("vi", "en")


def load_texts(language: str, *audiences: str, web: Path = WEB) -> Texts:
    """The sentences of a language, from `web/text/AUDIENCE.LANGUAGE.toml`; all audiences' unless named."""
    folder = web / "text"
    named = [folder / f"{audience}.{language}.toml" for audience in audiences]
    paths = named or sorted(folder.glob(f"*.{language}.toml"))
    return Texts.from_tables(language, *(parse_toml(path.read_text("utf-8-sig")) for path in paths))


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
