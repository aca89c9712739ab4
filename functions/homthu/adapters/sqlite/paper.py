"""Batches of paper slips in SQLite."""

from collections.abc import Iterator

from homthu.adapters.sqlite.records import SqliteRecords
from homthu.adapters.sqlite.rows import PAPER_BATCH, insert, select
from homthu.adapters.store_records import Record, paper_batch_of, paper_batch_record
from homthu.domain.submissions.paper_batch import PaperBatch
from homthu.ports import Conflict


class SqlitePaper(SqliteRecords):
    """Finds a batch by the id that its code gives; lists, creates and revokes them."""

    def paper_batch(self, id: str) -> PaperBatch | None:
        """The batch with this id, or None."""
        found = self._read(select("paper_batches", PAPER_BATCH, "id = ?"), PAPER_BATCH, id)
        return _batch(found[0]) if found else None

    def paper_batches(self, ward: str) -> Iterator[PaperBatch]:
        """The ward's batches in order of id."""
        query = select("paper_batches", PAPER_BATCH, "ward = ? ORDER BY id")
        yield from map(_batch, self._read(query, PAPER_BATCH, ward))

    def create_paper_batch(self, batch: PaperBatch) -> PaperBatch:
        """Store a new batch. Raise `Conflict` if its id is taken."""
        record = paper_batch_record(batch)
        if not self._write(insert("paper_batches", PAPER_BATCH), {**record, "id": batch.id, "revision": 1}):
            raise Conflict(batch.id)
        return paper_batch_of(batch.id, record, 1)

    def replace_paper_batch(self, old: PaperBatch, new: PaperBatch) -> PaperBatch:
        """Store `new` if the stored batch is still `old`, else raise `Conflict`."""
        record = paper_batch_record(new)
        revision = self._replace("paper_batches", "id", old.id, record, old.revision)
        return paper_batch_of(old.id, record, revision)


def _batch(record: Record) -> PaperBatch:
    return paper_batch_of(record["id"], record, record["revision"])
