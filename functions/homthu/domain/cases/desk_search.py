"""What a member searches for at the desk: words, place, service, state, unit and theme, all at once.

Places and services are compared with what the desk shows of a suggestion, so that a search reveals nothing
that is not shown.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from homthu.domain.cases.case import CaseState
from homthu.domain.cases.desk import Item
from homthu.domain.fields import DeskField
from homthu.domain.text import clean_line, fold
from homthu.domain.week import Week

#: The fields of the form, and what is asked beside the states of a case.
FIELDS = (
    DeskField.SEARCH,
    DeskField.PLACE,
    DeskField.SERVICE,
    DeskField.STATE,
    DeskField.FOR_UNIT,
    DeskField.ABOUT,
)
NOBODYS, LATE = "new", "late"
STATES = (NOBODYS, CaseState.RECEIVED, CaseState.ASSIGNED, LATE, CaseState.ANSWERED, CaseState.CLOSED)
#: What a suggestion is called: its week and its number.
_NAME = re.compile(r"(\d{2})-\d{2,}")
#: Longer input is cut.
_LONGEST = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class DeskSearch:
    """A search, by the names of the form's fields; an empty value matches everything."""

    values: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> Self:
        """The search of a filled-in form; a value that the form does not offer matches nothing."""
        given = {name: clean_line(fields.get(name, ""))[:_LONGEST] for name in FIELDS}
        return cls(values={name: value for name, value in given.items() if value})

    @property
    def is_any(self) -> bool:
        """Whether anything is searched for."""
        return bool(self.values)

    @property
    def asks_for_theme(self) -> bool:
        """Whether what a text is about was asked for."""
        return DeskField.ABOUT in self.values

    def week_of(self, weeks: Iterable[Week]) -> Week | None:
        """The week of a search for a suggestion's name, such as `45-07`, if it is one of these."""
        asked = _NAME.fullmatch(self.values.get(DeskField.SEARCH, ""))
        return next((week for week in weeks if asked and week.number == int(asked[1])), None)

    def matches(self, item: Item, *, is_late: bool, theme: str) -> bool:
        """Whether a suggestion, whose case may be late, matches the whole search.

        `theme` is what it is about, if that is part of the search.
        """
        case = item.case
        assigned = case.assignment if case else None
        states = {NOBODYS if case is None else str(case.state), LATE if is_late else ""}
        return (
            self.values.get(DeskField.PLACE, item.place) == item.place
            and self.values.get(DeskField.SERVICE, item.service) == item.service
            and self.values.get(DeskField.STATE, "") in {"", *states}
            and self.values.get(DeskField.FOR_UNIT, "") in {"", assigned.text if assigned else ""}
            and self.values.get(DeskField.ABOUT, theme) == theme
            and self._is_said(item)
        )

    def _is_said(self, item: Item) -> bool:
        """Whether every word that was typed begins one of its words, with or without diacritics."""
        asked = self.values.get(DeskField.SEARCH)
        if not asked:
            return True
        answer = item.case.answer if item.case else None
        told = (item.name, item.text, *((answer.subject, answer.text) if answer else ()))
        words = f" {' '.join(fold(' '.join(told)).split())}"
        return all(f" {word}" in words or word in words.split() for word in fold(asked).split())
