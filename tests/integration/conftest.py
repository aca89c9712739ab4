"""The stores that must keep the contract: the fake of the tests, the embedded one, the cloud's."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from backups import Open
from fakes.memory_backup import MemoryBackup
from fakes.memory_store import MemoryStore
from homthu.adapters.firestore.backup import FirestoreBackup
from homthu.adapters.firestore.store import FirestoreStore
from homthu.adapters.sqlite.backup import SqliteBackup
from homthu.adapters.sqlite.store import SqliteStore
from homthu.ports import Store
from homthu.ports.backup import Backup
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


@pytest.fixture
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens an empty store of a kind, and the way into it that a backup has."""
    closing: list[Store | Backup] = []

    def open(kind: str) -> tuple[Store, Backup]:
        store: Store
        backup: Backup
        if kind == "memory":
            store = MemoryStore(now)
            backup = MemoryBackup(store)
        elif kind == "sqlite":
            path = tmp_path / uuid4().hex / "box.db"
            store, backup = SqliteStore(path, now), SqliteBackup(path)
        else:
            request.getfixturevalue("firestore_project")  # leads to the emulator
            project = f"test-{uuid4().hex[:12]}"
            store, backup = FirestoreStore(project, "(default)"), FirestoreBackup(project, "(default)")
        closing.extend([store, backup])
        return store, backup

    yield open
    for one in closing:
        one.close()
