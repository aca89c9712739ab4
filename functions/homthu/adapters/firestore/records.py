"""Writes records to Firestore without transactions: create, or replace if unchanged.

Ten read-write transactions on one document leave nine failures in the emulator and long waits in
production; a precondition leaves exactly one winner at once.
"""

from collections.abc import Sequence

from homthu.adapters.firestore.client import CallRefused
from homthu.adapters.firestore.documents import FirestoreDocuments
from homthu.adapters.store_records import Record
from homthu.ports import Conflict


class FirestoreRecords:
    """The base of every keeper of records. A revision is the time of the document's last change."""

    def __init__(self, documents: FirestoreDocuments) -> None:
        self._documents = documents

    def _create_once(self, collection: str, id: str, record: Record) -> None:
        try:
            self._documents.create(collection, id, record)
        except CallRefused:
            return

    def _create(self, collection: str, id: str, record: Record) -> object:
        try:
            return self._documents.create(collection, id, record)
        except CallRefused as refusal:
            return self._settle(collection, id, record, refusal)

    def _replace(self, collection: str, id: str, record: Record, revision: object) -> object:
        try:
            return self._documents.replace(collection, id, record, revision)
        except CallRefused as refusal:
            return self._settle(collection, id, record, refusal)

    def _change_all(self, collection: str, changes: Sequence[tuple[str, Record, object]]) -> Sequence[object]:
        """Replace documents, or create those without a revision: all or none. Return their revisions."""
        try:
            return self._documents.change_all(collection, changes)
        except CallRefused as refusal:
            return [self._settle(collection, id, record, refusal) for id, record, _ in changes]

    def _settle(self, collection: str, id: str, record: Record, refusal: CallRefused) -> object:
        """The revision, if an earlier attempt of this call stored the record and its answer was lost."""
        if refusal.after_retry:
            stored = self._documents.get(collection, id)
            if stored and stored.record == record:
                return stored.revision
        raise Conflict(id) from refusal
