"""How submissions and the ledger look as flat records of plain values, the same in every store.

A record holds text, numbers, booleans, instants, lists and maps of text; a week and a day are
written `2026-W47` and `2026-11-23`, which sort as they follow each other. What a database cannot
hold as it is, its own module translates.
"""

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from homthu.domain.boxes.questionnaire import TextKind
from homthu.domain.cases.desk_term import DeskTerm
from homthu.domain.cases.link_mail import LinkMail
from homthu.domain.reports.audience import Audience
from homthu.domain.reports.edition import Edition
from homthu.domain.reports.ledger import Delivery, DeliveryState, FrozenReport, Head, MailVersion
from homthu.domain.reports.tally import Tally
from homthu.domain.submissions.paper_batch import PaperBatch
from homthu.domain.submissions.receipt import Receipt
from homthu.domain.submissions.receipt_mark import has_time, mark_of
from homthu.domain.submissions.submission import Channel, Flag, StoredSubmission, Submission, SubmissionStatus
from homthu.domain.week import Week, local_date

if TYPE_CHECKING:
    # What stores forms must not load cases, reviews and units.
    from homthu.domain.cases.case import CaseEvent
    from homthu.domain.cases.review import ReviewEvent
    from homthu.domain.cases.unit_mail import UnitMail

Record = dict[str, Any]
#: The form of the records, in every store: a change that an earlier program could not read, or that
#: what it wrote must be brought to, raises it. SQLite's file has it as `user_version`.
VERSION = 14


def submission_record(submission: Submission, digest: str) -> Record:
    """All that is stored of a submission besides its id and its time of receipt."""
    return {
        "ward": submission.ward,
        "place": submission.place,
        "channel": submission.channel.value,
        "assisted": submission.assisted,
        "questionnaire": submission.questionnaire,
        "round": submission.round,
        "answers": dict(submission.answers),
        "text": submission.text,
        "service": submission.service,
        "flags": [flag.value for flag in submission.flags],
        "digest": digest,
        "batch": submission.batch,
        "text_kind": submission.text_kind.value if submission.text_kind else "",
        "do_not_quote": submission.do_not_quote,
        "seed": submission.seed,
    }


def stored_submission(id: str, record: Record) -> StoredSubmission:
    """Read a submission back; unless it is assigned, its time of receipt dates it."""
    submission = Submission(
        ward=record["ward"],
        place=record["place"],
        channel=Channel(record["channel"]),
        assisted=record["assisted"],
        questionnaire=record["questionnaire"],
        round=record["round"],
        answers=record["answers"],
        text=record["text"],
        service=record["service"],
        flags=tuple(Flag(flag) for flag in record["flags"]),
        # Those from before there were batches have none.
        batch=record.get("batch", ""),
        # Those from before they were asked about have none.
        text_kind=TextKind(record["text_kind"]) if record.get("text_kind") else None,
        do_not_quote=record.get("do_not_quote", False),
        # Those from before reports published what they counted have none.
        seed=record.get("seed", ""),
    )
    week, day = _dated(record)
    return StoredSubmission(
        id=id, submission=submission, week=week, received_on=day, erased_on=_erased_on(record)
    )


def erasure_record(on: date, *, words: bool = True, answers: bool = True) -> Record:
    """What takes the place of a submission's words and answers, and of what these were and were about.

    The check mark stays: a telephone that sends the form again must not bring the words back.
    """
    return {
        **({"answers": {}, "service": ""} if answers else {}),
        **({"text": "", "text_kind": "", "do_not_quote": False} if words else {}),
        "erased_on": on.isoformat(),
    }


def _erased_on(record: Record) -> date | None:
    # Only what was erased has the field.
    return date.fromisoformat(record["erased_on"]) if record.get("erased_on") else None


def _dated(record: Record) -> tuple[Week, date]:
    if record.get("week"):
        return Week.parse(record["week"]), date.fromisoformat(record["received_on"])
    day = local_date(record["received_at"])
    return Week.of(day), day


#: The fields that a receipt is made from.
RECEIPT = ("place", "channel", "flags", "batch", "received_at")


def receipt_of(id: str, record: Record) -> Receipt:
    """Read a receipt; an instant from before there were marks is taken by its mark."""
    is_vouched = record["channel"] == Channel.PAPER and Flag.UNVOUCHED not in record["flags"]
    at = record["received_at"]
    mark = mark_of(at) if has_time(at) else at
    return Receipt(
        id=id, place=record["place"], is_vouched=is_vouched, mark=mark, batch=record.get("batch", "")
    )


#: The fields that a trace is made from; those a submission lacks are left out.
TRACE = ("ward", "week", "received_on", "received_at", "erased_on")


def submission_status_of(record: Record) -> SubmissionStatus:
    """What these fields say of where a submission belongs."""
    week, day = _dated(record)
    return SubmissionStatus(
        ward=record["ward"],
        week=week,
        received_on=day,
        is_closed=bool(record.get("week")),
        erased_on=_erased_on(record),
    )


def head_record(head: Head) -> Record:
    """All of a head but its revision."""
    return {
        "ward": head.ward,
        "last_week": str(head.last_week) if head.last_week else None,
        "last_year": head.last_year,
        "last_number": head.last_number,
        "last_digest": head.last_digest,
        "pending": head.pending,
        "owner": head.owner,
        "lease_until": head.lease_until,
    }


