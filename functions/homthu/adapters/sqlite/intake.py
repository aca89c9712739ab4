"""Takes submissions in for `submit`, in SQLite."""

from homthu.adapters.sqlite.database import SqliteDatabase
from homthu.adapters.sqlite.rows import row_of
from homthu.adapters.sqlite.writer import SqliteWriter
from homthu.adapters.store_records import submission_record
from homthu.domain.submissions.submission import Submission


class SqliteIntake:
    """Adds submissions, and tells what is stored under an id."""

    def __init__(self, database: SqliteDatabase, writer: SqliteWriter) -> None:
        self._database = database
        self._writer = writer

    def add(self, id: str, submission: Submission, digest: str) -> None:
        """Store a submission durably, with the time of writing. Raise `IdTaken` or `StoreUnavailable`."""
        row = row_of(submission_record(submission, digest))
        self._writer.add({**row, "id": id, "week": None, "received_on": None, "erased_on": None})

    def digest(self, id: str) -> str | None:
        """The digest stored under this id, or None."""
        with self._database.reading() as connection:
            found = connection.execute("SELECT digest FROM submissions WHERE id = ?", (id,)).fetchone()
        return found[0] if found else None
