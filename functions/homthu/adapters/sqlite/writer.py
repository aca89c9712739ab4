"""Writes submissions with one thread that commits all that are waiting together.

Each commit waits for the disk. With a commit for each submission, 16 clients share the disk's rate
and starve each other for the lock; with one for all that wait, they share its cost instead, and
every one still waits until its own row is on the disk.
"""

from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Lock, Thread

from homthu.adapters.sqlite.database import BUSY_SECONDS, Connection, RowRefused, SqliteDatabase, explained
from homthu.adapters.sqlite.rows import SUBMISSION, insert, microseconds
from homthu.adapters.store_records import Record
from homthu.deadline import remaining
from homthu.domain.submissions.receipt_mark import mark_of
from homthu.ports import Clock, IdTaken, StoreUnavailable

#: How long a client waits for its row in all.
WAIT_SECONDS = BUSY_SECONDS + 1
#: The most rows in one commit.
BATCH = 256

_INSERT = insert("submissions", SUBMISSION)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Waiting:
    row: Record
    outcome: "Future[None]" = field(default_factory=Future)


class SqliteWriter:
    """The thread, started by the first submission: one started at import would not survive a fork."""

    def __init__(self, database: SqliteDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._thread: Thread | None = None
        self._starting = Lock()

    def add(self, row: Record) -> None:
        """Return when the row is durable. Raise `IdTaken` or `StoreUnavailable`."""
        one = _Waiting(row=row)
        self._queue.put(one)
        self._ensure_running()
        try:
            one.outcome.result(timeout=remaining(WAIT_SECONDS))
        except TimeoutError:
            # Cancelled, it will never be written; else it is being written at this moment.
            one.outcome.cancel()
            raise StoreUnavailable("busy") from None

    def close(self) -> None:
        """Write what is waiting and end the thread; a later submission starts a new one."""
        with self._starting:
            if self._thread is not None and self._thread.is_alive():
                self._queue.put(None)
                self._thread.join()
            self._thread = None

    def _ensure_running(self) -> None:
        if self._thread is not None and self._thread.is_alive():
            return
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._run, name="sqlite-writer", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        is_closing = False
        while not is_closing:
            taken = [self._queue.get(), *self._more()]
            is_closing = None in taken
            if batch := [one for one in taken if one]:
                self._write(batch)

    def _more(self) -> list[_Waiting | None]:
        found: list[_Waiting | None] = []
        try:
            while len(found) < BATCH - 1:
                found.append(self._queue.get_nowait())
        except Empty:
            pass
        return found

    def _write(self, batch: list[_Waiting]) -> None:
        """Commit the batch, then tell each client; a refused row does not fail the others."""
        begun: list[_Waiting] | None = None
        refusals: list[Exception | None]
        try:
            with self._database.writing() as connection:
                begun = _not_given_up(batch)
                refusals = [self._insert(connection, one.row) for one in begun]
        except StoreUnavailable as error:
            begun = _not_given_up(batch) if begun is None else begun
            refusals = [StoreUnavailable(error.reason) for _ in begun]
        for one, refusal in zip(begun, refusals, strict=True):
            if refusal:
                one.outcome.set_exception(refusal)
            else:
                one.outcome.set_result(None)

    def _insert(self, connection: Connection, row: Record) -> Exception | None:
        try:
            is_new = connection.execute(
                _INSERT, {**row, "received_at": microseconds(mark_of(self._clock()))}
            ).rowcount
        except RowRefused as error:
            return explained(error)
        except UnicodeEncodeError as error:
            return error  # half a surrogate pair: the caller has not cleaned the text
        if is_new:
            return None
        (digest,) = connection.execute("SELECT digest FROM submissions WHERE id = ?", (row["id"],)).fetchone()
        return IdTaken(digest)


def _not_given_up(batch: list[_Waiting]) -> list[_Waiting]:
    """The requests whose clients are still waiting; from now on their rows are being written."""
    return [one for one in batch if one.outcome.set_running_or_notify_cancel()]
