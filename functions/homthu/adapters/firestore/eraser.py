"""Removes words from a Firestore database for good. No function is given this."""

from collections.abc import Iterator, Mapping
from datetime import date

from homthu.adapters.firestore.client import FirestoreClient
from homthu.adapters.firestore.documents import FirestoreDocuments, Patch
from homthu.adapters.firestore.ledger import part_id, parts_of
from homthu.adapters.firestore.queries import CONTENTS, SUBMISSIONS, VERDICTS, Query
from homthu.adapters.store_records import Record, erasure_record
from homthu.ports import StoreUnavailable

#: A report may assign a submission, or flag it, between our reading and our writing.
_TRIES = 5


class FirestoreEraser:
    """Erases in one database. What Google keeps for recovery is beyond its reach."""

    def __init__(self, project: str, database: str) -> None:
        self._client = FirestoreClient(project, database)
        self._documents = FirestoreDocuments(self._client)

    def blank(self, id: str, on: date, *, words: bool = True, answers: bool = True) -> None:
        """Reduce a submission and its verdict to what is still counted and what is to be kept."""
        if words:
            self._patch(VERDICTS, id, {"words": ""})
        if not self._patch(SUBMISSIONS, id, erasure_record(on, words=words, answers=answers)):
            raise StoreUnavailable("vanished")

    def _patch(self, collection: str, id: str, record: Record) -> bool:
        """Change these fields of a document; return whether it exists."""
        for _ in range(_TRIES):
            document = self._documents.get(collection, id, only=("ward",))
            if document is None:
                return False
            patch = Patch(id=id, record=record, removed=(), revision=document.revision)
            if self._documents.patch_each(collection, [patch]):
                return True
        raise StoreUnavailable("busy")

    def contents(self, ward: str) -> Iterator[str]:
        """The names of all frozen mails of a ward. Parts that a crash left without a manifest are deleted."""
        query = Query(collection=CONTENTS, equals={}, since=f"{ward}.", only=("parts",))
        listed: set[str] = set()
        strays = []
        name = ""
        for document in self._documents.stream(query):
            if not document.id.startswith(f"{ward}."):
                break
            # A content's own id comes before those of its parts.
            if "parts" in document.record:
                name = document.id
                listed = {part_id(name, number) for number in range(document.record["parts"])}
                yield name
            elif document.id not in listed:
                strays.append(document.id)
        if strays:
            self._documents.replace_together(CONTENTS, {}, strays)

    def replace_contents(self, contents: Mapping[str, bytes]) -> None:
        """Overwrite each frozen mail under its name, parts and manifests, all in one call."""
        records: dict[str, Record] = {}
        surplus: list[str] = []
        for name, content in contents.items():
            manifest = self._documents.get(CONTENTS, name, only=("parts",))
            before = manifest.record["parts"] if manifest else 0
            surplus += [part_id(name, number) for number in range(before)]
            records |= parts_of(name, content)
        self._documents.replace_together(CONTENTS, records, [id for id in surplus if id not in records])

    def wipe(self, *, rebuild: bool = True) -> None:
        """Does nothing: what was replaced is out of our reach."""

    def close(self) -> None:
        """Close the connection."""
        self._client.close()
