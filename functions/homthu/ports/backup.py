"""What a backup needs of a store: for maintainers only, no function is given this."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from homthu.domain.backup import Entry, Kind


class Backup(Protocol):
    """Everything in a store. Every method may raise `StoreUnavailable`."""

    def alone(self) -> AbstractContextManager[None]:
        """Keep others out in the block, where possible; raise `StoreUnavailable("in_use")` if one is in."""

    def dump(self, kind: Kind) -> Iterator[Entry]:
        """All entries of a kind in the order of their ids, streamed: what is loaded meanwhile with an
        id before the last one given does not come."""

    def count(self, kind: Kind) -> int:
        """How many entries of a kind the store itself counts."""

    def load(self, entries: Iterable[Entry]) -> int:
        """Store each as a new entry; give their number. Raise `Conflict` for one that exists."""

    def close(self) -> None:
        """Let go of the store."""
