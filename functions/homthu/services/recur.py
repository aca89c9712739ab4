"""Recur: say of a suggestion that what was answered has come back, and find what it may be."""

from homthu.domain.cases.case import ActionKind, Case, CaseAction, CaseEvent, NotPossible
from homthu.domain.cases.desk import Item
from homthu.domain.cases.matter import Actor
from homthu.domain.cases.recurrence import can_recur, is_like, likeness
from homthu.domain.submissions.signs import Signs
from homthu.ports import Cases, Conflict, SubmissionFinder
from homthu.services.cases import NoSuchSuggestion, Overtaken, first_case, same_or_overtaken

#: The most of the newest answers that are searched, and that are shown.
_LOOKED_AT, _SHOWN = 50, 5


def answered_before(cases: Cases, ward: str, item: Item) -> list[Case]:
    """The answered cases that a suggestion may bring back, the most similar first; or the one that it does.

    May raise `StoreUnavailable`.
    """
    if item.case and item.case.recurs_from:
        earlier = cases.case(item.case.recurs_from)
        return [earlier] if earlier else []
    if item.is_petition or (item.case and item.case.joined_to):
        return []
    found = (
        case
        for case in cases.answered_cases(ward, limit=_LOOKED_AT)
        if case.id != item.id and can_recur(item.week, case) and is_like(item.text, item.place, case)
    )
    return sorted(found, key=lambda case: (-likeness(item.text, case), case.id))[:_SHOWN]


def recur_case(
    finder: SubmissionFinder,
    cases: Cases,
    signs: Signs,
    *,
    ward: str,
    id: str,
    of: str,
    seen: int,
    by: Actor,
) -> Case:
    """Note that a suggestion, of whose case the member saw `seen` steps, brings back an answered one, which
    stays as it is; what nobody has in hand is taken in hand.

    The same form again changes nothing. Raise `NoSuchSuggestion`, `NotPossible`, or `Overtaken`. May raise
    `StoreUnavailable`.
    """
    case, earlier = cases.case(id), cases.case(of)
    action = CaseAction(kind=ActionKind.RECUR, other=of)
    if case and case.has(by.idempotency_key, action):
        return case
    if case and len(case.history) != seen:
        raise Overtaken(case)
    begun = case or first_case(finder, signs, ward=ward, id=id, by=by)
    if earlier is None or {begun.ward, earlier.ward} != {ward}:
        raise NoSuchSuggestion(id)
    if not can_recur(begun.week, earlier):
        raise NotPossible(ActionKind.RECUR)
    event = CaseEvent(action=action, who=by.who, on=by.on, idempotency_key=by.idempotency_key)
    try:
        return cases.change_cases([(case, begun.after(event))])[0]
    except Conflict:
        return same_or_overtaken(cases, id, action, by.idempotency_key)
