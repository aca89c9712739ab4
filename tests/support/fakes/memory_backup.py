"""Everything in a memory store, as records: what the contract suite of backups holds it to."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from homthu.adapters.case_records import case_of, case_record, without_index
from homthu.adapters.review_records import review_of, review_record
from homthu.adapters.store_records import (
    content_record,
    delivery_of,
    delivery_record,
    head_of,
    head_record,
    paper_batch_of,
    paper_batch_record,
    report_of,
    report_record,
    stored_submission,
    submission_record,
)
from homthu.adapters.typed_records import typed_week_of, typed_week_record
from homthu.adapters.unit_records import unit_mail_of, unit_mail_record, verdict_of, verdict_record
from homthu.domain.backup import Entry, Kind
from homthu.domain.reports.ledger import report_id
from homthu.ports import Conflict

from fakes.memory_store import MemoryStore, Row

Record = dict[str, Any]
ById = tuple[dict[str, Any], Callable[[Any], Record], Callable[[str, Record], Any]]


class MemoryBackup:
    """The dictionaries of one store."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def alone(self) -> AbstractContextManager[None]:
        """Whoever has the store in memory is alone with it."""
        return nullcontext()

    def dump(self, kind: Kind) -> Iterator[Entry]:
        for id, record in sorted(self._records(kind).items()):
            yield Entry(kind=kind, id=id, record=record)

    def count(self, kind: Kind) -> int:
        return len(self._records(kind))

    def load(self, entries: Iterable[Entry]) -> int:
        count = 0
        for entry in entries:
            if entry.id in self._records(entry.kind):
                raise Conflict(entry.id)
            self._load(entry.kind, entry.id, dict(entry.record))
            count += 1
        return count

    def close(self) -> None:
        """There is nothing to let go of."""

    def _records(self, kind: Kind) -> dict[str, Record]:
        store = self._store
        match kind:
            case Kind.HEADS:
                return {ward: head_record(head) for ward, head in store.heads.items()}
            case Kind.REPORTS:
                return {report_id(*key): report_record(one) for key, one in store.frozen.items()}
            case Kind.CONTENTS:
                return {name: content_record(content) for name, content in store.contents.items()}
            case Kind.DELIVERIES:
                return {id: delivery_record(one) for id, one in store.owed_mails.items()}
            case Kind.SUBMISSIONS:
                return {id: _submission(row) for id, row in store.rows.items()}
            case _:
                kept, write, _ = self._by_id(kind)
                return {id: write(one) for id, one in kept.items()}

    def _load(self, kind: Kind, id: str, record: Record) -> None:
        store = self._store
        match kind:
            case Kind.HEADS:
                store.create_head(head_of(record, None))
            case Kind.REPORTS:
                store.freeze(report_of(record))
            case Kind.CONTENTS:
                store.save_content(id, record["bytes"])
            case Kind.DELIVERIES:
                store.owe(delivery_of(id, record, None))
            case Kind.SUBMISSIONS:
                stored = stored_submission(id, record)
                is_closed = "week" in record
                store.rows[id] = Row(
                    submission=stored.submission,
                    digest=record["digest"],
                    received_at=record.get("received_at"),
                    week=stored.week if is_closed else None,
                    received_on=stored.received_on if is_closed else None,
                )
            case _:
                _, _, create = self._by_id(kind)
                create(id, record)

    def _by_id(self, kind: Kind) -> ById:
        """What is kept under ids of its own: the dictionary, what writes a record, and what reads one in."""
        store = self._store
        kinds: dict[Kind, Any] = {
            Kind.CASES: (
                store.opened_cases,
                lambda case: without_index(case_record(case)),
                lambda id, record: store.create_case(case_of(id, record, None)),
            ),
            Kind.PAPER_BATCHES: (
                store.batches,
                paper_batch_record,
                lambda id, record: store.create_paper_batch(paper_batch_of(id, record, None)),
            ),
            Kind.REVIEWS: (
                store.kept_reviews,
                review_record,
                lambda id, record: store.create_review(review_of(id, record, None)),
            ),
            Kind.UNIT_MAILS: (
                store.unit_mails,
                unit_mail_record,
                lambda id, record: store.owe_unit_mail(unit_mail_of(id, record, None)),
            ),
            Kind.VERDICTS: (
                store.verdicts,
                verdict_record,
                lambda id, record: store.create_verdict(verdict_of(id, record, None)),
            ),
            Kind.TYPED_WEEKS: (
                store.kept_typed_weeks,
                typed_week_record,
                lambda _, record: store.create_typed_week(typed_week_of(record, None)),
            ),
        }
        found: ById = kinds[kind]
        return found


def _submission(row: Row) -> Record:
    record = submission_record(row.submission, row.digest)
    if row.week is None or row.received_on is None:
        return {**record, "received_at": row.received_at}
    return {**record, "week": str(row.week), "received_on": row.received_on.isoformat()}
