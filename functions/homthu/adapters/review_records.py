"""How reviews look as flat records of plain values, the same in every store (see store_records)."""

from homthu.adapters.store_records import Record, event_of, event_record
from homthu.domain.cases.review import Decision, Review, ReviewEvent, ReviewKind, WithholdReason
from homthu.domain.week import Week


def review_record(review: Review) -> Record:
    """All of a review but its id and its revision; `changed` and `only_theme` are there to be found by."""
    return {
        "ward": review.ward,
        "week": str(review.week),
        "number": review.number,
        "changed": str(review.changed),
        "only_theme": review.decision is None,
        "history": [_review_event_record(event) for event in review.history],
    }


def _review_event_record(event: ReviewEvent) -> Record:
    decision = event.decision
    # Left out if empty, so that an earlier history stays the same in a backup.
    theme = {"theme": decision.theme} if decision.theme else {}
    return {
        **theme,
        "kind": decision.kind.value,
        "text": decision.text,
        "reason": decision.reason.value if decision.reason else "",
        **event_record(event),
    }


def review_of(id: str, record: Record, revision: object) -> Review:
    """Read a review back."""
    return Review(
        id=id,
        ward=record["ward"],
        week=Week.parse(record["week"]),
        number=record["number"],
        history=tuple(_review_event_of(event) for event in record["history"]),
        revision=revision,
    )


def _review_event_of(record: Record) -> ReviewEvent:
    decision = Decision(
        kind=ReviewKind(record["kind"]),
        text=record["text"],
        reason=WithholdReason(record["reason"]) if record["reason"] else None,
        theme=record.get("theme", ""),
    )
    return ReviewEvent(decision=decision, **event_of(record))
