"""The sentences of one language, looked up by key and filled in."""

from collections.abc import Iterator, Mapping
from typing import Any, Self


class Texts:
    """Sentences by dotted key; filling one in never evaluates anything that a citizen typed.

    A missing key or value raises `KeyError`: a page with a gap in it is a defect, not a state.
    """

    def __init__(self, language: str, sentences: Mapping[str, str]) -> None:
        self.language = language
        self._sentences = sentences

    @classmethod
    def from_tables(cls, language: str, *tables: Mapping[str, Any]) -> Self:
        """Build from nested tables as a TOML file gives them."""
        return cls(language, dict(pair for table in tables for pair in _flatten(table)))

    def __call__(self, key: str, **values: object) -> str:
        """The sentence under this key with its `{name}` places filled."""
        sentence = self._sentences[key]
        return sentence.format_map(values) if values else sentence

    def __contains__(self, key: str) -> bool:
        return key in self._sentences

    @property
    def keys(self) -> frozenset[str]:
        """Every key."""
        return frozenset(self._sentences)


def _flatten(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)
