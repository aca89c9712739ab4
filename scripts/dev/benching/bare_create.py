"""A bare loop that creates the same document again and again, from 16 threads: what `submit` is held to.

A process of its own for each round, as the function is: `bare_create.py sqlite FILE SECONDS` or
`bare_create.py firestore PROJECT SECONDS`. It takes a submission that is stored there as its document,
writes copies of it beside, each commit as durable as the box's, and prints how many a second.
"""

import sqlite3
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from random import SystemRandom

THREADS = 16
#: As homthu.adapters.sqlite.database sets them.
_PRAGMAS = ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON")
Create = Callable[[str], object]
_chance = SystemRandom()


def _id() -> str:
    return f"{_chance.getrandbits(256):064x}"


def _sqlite(file: str) -> Callable[[], Create]:
    """Each thread has a connection; each row is a commit of its own."""
    beside = Path(file).with_name("bare.db")
    with closing(sqlite3.connect(file)) as box:
        columns, document = _columns(box), box.execute("SELECT * FROM submissions LIMIT 1").fetchone()
        if not beside.exists():
            with closing(sqlite3.connect(beside)) as bare:
                box.backup(bare)
                bare.execute("PRAGMA journal_mode = WAL").fetchall()
                bare.execute("DELETE FROM submissions")
                bare.commit()
    insert = f"INSERT INTO submissions VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 - question marks
    at = columns.index("id")

    def connect() -> Create:
        connection = sqlite3.connect(beside, timeout=60, isolation_level=None, check_same_thread=False)
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").fetchall()
        return lambda id: connection.execute(insert, (*document[:at], id, *document[at + 1 :]))

    return connect


def _columns(database: sqlite3.Connection) -> list[str]:
    return [row[1] for row in database.execute("PRAGMA table_info(submissions)")]


def _firestore(project: str) -> Callable[[], Create]:
    """Google's own client, shared by the threads as its documentation says."""
    from google.cloud.firestore import SERVER_TIMESTAMP, Client

    client = Client(project)
    stored = next(iter(client.collection("submissions").limit(1).stream())).to_dict()
    document = {**(stored or {}), "received_at": SERVER_TIMESTAMP}
    beside = client.collection("bare")
    return lambda: lambda id: beside.document(id).create(document)


def rate(connect: Callable[[], Create], seconds: float) -> float:
    """Documents a second from all threads, from the moment when every one of them can write."""

    def loop(create: Create) -> int:
        count = 0
        while time.perf_counter() < ends:
            create(_id())
            count += 1
        return count

    with ThreadPoolExecutor(THREADS) as pool:
        creates = [connect() for _ in range(THREADS)]
        for create in creates:
            create(_id())
        begun = time.perf_counter()
        ends = begun + seconds
        return sum(pool.map(loop, creates)) / (time.perf_counter() - begun)


if __name__ == "__main__":
    kinds = {"sqlite": _sqlite, "firestore": _firestore}
    print(rate(kinds[sys.argv[1]](sys.argv[2]), float(sys.argv[3])))
