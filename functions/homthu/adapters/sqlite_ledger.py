"""What the report remembers in SQLite."""

from collections.abc import Iterator
from hashlib import sha256

from homthu.adapters.sqlite_database import SqliteDatabase
from homthu.adapters.sqlite_schema import DELIVERY, HEAD, REPORT, insert, record_of, row_of, select
from homthu.adapters.store_records import (
    Record,
    delivery_of,
    delivery_record,
    head_of,
    head_record,
    report_of,
    report_record,
)
from homthu.domain.ledger import Delivery, DeliveryState, FrozenReport, Head
from homthu.domain.week import Week
from homthu.ports import Conflict

_OWED = [state.value for state in DeliveryState if state.is_owed]


class SqliteLedger:
    """Heads, reports, their contents and deliveries."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    def head(self, ward: str) -> Head | None:
        """How far the ward has got."""
        found = self._read(select("heads", HEAD, "ward = ?"), HEAD, ward)
        return head_of(found[0], found[0]["revision"]) if found else None

    def create_head(self, head: Head) -> Head:
        """Store the first head of a ward."""
        record = head_record(head)
        if not self._write(insert("heads", HEAD), {**record, "revision": 1}):
            raise Conflict(head.ward)
        return head_of(record, 1)

    def replace_head(self, old: Head, new: Head) -> Head:
        """Store `new` if the stored head is still `old`."""
        record = head_record(new)
        return head_of(record, self._replace("heads", "ward", old.ward, record, old.revision))

    def save_content(self, name: str, content: bytes) -> None:
        """Keep the message; one that is there stays."""
        columns = ("name", "sha256", "bytes")
        values = (name, sha256(content).hexdigest(), content)
        self._write(insert("contents", columns), dict(zip(columns, values, strict=True)))

    def content(self, name: str) -> bytes:
        """The message, checked against its digest."""
        found = self._read(select("contents", ("sha256", "bytes"), "name = ?"), ("sha256", "bytes"), name)
        if not found or sha256(found[0]["bytes"]).hexdigest() != found[0]["sha256"]:
            raise LookupError(name)
        content: bytes = found[0]["bytes"]
        return content

    def freeze(self, report: FrozenReport) -> None:
        """Store a report."""
        if not self._write(insert("reports", REPORT), report_record(report)):
            raise Conflict(f"{report.ward} {report.week}")

    def report(self, ward: str, week: Week) -> FrozenReport | None:
        """The ward's report for a week."""
        found = self._read(select("reports", REPORT, "ward = ? AND week = ?"), REPORT, ward, str(week))
        return report_of(found[0]) if found else None

    def reports(self, ward: str, since: Week) -> Iterator[FrozenReport]:
        """The ward's reports from a week on, oldest first."""
        query = select("reports", REPORT, "ward = ? AND week >= ? ORDER BY week")
        yield from map(report_of, self._read(query, REPORT, ward, str(since)))

    def owe(self, delivery: Delivery) -> None:
        """Store a delivery unless it is there."""
        row = {**delivery_record(delivery), "id": delivery.id, "revision": 1}
        self._write(insert("deliveries", DELIVERY), row)

    def replace_delivery(self, old: Delivery, new: Delivery) -> Delivery:
        """Store `new` if the stored delivery is still `old`."""
        record = delivery_record(new)
        return delivery_of(old.id, record, self._replace("deliveries", "id", old.id, record, old.revision))

    def deliveries(self, ward: str, week: Week) -> list[Delivery]:
        """The deliveries of one report, in the order of their ids."""
        query = select("deliveries", DELIVERY, "ward = ? AND week = ? ORDER BY id")
        return [_delivery(record) for record in self._read(query, DELIVERY, ward, str(week))]

    def owed(self, ward: str) -> list[Delivery]:
        """The deliveries that are not done, oldest week first."""
        condition = f"ward = ? AND state IN ({', '.join('?' * len(_OWED))}) ORDER BY week, id"
        query = select("deliveries", DELIVERY, condition)
        return [_delivery(record) for record in self._read(query, DELIVERY, ward, *_OWED)]

    def _read(self, query: str, columns: tuple[str, ...], *parameters: str) -> list[Record]:
        with self._database.reading() as connection:
            rows = connection.execute(query, parameters).fetchall()
        return [record_of(columns, row) for row in rows]

    def _write(self, statement: str, record: Record) -> bool:
        """Whether the statement changed a row."""
        with self._database.writing() as connection:
            return connection.execute(statement, row_of(record)).rowcount == 1

    def _replace(self, table: str, key: str, id: str, record: Record, revision: object) -> int:
        """Write the record over the row with this key and revision; give the next revision."""
        changes = ", ".join(f"{column} = :{column}" for column in record)
        statement = (
            f"UPDATE {table} SET {changes}, revision = revision + 1"
            f" WHERE {key} = :_id AND revision = :_revision"
        )
        if not isinstance(revision, int) or not self._write(
            statement, {**record, "_id": id, "_revision": revision}
        ):
            raise Conflict(id)
        return revision + 1


def _delivery(record: Record) -> Delivery:
    return delivery_of(record["id"], record, record["revision"])
