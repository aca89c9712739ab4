"""A box's own file, opened, closed in order, locked by another program, and refused."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from homthu.adapters.sqlite.store import SqliteStore
from homthu.ports import StoreUnavailable
from samples import a_submission, fill, now

SUPPORT = Path(__file__).parent
FUNCTIONS = SUPPORT.parents[1] / "functions"


@contextmanager
def opened(path: Path, *, max_pages: int | None = None) -> Iterator[SqliteStore]:
    store = SqliteStore(path, now, max_pages=max_pages)
    try:
        yield store
    finally:
        store.close()


def a_box(path: Path, submissions: int = 0) -> None:
    """A box's file that was closed in order."""
    with opened(path) as store:
        store.check()
        fill(store, [f"{n:05d}" for n in range(submissions)])


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another program in the midst of writing."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


def refusal_of(store: SqliteStore, id: str, *, text: str = "") -> str:
    try:
        store.add(id, a_submission(text=text), "d")
    except StoreUnavailable as error:
        return error.reason
    return ""


def environment() -> dict[str, str]:
    return {"PYTHONPATH": f"{FUNCTIONS}:{SUPPORT}"}
