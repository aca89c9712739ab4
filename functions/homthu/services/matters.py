"""Matters: join a case to another one that says the same, and separate them again."""

from collections.abc import Iterable

from homthu.domain.cases.case import ActionKind, Case, CaseAction, CaseEvent, NotPossible
from homthu.domain.cases.matter import Actor
from homthu.domain.submissions.signs import Signs
from homthu.ports import Cases, Conflict, StoreUnavailable, SubmissionFinder
from homthu.services.cases import NoSuchSuggestion, Overtaken, first_case

_TRIES = 5


def join_case(
    finder: SubmissionFinder,
    cases: Cases,
    signs: Signs,
    *,
    ward: str,
    id: str,
    to: str,
    seen: int,
    by: Actor,
) -> Case:
    """Deal with a suggestion, of whose case the member saw `seen` steps, in another one's case.

    What nobody has in hand is taken in hand on the way; a case that is itself joined stands for the one that
    it is joined to; what a case gathered goes along. The same form again changes nothing. Raise
    `NoSuchSuggestion`, `NotPossible`, or `Overtaken`. May raise `StoreUnavailable`.
    """
    for _ in range(_TRIES):
        case, lead = cases.case(id), cases.case(to)
        if case and _was_sent(case, ActionKind.JOIN, by):
            return case
        _check_seen(case, seen)
        if lead and lead.joined_to:
            lead = cases.case(lead.joined_to)
        befores = {one.id: one for one in (case, lead) if one}
        mine = case or first_case(finder, signs, ward=ward, id=id, by=by)
        theirs = lead or first_case(finder, signs, ward=ward, id=to, by=by)
        if {mine.ward, theirs.ward} != {ward}:
            raise NoSuchSuggestion(id)
        members = _cases(cases, mine.gathered)
        befores |= {one.id: one for one in members}
        afters = by.join(mine, theirs, members)
        try:
            return cases.change_cases([(befores.get(one.id), one) for one in afters])[0]
        except Conflict:
            # Whichever case has changed: the member is told if it was the one that they looked at.
            continue
    raise StoreUnavailable("busy")


def part_case(
    cases: Cases, *, ward: str, id: str, seen: int, by: Actor, then: CaseAction | None = None
) -> Case:
    """Take a case out of its matter again, and do one more thing to it; the others stay as they are.

    If it is the lead of a matter all are separated, for they have none left. The same form again changes
    nothing. Raise `NoSuchSuggestion`, `NotPossible`, or `Overtaken`. May raise `StoreUnavailable`.
    """
    for _ in range(_TRIES):
        case = cases.case(id)
        if case is None or case.ward != ward:
            raise NoSuchSuggestion(id)
        if _was_sent(case, then.kind if then else ActionKind.PART, by):
            return case
        _check_seen(case, seen)
        if not (case.joined_to or case.gathered):
            raise NotPossible(ActionKind.PART)
        others = _cases(cases, [case.joined_to] if case.joined_to else case.gathered)
        after, *rest = by.leave(case, others)
        if then:
            event = CaseEvent(action=then, who=by.who, on=by.on, idempotency_key=by.idempotency_key)
            after = after.after(event)
        befores = {one.id: one for one in (case, *others)}
        try:
            return cases.change_cases([(befores[one.id], one) for one in (after, *rest)])[0]
        except Conflict:
            continue
    raise StoreUnavailable("busy")


def _was_sent(case: Case, kind: ActionKind, by: Actor) -> bool:
    return any(
        event.idempotency_key == by.idempotency_key and event.action.kind is kind for event in case.history
    )


def _check_seen(case: Case | None, seen: int) -> None:
    if case and len(case.history) != seen:
        raise Overtaken(case)


def _cases(cases: Cases, ids: Iterable[str]) -> list[Case]:
    return [case for id in ids if (case := cases.case(id))]
