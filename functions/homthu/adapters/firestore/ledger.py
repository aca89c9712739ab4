"""The ledger in Firestore: what reports remember from one week to the next."""

from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256

from homthu.adapters.firestore.archive import wards_in
from homthu.adapters.firestore.client import CallRefused
from homthu.adapters.firestore.queries import (
    CONTENTS,
    DELIVERIES,
    HEADS,
    REPORTS,
    deliveries,
    everything,
    owed,
    reports,
    reports_of_week,
)
from homthu.adapters.firestore.records import FirestoreRecords
from homthu.adapters.store_records import (
    Record,
    delivery_of,
    delivery_record,
    head_of,
    head_record,
    report_of,
    report_record,
)
from homthu.domain.reports.edition import WEEKLY, Edition
from homthu.domain.reports.ledger import Delivery, FrozenReport, Head, report_id
from homthu.domain.week import Week

#: A document may have 1,048,576 bytes, its name and its field's name among them.
PART_BYTES = 900_000
#: A call may have 10 MiB.
_AT_ONCE = 8 * PART_BYTES
#: Before any week that a box may have had.
_BEFORE_ALL = Week(2000, 1)


class FirestoreLedger(FirestoreRecords):
    """How far each ward has got, its frozen reports, their contents and deliveries."""

    def head(self, ward: str) -> Head | None:
        """How far the ward has got, or None before its first report."""
        document = self._documents.get(HEADS, ward)
        return head_of(document.record, document.revision) if document else None

    def create_head(self, head: Head) -> Head:
        """Store a ward's first head. Raise `Conflict` if it has one."""
        return head_of(head_record(head), self._create(HEADS, head.ward, head_record(head)))

    def replace_head(self, old: Head, new: Head) -> Head:
        """Store `new` if the stored head is still `old`, else raise `Conflict`."""
        record = head_record(new)
        return head_of(record, self._replace(HEADS, old.ward, record, old.revision))

    def save_content(self, name: str, content: bytes) -> None:
        """Store the parts with a manifest, at once; or, where one call does not take them, the manifest
        last: what it names is there, whatever broke off."""
        documents = parts_of(name, content)
        if len(content) <= _AT_ONCE:
            # Refused, it is there; or parts of it are, which an earlier program left without their list.
            with suppress(CallRefused):
                self._documents.change_all(CONTENTS, [(id, record, None) for id, record in documents.items()])
                return
        if self._documents.get(CONTENTS, name):
            return
        for id, record in documents.items():
            self._create_once(CONTENTS, id, record)

    def content(self, name: str) -> bytes:
        """Put the parts together again, and check them against the manifest."""
        manifest = self._documents.get(CONTENTS, name)
        if manifest is None:
            raise LookupError(name)
        parts = [
            self._documents.get(CONTENTS, part_id(name, number)) for number in range(manifest.record["parts"])
        ]
        content = b"".join(part.record["bytes"] for part in parts if part)
        if sha256(content).hexdigest() != manifest.record["sha256"]:
            raise LookupError(name)
        return content

    def freeze(self, report: FrozenReport) -> None:
        """Store a report. Raise `Conflict` if that edition of the week has one."""
        self._create(REPORTS, report_id(report.ward, report.week, report.edition), report_record(report))

    def report(self, ward: str, week: Week, edition: Edition = WEEKLY) -> FrozenReport | None:
        """The ward's report of this edition for a week, or None."""
        document = self._documents.get(REPORTS, report_id(ward, week, edition))
        return report_of(document.record) if document else None

    def reports(self, ward: str, since: Week) -> Iterator[FrozenReport]:
        """The ward's reports of every edition from a week on, oldest week first."""
        for document in self._documents.stream(reports(ward, since)):
            yield report_of(document.record)

    def reports_of_week(self, ward: str, week: Week) -> list[FrozenReport]:
        """The ward's reports of every edition of one week."""
        return [report_of(one.record) for one in self._documents.stream(reports_of_week(ward, week))]

    def first_week(self, ward: str) -> Week | None:
        """The week of the ward's oldest report, or None."""
        found = self._documents.find(reports(ward, _BEFORE_ALL), 1)
        return Week.parse(found[0].record["week"]) if found else None

    def wards_with_reports(self) -> list[str]:
        """The codes of all wards with a head or a report, sorted."""
        heads = {document.id for document in self._documents.stream(everything(HEADS, only=("last_number",)))}
        return sorted(heads.union(wards_in(self._documents, REPORTS)))

    def owe(self, delivery: Delivery) -> None:
        """Store a delivery, unless one with its id exists."""
        self._create_once(DELIVERIES, delivery.id, delivery_record(delivery))

    def replace_delivery(self, old: Delivery, new: Delivery) -> Delivery:
        """Store `new` if the stored delivery is still `old`, else raise `Conflict`."""
        record = delivery_record(new)
        return delivery_of(old.id, record, self._replace(DELIVERIES, old.id, record, old.revision))

    def deliveries(self, ward: str, week: Week) -> list[Delivery]:
        """The deliveries of a week's reports, in the order of their ids."""
        found = self._documents.stream(deliveries(ward, week))
        return [delivery_of(document.id, document.record, document.revision) for document in found]

    def owed(self, ward: str) -> list[Delivery]:
        """The deliveries that are still to be sent, oldest week first."""
        found = self._documents.stream(owed(ward))
        unsorted = [delivery_of(document.id, document.record, document.revision) for document in found]
        return sorted(unsorted, key=lambda delivery: (delivery.week, delivery.id))


def parts_of(name: str, content: bytes) -> dict[str, Record]:
    """The documents of a content by their ids, the manifest last."""
    parts = [content[at : at + PART_BYTES] for at in range(0, len(content), PART_BYTES)]
    manifest = {"parts": len(parts), "size": len(content), "sha256": sha256(content).hexdigest()}
    return {part_id(name, number): {"bytes": part} for number, part in enumerate(parts)} | {name: manifest}


def part_id(name: str, number: int) -> str:
    """The id of a part of a content."""
    return f"{name}.{number:03d}"
