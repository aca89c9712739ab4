"""F80-F82, F85-F88 seen by a citizen and by who starts the box: a database that fails while it is served.

| fault | here | below HTTP, `unit/test_sqlite_…` |
|---|---|---|
| F80 full, F81 file size limit | `test_a_database_that_cannot_grow…` | `…_database.py` |
| F82 locked | `test_a_lock_of_another_program…` | `…_writer.py` |
| read-only | `test_a_database_that_may_only_be_read…` | `…_database.py` |
| a row that the database refuses | `test_a_row_that_the_database_refuses…` | |
| F83 read then write, F84 duplicate key, F85 kill -9 | `test_killed_box.py` | `…_writer.py` |
| F86 corrupt, vanished | `test_a_damaged_database…`, `…_taken_away…` | `…_database.py` |
| F87 backup while writing | `test_a_copy_made_while_forms_come_in…` | |
| F88 copied without its log | `test_a_damaged_database…`: a stopped box leaves one file | `…_database.py` |
| F89 power cut | `test_power_cut.py`, from a record of what was asked of the disk | |
| F90 the same as Firestore | `tests/integration` | |
"""

import itertools
import os
import resource
import shutil
import sqlite3
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from citizen_side import fields_of
from homthu.adapters.clock import system_clock
from homthu.adapters.sqlite.store import SqliteStore
from served_box import ServedBox, is_honest, served, whole_form

WARD = "07207"


_numbers = itertools.count(1)


@pytest.fixture
def box(tmp_path: Path) -> Iterator[ServedBox]:
    with served(tmp_path) as box:
        yield box


@pytest.fixture(scope="module")
def lasting_box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedBox]:
    """A box for the faults that pass and leave it as it was."""
    with served(tmp_path_factory.mktemp("lasting")) as box:
        yield box


def a_form(text: str) -> dict[str, str]:
    return whole_form(f"{next(_numbers):032x}", gop_y=text)


def database(box: ServedBox) -> Path:
    return box.data / "hom-thu.db"


def texts(path: Path) -> list[str]:
    with closing(SqliteStore(path, system_clock)) as store:
        return [one.submission.text for one in store.everything(WARD)]


def limit_file_size(pid: int, size: int) -> None:
    """What a full disk does to one process, and no other."""
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def test_a_database_that_cannot_grow_is_told_and_what_was_stored_stays(lasting_box: ServedBox) -> None:
    box, form = lasting_box, a_form("khi đầy đĩa")
    box.reference(box.send(a_form("trước khi đầy đĩa")))
    (worker,) = box.workers()
    limit_file_size(worker, 1)
    full = box.send(form)
    is_honest(full, form)
    limit_file_size(worker, resource.RLIM_INFINITY)
    box.reference(box.send(fields_of(full.text)))
    held = texts(database(box))
    assert [held.count(one) for one in ("trước khi đầy đĩa", "khi đầy đĩa")] == [1, 1]


