"""The ledger in SQLite: what reports remember from one week to the next."""

from collections.abc import Iterator
from hashlib import sha256

from homthu.adapters.sqlite.records import SqliteRecords
from homthu.adapters.sqlite.rows import DELIVERY, HEAD, REPORT, insert, select
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
from homthu.domain.reports.ledger import Delivery, DeliveryState, FrozenReport, Head
from homthu.domain.week import Week
from homthu.ports import Conflict

_OWED = [state.value for state in DeliveryState if state.is_owed]


class SqliteLedger(SqliteRecords):
    """How far each ward has got, its frozen reports, their contents and deliveries."""

    def head(self, ward: str) -> Head | None:
        """How far the ward has got, or None before its first report."""
        found = self._read(select("heads", HEAD, "ward = ?"), HEAD, ward)
        return head_of(found[0], found[0]["revision"]) if found else None

    def create_head(self, head: Head) -> Head:
        """Store a ward's first head. Raise `Conflict` if it has one."""
        record = head_record(head)
        if not self._write(insert("heads", HEAD), {**record, "revision": 1}):
            raise Conflict(head.ward)
        return head_of(record, 1)

    def replace_head(self, old: Head, new: Head) -> Head:
        """Store `new` if the stored head is still `old`, else raise `Conflict`."""
        record = head_record(new)
        return head_of(record, self._replace("heads", "ward", old.ward, record, old.revision))

    def save_content(self, name: str, content: bytes) -> None:
        """Store a frozen mail under this name; one that is already there stays."""
        columns = ("name", "sha256", "bytes")
        values = (name, sha256(content).hexdigest(), content)
        self._write(insert("contents", columns), dict(zip(columns, values, strict=True)))

    def content(self, name: str) -> bytes:
        """The frozen mail, checked against its digest. Raise `LookupError` if it is missing or damaged."""
        found = self._read(select("contents", ("sha256", "bytes"), "name = ?"), ("sha256", "bytes"), name)
        if not found or sha256(found[0]["bytes"]).hexdigest() != found[0]["sha256"]:
            raise LookupError(name)
        content: bytes = found[0]["bytes"]
        return content

    def freeze(self, report: FrozenReport) -> None:
        """Store a report. Raise `Conflict` if that edition of the week has one."""
        if not self._write(insert("reports", REPORT), report_record(report)):
            raise Conflict(f"{report.ward} {report.week} {report.edition}")

    def report(self, ward: str, week: Week, edition: Edition = WEEKLY) -> FrozenReport | None:
        """The ward's report of this edition for a week, or None."""
        query = select("reports", REPORT, "ward = ? AND week = ? AND edition = ?")
        found = self._read(query, REPORT, ward, str(week), str(edition))
        return report_of(found[0]) if found else None

    def reports(self, ward: str, since: Week) -> Iterator[FrozenReport]:
        """The ward's reports of every edition from a week on, oldest week first."""
        query = select("reports", REPORT, "ward = ? AND week >= ? ORDER BY week, year, number")
        yield from map(report_of, self._read(query, REPORT, ward, str(since)))

    def reports_of_week(self, ward: str, week: Week) -> list[FrozenReport]:
        """The ward's reports of every edition of one week."""
        query = select("reports", REPORT, "ward = ? AND week = ? ORDER BY year, number")
        return list(map(report_of, self._read(query, REPORT, ward, str(week))))

    def first_week(self, ward: str) -> Week | None:
        """The week of the ward's oldest report, or None."""
        found = self._read(select("reports", ("week",), "ward = ? ORDER BY week LIMIT 1"), ("week",), ward)
        return Week.parse(found[0]["week"]) if found else None

    def wards_with_reports(self) -> list[str]:
        """The codes of all wards with a head or a report, sorted."""
        query = "SELECT ward FROM heads UNION SELECT ward FROM reports ORDER BY ward"
        return [record["ward"] for record in self._read(query, ("ward",))]

    def owe(self, delivery: Delivery) -> None:
        """Store a delivery, unless one with its id exists."""
        row = {**delivery_record(delivery), "id": delivery.id, "revision": 1}
        self._write(insert("deliveries", DELIVERY), row)

    def replace_delivery(self, old: Delivery, new: Delivery) -> Delivery:
        """Store `new` if the stored delivery is still `old`, else raise `Conflict`."""
        record = delivery_record(new)
        return delivery_of(old.id, record, self._replace("deliveries", "id", old.id, record, old.revision))

    def deliveries(self, ward: str, week: Week) -> list[Delivery]:
        """The deliveries of a week's reports, in the order of their ids."""
        query = select("deliveries", DELIVERY, "ward = ? AND week = ? ORDER BY id")
        return [_delivery(record) for record in self._read(query, DELIVERY, ward, str(week))]

    def owed(self, ward: str) -> list[Delivery]:
        """The deliveries that are still to be sent, oldest week first."""
        condition = f"ward = ? AND state IN ({', '.join('?' * len(_OWED))}) ORDER BY week, id"
        query = select("deliveries", DELIVERY, condition)
        return [_delivery(record) for record in self._read(query, DELIVERY, ward, *_OWED)]


def _delivery(record: Record) -> Delivery:
    return delivery_of(record["id"], record, record["revision"])
