"""Questionnaires: versioned, in every language the page speaks."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from functools import cached_property

from homthu.record import record

#: A text in each language, by its code; `vi` is always there.
Localised = Mapping[str, str]


class QuestionKind(StrEnum):
    """How a question is answered."""

    RATING = "rating"
    CHOICE = "choice"


#: The options of a rating, best first, and the one for «no opinion». They are the same in every
#: questionnaire, so that shares can be compared.
RATINGS = ("5", "4", "3", "2", "1")
NO_OPINION = "khong"
#: Options of a choice that answer nothing: not due, not applicable, rather not say.
NO_ANSWER = frozenset({"chua_han", "kad", "khong_tra_loi"})
#: The two options that say a result came late, told apart by whether an apology came with it.
LATE_WITH_APOLOGY = "tre_xin_loi"
LATE_WITHOUT_APOLOGY = "tre"
#: The two options for having been harassed or asked for money: serious, and they set a text apart.
HARASSED = "phien_ha"
ASKED_FOR_MONEY = "goi_y_chi"


class TextKind(StrEnum):
    """What a text is, as its author says; the same in every questionnaire, so that they can be counted."""

    PRAISE = "khen"
    PROBLEM = "khac_phuc"
    PROPOSAL = "de_xuat"


@record
class Option:
    """One answer that can be chosen; its id is what is stored."""

    id: str
    label: Localised


@record
class Question:
    """One question; its id names it in the store, and in the form behind a prefix."""

    id: str
    kind: QuestionKind
    text: Localised
    short: Localised
    required: bool
    options: tuple[Option, ...]

    def option(self, option_id: str) -> Option | None:
        """The option with this id, or None."""
        return self._by_id.get(option_id)

    @cached_property
    def _by_id(self) -> Mapping[str, Option]:
        return {option.id: option for option in self.options}

    @property
    def answers(self) -> tuple[str, ...]:
        """The ids of the options that count as an answer, in order."""
        nothing = {NO_OPINION} if self.kind is QuestionKind.RATING else NO_ANSWER
        return tuple(option.id for option in self.options if option.id not in nothing)


@record
class Theme:
    """What a text may be about, and the phrases from which the machine suggests it.

    Themes are printed on no form: a word list may change at any time, and a report says what it was then.
    """

    id: str
    label: Localised
    words: tuple[str, ...]


@record
class Questionnaire:
    """What one version asks. A submission keeps the version it answered."""

    version: str
    questions: tuple[Question, ...]
    services: tuple[Option, ...]
    text_label: Localised
    text_hint: Localised
    #: The question whose rating stands for the whole in tables by place and by service.
    overall: str
    #: The kinds of text that can be chosen, and the box «xin không trích», in versions that have them.
    text_kinds: tuple[Option, ...] = ()
    do_not_quote_label: Localised = field(default_factory=dict)
    #: What texts are about, at most twelve.
    themes: tuple[Theme, ...] = ()
    #: The files that speak a question, by its id and the language.
    clips: Mapping[str, Localised] = field(default_factory=dict)

    def question(self, question_id: str) -> Question | None:
        """The question with this id, or None."""
        return next((question for question in self.questions if question.id == question_id), None)

    @property
    def ratings(self) -> tuple[Question, ...]:
        """The questions answered on the five-step scale."""
        return tuple(q for q in self.questions if q.kind is QuestionKind.RATING)

    @property
    def choices(self) -> tuple[Question, ...]:
        """The questions with options of their own."""
        return tuple(q for q in self.questions if q.kind is QuestionKind.CHOICE)


def letter(position: int) -> str:
    """What stands before an option on paper, and chooses it when slips are typed in: a to z, then aa, ab …

    A letter, because options have numbers already: those of ratings, best 5, and those in their own words.
    """
    before, place = divmod(position, 26)
    return (letter(before - 1) if before else "") + "abcdefghijklmnopqrstuvwxyz"[place]


class InVietnamese(str):
    """Words left in Vietnamese among those of another language, for want of a translation."""

    __slots__ = ()


def say(text: Localised, language: str) -> str:
    """The text in this language, or in Vietnamese where it is missing; empty where there is none."""
    if said := text.get(language):
        return said
    vietnamese = text.get("vi", "")
    return vietnamese if language == "vi" else InVietnamese(vietnamese)
