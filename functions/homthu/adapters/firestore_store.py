"""The store of a deployment in the cloud: one Firestore database behind all ports."""

from homthu.adapters.firestore_archive import FirestoreArchive
from homthu.adapters.firestore_client import FirestoreClient
from homthu.adapters.firestore_desk import FirestoreDesk
from homthu.adapters.firestore_documents import FirestoreDocuments
from homthu.adapters.firestore_intake import FirestoreIntake
from homthu.adapters.firestore_ledger import FirestoreLedger


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
