"""Act on a case: assign, answer, close or reopen it, once for each form that was sent."""

from datetime import date

from homthu.domain.cases.case import Case, Deed, Step
from homthu.ports import Cases, Conflict
from homthu.services.open_case import NoSuchSuggestion, Overtaken, same_or_overtaken


def act_on_case(
    cases: Cases, *, ward: str, id: str, seen: int, deed: Deed, who: str, on: date, once: str
) -> Case:
    """Add a step to a case of which the member saw so many steps; the same form again adds none.

    Raise `NoSuchSuggestion`, `NotPossible`, or `Overtaken` if there are steps they have not seen.
    May raise `StoreUnavailable`.
    """
    case = cases.case(id)
    if case is None or case.ward != ward:
        raise NoSuchSuggestion(id)
    if case.has(once, deed):
        return case
    if len(case.history) != seen:
        raise Overtaken(case)
    after = case.after(Step(deed=deed, who=who, on=on, once=once))
    try:
        return cases.replace_case(case, after)
    except Conflict:
        return same_or_overtaken(cases, id, deed, once)
