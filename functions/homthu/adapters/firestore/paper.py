"""Batches of paper slips in Firestore."""

from collections.abc import Iterator

from homthu.adapters.firestore.queries import PAPER_BATCHES, paper_batches
from homthu.adapters.firestore.records import FirestoreRecords
from homthu.adapters.store_records import paper_batch_of, paper_batch_record
from homthu.domain.submissions.paper_batch import PaperBatch


class FirestorePaper(FirestoreRecords):
    """Finds a batch by the id that its code gives; lists, creates and revokes them."""

    def paper_batch(self, id: str) -> PaperBatch | None:
        """The batch with this id, or None."""
        document = self._documents.get(PAPER_BATCHES, id)
        return paper_batch_of(id, document.record, document.revision) if document else None

    def paper_batches(self, ward: str) -> Iterator[PaperBatch]:
        """The ward's batches in order of id."""
        for document in self._documents.stream(paper_batches(ward)):
            yield paper_batch_of(document.id, document.record, document.revision)

    def create_paper_batch(self, batch: PaperBatch) -> PaperBatch:
        """Store a new batch. Raise `Conflict` if its id is taken."""
        record = paper_batch_record(batch)
        return paper_batch_of(batch.id, record, self._create(PAPER_BATCHES, batch.id, record))

    def replace_paper_batch(self, old: PaperBatch, new: PaperBatch) -> PaperBatch:
        """Store `new` if the stored batch is still `old`, else raise `Conflict`."""
        record = paper_batch_record(new)
        return paper_batch_of(old.id, record, self._replace(PAPER_BATCHES, old.id, record, old.revision))
