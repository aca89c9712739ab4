"""Takes words out of a memory store."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from homthu.ports import StoreUnavailable

from fakes.memory_store import MemoryStore


class MemoryEraser:
    """Takes words out of a memory store for good."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def blank(self, id: str, on: date, *, words: bool = True, answers: bool = True) -> None:
        row = self._store.rows.get(id)
        if row is None:
            raise StoreUnavailable("vanished")
        emptied = row.submission
        if words:
            emptied = replace(emptied, text="", text_kind=None, do_not_quote=False)
            if verdict := self._store.verdict(id):
                self._store.replace_verdict(verdict, replace(verdict, words=""))
        if answers:
            emptied = replace(emptied, answers={}, service="")
        self._store.rows[id] = replace(row, submission=emptied, erased_on=on)

    def contents(self, ward: str) -> Iterator[str]:
        return iter(sorted(name for name in self._store.contents if name.startswith(f"{ward}.")))

    def replace_contents(self, contents: Mapping[str, bytes]) -> None:
        self._store.contents.update(contents)

    def wipe(self, *, rebuild: bool = True) -> None:
        """A dictionary keeps nothing of what was replaced."""

    def close(self) -> None:
        """There is nothing to let go of."""
