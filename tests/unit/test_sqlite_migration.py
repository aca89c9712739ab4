"""A database of version 1, as boxes in use have it, becomes today's and loses nothing."""

import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from contract.samples import PAST, WARD, a_delivery, a_report, a_submission, now
from homthu.adapters.sqlite_schema import MIGRATIONS, VERSION
from homthu.adapters.sqlite_store import SqliteStore
from homthu.domain.case import Action, Case, Deed, Step
from homthu.domain.ledger import Head
from homthu.ports import StoreUnavailable

ADDED = ("cases", "link_mails")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of version 1 that holds something of everything."""
    path = tmp_path / "box.db"
    store = SqliteStore(path, now)
    for number in range(300):
        store.add(f"s{number:03d}", a_submission(), "digest")
    store.create_head(Head(ward=WARD, last_number=7))
    store.save_content("content", b"x" * 5000)
    store.freeze(a_report())
    store.owe(a_delivery())
    store.close()
    with closing(sqlite3.connect(path)) as connection:
        for table in ADDED:
            connection.execute(f"DROP TABLE {table}")
        connection.execute("PRAGMA user_version = 1")
    return path


def tables_and_rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for (name,) in names}


def laid_by(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as connection:
        return dict(connection.execute("SELECT name, sql FROM sqlite_schema"))


def version_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def test_a_file_of_version_1_opens_and_keeps_everything(path: Path) -> None:
    before = tables_and_rows(path)
    store = SqliteStore(path, now)
    store.check()
    step = Step(deed=Deed(action=Action.OPEN), who="A", on=PAST.monday, once="k")
    case = Case(id="s000", ward=WARD, place="p", service="", week=PAST, is_petition=False, history=(step,))
    store.create_case(case)
    assert store.head(WARD) == Head(ward=WARD, last_number=7)
    store.close()
    after = tables_and_rows(path)
    assert {name: after[name] for name in before} == before
    assert len(before["submissions"]) == 300
    assert after.keys() - before.keys() == set(ADDED)
    assert version_of(path) == VERSION


def test_a_migrated_file_has_the_same_tables_as_a_new_one(path: Path, tmp_path: Path) -> None:
    SqliteStore(path, now).check()
    new = tmp_path / "new.db"
    SqliteStore(new, now).check()
    assert laid_by(path) == laid_by(new)


def test_of_two_that_open_an_old_file_at_once_both_can_work(path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: SqliteStore(path, now).check(), range(4)))
    assert version_of(path) == VERSION


def test_a_damaged_old_file_is_refused_and_not_touched(path: Path) -> None:
    with path.open("r+b") as file:
        for page in range(3, 30):
            file.seek(page * 4096)
            file.write(os.urandom(4096))
    damaged = path.read_bytes()
    with pytest.raises(StoreUnavailable) as refused:
        SqliteStore(path, now).check()
    assert refused.value.reason == "corrupt"
    assert path.read_bytes() == damaged


def test_an_old_file_that_is_not_ours_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA application_id = 1")
    with pytest.raises(StoreUnavailable) as refused:
        SqliteStore(path, now).check()
    assert refused.value.reason == "not_a_box"
    assert version_of(path) == 1


def test_a_migration_leads_from_every_version_but_todays() -> None:
    assert set(MIGRATIONS) == set(range(1, VERSION))
