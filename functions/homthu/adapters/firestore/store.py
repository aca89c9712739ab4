"""The store of a deployment in the cloud: one Firestore database behind every port."""

from homthu.adapters.clock import system_clock
from homthu.adapters.firestore.archive import FirestoreArchive
from homthu.adapters.firestore.cases import FirestoreCases
from homthu.adapters.firestore.client import CallRefused, FirestoreClient
from homthu.adapters.firestore.desk import FirestoreDesk
from homthu.adapters.firestore.documents import FirestoreDocuments
from homthu.adapters.firestore.intake import FirestoreIntake
from homthu.adapters.firestore.ledger import FirestoreLedger
from homthu.adapters.firestore.paper import FirestorePaper
from homthu.adapters.firestore.queries import (
    ABOUT,
    CASES,
    HEADS,
    RECORDS,
    REPORTS,
    SUBMISSIONS,
    everything,
)
from homthu.adapters.firestore.typed import FirestoreTyped
from homthu.adapters.firestore.units import FirestoreUnits
from homthu.adapters.firestore.values import Document
from homthu.adapters.store_records import VERSION
from homthu.adapters.traffic import Traffic
from homthu.ports import Access, Clock, StoreUnavailable


class FirestoreStore(
    FirestoreIntake,
    FirestoreArchive,
    FirestoreLedger,
    FirestoreCases,
    FirestoreDesk,
    FirestorePaper,
    FirestoreUnits,
    FirestoreTyped,
):
    """Everything in one database. Nothing connects before the first call.

    A database opened for reading must hold something: a misspelt name looks like an empty database.
    """

    def __init__(
        self,
        project: str,
        database: str,
        clock: Clock = system_clock,
        *,
        access: Access = Access.CREATE,
        traffic: Traffic | None = None,
    ) -> None:
        self._access = access
        self._client = FirestoreClient(project, database, traffic)
        FirestoreCases.__init__(self, FirestoreDocuments(self._client))
        self._clock = clock

    def check(self) -> None:
        """Raise `StoreUnavailable` unless the database exists, answers and may be read."""
        kinds = (HEADS, SUBMISSIONS, REPORTS, CASES)
        found = (self._documents.find(everything(kind, only=("ward",)), 1) for kind in kinds)
        if not any(found) and self._access is not Access.CREATE:
            raise StoreUnavailable("missing")
        self._read_mark()

    def bring_up_to_date(self) -> None:
        """Note that this version writes here, so that an earlier one refuses to.

        What version 3 wrote is read as it is; it left no mark. Cases are given the fields of `CaseIndex`.
        """
        mark = self._read_mark()
        if mark is None or mark.record["version"] < VERSION:
            self._derive_index()
        try:
            if mark is None:
                self._documents.create(ABOUT, RECORDS, {"version": VERSION})
            elif mark.record["version"] < VERSION:
                self._documents.replace(ABOUT, RECORDS, {"version": VERSION}, mark.revision)
        except CallRefused:
            # Another worker has noted it at this moment; if it is of a later version, that is told.
            self._read_mark()

    def _read_mark(self) -> Document | None:
        mark = self._documents.get(ABOUT, RECORDS)
        if mark is not None and mark.record["version"] > VERSION:
            raise StoreUnavailable("newer_schema")
        return mark

    def close(self) -> None:
        """Close the connection."""
        self._client.close()
