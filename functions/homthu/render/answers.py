"""Answers in words: what the ward says, as a heading, and what citizens say of it, as far as it is told."""

from datetime import date

from homthu.domain.cases.case import Answer, AnswerKind
from homthu.domain.cases.verdict import VerdictKind
from homthu.domain.releases.figure import Figure
from homthu.render.numbers import format_count, format_date
from homthu.render.texts import Texts


def answer_kind(answer: Answer, texts: Texts, *, prefix: str, today: date | None = None, **data: str) -> str:
    """Done, promised, declined or passed on, in the words under a prefix; a promise that is due says so."""
    kind = str(answer.kind or AnswerKind.DONE)
    if today and answer.kind is AnswerKind.PROMISED and answer.by and answer.by <= today:
        kind = "promise_came"
    day = format_date(answer.by) if answer.by else ""
    return texts(f"{prefix}.{kind}", day=day, to=answer.passed_to, **data)


def judged(figure: Figure | None, texts: Texts, *, prefix: str) -> str:
    """«Người dân xác nhận 11/13», in the words under a prefix; empty as long as nothing is told."""
    if figure is None:
        return ""
    if figure.alike:
        return texts(f"{prefix}.alike_{figure.alike}", answers=format_count(figure.answers))
    settled = figure.chose({VerdictKind.SETTLED})
    key = "judged" if settled.is_exact else "judged_about"
    return texts(
        f"{prefix}.{key}", settled=format_count(round(settled.middle)), answers=format_count(figure.answers)
    )
