"""Reads and writes whole documents: create, replace if unchanged, find, stream, count."""

from collections.abc import Generator, Mapping, Sequence
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
    """New values for some fields of a document as it was read; the fields in `removed` are deleted."""

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
        """The document, or None. `only` names the fields to read; empty means all."""
        request = GetDocumentRequest(name=self._name(collection, id))
        if only:  # an empty mask would ask for no field at all
            request.mask.field_paths.extend(only)
        message = self._client.get(request, within=within)
        return document_of(message) if message is not None else None

    def create(self, collection: str, id: str, record: Record) -> object:
        """Create a document and return its revision. Raise `CallRefused` if it exists."""
        request = CommitRequest(database=self._client.name)
        write = request.writes.add()
        write.update.name = self._name(collection, id)
        write_fields(record, write.update)
        write.current_document.exists = False
        return self._client.commit(request).write_results[0].update_time

    def replace(self, collection: str, id: str, record: Record, revision: object) -> object:
        """Replace a document and return its new revision. Raise `CallRefused` if it has changed."""
        if revision is None:
            raise CallRefused(after_retry=False)
        request = CommitRequest(database=self._client.name)
        write = request.writes.add()
        write.update.name = self._name(collection, id)
        write_fields(record, write.update)
        write.current_document.update_time.CopyFrom(revision)
        return self._client.commit(request).write_results[0].update_time

    def change_all(self, collection: str, changes: Sequence[tuple[str, Record, object]]) -> list[object]:
        """Replace documents that still have these revisions, and create those whose revision is None.

        All or none are written; return their new revisions. Raise `CallRefused` if any has changed.
        """
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
        """Overwrite these documents and delete others, in one commit."""
        request = CommitRequest(database=self._client.name)
        for id, record in records.items():
            write = request.writes.add()
            write.update.name = self._name(collection, id)
            write_fields(record, write.update)
        for id in gone:
            request.writes.add().delete = self._name(collection, id)
        self._client.commit(request)

    def patch_each(self, collection: str, patches: Sequence[Patch]) -> int:
        """Change each document that is still as it was read; return how many were.

        One that was changed meanwhile does not stop the others, as it would in a
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
        """Add a value to a list field of each document that lacks it; return how many were written.

        One that was deleted meanwhile does not stop the others.
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
        """Apply each write of a batch on its own, and count those whose precondition held."""
        codes = [status.code for status in self._client.batch_write(request).status]
        for code in codes:
            if code != WRITTEN and code not in OVERTAKEN:
                raise unavailable(code)
        return codes.count(WRITTEN)

    def find(self, query: Query, limit: int, *, after: Document | None = None) -> list[Document]:
        """The first documents of a query, or the first after a given one."""
        request = self._request(query, limit=limit, after=after)
        return [document_of(message) for message in self._client.find(request)]

    def stream(self, query: Query) -> Generator[Document, None, None]:
        """All documents of a query in its order, with few of them in memory at a time.

        A page is requested under the short deadline, so that an unreachable database is noticed
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
        """How many documents match a query."""
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
