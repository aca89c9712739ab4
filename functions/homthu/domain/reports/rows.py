"""The rows of a report's tables, as figures not yet worded. The rules of a figure stand in `figures`."""

from collections.abc import Mapping
from dataclasses import dataclass

from homthu.domain.boxes.box import Place
from homthu.domain.boxes.questionnaire import Question
from homthu.domain.reports.figures import MIN_FOR_SHARE, Satisfaction, change
from homthu.domain.submissions.mode import CollectionMode as Mode
from homthu.domain.week import Week

#: Options that answer nothing: not due, not applicable, rather not say. They are counted and
#: shown, but stand outside the base of a share, as «không có ý kiến» does for a rating.
NO_ANSWER = frozenset({"chua_han", "kad", "khong_tra_loi"})
#: The two options that say a result came late, told apart by whether an apology came with it.
LATE_WITH_APOLOGY = "tre_xin_loi"
LATE_WITHOUT_APOLOGY = "tre"


@dataclass(frozen=True, kw_only=True, slots=True)
class RatingFigures:
    """A rating question, this week and the week before."""

    question: Question
    now: Satisfaction
    before: Satisfaction

    @property
    def change(self) -> float | None:
        """The change of the share in percentage points; None when either week is too small."""
        return change(self.now, self.before)


@dataclass(frozen=True, kw_only=True, slots=True)
class Apologies:
    """Of the results that came late, how many came with an apology and a new date."""

    late: int
    apologised: int

    @property
    def share(self) -> float | None:
        """From 0 to 1; None when too few came late."""
        return self.apologised / self.late if self.late >= MIN_FOR_SHARE else None


@dataclass(frozen=True, kw_only=True, slots=True)
class ChoiceFigures:
    """A question with options of its own: how often each was chosen."""

    question: Question
    by_option: Mapping[str, int]

    @property
    def base(self) -> int:
        """The answers that a share is taken of."""
        return sum(n for option, n in self.by_option.items() if option not in NO_ANSWER)

    def share(self, option: str) -> float | None:
        """The share of an option, from 0 to 1; None when it is no answer or too few answered."""
        if option in NO_ANSWER or self.base < MIN_FOR_SHARE:
            return None
        return self.by_option[option] / self.base

    @property
    def apologies(self) -> Apologies | None:
        """How often lateness came with an apology; None if the question does not ask that."""
        if not {LATE_WITH_APOLOGY, LATE_WITHOUT_APOLOGY} <= self.by_option.keys():
            return None
        apologised = self.by_option[LATE_WITH_APOLOGY]
        return Apologies(late=apologised + self.by_option[LATE_WITHOUT_APOLOGY], apologised=apologised)


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceColumn:
    """One column of the table place × question: the overall rating, or another question's.

    `sources` are the (version, question) it adds up: several for the overall rating when a week
    holds several versions. `question` is None for the overall rating.
    """

    question: Question | None
    sources: tuple[tuple[str, str], ...]

    @property
    def question_id(self) -> str:
        """The question, or empty for the overall rating."""
        return self.question.id if self.question else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceFigures:
    """What came from one place; `place` is None for a code that the box no longer has.

    `cells` stand in the order of the report's `place_columns`, None where one is not to be shown.
    """

    code: str
    place: Place | None
    received: int
    before: int | None
    in_round: int
    in_year: int
    cells: tuple[Satisfaction | None, ...]

    @property
    def overall(self) -> Satisfaction | None:
        """The overall rating, or None where it is not to be shown."""
        return self.cells[0]


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupFigures:
    """The submissions of one service or one mode: their number and overall rating."""

    id: str
    received: int
    overall: Satisfaction


@dataclass(frozen=True, kw_only=True, slots=True)
class WeekFigures:
    """One week among others: how many submissions, how they came, how many wrote, what they say."""

    week: Week
    received: int
    texts: int
    by_mode: Mapping[Mode, int]
    overall: Satisfaction
