"""A target: another system that the ward's figures are typed into, and how it wants them.

Only the office that uses it knows its columns, so the office writes the file. A target can ask for totals
only; infra/decisions/0041 says why.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from homthu.domain.boxes.questionnaire import Question, QuestionKind, Questionnaire, say

#: The placeholder in a label for the code of an option.
CODE = "{code}"
#: The placeholder for the option in the words for «all or all but one».
OPTION = "{option}"


class DateForm(StrEnum):
    """How the other system writes a day."""

    DAY_FIRST = "dd/mm/yyyy"
    DAY_FIRST_SHORT = "d/m/yyyy"
    DAY_FIRST_HYPHENS = "dd-mm-yyyy"
    YEAR_FIRST = "yyyy-mm-dd"
    DIGITS = "yyyymmdd"

    def write(self, day: date) -> str:
        """The day in this format."""
        match self:
            case DateForm.DAY_FIRST:
                return f"{day:%d/%m/%Y}"
            case DateForm.DAY_FIRST_SHORT:
                return f"{day.day}/{day.month}/{day.year}"
            case DateForm.DAY_FIRST_HYPHENS:
                return f"{day:%d-%m-%Y}"
            case DateForm.YEAR_FIRST:
                return day.isoformat()
            case DateForm.DIGITS:
                return f"{day:%Y%m%d}"


class TargetAbout(StrEnum):
    """Whether a target takes rows for the ward, for each place, or both."""

    WARD = "ward"
    PLACE = "place"


class FormsTakes(StrEnum):
    """What a field takes in a row that counts forms."""

    FIRST_DAY = "first_day"
    LAST_DAY = "last_day"
    WEEK = "week"
    ROUND = "round"
    ABOUT = "about"
    FORMS = "forms"


class AnswersTakes(StrEnum):
    """What a field takes in a row with one question's answers; `OPTIONS` becomes a field per option."""

    FIRST_DAY = "first_day"
    LAST_DAY = "last_day"
    ROUND = "round"
    ABOUT = "about"
    QUESTION = "question"
    ANSWERS = "answers"
    OPTIONS = "options"
    IN_WORDS = "in_words"


@dataclass(frozen=True, kw_only=True, slots=True)
class TargetField:
    """A field of the other system: its label there, and what goes into it."""

    label: str
    takes: FormsTakes | AnswersTakes


@dataclass(frozen=True, kw_only=True, slots=True)
class TargetQuestion:
    """The code of the question with this id, and the codes of its options unless it is a rating."""

    id: str
    code: str
    options: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class TargetWords:
    """What the other system calls things that are not options."""

    ward: str
    rest: str
    outside: str
    satisfied: str
    neutral: str
    dissatisfied: str
    alike: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """How one other system wants figures. `name` is its file's, `scale` has the codes of the five ratings.

    A target that `is_ours` uses the labels of our own questionnaires as codes, in any version.
    """

    name: str
    title: str
    date: DateForm
    about: frozenset[TargetAbout]
    words: TargetWords
    scale: Mapping[str, str]
    questions: tuple[TargetQuestion, ...]
    forms: tuple[TargetField, ...]
    answers: tuple[TargetField, ...]
    is_ours: bool = False

    def question(self, id: str) -> TargetQuestion | None:
        """The question with this id, or None."""
        return next((one for one in self.questions if one.id == id), None)

    def code(self, question: Question) -> str:
        """The code of a question, or empty if the target has none."""
        if self.is_ours:
            return say(question.short, "vi")
        found = self.question(question.id)
        return found.code if found else ""

    def codes(self, question: Question) -> Mapping[str, str]:
        """The codes of a question's options by their ids; for a rating, those of the scale."""
        if self.is_ours:
            return {option.id: say(option.label, "vi") for option in question.options}
        if question.kind is QuestionKind.RATING:
            return self.scale
        found = self.question(question.id)
        return found.options if found else {}

    def missing(self, asked: Questionnaire) -> Iterator[tuple[Question, tuple[str, ...]]]:
        """The questions of a version without a code, or with answers without one; and those answers."""
        for question in asked.questions:
            codes = self.codes(question)
            without = tuple(option for option in question.answers if option not in codes)
            if not self.code(question) or without:
                yield question, without


def answers_to(id: str, versions: Iterable[Questionnaire]) -> tuple[str, ...]:
    """Every option that is an answer to the question with this id in any version; none for a rating."""
    found = [version.question(id) for version in versions]
    return tuple(
        dict.fromkeys(
            option
            for question in found
            if question and question.kind is QuestionKind.CHOICE
            for option in question.answers
        )
    )
