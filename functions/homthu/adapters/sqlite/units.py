"""Mails to units and clerks, and verdicts of citizens, in SQLite."""

from collections.abc import Iterator, Sequence

from homthu.adapters.sqlite.records import SqliteRecords
from homthu.adapters.sqlite.rows import UNIT_MAIL, VERDICT, insert, select
from homthu.adapters.store_records import Record
from homthu.adapters.unit_records import unit_mail_of, unit_mail_record, verdict_of, verdict_record
from homthu.domain.cases.unit_mail import UnitMail
from homthu.domain.cases.verdict import Verdict
from homthu.domain.reports.ledger import DeliveryState
from homthu.domain.week import Week
from homthu.ports import Conflict

_OWED = [state.value for state in DeliveryState if state.is_owed]


class SqliteUnits(SqliteRecords):
    """Mails from owed to sent, and what citizens say of the answers they got."""

    def owe_unit_mail(self, mail: UnitMail) -> None:
        """Store a mail, unless one with its id exists."""
        self._write(insert("unit_mails", UNIT_MAIL), {**unit_mail_record(mail), "id": mail.id, "revision": 1})

    def unit_mail(self, id: str) -> UnitMail | None:
        """The mail with this id, or None."""
        found = self._read(select("unit_mails", UNIT_MAIL, "id = ?"), UNIT_MAIL, id)
        return _unit_mail(found[0]) if found else None

    def replace_unit_mail(self, old: UnitMail, new: UnitMail) -> UnitMail:
        """Store `new` if the stored mail is still `old`, else raise `Conflict`."""
        record = unit_mail_record(new)
        return unit_mail_of(old.id, record, self._replace("unit_mails", "id", old.id, record, old.revision))

    def owed_unit_mails(self, ward: str) -> list[UnitMail]:
        """The ward's mails that are still to be sent."""
        return self._unit_mails_in(ward, _OWED)

    def bounced_unit_mails(self, ward: str) -> list[UnitMail]:
        """The ward's mails that bounced."""
        return self._unit_mails_in(ward, [DeliveryState.BOUNCED.value])

    def _unit_mails_in(self, ward: str, states: list[str]) -> list[UnitMail]:
        query = select("unit_mails", UNIT_MAIL, f"ward = ? AND {_is_one_of('state', states)} ORDER BY id")
        return [_unit_mail(record) for record in self._read(query, UNIT_MAIL, ward, *states)]

    def create_verdict(self, verdict: Verdict) -> Verdict:
        """Store a new verdict. Raise `Conflict` if the submission has one."""
        record = verdict_record(verdict)
        if not self._write(insert("verdicts", VERDICT), {**record, "id": verdict.id, "revision": 1}):
            raise Conflict(verdict.id)
        return verdict_of(verdict.id, record, 1)

    def replace_verdict(self, old: Verdict, new: Verdict) -> Verdict:
        """Store `new` if the stored verdict is still `old`, else raise `Conflict`."""
        record = verdict_record(new)
        return verdict_of(old.id, record, self._replace("verdicts", "id", old.id, record, old.revision))

    def verdict(self, id: str) -> Verdict | None:
        """The verdict on the answer to a submission, or None."""
        found = self._read(select("verdicts", VERDICT, "id = ?"), VERDICT, id)
        return _verdict(found[0]) if found else None

    def verdicts_of(self, ward: str, *weeks: Week) -> Iterator[Verdict]:
        """The verdicts given in these weeks."""
        query = select("verdicts", VERDICT, f"ward = ? AND {_is_one_of('week', weeks)} ORDER BY id")
        yield from map(_verdict, self._read(query, VERDICT, ward, *map(str, weeks)))


def _is_one_of(column: str, values: Sequence[object]) -> str:
    return f"{column} IN ({', '.join('?' * len(values))})"


def _unit_mail(record: Record) -> UnitMail:
    return unit_mail_of(record["id"], record, record["revision"])


def _verdict(record: Record) -> Verdict:
    return verdict_of(record["id"], record, record["revision"])
