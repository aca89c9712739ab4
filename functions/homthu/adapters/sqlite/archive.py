"""The archive in SQLite: submissions as reports read them, and the week that each is assigned to."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from homthu.adapters.sqlite.database import SqliteDatabase
from homthu.adapters.sqlite.rows import SUBMISSION, instant, microseconds, record_of, select
from homthu.adapters.store_records import RECEIPT, receipt_of, stored_submission
from homthu.domain.submissions.receipt import Receipt, Unassigned
from homthu.domain.submissions.submission import Flag, StoredSubmission
from homthu.domain.week import Week, local_date

#: How many submissions one transaction assigns: the citizens' own wait for it.
CHUNK = 500
#: How many submissions are in memory at a time.
PAGE = 500

_UNASSIGNED = (
    "SELECT id, received_at FROM submissions WHERE ward = ? AND received_at < ? ORDER BY received_at LIMIT ?"
)
_RECEIPT = ("id", *RECEIPT)
# By time and id, as the index of the unassigned has them: no page has to be sorted.
_RECEIPTS = select(
    "submissions",
    _RECEIPT,
    "ward = ? AND received_at IS NOT NULL AND received_at < ? AND (received_at, id) > (?, ?)"
    " ORDER BY received_at, id LIMIT ?",
)
_UNASSIGNED_WHOLE = select(
    "submissions",
    SUBMISSION,
    "ward = ? AND received_at IS NOT NULL AND received_at < ? ORDER BY received_at, id LIMIT ?",
)
_FLAG = (
    "UPDATE submissions SET flags = json_insert(flags, '$[#]', ?) WHERE id = ?"
    " AND NOT EXISTS (SELECT 1 FROM json_each(flags) WHERE value = ?)"
)
_ASSIGN = "UPDATE submissions SET week = ?, received_on = ?, received_at = NULL WHERE id = ?"
# What was read before this transaction may have changed since.
_ASSIGN_KNOWN = f"{_ASSIGN} AND received_at = ?"
_ASSIGNED = select("submissions", SUBMISSION, "ward = ? AND week = ? AND id > ? ORDER BY id LIMIT ?")
_UNASSIGNED_PAGE = select(
    "submissions", SUBMISSION, "ward = ? AND received_at IS NOT NULL AND id > ? ORDER BY id LIMIT ?"
)
# The plus keeps SQLite from the index of the weeks, whose rows it would have to sort for each page.
_EVERYTHING = select("submissions", SUBMISSION, "+ward = ? AND id > ? ORDER BY id LIMIT ?")


class SqliteArchive:
    """Submissions, read and assigned to their weeks."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    def oldest_without_week(self, ward: str) -> datetime | None:
        """When the oldest submission without a week was received, or None."""
        query = "SELECT min(received_at) FROM submissions WHERE ward = ? AND received_at IS NOT NULL"
        with self._database.reading() as connection:
            (oldest,) = connection.execute(query, (ward,)).fetchone()
        return None if oldest is None else instant(oldest)

    def receipts(self, ward: str, week: Week) -> Iterator[Receipt]:
        """The place and time of each submission without a week, oldest first."""
        after: tuple[int, str] = (0, "")
        while True:
            with self._database.reading() as connection:
                parameters = (ward, microseconds(week.ends_at), *after, PAGE)
                rows = connection.execute(_RECEIPTS, parameters).fetchall()
            for row in rows:
                record = record_of(_RECEIPT, row)
                after = microseconds(record["received_at"]), record["id"]
                yield receipt_of(record["id"], record)
            if len(rows) < PAGE:
                return

    def unassigned(self, ward: str, week: Week, *, limit: int) -> list[Unassigned]:
        """The oldest submissions without a week, in full.

        Its time of receipt serves as the revision: only the holder of the ward's claim changes a submission.
        """
        with self._database.reading() as connection:
            rows = connection.execute(_UNASSIGNED_WHOLE, (ward, microseconds(week.ends_at), limit)).fetchall()
        found = []
        for row in rows:
            record = record_of(SUBMISSION, row)
            receipt = receipt_of(record["id"], record)
            revision = microseconds(record["received_at"])
            stored = stored_submission(record.pop("id"), record)
            found.append(Unassigned(receipt=receipt, stored=stored, revision=revision))
        return found

    def flag(self, ids: Iterable[str], flag: Flag) -> Iterator[int]:
        """Add the flag to each, a chunk of rows per transaction; yield how many rows each chunk changed."""
        remaining = iter(ids)
        while chunk := list(islice(remaining, CHUNK)):
            with self._database.writing() as connection:
                count = connection.executemany(_FLAG, [(flag, id, flag) for id in chunk]).rowcount
            # Outside the transaction: the caller may have something to write itself.
            yield count

    def has_received_after(self, ward: str, instant: datetime) -> bool:
        """Whether any submission without a week was received after an instant."""
        query = "SELECT EXISTS (SELECT 1 FROM submissions WHERE ward = ? AND received_at > ?)"
        with self._database.reading() as connection:
            (found,) = connection.execute(query, (ward, microseconds(instant))).fetchone()
        return bool(found)

    def assign_known(self, week: Week, known: Sequence[Unassigned]) -> Iterator[int]:
        """Assign those whose time of receipt is unchanged; `assign_week` wipes the times from the log."""
        for at in range(0, len(known), CHUNK):
            parameters = [
                (str(week), one.stored.received_on.isoformat(), one.stored.id, one.revision)
                for one in known[at : at + CHUNK]
            ]
            with self._database.writing() as connection:
                count = connection.executemany(_ASSIGN_KNOWN, parameters).rowcount
            yield count

    def assign_week(self, ward: str, week: Week) -> Iterator[int]:
        """Assign chunk by chunk, yielding the size of each; then wipe the times from the log too."""
        while count := self._assign_chunk(ward, week):
            yield count
        self._database.checkpoint()

    def wards_with_submissions(self) -> list[str]:
        """The codes of all wards with submissions, sorted."""
        with self._database.reading() as connection:
            found = connection.execute("SELECT DISTINCT ward FROM submissions ORDER BY ward").fetchall()
        return [ward for (ward,) in found]

    def _assign_chunk(self, ward: str, week: Week) -> int:
        with self._database.writing() as connection:
            found = connection.execute(_UNASSIGNED, (ward, microseconds(week.ends_at), CHUNK)).fetchall()
            connection.executemany(
                _ASSIGN, [(str(week), local_date(instant(at)).isoformat(), id) for id, at in found]
            )
        return len(found)

    def without_week(self, ward: str) -> Iterator[StoredSubmission]:
        """The submissions without a week, here in order of id."""
        return self._pages(_UNASSIGNED_PAGE, ward)

    def in_week(self, ward: str, week: Week) -> Iterator[StoredSubmission]:
        """The submissions of a week in order of id."""
        return self._pages(_ASSIGNED, ward, str(week))

    def page_of_week(self, ward: str, week: Week, *, after: str, limit: int) -> list[StoredSubmission]:
        """Up to `limit` submissions of a week, in order of id, starting after the id `after`."""
        return self._page(_ASSIGNED, ward, str(week), after=after, limit=limit)

    def count_in_week(self, ward: str, week: Week) -> int:
        """How many submissions are assigned to this week."""
        query = "SELECT count(*) FROM submissions WHERE ward = ? AND week = ?"
        count: int
        with self._database.reading() as connection:
            (count,) = connection.execute(query, (ward, str(week))).fetchone()
        return count

    def everything(self, ward: str) -> Iterator[StoredSubmission]:
        """All submissions of a ward in order of id."""
        return self._pages(_EVERYTHING, ward)

    def _pages(self, query: str, *parameters: str) -> Iterator[StoredSubmission]:
        """Read page by page: a query left open would keep the log from being emptied."""
        after = ""
        while True:
            page = self._page(query, *parameters, after=after, limit=PAGE)
            yield from page
            if len(page) < PAGE:
                return
            after = page[-1].id

    def _page(self, query: str, *parameters: str, after: str, limit: int) -> list[StoredSubmission]:
        with self._database.reading() as connection:
            rows = connection.execute(query, (*parameters, after, limit)).fetchall()
        records = [record_of(SUBMISSION, row) for row in rows]
        return [stored_submission(record.pop("id"), record) for record in records]
