"""A form as it was sent: its fields, and the box, place and questionnaire they belong to."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from homthu.domain.boxes.box import Box, Boxes, Place
from homthu.domain.boxes.questionnaire import Questionnaire
from homthu.domain.fields import Field, question_field, renamed, unknown
from homthu.domain.text import clean, clean_line
from homthu.http.options import options_from_fields
from homthu.http.request import RequestRefused
from homthu.render.page.options import PageOptions

#: What tells a person from a robot, beside the key.
_PROOFS = (Field.HONEYPOT, Field.STAMP, Field.PAPER_CODE)


@dataclass(frozen=True, kw_only=True, slots=True)
class SentForm:
    """What was sent. `is_outdated` says that its questionnaire is not one we know, so that only
    what today's questionnaire asks can be kept."""

    box: Box
    place: Place
    questionnaire: Questionnaire
    options: PageOptions
    fields: Mapping[str, str]
    is_outdated: bool

    @property
    def values(self) -> dict[str, str]:
        """What was typed and chosen, safe to show again."""
        names = {
            Field.TEXT,
            Field.TEXT_KIND,
            Field.DO_NOT_QUOTE,
            Field.SERVICE,
            Field.PAPER_CODE,
            *(question_field(question.id) for question in self.questionnaire.questions),
        }
        return {
            name: clean(value) if name == Field.TEXT else clean_line(value)
            for name, value in self.fields.items()
            if name in names and value
        }

    @property
    def proofs(self) -> dict[str, str]:
        """What else tells a person from a robot, to be carried along by the review page."""
        given = ((name, clean_line(self.fields.get(name, ""))) for name in _PROOFS)
        return {name: value for name, value in given if value}


def recognise(fields: Mapping[str, str], boxes: Boxes, languages: Collection[str]) -> SentForm:
    """Find what the form belongs to; raise `RequestRefused` for a place or a field we do not have."""
    options = options_from_fields(fields, languages)
    found = boxes.at_place(fields.get(Field.PLACE, ""))
    if found is None:
        raise RequestRefused(404, typed=clean(fields.get(Field.TEXT, "")), options=options)
    box, place = found
    carried = boxes.questionnaires.get(fields.get(Field.QUESTIONNAIRE, ""))
    questionnaire = carried or box.questionnaire
    ids = [question.id for question in questionnaire.questions]
    fields = renamed(fields, ids)
    if carried and unknown(fields, ids):
        raise RequestRefused(400, typed=clean(fields.get(Field.TEXT, "")), options=options)
    return SentForm(
        box=box,
        place=place,
        questionnaire=questionnaire,
        options=options,
        fields=fields,
        is_outdated=carried is None,
    )
