"""Mails to units and clerks, and verdicts of citizens, in Firestore."""

from collections.abc import Iterator

from homthu.adapters.firestore.queries import (
    UNIT_MAILS,
    VERDICTS,
    Query,
    bounced_unit_mails,
    owed_unit_mails,
    verdicts_of,
)
from homthu.adapters.firestore.records import FirestoreRecords
from homthu.adapters.unit_records import unit_mail_of, unit_mail_record, verdict_of, verdict_record
from homthu.domain.cases.unit_mail import UnitMail
from homthu.domain.cases.verdict import Verdict
from homthu.domain.week import Week


class FirestoreUnits(FirestoreRecords):
    """Mails from owed to sent, and what citizens say of the answers they got."""

    def owe_unit_mail(self, mail: UnitMail) -> None:
        """Store a mail, unless one with its id exists."""
        self._create_once(UNIT_MAILS, mail.id, unit_mail_record(mail))

    def unit_mail(self, id: str) -> UnitMail | None:
        """The mail with this id, or None."""
        document = self._documents.get(UNIT_MAILS, id)
        return unit_mail_of(id, document.record, document.revision) if document else None

    def replace_unit_mail(self, old: UnitMail, new: UnitMail) -> UnitMail:
        """Store `new` if the stored mail is still `old`, else raise `Conflict`."""
        record = unit_mail_record(new)
        return unit_mail_of(old.id, record, self._replace(UNIT_MAILS, old.id, record, old.revision))

    def owed_unit_mails(self, ward: str) -> list[UnitMail]:
        """The ward's mails that are still to be sent."""
        return self._unit_mails(owed_unit_mails(ward))

    def bounced_unit_mails(self, ward: str) -> list[UnitMail]:
        """The ward's mails that bounced."""
        return self._unit_mails(bounced_unit_mails(ward))

    def _unit_mails(self, query: Query) -> list[UnitMail]:
        found = self._documents.stream(query)
        mails = [unit_mail_of(document.id, document.record, document.revision) for document in found]
        return sorted(mails, key=lambda mail: mail.id)

    def create_verdict(self, verdict: Verdict) -> Verdict:
        """Store a new verdict. Raise `Conflict` if the submission has one."""
        record = verdict_record(verdict)
        return verdict_of(verdict.id, record, self._create(VERDICTS, verdict.id, record))

    def replace_verdict(self, old: Verdict, new: Verdict) -> Verdict:
        """Store `new` if the stored verdict is still `old`, else raise `Conflict`."""
        record = verdict_record(new)
        return verdict_of(old.id, record, self._replace(VERDICTS, old.id, record, old.revision))

    def verdict(self, id: str) -> Verdict | None:
        """The verdict on the answer to a submission, or None."""
        document = self._documents.get(VERDICTS, id)
        return verdict_of(id, document.record, document.revision) if document else None

    def verdicts_of(self, ward: str, *weeks: Week) -> Iterator[Verdict]:
        """The verdicts given in these weeks."""
        for document in self._documents.stream(verdicts_of(ward, *weeks)):
            yield verdict_of(document.id, document.record, document.revision)
