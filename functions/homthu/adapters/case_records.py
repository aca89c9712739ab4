"""How cases look as flat records of plain values, the same in every store (see store_records)."""

from dataclasses import asdict, fields
from datetime import date

from homthu.adapters.store_records import Record, event_of, event_record
from homthu.domain.cases.case import ActionKind, AnswerKind, Case, CaseAction, CaseEvent
from homthu.domain.cases.case_index import CaseIndex
from homthu.domain.week import Week

#: The fields that are derived from the others: a backup leaves them out, and they are never read back.
INDEX_FIELDS = tuple(field.name for field in fields(CaseIndex))


def case_record(case: Case) -> Record:
    """All of a case but its id and its revision."""
    return {
        "ward": case.ward,
        "place": case.place,
        "service": case.service,
        "week": str(case.week),
        "is_petition": case.is_petition,
        "number": case.number,
        "history": [_event_record(event) for event in case.history],
        **asdict(CaseIndex.of(case)),
    }


def index_record(record: Record) -> Record:
    """The index of a case, derived from the rest of its record, whichever version wrote it."""
    return asdict(CaseIndex.of(case_of("", record, None)))


def without_index(record: Record) -> Record:
    """The record without its index, as in a backup."""
    return {name: value for name, value in record.items() if name not in INDEX_FIELDS}


def _event_record(event: CaseEvent) -> Record:
    action = event.action
    # Left out if empty, so that the history of an earlier case stays the same in a backup.
    other = {"other": action.other} if action.other else {}
    return {
        **other,
        "action": action.kind.value,
        "subject": action.subject,
        "text": action.text,
        "due_on": action.due_on.isoformat() if action.due_on else None,
        # Most steps have none, and those from before there were kinds must stay as they are.
        **({"kind": action.answer_kind.value} if action.answer_kind else {}),
        **({"passed_to": action.passed_to} if action.passed_to else {}),
        **event_record(event),
    }


def case_of(id: str, record: Record, revision: object) -> Case:
    """Read a case back."""
    return Case(
        id=id,
        ward=record["ward"],
        place=record["place"],
        service=record["service"],
        week=Week.parse(record["week"]),
        is_petition=record["is_petition"],
        # Cases of an earlier version have none.
        number=record.get("number", 0),
        history=tuple(_event_of(event) for event in record["history"]),
        revision=revision,
    )


def _event_of(record: Record) -> CaseEvent:
    action = CaseAction(
        kind=ActionKind(record["action"]),
        subject=record["subject"],
        text=record["text"],
        due_on=date.fromisoformat(record["due_on"]) if record["due_on"] else None,
        other=record.get("other", ""),
        answer_kind=AnswerKind(record["kind"]) if record.get("kind") else None,
        passed_to=record.get("passed_to", ""),
    )
    return CaseEvent(action=action, **event_of(record))
