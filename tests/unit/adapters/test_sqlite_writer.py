"""What the thread that writes submissions does when several wait, another program writes, or it is killed."""

import os
import signal
import sqlite3
import struct
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest
from homthu.ports import IdTaken
from samples import WARD, a_submission, at_once
from sqlite_file import environment, locked, opened, refusal_of

PAGE = 4096


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "box.db"


def test_a_full_disk_fails_all_that_wait_at_once(path: Path) -> None:
    with opened(path, max_pages=20) as store:
        outcomes = at_once(lambda id: refusal_of(store, id, text="x" * 8000), [f"{n:02d}" for n in range(16)])
        kept = {one.id for one in store.everything(WARD)}
    assert "full" in outcomes
    assert kept == {f"{n:02d}" for n, outcome in enumerate(outcomes) if outcome == ""}


def test_a_short_lock_of_another_program_is_waited_for(path: Path) -> None:
    with opened(path) as store, ThreadPoolExecutor(1) as pool:
        store.check()
        with locked(path):
            adding = pool.submit(store.add, "a", a_submission(), "d")
            time.sleep(0.5)
            assert not adding.done()
            assert store.digest("a") is None  # reading goes on meanwhile
        adding.result(timeout=5)
        assert store.digest("a") == "d"


def test_a_long_lock_of_another_program_makes_the_store_unavailable_in_six_seconds(path: Path) -> None:
    with opened(path) as store:
        store.check()
        with locked(path):
            begun = time.monotonic()
            outcomes = []
            clients = [Thread(target=lambda: outcomes.append(refusal_of(store, "a")))]
            clients.append(Thread(target=lambda: outcomes.append(refusal_of(store, "b"))))
            clients[0].start()
            time.sleep(0.5)
            clients[1].start()
            for client in clients:
                client.join()
            assert time.monotonic() - begun < 7
        assert sorted(outcomes) == ["busy", "locked"]
        # What was given up is not written behind the client's back.
        store.add("c", a_submission(), "d")
        assert [one.id for one in store.everything(WARD)] == ["c"]


def test_a_text_that_no_database_can_hold_fails_alone(path: Path) -> None:
    with opened(path) as store:
        store.check()
        with ThreadPoolExecutor(3) as pool, locked(path):
            adding = [pool.submit(store.add, id, a_submission(text=text), "d") for id, text in
                      (("a", "một"), ("b", "\ud800"), ("c", "ba"))]  # fmt: skip
            time.sleep(0.3)
        adding[0].result()
        with pytest.raises(UnicodeEncodeError):
            adding[1].result()
        adding[2].result()
        assert [one.id for one in store.everything(WARD)] == ["a", "c"]


def test_an_id_taken_within_one_commit_fails_alone(path: Path) -> None:
    with opened(path) as store:
        store.add("a", a_submission(), "first")
        with ThreadPoolExecutor(3) as pool, locked(path):
            adding = [pool.submit(store.add, id, a_submission(), "second") for id in ("b", "a", "c")]
            time.sleep(0.3)
        assert isinstance(adding[1].exception(), IdTaken)
        assert [adding[0].exception(), adding[2].exception()] == [None, None]
        assert [store.digest(id) for id in "abc"] == ["first", "second", "second"]


def commits_in(log: Path) -> int:
    """How many commits a write-ahead log holds: frames that carry the size of the database."""
    frames = log.read_bytes()[32:]
    headers = (frames[at : at + 8] for at in range(0, len(frames), 24 + PAGE))
    return sum(struct.unpack(">II", header)[1] > 0 for header in headers)


def test_all_that_wait_share_a_commit_and_each_is_told_only_after_it(path: Path) -> None:
    with opened(path) as store, ThreadPoolExecutor(16) as pool:
        store.check()
        log = path.with_name("box.db-wal")
        store.add("first", a_submission(), "d")
        before = commits_in(log)
        with locked(path):
            adding = [pool.submit(store.add, str(n), a_submission(), "d") for n in range(16)]
            time.sleep(0.5)
            assert not any(one.done() for one in adding)
        for one in adding:
            one.result()
        # The first may have been on its own: it was taken before the others came.
        assert 1 <= commits_in(log) - before <= 2


def test_a_submission_is_in_the_file_when_its_client_is_told(path: Path) -> None:
    with opened(path) as store:
        store.check()
        with closing(sqlite3.connect(path)) as other:
            for n in range(50):
                store.add(str(n), a_submission(), "d")
                assert other.execute("SELECT count(*) FROM submissions").fetchone() == (n + 1,)


#: For each line that it is given forks a writer, which says its number and then every id that it wrote; once
#: the writer is dead, says so.
WRITERS = """
import os, sys, threading, uuid
from pathlib import Path
from samples import a_submission, now
from homthu.adapters.sqlite.store import SqliteStore

def work(store):
    while True:
        id = uuid.uuid4().hex
        store.add(id, a_submission(), "d")
        os.write(1, f"{id}\\n".encode())

for _ in sys.stdin:
    if not os.fork():
        os.write(1, f"{os.getpid()}\\n".encode())
        store = SqliteStore(Path(sys.argv[1]), now)
        threads = [threading.Thread(target=work, args=(store,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        threads[0].join()
    os.wait()
    os.write(1, b"dead\\n")
"""


def test_a_killed_writer_loses_nothing_that_it_acknowledged(path: Path) -> None:
    acknowledged: set[str] = set()
    with subprocess.Popen(
        [sys.executable, "-c", WRITERS, str(path)],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as writers:
        assert writers.stdin is not None
        assert writers.stdout is not None
        for kill in range(20):
            writers.stdin.write("\n")
            writers.stdin.flush()
            writer = int(writers.stdout.readline())
            acknowledged.add(writers.stdout.readline().strip())
            time.sleep(kill * 0.003)
            os.kill(writer, signal.SIGKILL)
            acknowledged.update(line.strip() for line in iter(writers.stdout.readline, "dead\n"))
        writers.stdin.close()
    with opened(path) as store:
        store.check()
        stored = {one.id for one in store.everything(WARD)}
    assert len(acknowledged) > 100
    assert acknowledged <= stored


def test_a_store_constructed_and_checked_before_a_fork_works_after_it(path: Path) -> None:
    program = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from samples import a_submission, now\n"
        "from homthu.adapters.sqlite.store import SqliteStore\n"
        "store = SqliteStore(Path(sys.argv[1]), now)\n"
        "store.check()\n"
        "children = []\n"
        "for n in range(2):\n"
        "    child = os.fork()\n"
        "    if child == 0:\n"
        "        for m in range(20): store.add(f'{n}-{m:02d}', a_submission(), 'd')\n"
        "        os._exit(0)\n"
        "    children.append(child)\n"
        "sys.exit(any(os.waitpid(child, 0)[1] for child in children))\n"
    )
    subprocess.run([sys.executable, "-c", program, str(path)], env=environment(), check=True, timeout=30)
    with opened(path) as store:
        assert len(list(store.everything(WARD))) == 40
