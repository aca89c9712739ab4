"""A target: another system that the ward's figures are typed into, and how it wants them.

Its columns are known only to the office that sits in front of it; so it is a file that an office writes.
Totals alone can be asked for: infra/decisions/0041 says why.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from homthu.domain.boxes.questionnaire import Question, QuestionKind, Questionnaire, say

#: What stands in a label for the code of the option that its number is of.
CODE = "{code}"
#: What stands for the option in the words for «all or all but one».
OPTION = "{option}"


class DateForm(StrEnum):
    """How the other system wants a day."""

    DAY_FIRST = "dd/mm/yyyy"
    DAY_FIRST_SHORT = "d/m/yyyy"
    DAY_FIRST_HYPHENS = "dd-mm-yyyy"
    YEAR_FIRST = "yyyy-mm-dd"
    DIGITS = "yyyymmdd"

    def write(self, day: date) -> str:
        """A day in this form."""
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
    """Of whom a target takes rows: of the ward, of each place."""

    WARD = "ward"
    PLACE = "place"


class FormsTakes(StrEnum):
    """What a field of a row about numbers of forms takes."""

    FIRST_DAY = "first_day"
    LAST_DAY = "last_day"
    WEEK = "week"
    ROUND = "round"
    ABOUT = "about"
    FORMS = "forms"


class AnswersTakes(StrEnum):
    """What a field of a row about one question's answers takes; `OPTIONS` is a field for each option."""

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
    """A question by its id in our questionnaires: its code there, and its options' unless it is a rating."""

    id: str
    code: str
    options: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class TargetWords:
    """What the other system calls what is no option."""

    ward: str
    rest: str
    outside: str
    satisfied: str
    neutral: str
    dissatisfied: str
    alike: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """How one other system wants it. `name` is that of its file, `scale` the codes of the five ratings.

    One that `is_ours` calls questions and options as our own questionnaires do, whichever there will be.
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
        """What the other system calls a question; empty if that is not said."""
        if self.is_ours:
            return say(question.short, "vi")
        found = self.question(question.id)
        return found.code if found else ""

    def codes(self, question: Question) -> Mapping[str, str]:
        """The codes of a question's options: those of the scale where it is a rating."""
        if self.is_ours:
            return {option.id: say(option.label, "vi") for option in question.options}
        if question.kind is QuestionKind.RATING:
            return self.scale
        found = self.question(question.id)
        return found.options if found else {}

    def missing(self, asked: Questionnaire) -> Iterator[tuple[Question, tuple[str, ...]]]:
        """The questions of a version that have no code, or of whose answers some have none."""
        for question in asked.questions:
            codes = self.codes(question)
            without = tuple(option for option in question.answers if option not in codes)
            if not self.code(question) or without:
                yield question, without


def answers_to(id: str, versions: Iterable[Questionnaire]) -> tuple[str, ...]:
    """Every option that answers the question of this id in any version, in their order; no rating's."""
    found = [version.question(id) for version in versions]
    return tuple(
        dict.fromkeys(
            option
            for question in found
            if question and question.kind is QuestionKind.CHOICE
            for option in question.answers
        )
    )
