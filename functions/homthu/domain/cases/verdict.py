"""A verdict: what the author of a suggestion says of what was done about it, once per reference."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from homthu.domain.cases.case import Case
from homthu.domain.week import Week

#: In code points after NFC.
MAX_WORDS = 500


class VerdictKind(StrEnum):
    """Whether it was settled."""

    SETTLED = "settled"
    PARTLY = "partly"
    NOT_SETTLED = "not_settled"


def can_be_judged(case: Case | None, day: date) -> bool:
    """Whether there is an answer to judge: one that everybody may read, and no promise still to be kept."""
    if case is None or case.public_answer is None:
        return False
    return case.promised is None or case.promised <= day


def stands_denied(case: Case, denied_on: date, day: date) -> bool:
    """Whether on a day a case stands answered in a way that its author called not enough, and nothing
    followed.
    """
    if case.is_owed(day) or case.joined_to or case.is_erased:
        return False
    return not case.was_dealt_with(denied_on, day)


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What one author chose. `id` is the submission's, so that a reference has one verdict; `case` is the
    case that was answered, perhaps opened for another form that says the same.
    """

    id: str
    ward: str
    case: str
    kind: VerdictKind
    on: date
    words: str = ""
    revision: object = field(default=None, compare=False)

    @property
    def week(self) -> Week:
        """The week it was given in."""
        return Week.of(self.on)
