"""Move a text to those who receive petitions, or back."""

from datetime import date

from homthu.domain.cases.case import ActionKind, Case, CaseAction, NotPossible
from homthu.domain.cases.matter import Actor
from homthu.domain.submissions.signs import Signs
from homthu.ports import Cases, SubmissionFinder
from homthu.services.cases import act_on_case, open_case, with_text
from homthu.services.matters import part_case


def move_text(
    finder: SubmissionFinder,
    cases: Cases,
    signs: Signs,
    *,
    ward: str,
    id: str,
    seen: int,
    move: ActionKind,
    who: str,
    on: date,
    idempotency_key: str,
) -> Case:
    """Move a text to those who receive petitions, or back; what nobody has in hand is taken in hand.

    What is moved away leaves its matter. Raise `NoSuchSuggestion`, `Overtaken`, or `NotPossible`: what its
    author asked not to be quoted is never moved back. May raise `StoreUnavailable`.
    """
    stored = with_text(finder, ward, id)
    case = cases.case(id)
    if move is ActionKind.SET_BACK and stored.submission.do_not_quote:
        raise NotPossible(move)
    if case is None:
        return open_case(
            finder,
            cases,
            signs,
            ward=ward,
            id=id,
            who=who,
            on=on,
            idempotency_key=idempotency_key,
            move=move,
        )
    if move is ActionKind.SET_APART and (case.joined_to or case.gathered):
        by = Actor(who=who, on=on, idempotency_key=idempotency_key)
        return part_case(cases, ward=ward, id=id, seen=seen, by=by, then=CaseAction(kind=move))
    return act_on_case(
        cases,
        ward=ward,
        id=id,
        seen=seen,
        action=CaseAction(kind=move),
        who=who,
        on=on,
        idempotency_key=idempotency_key,
    )
