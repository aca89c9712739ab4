"""Everything in a Firestore database, for a maintainer's backup. No function is given this."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext

from homthu.adapters.case_records import index_record, without_index
from homthu.adapters.chunks import chunks
from homthu.adapters.firestore.client import CallRefused, FirestoreClient
from homthu.adapters.firestore.documents import FirestoreDocuments
from homthu.adapters.firestore.ledger import FirestoreLedger
from homthu.adapters.firestore.queries import (
    CASES,
    CONTENTS,
    DELIVERIES,
    HEADS,
    PAPER_BATCHES,
    REPORTS,
    REVIEWS,
    SUBMISSIONS,
    TYPED_WEEKS,
    UNIT_MAILS,
    VERDICTS,
    everything,
    manifests,
)
from homthu.adapters.store_records import content_record
from homthu.domain.backup import Entry, Kind, size_of
from homthu.ports import Conflict, StoreUnavailable

_COLLECTIONS = {
    Kind.HEADS: HEADS,
    Kind.REPORTS: REPORTS,
    Kind.CONTENTS: CONTENTS,
    Kind.DELIVERIES: DELIVERIES,
    Kind.SUBMISSIONS: SUBMISSIONS,
    Kind.CASES: CASES,
    Kind.PAPER_BATCHES: PAPER_BATCHES,
    Kind.REVIEWS: REVIEWS,
    Kind.UNIT_MAILS: UNIT_MAILS,
    Kind.VERDICTS: VERDICTS,
    Kind.TYPED_WEEKS: TYPED_WEEKS,
}
#: Documents that are written at once; each is a call of its own.
_AT_ONCE = 16
#: How many of them, and of how many bytes, are in memory.
_MOST, _BYTES = 400, 4_000_000


class FirestoreBackup:
    """One database."""

    def __init__(self, project: str, database: str) -> None:
        self._client = FirestoreClient(project, database)
        self._documents = FirestoreDocuments(self._client)
        self._ledger = FirestoreLedger(self._documents)

    def alone(self) -> AbstractContextManager[None]:
        """Does nothing: nobody can be shut out of a database in the cloud."""
        return nullcontext()

    def dump(self, kind: Kind) -> Iterator[Entry]:
        """All documents of a kind; the parts of a frozen mail are put together."""
        if kind is Kind.CONTENTS:
            yield from self._contents()
            return
        for document in self._documents.stream(everything(_COLLECTIONS[kind])):
            record = without_index(document.record) if kind is Kind.CASES else document.record
            yield Entry(kind=kind, id=document.id, record=record)

    def count(self, kind: Kind) -> int:
        """How many documents of a kind there are; for frozen mails, how many manifests."""
        query = manifests() if kind is Kind.CONTENTS else everything(_COLLECTIONS[kind])
        return self._documents.count(query)

    def load(self, entries: Iterable[Entry]) -> int:
        """Create a document for each. One whose answer was lost has been stored all the same."""
        count = 0
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for chunk in chunks(entries, size_of, most=_MOST, most_bytes=_BYTES):
                count += sum(pool.map(self._create, chunk))
        return count

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _contents(self) -> Iterator[Entry]:
        # Only the manifests have these fields: the bytes of the parts are not read twice.
        for document in self._documents.stream(everything(CONTENTS, only=("parts", "sha256"))):
            if "parts" in document.record:
                try:
                    content = self._ledger.content(document.id)
                except LookupError as lost:
                    raise StoreUnavailable("corrupt") from lost
                yield Entry(kind=Kind.CONTENTS, id=document.id, record=content_record(content))

    def _create(self, entry: Entry) -> int:
        if entry.kind is Kind.CONTENTS:
            self._ledger.save_content(entry.id, entry.record["bytes"])
            return 1
        derived = index_record(dict(entry.record)) if entry.kind is Kind.CASES else {}
        try:
            self._documents.create(_COLLECTIONS[entry.kind], entry.id, {**entry.record, **derived})
        except CallRefused as refusal:
            if not refusal.after_retry:
                raise Conflict(entry.id) from refusal
        return 1