@pytest.mark.parametrize("seconds", [1.0, 7.0])
def test_a_lock_of_another_program_is_waited_for_or_told_in_time(
    lasting_box: ServedBox, seconds: float
) -> None:
    box, form = lasting_box, a_form(f"khi bị khóa {seconds} giây")
    before = texts(database(box))
    with closing(sqlite3.connect(database(box), isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN EXCLUSIVE")
        timer = threading.Timer(seconds, lambda: other.execute("ROLLBACK"))
        timer.start()
        answer = box.send(form)
        timer.join()
    if seconds < 5:
        box.reference(answer)
    else:
        is_honest(answer, form)
    box.reference(box.send(form))
    assert sorted(texts(database(box))) == sorted([*before, form["gop_y"]])


def may_be_written(box: ServedBox, yes: bool) -> None:
    """Let the data folder and the files of the database be written, or only read."""
    for path in (*box.data.glob("hom-thu.db*"), box.data):
        mode = stat.S_IMODE(path.stat().st_mode)
        path.chmod(mode | stat.S_IWUSR if yes else mode & ~0o222)


def test_a_database_that_may_only_be_read_is_told(tmp_path: Path) -> None:
    # Whoever runs as root may write any file, unless the right to do so is given up first.
    rights = "-dac_override,-dac_read_search"
    humbly = ("setpriv", "--bounding-set", rights, "--inh-caps", rights, "--")
    with served(tmp_path, under=humbly if os.geteuid() == 0 else ()) as box:
        box.reference(box.send(whole_form("0" * 32, gop_y="trước")))
        may_be_written(box, False)
        try:
            # A file that is open already stays writable, so another worker has to open it.
            box.kill_workers()
            box.wait_until_ready()
            form = whole_form("1" * 32, gop_y="không ghi được")
            told = box.send(form)
        finally:
            may_be_written(box, True)
        is_honest(told, form)
        assert '"reason": "read_only"' in box.logged()
        box.reference(box.send(fields_of(told.text)))
        assert sorted(texts(database(box))) == ["không ghi được", "trước"]


def test_a_row_that_the_database_refuses_is_told(lasting_box: ServedBox) -> None:
    box, form = lasting_box, a_form("bị từ chối")
    before = texts(database(box))
    with closing(sqlite3.connect(database(box))) as other:
        other.execute(
            "CREATE TRIGGER no_more BEFORE INSERT ON submissions BEGIN SELECT RAISE(ABORT, ''); END"
        )
    is_honest(box.send(form), form)
    assert '"reason": "refused"' in box.logged()
    with closing(sqlite3.connect(database(box))) as other:
        other.execute("DROP TRIGGER no_more")
    box.reference(box.send(form))
    assert sorted(texts(database(box))) == sorted([*before, "bị từ chối"])


def test_a_database_that_is_taken_away_is_told_and_never_begun_anew(box: ServedBox, tmp_path: Path) -> None:
    box.reference(box.send(whole_form("0" * 32, gop_y="trước")))
    box.kill()
    box.begin()
    aside = tmp_path / "aside"
    aside.mkdir()
    for path in box.data.glob("hom-thu.db*"):
        shutil.move(path, aside)
    form = whole_form("1" * 32, gop_y="mất tệp")
    is_honest(box.send(form), form)
    assert not database(box).exists()
    for path in aside.iterdir():
        shutil.move(path, box.data)
    box.reference(box.send(form))
    assert sorted(texts(database(box))) == ["mất tệp", "trước"]


@pytest.fixture(scope="module")
def stopped_box(tmp_path_factory: pytest.TempPathFactory) -> ServedBox:
    """A box with some forms that is not served any more."""
    with served(tmp_path_factory.mktemp("stopped")) as box:
        for _ in range(40):
            box.send(a_form("x" * 900))
    return box


@pytest.mark.parametrize("damage", ["header", "page", pytest.param("cut", marks=pytest.mark.long)])
def test_a_damaged_database_stops_the_start_in_words_and_is_left_as_it_is(
    stopped_box: ServedBox, damage: str
) -> None:
    box, sound = stopped_box, database(stopped_box).read_bytes()
    assert not list(box.data.glob("hom-thu.db-*")), "a stopped box leaves one file"
    content = bytearray(sound)
    if damage == "cut":
        content = content[: len(content) // 2]
    else:
        at, size = (0, 2048) if damage == "header" else (4096 * 3, 4096 * 8)
        content[at : at + size] = os.urandom(size)
    database(box).write_bytes(content)
    begun = box.try_to_begin()
    assert begun.returncode == 1
    assert "Không mở được cơ sở dữ liệu" in begun.stderr
    assert "Traceback" not in begun.stderr
    assert database(box).read_bytes() == bytes(content)
    database(box).write_bytes(sound)


def test_a_copy_made_while_forms_come_in_holds_all_that_was_acknowledged_before(
    lasting_box: ServedBox, tmp_path: Path
) -> None:
    box, earlier = lasting_box, set(texts(database(lasting_box)))

    def send(number: int) -> str:
        text = f"bản sao {number}"
        box.reference(box.send(a_form(text)))
        return text

    with ThreadPoolExecutor(4) as pool:
        before = set(pool.map(send, range(20)))
        during = [pool.submit(send, number) for number in range(20, 60)]
        with (
            closing(sqlite3.connect(database(box))) as source,
            closing(sqlite3.connect(tmp_path / "c.db")) as copy,
        ):
            source.backup(copy)
        after = before | {one.result() for one in during}
    copied = [text for text in texts(tmp_path / "c.db") if text not in earlier]
    assert before <= set(copied) <= after
    assert len(copied) == len(set(copied))