def head_of(record: Record, revision: object) -> Head:
    """Read a head back."""
    return Head(
        ward=record["ward"],
        last_week=Week.parse(record["last_week"]) if record["last_week"] else None,
        last_year=record["last_year"],
        last_number=record["last_number"],
        last_digest=record["last_digest"],
        pending=record["pending"],
        owner=record["owner"],
        lease_until=record["lease_until"],
        revision=revision,
    )


def report_record(report: FrozenReport) -> Record:
    """All of a frozen report; its tally is one text, since a database would index every count."""
    return {
        "ward": report.ward,
        "week": str(report.week),
        "edition": str(report.edition),
        "year": report.year,
        "number": report.number,
        "frozen_on": report.frozen_on.isoformat(),
        "recipients": list(report.recipients),
        "tally": _dumped(report.tally.to_json()),
        "content": report.content,
        "previous_digest": report.previous_digest,
        "digest": report.digest,
        # One text, since a database may take no list within a list.
        "versions": _dumped([[one.audience, one.content, one.recipients] for one in report.versions])
        if report.versions
        else "",
        "counted": report.counted,
    }


def report_of(record: Record) -> FrozenReport:
    """Read a frozen report back."""
    return FrozenReport(
        ward=record["ward"],
        week=Week.parse(record["week"]),
        edition=Edition.parse(record["edition"]),
        year=record["year"],
        number=record["number"],
        frozen_on=date.fromisoformat(record["frozen_on"]),
        recipients=tuple(record["recipients"]),
        tally=Tally.from_json(json.loads(record["tally"])),
        content=record["content"],
        previous_digest=record["previous_digest"],
        digest=record["digest"],
        # Those from before there were versions have one mail for everybody.
        versions=tuple(
            MailVersion(audience=Audience(audience), content=content, recipients=tuple(recipients))
            for audience, content, recipients in json.loads(record.get("versions") or "[]")
        ),
        counted=record.get("counted", ""),
    )


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def content_record(content: bytes) -> Record:
    """A rendered message in one piece, as a backup holds it."""
    return {"bytes": content}


def handover_record(mail: "Delivery | UnitMail") -> Record:
    """How far a mail has got: the same of every mail that is owed."""
    return {
        "state": mail.state.value,
        "attempts": mail.attempts,
        "not_before": mail.not_before,
        "lease_until": mail.lease_until,
        "reason": mail.reason,
    }


def handover_of(record: Record) -> dict[str, Any]:
    """The same, read back as fields."""
    return {
        "state": DeliveryState(record["state"]),
        "attempts": record["attempts"],
        "not_before": record["not_before"],
        "lease_until": record["lease_until"],
        "reason": record["reason"],
    }


def event_record(event: "CaseEvent | ReviewEvent") -> Record:
    """Who did something at the desk, on which day, and by which form: the same for cases and reviews."""
    return {"who": event.who, "on": event.on.isoformat(), "once": event.idempotency_key}


def event_of(record: Record) -> dict[str, Any]:
    """Read these fields back."""
    return {"who": record["who"], "on": date.fromisoformat(record["on"]), "idempotency_key": record["once"]}


def delivery_record(delivery: Delivery) -> Record:
    """All of a delivery but its id and its revision."""
    return {
        "ward": delivery.ward,
        "week": str(delivery.week),
        "edition": str(delivery.edition),
        "recipient": delivery.recipient,
        **handover_record(delivery),
    }


def delivery_of(id: str, record: Record, revision: object) -> Delivery:
    """Read a delivery back."""
    return Delivery(
        id=id,
        ward=record["ward"],
        week=Week.parse(record["week"]),
        edition=Edition.parse(record["edition"]),
        recipient=record["recipient"],
        **handover_of(record),
        revision=revision,
    )


def paper_batch_record(batch: PaperBatch) -> Record:
    """All of a batch but its id and its revision."""
    return {
        "ward": batch.ward,
        "label": batch.label,
        "slips": batch.slips,
        "made_on": batch.made_on.isoformat(),
        "is_revoked": batch.is_revoked,
    }


def paper_batch_of(id: str, record: Record, revision: object) -> PaperBatch:
    """Read a batch back."""
    return PaperBatch(
        id=id,
        ward=record["ward"],
        label=record["label"],
        slips=record["slips"],
        made_on=date.fromisoformat(record["made_on"]),
        is_revoked=record["is_revoked"],
        revision=revision,
    )


def desk_term_record(term: DeskTerm) -> Record:
    """All of a term but its ward, which is its id, and its revision."""
    return {"people": term.people, "name": term.name}


def desk_term_of(ward: str, record: Record, revision: object) -> DeskTerm:
    """Read a term back."""
    return DeskTerm(ward=ward, people=record["people"], name=record["name"], revision=revision)


def link_mail_record(mail: LinkMail) -> Record:
    """All of a mailed link but its id and its revision."""
    return {"sent_at": mail.sent_at}


def link_mail_of(id: str, record: Record, revision: object) -> LinkMail:
    """Read a mailed link back."""
    return LinkMail(id=id, sent_at=record["sent_at"], revision=revision)
