"""Answers: what was typed into a form, checked against the questionnaire it belongs to."""

import dataclasses
from collections.abc import Mapping
from enum import StrEnum

from homthu.domain.boxes.questionnaire import Questionnaire, TextKind
from homthu.domain.fields import Field, question_field
from homthu.domain.text import clean
from homthu.record import record

#: Longest suggestion, in code points after NFC.
MAX_TEXT = 1_000


class AnswerFault(StrEnum):
    """Why a field cannot be taken as it is."""

    REQUIRED = "required"
    UNKNOWN_OPTION = "unknown_option"
    TOO_LONG = "too_long"


@record
class AnswerProblem:
    """One field to be looked at again, by its name in the form; `data` fills the sentence."""

    field: str
    fault: AnswerFault
    data: Mapping[str, int] = dataclasses.field(default_factory=dict)


@record
class Answers:
    """The answers of one form, clean, with the problems found in them.

    What the text is, and the wish that it be not quoted, are nothing without a text.
    """

    options: Mapping[str, str]
    text: str
    service: str
    text_kind: TextKind | None
    do_not_quote: bool
    problems: tuple[AnswerProblem, ...]


def read_answers(fields: Mapping[str, str], questionnaire: Questionnaire) -> Answers:
    """Check every field of a form; `options` holds the valid answers by their question's id.

    A text alone is enough: who answers none of the required questions is asked for them only without one,
    for one who reports a lamp need not rate anybody.
    """
    text = clean(fields.get(Field.TEXT, ""))
    required = [question_field(question.id) for question in questionnaire.questions if question.required]
    is_text_alone = bool(text) and not any(fields.get(field) for field in required)
    options: dict[str, str] = {}
    problems: list[AnswerProblem] = []
    for question in questionnaire.questions:
        field = question_field(question.id)
        given = fields.get(field, "")
        if not given:
            if question.required and not is_text_alone:
                problems.append(AnswerProblem(field=field, fault=AnswerFault.REQUIRED))
        elif question.option(given) is None:
            problems.append(AnswerProblem(field=field, fault=AnswerFault.UNKNOWN_OPTION))
        else:
            options[question.id] = given
    service = fields.get(Field.SERVICE, "")
    if service and all(service != known.id for known in questionnaire.services):
        problems.append(AnswerProblem(field=Field.SERVICE, fault=AnswerFault.UNKNOWN_OPTION))
        service = ""
    if len(text) > MAX_TEXT:
        data = {"length": len(text), "limit": MAX_TEXT}
        problems.append(AnswerProblem(field=Field.TEXT, fault=AnswerFault.TOO_LONG, data=data))
    kind = fields.get(Field.TEXT_KIND, "")
    if kind and all(kind != known.id for known in questionnaire.text_kinds):
        problems.append(AnswerProblem(field=Field.TEXT_KIND, fault=AnswerFault.UNKNOWN_OPTION))
        kind = ""
    return Answers(
        options=options,
        text=text,
        service=service,
        text_kind=TextKind(kind) if kind and text else None,
        do_not_quote=bool(text) and fields.get(Field.DO_NOT_QUOTE) == "1",
        problems=tuple(problems),
    )
