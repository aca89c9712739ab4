"""What the box's own file does when the disk, another program, or a crash comes between."""

import os
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from homthu.adapters.sqlite.database import SqliteDatabase
from homthu.adapters.sqlite.schema import VERSION
from homthu.adapters.sqlite.store import SqliteStore
from homthu.ports import StoreUnavailable
from samples import FUTURE, WARD, a_submission, at_once, fill, now
from sqlite_file import FUNCTIONS, a_box, environment, opened, refusal_of

PAGE = 4096


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "box.db"


def reason_of_check(path: Path) -> str:
    with pytest.raises(StoreUnavailable) as caught:
        SqliteStore(path, now).check()
    return caught.value.reason


def test_constructing_a_store_touches_nothing(path: Path) -> None:
    SqliteStore(path, now)
    assert list(path.parent.iterdir()) == []


def test_checking_creates_a_missing_file_and_its_folder_and_leaves_nothing_open(tmp_path: Path) -> None:
    path = tmp_path / "new" / "box.db"
    SqliteStore(path, now).check()
    assert [one.name for one in path.parent.iterdir()] == ["box.db"]


def test_a_new_file_can_be_read_by_nobody_else(path: Path) -> None:
    a_box(path)
    assert path.stat().st_mode & 0o077 == 0


def test_of_many_that_create_one_file_at_once_none_loses_a_submission(path: Path) -> None:
    def create_and_add(id: str) -> None:
        with opened(path) as store:
            store.add(id, a_submission(), "d")

    ids = [f"{n:02d}" for n in range(8)]
    at_once(create_and_add, ids)
    with opened(path) as store:
        assert [one.id for one in store.everything(WARD)] == ids
    assert [one.name for one in path.parent.iterdir()] == ["box.db"]


def test_every_connection_waits_for_the_disk_at_each_commit(path: Path) -> None:
    database = SqliteDatabase(path)
    with database.writing() as connection:
        found = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 5000,
    }
    database.close()


def test_a_full_disk_is_said_and_harms_nothing_stored_before(path: Path) -> None:
    ids = [f"{n:05d}" for n in range(200)]
    with opened(path, max_pages=30) as store:
        outcomes = [refusal_of(store, id, text="x" * 500) for id in ids]
        stored = [id for id, outcome in zip(ids, outcomes, strict=True) if outcome == ""]
        assert set(outcomes) == {"", "full"}
        assert [one.id for one in store.everything(WARD)] == stored
    with opened(path) as store:
        store.check()
        store.add("more", a_submission(), "d")
        assert [one.id for one in store.everything(WARD)] == [*stored, "more"]


def test_a_file_that_may_not_be_written_is_refused_at_the_start() -> None:
    # Root may write everything, so another user has to try.
    with tempfile.TemporaryDirectory(prefix="box-") as folder:
        path = Path(folder, "box.db")
        a_box(path)
        path.chmod(0o444)
        Path(folder).chmod(0o777)
        assert as_other_user(path) == "read_only"


def as_other_user(path: Path) -> str:
    """The reason why a process without privileges cannot use the file."""
    program = (
        "from datetime import UTC, datetime\n"
        "from pathlib import Path\n"
        "import os, sys\n"
        "from homthu.adapters.sqlite.store import SqliteStore\n"
        "from homthu.ports import StoreUnavailable\n"
        # Everything is loaded before, for that user may not read where Python lies.
        "SqliteStore(Path(sys.argv[2]), lambda: datetime.now(UTC)).check()\n"
        "if os.getuid() == 0: os.setgid(65534); os.setuid(65534)\n"
        "try: SqliteStore(Path(sys.argv[1]), lambda: datetime.now(UTC)).check()\n"
        "except StoreUnavailable as error: print(error.reason)\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program, str(path), str(path.with_name("loaded.db"))],
        env={"PYTHONPATH": str(FUNCTIONS)},
        capture_output=True,
        text=True,
        check=True,
    )
    return answer.stdout.strip()


def test_a_file_size_limit_is_said(path: Path) -> None:
    a_box(path)
    program = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from samples import a_submission, now\n"
        "from homthu.adapters.sqlite.store import SqliteStore\n"
        "from homthu.ports import StoreUnavailable\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "store = SqliteStore(Path(sys.argv[1]), now)\n"
        "try:\n"
        "    for n in range(1000): store.add(str(n), a_submission(text='x' * 500), 'd')\n"
        "except StoreUnavailable as error: print(n, error.reason)\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program, str(path)], env=environment(), capture_output=True, text=True
    )
    acknowledged, reason = answer.stdout.split()
    assert reason == "io"
    with opened(path) as store:
        store.check()
        assert len(list(store.everything(WARD))) == int(acknowledged) > 0


