"""Opens the box's SQLite file: the one module that imports sqlite3.

It creates the file whole or not at all, refuses one that is damaged or not ours instead of
beginning an empty one, lends connections, and turns SQLite's errors into `StoreUnavailable`.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Lock

from homthu.adapters.case_records import INDEX_FIELDS, index_record
from homthu.adapters.sqlite.folder_lock import FolderLock
from homthu.adapters.sqlite.rows import CASE, record_of, select, update
from homthu.adapters.sqlite.schema import MIGRATIONS, SCHEMA, VERSION
from homthu.adapters.sqlite.watched_file import WatchedFile
from homthu.adapters.traffic import Traffic
from homthu.adapters.whole_file import beside, give_name, make_folder
from homthu.ports import Access, StoreUnavailable

Connection = sqlite3.Connection
#: What SQLite says of a row that it will not take, as opposed to a database that it cannot use.
RowRefused = (sqlite3.IntegrityError, sqlite3.DataError, sqlite3.InterfaceError, sqlite3.ProgrammingError)

#: How long to wait for another process that writes, and for another thread of this one.
BUSY_SECONDS = 5.0
#: «HTGY»: marks the file as a box's.
_APPLICATION_ID = int.from_bytes(b"HTGY", "big")

_REASONS = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_CORRUPT: "corrupt",
    sqlite3.SQLITE_NOTADB: "corrupt",
    sqlite3.SQLITE_IOERR: "io",
    sqlite3.SQLITE_CANTOPEN: "cannot_open",
    sqlite3.SQLITE_TOOBIG: "too_big",
    sqlite3.SQLITE_CONSTRAINT: "refused",
}


def explained(error: sqlite3.Error) -> StoreUnavailable:
    """The error as the port defines it. Errors of Python's own module carry no SQLite code."""
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    # The lower byte is the kind; what is above tells only where it happened.
    return StoreUnavailable(_REASONS.get(code & 0xFF, "sqlite"))


