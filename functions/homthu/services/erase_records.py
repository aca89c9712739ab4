"""Empty of words what was made of a submission: its case, its review and its verdict."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from homthu.ports import Cases, Conflict, Reviews, StoreUnavailable, Verdicts

_TRIES = 5
_T = TypeVar("_T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """What stands where the words were, and in the last step of a case; `who` ends the case."""

    notice: str
    step: str
    who: str


def until_nobody_is_quicker(change: Callable[[], _T]) -> _T:
    """The result of a change, tried again while others write meanwhile. Raise `StoreUnavailable`."""
    for _ in range(_TRIES):
        try:
            return change()
        except Conflict:
            continue
    raise StoreUnavailable("busy")


def erase_case(cases: Cases, id: str, wording: Wording, on: date) -> bool:
    """Empty a case of words and close it; whether there was one. Raise `StoreUnavailable`.

    What a member of the committee writes meanwhile goes too.
    """

    def erased() -> bool:
        case = cases.case(id)
        if case is None:
            return False
        after = case.erased(wording.step, who=wording.who, on=on)
        if after != case:
            cases.replace_case(case, after)
        return True

    return until_nobody_is_quicker(erased)


def erase_review(reviews: Reviews, id: str, on: date) -> None:
    """Empty of words what readers decided. Raise `StoreUnavailable`."""

    def erased() -> None:
        review = reviews.review(id)
        if review is not None and not review.is_erased:
            reviews.replace_review(review, review.erased(on=on))

    until_nobody_is_quicker(erased)


def erase_verdict(verdicts: Verdicts, id: str) -> None:
    """Empty of words what the citizen said of the answer; what they chose stays. Raise `StoreUnavailable`."""

    def erased() -> None:
        verdict = verdicts.verdict(id)
        if verdict is not None and verdict.words:
            verdicts.replace_verdict(verdict, replace(verdict, words=""))

    until_nobody_is_quicker(erased)
