"""The store of a deployment in the cloud: one Firestore database behind all ports."""

from homthu.adapters.clock import system_clock
from homthu.adapters.firestore.archive import FirestoreArchive
from homthu.adapters.firestore.client import FirestoreClient
from homthu.adapters.firestore.desk import FirestoreDesk
from homthu.adapters.firestore.documents import FirestoreDocuments
from homthu.adapters.firestore.intake import FirestoreIntake
from homthu.adapters.firestore.ledger import FirestoreLedger
from homthu.adapters.firestore.paper import FirestorePaper
from homthu.adapters.firestore.queries import CASES, HEADS, REPORTS, SUBMISSIONS, everything
from homthu.ports import Access, Clock, StoreUnavailable


class FirestoreStore(FirestoreIntake, FirestoreArchive, FirestoreLedger, FirestoreDesk, FirestorePaper):
    """Submissions, ledger and cases in one database. Nothing connects before the first call.

    A database opened to be read must hold something: one that is misspelt looks like an empty one.
    """

    def __init__(
        self,
        project: str,
        database: str,
        clock: Clock = system_clock,
        *,
        access: Access = Access.CREATE,
    ) -> None:
        self._access = access
        self._client = FirestoreClient(project, database)
        self._documents = FirestoreDocuments(self._client)
        self._clock = clock

    def check(self) -> None:
        """Ask for a document: the database is there, answers, and lets itself be read."""
        kinds = (HEADS, SUBMISSIONS, REPORTS, CASES)
        found = (self._documents.find(everything(kind, only=("ward",)), 1) for kind in kinds)
        if not any(found) and self._access is not Access.CREATE:
            raise StoreUnavailable("missing")

    def close(self) -> None:
        """Close the connection."""
        self._client.close()