class SqliteDatabase:
    """One file. Nothing is opened before the first use, which must come after any fork.

    A connection is lent to one thread at a time and kept for the next one, so there are as many as
    were ever needed at once, however many threads come and go. `max_pages` caps the file at so
    many pages of 4,096 bytes. `traffic` counts the rows that are given, for who measures.
    """

    def __init__(
        self,
        path: Path,
        *,
        max_pages: int | None = None,
        access: Access = Access.CREATE,
        traffic: Traffic | None = None,
    ) -> None:
        self._traffic = traffic
        self._path = path
        self._max_pages = max_pages
        self._access = access
        self._idle: list[Connection] = []
        self._pool = Lock()
        self._is_prepared = False
        self._watched = WatchedFile(path)
        self._lock = FolderLock(path.parent)
        # SQLite's own waiting for a lock sleeps in growing steps and starves; this queues.
        self._turn = Lock()

    def check(self) -> None:
        """Verify the whole file, and that it can be written unless it is only read; leave nothing open."""
        with _explaining():
            connection = self._open()
            try:
                _refuse_damaged(connection)
                if self._access is not Access.READ:
                    # Only a change shows: on a file that may only be read, BEGIN IMMEDIATE succeeds.
                    connection.execute("BEGIN IMMEDIATE")
                    connection.execute(f"PRAGMA user_version = {VERSION}")
                    connection.execute("ROLLBACK")
            finally:
                self._watched.let_go(connection)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Take the file's folder for ourselves. Raise `StoreUnavailable` if anyone uses it."""
        self._lock.reserve()
        with self.reading():
            # Again, for the folder may have been made just now.
            self._lock.reserve()
        try:
            yield
        finally:
            self._lock.admit()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for reading; each statement sees what was committed before it."""
        with _explaining():
            connection = self._borrow()
            try:
                yield connection
            except sqlite3.Error:
                self._watched.let_go(connection)
                raise
            except BaseException:
                self._give_back(connection)
                raise
            self._give_back(connection)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction: durable when the block ends, rolled back when it raises."""
        if not self._turn.acquire(timeout=BUSY_SECONDS):
            raise StoreUnavailable("busy")
        try:
            with self.reading() as connection:
                # To begin by reading and then write fails at once when another has written
                # meanwhile (SQLITE_BUSY_SNAPSHOT), whatever the timeout.
                connection.execute("BEGIN IMMEDIATE")
                try:
                    yield connection
                    connection.execute("COMMIT")
                    # What was written into a file that was put aside meanwhile is not acknowledged.
                    self._watched.refuse_moved()
                finally:
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
        finally:
            self._turn.release()

    def checkpoint(self) -> None:
        """Move what was written into the main file and empty the log, as far as readers allow."""
        with self.reading() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def rebuild(self) -> None:
        """Rewrite the file without its free space, and empty the log.

        Raise `StoreUnavailable("locked")` while another connection keeps the log from being emptied.
        """
        with self._turn, self.reading() as connection:
            # What it writes between is written to memory, not into a folder for temporary files.
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute("VACUUM")
            (is_held, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if is_held:
            raise StoreUnavailable("locked")

    def close(self) -> None:
        """Leave a single file that holds everything and can be copied; a later use opens it again."""
        try:
            # Of a file that was put aside, its own log holds the rest.
            if self._is_prepared and not self._watched.is_moved():
                self.checkpoint()
        finally:
            with self._pool:
                while self._idle:
                    self._watched.let_go(self._idle.pop())
                self._watched.forget()
                self._lock.release()

    def _borrow(self) -> Connection:
        with self._pool:
            self._watched.refuse_moved()
            if self._idle:
                return self._idle.pop()
        return self._open()

    def _give_back(self, connection: Connection) -> None:
        with self._pool:
            self._idle.append(connection)

    def _open(self) -> Connection:
        with self._pool:
            # Once a process: a file that vanishes later is a fault, not a new box.
            if not self._is_prepared:
                self._prepare()
                self._is_prepared = True
            self._lock.share()
        before = self._watched.identity()
        is_read_only = self._access is Access.READ
        connection = _connect(
            self._path, _refuse_foreign, max_pages=self._max_pages, is_read_only=is_read_only
        )
        self._watched.opened(connection, before)
        if self._traffic:
            connection.row_factory = _counting(self._traffic)
        return connection

    def _prepare(self) -> None:
        # Before a file is made or brought on: what is being restored is not to be met half-way.
        self._lock.share()
        if not self._path.exists():
            if self._path.with_name(f"{self._path.name}-wal").exists():
                # The log of a file that was taken away: a new one under its name would destroy it.
                raise StoreUnavailable("main_file_missing")
            if self._access is not Access.CREATE:
                raise StoreUnavailable("missing")
            _create(self._path)
        if self._access is not Access.READ:
            _migrate(self._path)


@contextmanager
def _explaining() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise explained(error) from error


def _connect(
    path: Path,
    verify: Callable[[Connection], None],
    *,
    max_pages: int | None = None,
    is_read_only: bool = False,
) -> Connection:
    connection = sqlite3.connect(
        # `rw` never creates: an empty database in the place of a lost one would hide the loss.
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        isolation_level=None,
        timeout=BUSY_SECONDS,
        check_same_thread=False,
    )
    try:
        verify(connection)
        # What is deleted is overwritten with zeros: the times of receipt above all.
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        if max_pages is not None:
            connection.execute(f"PRAGMA max_page_count = {max_pages}").fetchall()
        if is_read_only:
            # Not `mode=ro`: such a connection leaves the log and its index behind when it is closed.
            connection.execute("PRAGMA query_only = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _counting(traffic: Traffic) -> Callable[[sqlite3.Cursor, tuple[object, ...]], tuple[object, ...]]:
    def counted(_: sqlite3.Cursor, row: tuple[object, ...]) -> tuple[object, ...]:
        traffic.more()
        return row

    return counted


def _refuse_damaged(connection: Connection) -> None:
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise StoreUnavailable("corrupt")


def _refuse_foreign(connection: Connection) -> None:
    _refuse_all_but(connection, {VERSION})


def _refuse_foreign_but_older(connection: Connection) -> None:
    _refuse_all_but(connection, {VERSION, *MIGRATIONS})


def _refuse_all_but(connection: Connection, versions: set[int]) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    version = _version_of(connection)
    if application != _APPLICATION_ID:
        raise StoreUnavailable("not_a_box")
    if version > VERSION:
        raise StoreUnavailable("newer_schema")
    if version not in versions:
        raise StoreUnavailable("older_schema" if version in MIGRATIONS else "unknown_schema")


def _version_of(connection: Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def _migrate(path: Path) -> None:
    """Migrate an older file to today's tables, all or nothing; a current one is left as it is.

    If two processes start together, the second waits and finds nothing left to do. A damaged
    file is not touched.
    """
    with closing(_connect(path, _refuse_foreign_but_older)) as connection:
        if _version_of(connection) == VERSION:
            return
        _refuse_damaged(connection)
        connection.execute("BEGIN IMMEDIATE")
        try:
            while (version := _version_of(connection)) != VERSION:
                for statement in MIGRATIONS[version].split(";"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {version + 1}")
            _derive(connection)
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")


def _derive(connection: Connection) -> None:
    """Derive the columns of `CaseIndex` for every case."""
    for row in connection.execute(select("cases", CASE, "TRUE")).fetchall():
        record = record_of(CASE, row)
        changes = {**index_record(record), "id": record["id"]}
        connection.execute(update("cases", INDEX_FIELDS, "id = :id"), changes)


def _lay_tables(connection: Connection) -> None:
    connection.executescript(SCHEMA)
    connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")


def _create(path: Path) -> None:
    """Create the tables in a temporary file, and rename it when it is complete and durable."""
    try:
        make_folder(path.parent)
        with beside(path) as new:
            _connect(new, _lay_tables).close()
            give_name(new, path)
    except OSError as error:
        raise StoreUnavailable("cannot_create") from error
