"""The store of a box on one machine: one SQLite file behind every port."""

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
    """Everything in one file. It is not opened, and no thread is started, before the first use.

    `max_pages` limits the file to that many pages of 4,096 bytes. Unless the access is `CREATE`, a missing
    file is an error, not a new box.
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
        """Open the file, which migrates an older one. Raise `StoreUnavailable` for a newer one."""
        with self._database.reading():
            pass

    def close(self) -> None:
        """Write whatever is waiting, and leave a single file that holds everything."""
        self._writer.close()
        self._database.close()
