"""Reads and writes whole documents: create once, replace if unchanged, find, stream, count."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from homthu.adapters.firestore.client import (
    CALL_SECONDS,
    OVERTAKEN,
    WRITTEN,
    BatchWriteRequest,
    CallRefused,
    CommitRequest,
    FirestoreClient,
    GetDocumentRequest,
    RunAggregationQueryRequest,
    RunQueryRequest,
    unavailable,
)
from homthu.adapters.firestore.queries import Query, structured
from homthu.adapters.firestore.values import Document, document_of, write_fields
from homthu.adapters.store_records import Record
from homthu.ports import StoreUnavailable

#: So many documents are asked for first, under the short bound of a call; a stream follows.
FIRST_PAGE = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class Patch:
    """New values of some fields of a document that was read; the fields in `removed` go."""

    id: str
    record: Record
    removed: tuple[str, ...]
    revision: object


class FirestoreDocuments:
    """The documents of one database."""

    def __init__(self, client: FirestoreClient) -> None:
        self._client = client

    def get(
        self, collection: str, id: str, *, only: Sequence[str] = (), within: float = CALL_SECONDS
    ) -> Document | None:
        """The document, or None. `only` names the fields to be read; all, if empty."""
        request = GetDocumentRequest(name=self._name(collection, id))
        if only:  # an empty mask would ask for no field at all
            request.mask.field_paths.extend(only)
        message = self._client.get(request, within=within)
        return document_of(message) if message is not None else None

    def create(self, collection: str, id: str, record: Record) -> object:
        """Store a new document and give its revision. Raise `CallRefused` if there is one."""
        request = CommitRequest(database=self._client.name)
        write = request.writes.add()
        write.update.name = self._name(collection, id)
        write_fields(record, write.update)
        write.current_document.exists = False
        return self._client.commit(request).write_results[0].update_time

    def replace(self, collection: str, id: str, record: Record, revision: object) -> object:
        """Store a document anew and give its revision. Raise `CallRefused` if it has changed."""
        if revision is None:
            raise CallRefused(after_retry=False)
        request = CommitRequest(database=self._client.name)
        write = request.writes.add()
        write.update.name = self._name(collection, id)
        write_fields(record, write.update)
        write.current_document.update_time.CopyFrom(revision)
        return self._client.commit(request).write_results[0].update_time

    def change_all(self, collection: str, changes: Sequence[tuple[str, Record, object]]) -> list[object]:
        """Store documents anew, each if it has this revision, or if there is none where that is None; all
        or none. Give their revisions. Raise `CallRefused` if one has changed."""
        request = CommitRequest(database=self._client.name)
        for id, record, revision in changes:
            write = request.writes.add()
            write.update.name = self._name(collection, id)
            write_fields(record, write.update)
            if revision is None:
                write.current_document.exists = False
            else:
                write.current_document.update_time.CopyFrom(revision)
        return [result.update_time for result in self._client.commit(request).write_results]

    def replace_together(self, collection: str, records: Mapping[str, Record], gone: Sequence[str]) -> None:
        """Store these documents whatever was there, and delete others: all at once."""
        request = CommitRequest(database=self._client.name)
        for id, record in records.items():
            write = request.writes.add()
            write.update.name = self._name(collection, id)
            write_fields(record, write.update)
        for id in gone:
            request.writes.add().delete = self._name(collection, id)
        self._client.commit(request)

    def patch_each(self, collection: str, patches: Sequence[Patch]) -> int:
        """Change each document that is as it was read, and count them.

        One that somebody else has changed meanwhile does not stop the others, as it would in a
        commit.
        """
        request = BatchWriteRequest(database=self._client.name)
        for patch in patches:
            write = request.writes.add()
            write.update.name = self._name(collection, patch.id)
            write_fields(patch.record, write.update)
            write.update_mask.field_paths.extend([*patch.record, *patch.removed])
            write.current_document.update_time.CopyFrom(patch.revision)
        return self._written(request)

    def append_each(self, collection: str, ids: Sequence[str], field: str, value: str) -> int:
        """Add a value to a list of each document, unless it is in it, and count them.

        One that is gone meanwhile does not stop the others.
        """
        request = BatchWriteRequest(database=self._client.name)
        for id in ids:
            write = request.writes.add()
            write.update.name = self._name(collection, id)
            write.update_mask.SetInParent()  # an empty mask: all but the list stays as it is
            transform = write.update_transforms.add(field_path=field)
            transform.append_missing_elements.values.add().string_value = value
            write.current_document.exists = True
        return self._written(request)

    def _written(self, request: Any) -> int:
        """Write each of a batch by itself, and count those that were not overtaken."""
        codes = [status.code for status in self._client.batch_write(request).status]
        for code in codes:
            if code != WRITTEN and code not in OVERTAKEN:
                raise unavailable(code)
        return codes.count(WRITTEN)

    def find(self, query: Query, limit: int, *, after: Document | None = None) -> list[Document]:
        """The first documents of a query, or the first behind another."""
        request = self._request(query, limit=limit, after=after)
        return [document_of(message) for message in self._client.find(request)]

    def stream(self, query: Query) -> Iterator[Document]:
        """All documents of a query in its order, few of them in memory at a time.

        A page is asked for under the short bound, so that an unreachable database is found out
        soon; then a stream brings the rest. If that breaks off, it goes on behind the last
        document with another page.
        """
        after: Document | None = None
        while True:
            page = self.find(query, FIRST_PAGE, after=after)
            yield from page
            if len(page) < FIRST_PAGE:
                return
            after = page[-1]
            try:
                for message in self._client.stream(self._request(query, after=after)):
                    after = document_of(message)
                    yield after
            except StoreUnavailable:
                continue
            return

    def count(self, query: Query) -> int:
        """How many documents a query has."""
        request = RunAggregationQueryRequest(parent=self._client.documents)
        aggregation = request.structured_aggregation_query
        aggregation.structured_query.CopyFrom(structured(query, self._client.documents))
        aggregation.aggregations.add(alias="n").count.SetInParent()
        return self._client.count(request)

    def _name(self, collection: str, id: str) -> str:
        return f"{self._client.documents}/{collection}/{id}"

    def _request(self, query: Query, *, limit: int = 0, after: Document | None = None) -> Any:
        request = RunQueryRequest(parent=self._client.documents)
        request.structured_query.CopyFrom(structured(query, self._client.documents, limit=limit, after=after))
        return request