def test_a_damaged_header_is_refused_and_the_file_left_as_it_is(path: Path) -> None:
    path.write_bytes(b"this is no database" * 1000)
    assert reason_of_check(path) == "corrupt"
    assert path.read_bytes() == b"this is no database" * 1000


def test_a_damaged_page_is_refused_at_the_start(path: Path) -> None:
    a_box(path, submissions=300)
    with path.open("r+b") as file:
        for page in range(3, 30):
            file.seek(page * PAGE)
            file.write(os.urandom(PAGE))
    damaged = path.read_bytes()
    assert reason_of_check(path) == "corrupt"
    assert path.read_bytes() == damaged


def test_a_file_cut_to_nothing_is_refused_rather_than_begun_anew(path: Path) -> None:
    a_box(path, submissions=1)
    path.write_bytes(b"")
    assert reason_of_check(path) == "not_a_box"
    assert path.read_bytes() == b""


def test_another_programs_database_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE submissions (id)")
    assert reason_of_check(path) == "not_a_box"


@pytest.mark.parametrize(("version", "reason"), [(VERSION + 1, "newer_schema"), (0, "unknown_schema")])
def test_a_schema_of_another_version_is_refused(path: Path, version: int, reason: str) -> None:
    a_box(path)
    with closing(sqlite3.connect(path)) as other:
        other.execute(f"PRAGMA user_version = {version}")
    assert reason_of_check(path) == reason
    assert refusal_of(SqliteStore(path, now), "a") == reason


def test_a_log_whose_main_file_is_missing_is_not_begun_anew(path: Path) -> None:
    path.with_name("box.db-wal").write_bytes(b"x")
    assert reason_of_check(path) == "main_file_missing"
    assert not path.exists()


def test_a_file_taken_away_while_the_box_runs_is_not_begun_anew(path: Path) -> None:
    with opened(path) as store:
        store.check()
        path.unlink()
        assert refusal_of(store, "a") == "moved"
        assert not path.exists()
        a_box(path)


def test_a_file_taken_away_after_all_was_closed_is_not_begun_anew_either(path: Path) -> None:
    with opened(path) as store:
        store.check()
        store.close()
        path.unlink()
        assert refusal_of(store, "a") == "cannot_open"
        assert not path.exists()
        a_box(path)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert reason_of_check(tmp_path / "file" / "box.db") == "cannot_create"


def test_a_closed_file_holds_everything_and_can_be_copied_alone(path: Path, tmp_path: Path) -> None:
    a_box(path, submissions=30)
    assert [one.name for one in tmp_path.iterdir()] == ["box.db"]
    with opened(Path(shutil.copy(path, tmp_path / "copy.db"))) as copy:
        assert len(list(copy.everything(WARD))) == 30


def test_a_time_of_receipt_is_nowhere_in_the_files_after_its_week_is_assigned(path: Path) -> None:
    received_at = datetime(2026, 11, 17, 3, 4, 5, 678901, tzinfo=UTC)
    mark = datetime(2026, 11, 17, 3, tzinfo=UTC)
    store = SqliteStore(path, lambda: received_at)
    fill(store, [f"{n:03d}" for n in range(100)])

    def is_found(instant: datetime = mark) -> bool:
        microseconds = struct.pack(">q", int(instant.timestamp() * 1_000_000))
        return any(microseconds in one.read_bytes() for one in path.parent.iterdir())

    assert is_found()
    assert not is_found(received_at), "not even for a moment"
    list(store.assign_week(WARD, FUTURE))
    assert not is_found()
    store.close()
    assert not is_found()


def test_the_file_does_not_keep_the_order_of_arrival(path: Path) -> None:
    with opened(path) as store:
        for id in ("c", "a", "b"):
            store.add(id, a_submission(), "d")
    with closing(sqlite3.connect(path)) as other:
        assert [id for (id,) in other.execute("SELECT id FROM submissions NOT INDEXED")] == ["a", "b", "c"]
        with pytest.raises(sqlite3.OperationalError, match="rowid"):
            other.execute("SELECT rowid FROM submissions")


def test_a_content_whose_bytes_were_changed_is_a_lookup_error(path: Path) -> None:
    with opened(path) as store:
        store.save_content("9f86d081", b"as it was")
        with closing(sqlite3.connect(path)) as other, other:
            other.execute("UPDATE contents SET bytes = ?", (b"as it is not",))
        with pytest.raises(LookupError):
            store.content("9f86d081")
