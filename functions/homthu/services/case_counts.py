"""Case counts: what a report can say of the cases of a ward."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from homthu.domain.cases.case import Action, Case
from homthu.ports import Cases


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseCounts:
    """Cases from one day to another: those open and those overdue at the end of the last day, those
    opened in between, and those that got an answer in between."""

    open: int
    overdue: int
    opened: int
    answered: int


def case_counts(cases: Cases, *, ward: str, first: date, last: date) -> CaseCounts:
    """The counts of a ward, both days included. May raise `StoreUnavailable`."""
    return count_cases(cases.cases(ward), first=first, last=last)


def count_cases(cases: Iterable[Case], *, first: date, last: date) -> CaseCounts:
    """Count from the histories, so that a past week comes out the same whenever it is asked for."""
    known = [(case, then) for case in cases for then in (case.as_of(last),) if then]
    return CaseCounts(
        open=sum(then.state.is_open for _, then in known),
        overdue=sum(then.is_overdue(last) for _, then in known),
        opened=sum(first <= case.opened_on for case, _ in known),
        answered=sum(
            any(step.deed.action is Action.ANSWER and first <= step.on for step in then.history)
            for _, then in known
        ),
    )
