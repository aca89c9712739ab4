"""Mails to units, and verdicts, as records, the same in every store."""

from datetime import date

from homthu.adapters.store_records import Record, handover_of, handover_record
from homthu.domain.cases.unit_mail import Task, UnitMail, UnitMailKind
from homthu.domain.cases.verdict import Verdict, VerdictKind


def unit_mail_record(mail: UnitMail) -> Record:
    """All of a mail but its id and its revision."""
    return {
        "ward": mail.ward,
        "unit": mail.unit,
        "recipient": mail.recipient,
        "kind": mail.kind.value,
        "made_on": mail.made_on.isoformat(),
        "tasks": [{"case": task.case, "step": task.step} for task in mail.tasks],
        **handover_record(mail),
    }


def unit_mail_of(id: str, record: Record, revision: object) -> UnitMail:
    """Read a mail back."""
    return UnitMail(
        id=id,
        ward=record["ward"],
        unit=record["unit"],
        recipient=record["recipient"],
        kind=UnitMailKind(record["kind"]),
        made_on=date.fromisoformat(record["made_on"]),
        tasks=tuple(Task(case=task["case"], step=task["step"]) for task in record["tasks"]),
        **handover_of(record),
        revision=revision,
    )


def verdict_record(verdict: Verdict) -> Record:
    """All of a verdict but its id and its revision; its week is what it is found by."""
    return {
        "ward": verdict.ward,
        "case_id": verdict.case,
        "kind": verdict.kind.value,
        "given_on": verdict.on.isoformat(),
        "week": str(verdict.week),
        "words": verdict.words,
    }


def verdict_of(id: str, record: Record, revision: object) -> Verdict:
    """Read a verdict back."""
    return Verdict(
        id=id,
        ward=record["ward"],
        case=record["case_id"],
        kind=VerdictKind(record["kind"]),
        on=date.fromisoformat(record["given_on"]),
        words=record["words"],
        revision=revision,
    )
