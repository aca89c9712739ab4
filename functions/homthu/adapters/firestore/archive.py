"""The archive in Firestore: submissions as reports read them, and the week that each is assigned to."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from itertools import islice

from homthu.adapters.firestore.documents import FirestoreDocuments, Patch
from homthu.adapters.firestore.queries import (
    SUBMISSIONS,
    first_without_week,
    in_week,
    next_ward,
    received_after,
    submissions,
    without_week,
)
from homthu.adapters.firestore.values import Document
from homthu.adapters.store_records import RECEIPT, receipt_of, stored_submission
from homthu.domain.submissions.receipt import Receipt, Unassigned
from homthu.domain.submissions.submission import Flag, StoredSubmission
from homthu.domain.week import Week, local_date

#: How many submissions are assigned by one call.
CHUNK = 300


class FirestoreArchive:
    """Submissions, read and assigned to their weeks."""

    def __init__(self, documents: FirestoreDocuments) -> None:
        self._documents = documents

    def oldest_without_week(self, ward: str) -> datetime | None:
        """When the oldest submission without a week was received, or None."""
        found = self._documents.find(first_without_week(ward), 1)
        return found[0].record["received_at"] if found else None

    def receipts(self, ward: str, week: Week) -> Iterator[Receipt]:
        """The place and time of each submission without a week, oldest first; no words are fetched."""
        query = replace(first_without_week(ward, week.ends_at), only=RECEIPT)
        for document in self._documents.stream(query):
            yield receipt_of(document.id, document.record)

    def unassigned(self, ward: str, week: Week, *, limit: int) -> list[Unassigned]:
        """The oldest submissions without a week, in full.

        Streamed, since a thousand texts may take longer than the short deadline of a call.
        """
        with closing(self._documents.stream(without_week(ward, week.ends_at))) as found:
            return [
                Unassigned(
                    receipt=receipt_of(one.id, one.record),
                    stored=stored_submission(one.id, one.record),
                    revision=one.revision,
                )
                for one in islice(found, limit)
            ]

    def flag(self, ids: Iterable[str], flag: Flag) -> Iterator[int]:
        """Have the server add the flag to each, a chunk per call; yield how many each call changed."""
        remaining = iter(ids)
        while chunk := list(islice(remaining, CHUNK)):
            yield self._documents.append_each(SUBMISSIONS, chunk, "flags", flag.value)

    def has_received_after(self, ward: str, instant: datetime) -> bool:
        """Whether any submission without a week was received after an instant."""
        return bool(self._documents.find(received_after(ward, instant), 1))

    def assign_known(self, week: Week, known: Sequence[Unassigned]) -> Iterator[int]:
        """Assign those that nobody has changed since, yielding how many of each chunk were."""
        for at in range(0, len(known), CHUNK):
            patches = [
                _patch(one.stored.id, week, one.stored.received_on, one.revision)
                for one in known[at : at + CHUNK]
            ]
            yield self._documents.patch_each(SUBMISSIONS, patches)

    def assign_week(self, ward: str, week: Week) -> Iterator[int]:
        """Assign chunk after chunk until none is left.

        An assigned submission has no time of receipt any more, so the same query finds the next
        ones. One that another run has assigned since the query is left as it is.
        """
        query = first_without_week(ward, week.ends_at)
        while found := self._documents.find(query, CHUNK):
            patches = [
                _patch(one.id, week, local_date(one.record["received_at"]), one.revision) for one in found
            ]
            yield self._documents.patch_each(SUBMISSIONS, patches)

    def without_week(self, ward: str) -> Iterator[StoredSubmission]:
        """The submissions without a week, in the order they came."""
        for document in self._documents.stream(without_week(ward)):
            yield stored_submission(document.id, document.record)

    def in_week(self, ward: str, week: Week) -> Iterator[StoredSubmission]:
        """The submissions of a week in order of id."""
        for document in self._documents.stream(in_week(ward, week)):
            yield stored_submission(document.id, document.record)

    def page_of_week(self, ward: str, week: Week, *, after: str, limit: int) -> list[StoredSubmission]:
        """Up to `limit` submissions of a week, in order of id, starting after the id `after`."""
        behind = Document(id=after, record={}, revision=None) if after else None
        found = self._documents.find(in_week(ward, week), limit, after=behind)
        return [stored_submission(document.id, document.record) for document in found]

    def count_in_week(self, ward: str, week: Week) -> int:
        """How many submissions are assigned to this week."""
        return self._documents.count(in_week(ward, week))

    def everything(self, ward: str) -> Iterator[StoredSubmission]:
        """All submissions of a ward in order of id."""
        for document in self._documents.stream(submissions(ward)):
            yield stored_submission(document.id, document.record)

    def wards_with_submissions(self) -> list[str]:
        """The codes of all wards with submissions, sorted."""
        return list(wards_in(self._documents, SUBMISSIONS))


def wards_in(documents: FirestoreDocuments, collection: str) -> Iterator[str]:
    """Every ward that documents of this collection name, sorted: one read a ward, however many there are."""
    ward = ""
    while found := documents.find(next_ward(collection, ward), 1):
        ward = found[0].record["ward"]
        yield ward


def _patch(id: str, week: Week, day: date, revision: object) -> Patch:
    return Patch(
        id=id,
        record={"week": str(week), "received_on": day.isoformat()},
        removed=("received_at",),
        revision=revision,
    )
