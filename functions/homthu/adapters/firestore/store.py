"""The store of a deployment in the cloud: one Firestore database behind all ports."""

from homthu.adapters.firestore.archive import FirestoreArchive
from homthu.adapters.firestore.client import FirestoreClient
from homthu.adapters.firestore.desk import FirestoreDesk
from homthu.adapters.firestore.documents import FirestoreDocuments
from homthu.adapters.firestore.intake import FirestoreIntake
from homthu.adapters.firestore.ledger import FirestoreLedger


class FirestoreStore(FirestoreIntake, FirestoreArchive, FirestoreLedger, FirestoreDesk):
    """Submissions, ledger and cases in one database. Nothing connects before the first call."""

    def __init__(self, project: str, database: str) -> None:
        self._client = FirestoreClient(project, database)
        self._documents = FirestoreDocuments(self._client)

    def check(self) -> None:
        """Ask for a document that is not there: the database answers, and lets itself be read."""
        self.digest("check")

    def close(self) -> None:
        """Close the connection."""
        self._client.close()
