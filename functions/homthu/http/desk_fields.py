"""The desk's forms: the fields of each, and how their values are parsed."""

import re

from homthu.domain.cases.action_form import DECISION_FIELDS
from homthu.domain.cases.action_form import FIELDS as ACTION_FIELDS
from homthu.domain.cases.case import ActionKind
from homthu.domain.cases.desk_search import FIELDS as SEARCH_FIELDS
from homthu.domain.fields import DeskField, mark_fields
from homthu.domain.week import NotAWeek, Week
from homthu.http.request import RequestRefused
from homthu.render.desk.inputs import MOST_PAGES

_MAX_DIGITS = 4
#: What a suggestion's id may look like in a form.
ID = re.compile(r"[0-9a-z]{1,64}")
#: Done by a form of their own, or by the unit: this form cannot take these steps.
NOT_HERE = frozenset({ActionKind.REPORT, ActionKind.JOIN, ActionKind.GATHER, ActionKind.RELEASE})
#: The fields of each form, by the last part of its address.
FIELDS = {
    "ban": frozenset({DeskField.PASS, DeskField.WEEK, DeskField.PAGE, *SEARCH_FIELDS}),
    # The printed list takes the search, whatever page it was on.
    "in": frozenset({DeskField.PASS, DeskField.WEEK, DeskField.PAGE, *SEARCH_FIELDS}),
    "phieu": frozenset({DeskField.PASS, DeskField.ITEM}),
    "lam": frozenset({DeskField.PASS, DeskField.ITEM, DeskField.ACTION, DeskField.ONCE, DeskField.SEEN})
    | ACTION_FIELDS
    | {DeskField.LEAD, DeskField.TEMPLATE},
    "mau": frozenset({DeskField.PASS, DeskField.ITEM, DeskField.ACTION, DeskField.ONCE, DeskField.SEEN})
    | ACTION_FIELDS
    | {DeskField.TEMPLATE},
    "duyet": frozenset(
        {DeskField.PASS, DeskField.ITEM, DeskField.DECISION, DeskField.ONCE, DeskField.SEEN}
        | {DeskField.WEEK, DeskField.PAGE, *SEARCH_FIELDS}
    )
    | DECISION_FIELDS,
    "gop": frozenset({DeskField.PASS, DeskField.LEAD, DeskField.ONCE, *mark_fields()}),
}


def week_in(text: str) -> Week | None:
    """A week; None for anything else."""
    try:
        return Week.parse(text)
    except NotAWeek:
        return None


def pages_in(text: str) -> tuple[str, ...]:
    """Behind which suggestions the pages up to this one begin, but for the first page, as our forms carry it.

    Raise `RequestRefused` for anything else.
    """
    pages = tuple(text.split(".")) if text else ()
    if len(pages) > MOST_PAGES or not all(map(ID.fullmatch, pages)):
        raise RequestRefused(400)
    return pages


def number_in(text: str) -> int:
    """A small number as our forms carry it; raise `RequestRefused` for anything else."""
    if not (text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS):
        raise RequestRefused(400)
    return int(text)
