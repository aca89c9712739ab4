"""A form as it was sent: its fields, and the box, place and questionnaire they belong to."""

from collections.abc import Mapping
from dataclasses import dataclass

from homthu.domain.boxes.box import Box, Boxes, Place
from homthu.domain.boxes.questionnaire import Questionnaire
from homthu.domain.submissions.answers import SERVICE_FIELD, TEXT_FIELD
from homthu.domain.text import clean, clean_line
from homthu.http.gate import Refused
from homthu.http.options import options_from_fields
from homthu.render.page.inputs import PAPER_CODE_FIELD
from homthu.render.page.options import PageOptions

#: Every field beside the questions. `key` and `tem` are filled in by the page's script; `luc` (a
#: signed time), `da_xem` (seen) and `sua` (change) come from the review page; `website` is a trap.
OWN_FIELDS = frozenset(
    {
        *("place", "questionnaire", "key", "tem", "kenh", "ho_tro", "l", "c", "m", "lo", "website"),
        *("luc", "da_xem", "sua", TEXT_FIELD, SERVICE_FIELD),
    }
)


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
            TEXT_FIELD,
            SERVICE_FIELD,
            PAPER_CODE_FIELD,
            *(question.id for question in self.questionnaire.questions),
        }
        return {
            name: clean(value) if name == TEXT_FIELD else clean_line(value)
            for name, value in self.fields.items()
            if name in names and value
        }

    @property
    def proofs(self) -> dict[str, str]:
        """What else tells a person from a robot, to be carried along by the review page."""
        given = ((name, clean_line(self.fields.get(name, ""))) for name in ("website", "tem", "lo"))
        return {name: value for name, value in given if value}


def recognise(fields: Mapping[str, str], boxes: Boxes) -> SentForm:
    """Find what the form belongs to; raise `Refused` for a place or a field we do not have."""
    options = options_from_fields(fields)
    found = boxes.at_place(fields.get("place", ""))
    if found is None:
        raise Refused(404, typed=clean(fields.get(TEXT_FIELD, "")), options=options)
    box, place = found
    carried = boxes.questionnaires.get(fields.get("questionnaire", ""))
    questionnaire = carried or box.questionnaire
    if carried and set(fields) - OWN_FIELDS - {question.id for question in carried.questions}:
        raise Refused(400, typed=clean(fields.get(TEXT_FIELD, "")), options=options)
    return SentForm(
        box=box,
        place=place,
        questionnaire=questionnaire,
        options=options,
        fields=fields,
        is_outdated=carried is None,
    )
