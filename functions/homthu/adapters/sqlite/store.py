"""The store of a box on one computer: one SQLite file behind all ports."""

from pathlib import Path

from homthu.adapters.sqlite.archive import SqliteArchive
from homthu.adapters.sqlite.cases import SqliteCases
from homthu.adapters.sqlite.database import SqliteDatabase
from homthu.adapters.sqlite.desk import SqliteDesk
from homthu.adapters.sqlite.intake import SqliteIntake
from homthu.adapters.sqlite.ledger import SqliteLedger
from homthu.adapters.sqlite.paper import SqlitePaper
from homthu.adapters.sqlite.typed import SqliteTyped
from homthu.adapters.sqlite.units import SqliteUnits
from homthu.adapters.sqlite.writer import SqliteWriter
from homthu.adapters.traffic import Traffic
from homthu.ports import Access, Clock


class SqliteStore(
    SqliteIntake, SqliteArchive, SqliteLedger, SqliteCases, SqliteDesk, SqlitePaper, SqliteUnits, SqliteTyped
):
    """Submissions, ledger and cases in one file. Nothing is opened and no thread begun before the first use.

    `max_pages` caps the file at so many pages of 4,096 bytes. Unless the access is `CREATE`, a missing
    file is a fault and not a new box.
    """

    def __init__(
        self,
        path: Path,
        clock: Clock,
        *,
        max_pages: int | None = None,
        access: Access = Access.CREATE,
        traffic: Traffic | None = None,
    ) -> None:
        self._database = SqliteDatabase(path, max_pages=max_pages, access=access, traffic=traffic)
        self._writer = SqliteWriter(self._database, clock)

    def check(self) -> None:
        """Verify the file, or create it if it may: `StoreUnavailable` says why it cannot be used."""
        self._database.check()

    def bring_up_to_date(self) -> None:
        """Open it: that brings an earlier file on, and refuses a later one."""
        with self._database.reading():
            pass

    def close(self) -> None:
        """Write what is waiting, and leave one file that holds everything."""
        self._writer.close()
        self._database.close()
