"""Serious signals: forms that say they were asked for money, harassed, or kept waiting without a word.

A committee is told them first after what waits for its decision; and like every other figure only when the
run of their question is told.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from homthu.domain.boxes.questionnaire import (
    ASKED_FOR_MONEY,
    HARASSED,
    LATE_WITHOUT_APOLOGY,
    Questionnaire,
)
from homthu.domain.releases.figure import Between, Figure
from homthu.domain.releases.series import Asked

#: The options that are told first, the gravest at the front; the same in every questionnaire.
SERIOUS = (ASKED_FOR_MONEY, HARASSED, LATE_WITHOUT_APOLOGY)
#: Gives what is told of a question in a report's time.
Tell = Callable[[Asked], Figure | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class SeriousSignal:
    """One of these options: how many of how many answers chose it; no answers where nothing is told."""

    option: str
    chosen: Between
    answers: int


def serious_signals(versions: Iterable[Questionnaire], tell: Tell) -> tuple[SeriousSignal, ...]:
    """Every such option that any of the versions has, with the sum of what is told of it."""
    known, found = tuple(versions), []
    for option in SERIOUS:
        asked = [
            Asked(version.version, question.id)
            for version in known
            for question in version.choices
            if question.option(option)
        ]
        figures = [figure for one in asked if (figure := tell(one))]
        chosen = [figure.chose({option}) for figure in figures]
        if asked:
            found.append(
                SeriousSignal(
                    option=option,
                    chosen=Between(
                        least=sum(one.least for one in chosen), most=sum(one.most for one in chosen)
                    ),
                    answers=sum(figure.answers for figure in figures),
                )
            )
    return tuple(found)
