"""Mails to units, and verdicts, in SQLite."""

from collections.abc import Iterator

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
    """What is owed to units, and what citizens said of what was done."""

    def owe_unit_mail(self, mail: UnitMail) -> None:
        """Store a mail unless it is there."""
        self._write(insert("unit_mails", UNIT_MAIL), {**unit_mail_record(mail), "id": mail.id, "revision": 1})

    def unit_mail(self, id: str) -> UnitMail | None:
        """The mail under this id."""
        found = self._read(select("unit_mails", UNIT_MAIL, "id = ?"), UNIT_MAIL, id)
        return _unit_mail(found[0]) if found else None

    def replace_unit_mail(self, old: UnitMail, new: UnitMail) -> UnitMail:
        """Store `new` if the stored mail is still `old`."""
        record = unit_mail_record(new)
        return unit_mail_of(old.id, record, self._replace("unit_mails", "id", old.id, record, old.revision))

    def owed_unit_mails(self, ward: str) -> list[UnitMail]:
        """The mails that are not done."""
        return self._unit_mails_in(ward, _OWED)

    def bounced_unit_mails(self, ward: str) -> list[UnitMail]:
        """The mails that came back."""
        return self._unit_mails_in(ward, [DeliveryState.BOUNCED.value])

    def _unit_mails_in(self, ward: str, states: list[str]) -> list[UnitMail]:
        condition = f"ward = ? AND state IN ({', '.join('?' * len(states))}) ORDER BY id"
        query = select("unit_mails", UNIT_MAIL, condition)
        return [_unit_mail(record) for record in self._read(query, UNIT_MAIL, ward, *states)]

    def create_verdict(self, verdict: Verdict) -> Verdict:
        """Store a new one."""
        record = verdict_record(verdict)
        if not self._write(insert("verdicts", VERDICT), {**record, "id": verdict.id, "revision": 1}):
            raise Conflict(verdict.id)
        return verdict_of(verdict.id, record, 1)

    def replace_verdict(self, old: Verdict, new: Verdict) -> Verdict:
        """Store `new` if the stored verdict is still `old`."""
        record = verdict_record(new)
        return verdict_of(old.id, record, self._replace("verdicts", "id", old.id, record, old.revision))

    def verdict(self, id: str) -> Verdict | None:
        """The verdict of a submission."""
        found = self._read(select("verdicts", VERDICT, "id = ?"), VERDICT, id)
        return _verdict(found[0]) if found else None

    def verdicts_of(self, ward: str, week: Week) -> Iterator[Verdict]:
        """Those given in a week."""
        query = select("verdicts", VERDICT, "ward = ? AND week = ? ORDER BY id")
        yield from map(_verdict, self._read(query, VERDICT, ward, str(week)))


def _unit_mail(record: Record) -> UnitMail:
    return unit_mail_of(record["id"], record, record["revision"])


def _verdict(record: Record) -> Verdict:
    return verdict_of(record["id"], record, record["revision"])
