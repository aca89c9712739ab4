"""«What the system keeps»: the stored fields themselves, read from the record's own definition."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields

from homthu.domain.boxes.box import Box
from homthu.domain.submissions.submission import Channel, Submission
from homthu.record import record
from homthu.render.texts import Texts

#: What a store keeps beside the submission's own fields, with an invented value of each. The time of
#: receipt is removed when the week is closed, and the week and the day take its place.
BESIDE = {
    "id": "9f2c61d07b3e48a5b1c4d2e8f0a76b35",
    "digest": "4be1a90c7d5f2386e1b07c94a2d8f615",
    "received_at": "2026-11-20T03:10:00Z",
    "week": "2026-W47",
    "received_on": "2026-11-20",
    "erased_on": "2026-11-26",
}


@record
class StoredField:
    """One field of the stored record: its name, its purpose, and an invented value."""

    name: str
    sentence: str
    example: str


def stored_fields(box: Box, texts: Texts) -> tuple[StoredField, ...]:
    """Every stored field of one submission, in the order of the record.

    A field without a sentence raises `KeyError`, so that none can be added silently.
    """
    record = {**_shown(_invented(box, texts)), **BESIDE}
    return tuple(
        StoredField(name=name, sentence=texts(f"page.stored.field.{name}"), example=example)
        for name, example in record.items()
    )


def kept_for(boxes: Sequence[Box], texts: Texts) -> tuple[str, ...]:
    """How long each kind is kept: one sentence where all wards have the same limits, else one for each."""
    told = [texts("page.stored.kept_for", **asdict(box.retention)) for box in boxes]
    if len(set(told)) == 1:
        return (told[0],)
    return tuple(f"{box.ward.full_name}: {line}" for box, line in zip(boxes, told, strict=True))


def _invented(box: Box, texts: Texts) -> Submission:
    """A submission nobody sent, to this box."""
    questions = box.questionnaire.questions
    return Submission(
        ward=box.ward.code,
        place=box.places[0].code,
        channel=Channel.QR,
        assisted=False,
        questionnaire=box.questionnaire.version,
        round="2026-dot-4",
        answers={question.id: question.options[1].id for question in questions[:3]},
        text=texts("page.stored.example_text"),
        service=next((service.id for service in box.questionnaire.services), ""),
    )


def _shown(submission: Submission) -> Mapping[str, str]:
    return {field.name: _plain(getattr(submission, field.name)) for field in fields(submission)}


def _plain(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} = {chosen}" for name, chosen in value.items())
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "–"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)
