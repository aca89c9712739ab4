"""What opening a store may do to it: reading makes and changes nothing, and says what it did not find."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from commands.running import sentence
from homthu.adapters.firestore.store import FirestoreStore
from homthu.adapters.sqlite.backup import SqliteBackup
from homthu.adapters.sqlite.schema import MIGRATIONS
from homthu.adapters.sqlite.store import SqliteStore
from homthu.bootstrap.start import start
from homthu.domain.backup import Kind
from homthu.ports import Access, StoreUnavailable
from samples import WARD, a_delivery, a_submission, fill, now
from sqlite_file import a_box, environment, opened, refusal_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "box.db"


def content_of(folder: Path) -> dict[str, bytes]:
    return {str(one): one.read_bytes() if one.is_file() else b"" for one in sorted(folder.rglob("*"))}


@pytest.mark.parametrize("access", [Access.READ, Access.WRITE])
def test_a_store_that_is_not_there_is_said_and_not_made(tmp_path: Path, access: Access) -> None:
    path = tmp_path / "typo" / "box.db"
    for look in (SqliteStore(path, now, access=access).check, lambda: reader(path).head(WARD)):
        with pytest.raises(StoreUnavailable) as refused:
            look()
        assert refused.value.reason == "missing"
    assert list(tmp_path.iterdir()) == []


def reader(path: Path) -> SqliteStore:
    return SqliteStore(path, now, access=Access.READ)


def test_a_backup_that_only_reads_does_not_make_what_it_reads(path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="missing"):
        list(SqliteBackup(path, access=Access.READ).dump(Kind.HEADS))
    assert not path.exists()


def test_reading_changes_no_byte_and_leaves_nothing_beside(path: Path) -> None:
    a_box(path, submissions=3)
    before = content_of(path.parent)
    with closing(reader(path)) as store:
        store.check()
        assert len(list(store.everything(WARD))) == 3
    assert content_of(path.parent) == before


def test_a_reader_sees_what_a_running_box_has_just_stored_and_cannot_write(path: Path) -> None:
    with opened(path) as box, closing(reader(path)) as store:
        fill(box, ["a", "b"])
        assert [one.id for one in store.everything(WARD)] == ["a", "b"]
        assert refusal_of(store, "c") == "read_only"
        with pytest.raises(StoreUnavailable, match="read_only"):
            store.owe(a_delivery())
        assert refusal_of(box, "c") == ""


@pytest.mark.parametrize("version", sorted(MIGRATIONS))
def test_a_reader_leaves_an_older_file_as_it_is(path: Path, version: int) -> None:
    """The box that serves it may be of the version before, and would be stopped by a newer file."""
    a_box(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    before = content_of(path.parent)
    with pytest.raises(StoreUnavailable, match="older_schema"):
        reader(path).check()
    assert content_of(path.parent) == before


@pytest.mark.emulator
def test_a_firestore_database_that_holds_nothing_is_not_read_as_if_it_did(firestore_project: str) -> None:
    with closing(FirestoreStore(firestore_project, "(default)", access=Access.READ)) as store:
        with pytest.raises(StoreUnavailable, match="missing"):
            store.check()
        with closing(FirestoreStore(firestore_project, "(default)")) as box:
            box.check()
            box.add("a", a_submission(), "d")
        store.check()


def test_a_command_that_reads_asks_for_a_store_that_it_does_not_make(tmp_path: Path) -> None:
    parts = start("verify", {"HOMTHU_STORE": f"sqlite://{tmp_path}/hom-thu.db"}, reading=True)
    with pytest.raises(StoreUnavailable, match="missing"):
        parts.check_store()
    with pytest.raises(StoreUnavailable, match="missing"):
        list(parts.backup.dump(Kind.HEADS))
    assert list(tmp_path.iterdir()) == []


def test_why_a_store_cannot_be_opened_is_said_in_words() -> None:
    reasons = ("missing", "no_database", "moved", "in_use", "older_schema", "unheard_of")
    said = [sentence(StoreUnavailable(reason)).replace(reason, "") for reason in reasons]
    assert len(set(said)) == len(reasons)


# What happens to a file that is put aside while a box is running.


@pytest.mark.parametrize("replaced", [False, True])
def test_no_form_is_acknowledged_into_a_file_that_was_put_aside(path: Path, replaced: bool) -> None:
    aside = path.parent / "aside"
    aside.mkdir()
    with opened(path) as store:
        fill(store, ["a"])
        move(path, aside)
        if replaced:
            a_box(path, submissions=2)
        assert refusal_of(store, "b") == "moved"
        with pytest.raises(StoreUnavailable, match="moved"):
            store.digest("a")
        with pytest.raises(StoreUnavailable, match="moved"):
            store.owe(a_delivery())
        for one in path.parent.glob("box.db*"):
            one.unlink()
        move(aside / "box.db", path.parent)
        assert refusal_of(store, "b") == ""
        assert [one.id for one in store.everything(WARD)] == ["a", "b"]


def move(path: Path, folder: Path) -> None:
    """The file, and its log with it."""
    for one in path.parent.glob(f"{path.name}*"):
        shutil.move(one, folder)


def test_a_log_that_was_taken_away_is_noticed_too(path: Path) -> None:
    with opened(path) as store:
        fill(store, ["a"])
        log = path.with_name("box.db-wal")
        log.rename(path.with_name("aside-wal"))
        assert refusal_of(store, "b") == "moved"
        path.with_name("aside-wal").rename(log)
        assert refusal_of(store, "b") == ""


def test_a_box_that_ends_does_not_delete_the_log_of_the_file_in_its_place(path: Path) -> None:
    """SQLite removes a log by its name when the last connection is closed."""
    aside = path.parent / "aside"
    aside.mkdir()
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from samples import a_submission, now\n"
        "from homthu.adapters.sqlite.store import SqliteStore\n"
        "store = SqliteStore(Path(sys.argv[1]), now)\n"
        "store.add('old', a_submission(), 'd')\n"
        "print('ready', flush=True)\n"
        "sys.stdin.readline()\n"
        "store.close()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(path)],
        env={**environment(), "PATH": os.environ["PATH"]},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as old:
        assert old.stdout is not None
        assert old.stdout.readline() == "ready\n"
        move(path, aside)
        with opened(path) as new:
            fill(new, ["new"])
            old.communicate("\n", timeout=30)
            assert old.returncode == 0
            assert refusal_of(new, "newer") == ""
    with opened(path) as new:
        assert [one.id for one in new.everything(WARD)] == ["new", "newer"]
    with opened(aside / "box.db") as put_aside:
        assert [one.id for one in put_aside.everything(WARD)] == ["old"]
