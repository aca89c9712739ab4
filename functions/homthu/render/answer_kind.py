"""What an answer says, as its heading: done, promised, declined or passed on."""

from datetime import date

from homthu.domain.cases.case import Answer, AnswerKind
from homthu.render.numbers import format_date
from homthu.render.texts import Texts


def answer_kind(answer: Answer, texts: Texts, *, prefix: str, today: date | None = None, **data: str) -> str:
    """The words for it, by a prefix; a promise whose day has come by today says so."""
    kind = str(answer.kind or AnswerKind.DONE)
    if today and answer.kind is AnswerKind.PROMISED and answer.by and answer.by <= today:
        kind = "promise_came"
    day = format_date(answer.by) if answer.by else ""
    return texts(f"{prefix}.{kind}", day=day, to=answer.passed_to, **data)
