"""The stores that must keep the contract: the fake of the tests, the embedded one, the cloud's."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.memory_store import MemoryStore
from homthu.adapters.firestore.store import FirestoreStore
from homthu.adapters.sqlite.store import SqliteStore
from homthu.ports import Store
from samples import now


@pytest.fixture(params=["memory", "sqlite", pytest.param("firestore", marks=pytest.mark.emulator)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store, with a clock that tells the true time as Firestore's does."""
    opened: Store
    if request.param == "memory":
        opened = MemoryStore(now)
    elif request.param == "sqlite":
        opened = SqliteStore(tmp_path / "box.db", now)
    else:
        opened = FirestoreStore(request.getfixturevalue("firestore_project"), "(default)")
    yield opened
    opened.close()
