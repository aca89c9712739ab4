"""Take a suggestion in hand, and act on its case."""

from datetime import date

from homthu.domain.cases.case import ActionKind, Case, CaseAction, CaseEvent
from homthu.domain.cases.matter import Actor
from homthu.domain.errors import HomThuError
from homthu.domain.submissions.petition import is_set_apart
from homthu.domain.submissions.signs import Signs
from homthu.domain.submissions.submission import StoredSubmission
from homthu.domain.text import clean
from homthu.ports import Cases, Conflict, StoreUnavailable, SubmissionFinder


class NoSuchSuggestion(HomThuError):
    """The ward has no suggestion or case under this id, or its week is not closed yet."""


class Overtaken(HomThuError):
    """Somebody else changed the case meanwhile; `case` is its current state."""

    def __init__(self, case: Case) -> None:
        super().__init__(case.id)
        self.case = case


def open_case(
    finder: SubmissionFinder,
    cases: Cases,
    signs: Signs,
    *,
    ward: str,
    id: str,
    who: str,
    on: date,
    idempotency_key: str,
    move: ActionKind | None = None,
) -> Case:
    """Make a case of a suggestion; the same form sent again returns the case it made.

    With a move, its text goes to those who receive petitions, or back, at once: the history says who took it
    in hand and who moved it. Raise `NoSuchSuggestion`, `NotPossible` if it is there already, or `Overtaken`
    if somebody else opened it. May raise `StoreUnavailable`.
    """
    by = Actor(who=who, on=on, idempotency_key=idempotency_key)
    case = first_case(finder, signs, ward=ward, id=id, by=by)
    action = case.history[0].action
    if move:
        action = CaseAction(kind=move)
        case = case.after(CaseEvent(action=action, who=who, on=on, idempotency_key=idempotency_key))
    try:
        return cases.create_case(case)
    except Conflict:
        return same_or_overtaken(cases, id, action, idempotency_key)


def first_case(finder: SubmissionFinder, signs: Signs, *, ward: str, id: str, by: Actor) -> Case:
    """The case as it would be opened for this suggestion; nothing is stored. Raise `NoSuchSuggestion`."""
    stored = with_text(finder, ward, id)
    action = CaseAction(kind=ActionKind.OPEN)
    return Case(
        id=id,
        ward=ward,
        place=stored.submission.place,
        service=stored.submission.service,
        week=stored.week,
        is_petition=is_set_apart(stored.submission, signs),
        number=finder.place_in_week(ward, stored.week, id),
        history=(CaseEvent(action=action, who=by.who, on=by.on, idempotency_key=by.idempotency_key),),
    )


def with_text(finder: SubmissionFinder, ward: str, id: str) -> StoredSubmission:
    """The ward's suggestion under this id. Raise `NoSuchSuggestion`."""
    stored = finder.submission(id)
    if stored is None or stored.submission.ward != ward or not clean(stored.submission.text):
        raise NoSuchSuggestion(id)
    return stored


def same_or_overtaken(cases: Cases, id: str, action: CaseAction, idempotency_key: str) -> Case:
    """The case if this form was processed already, else raise `Overtaken` with the current state."""
    newest = cases.case(id)
    if newest is None:
        raise StoreUnavailable("vanished")
    if newest.has(idempotency_key, action):
        return newest
    raise Overtaken(newest)


def act_on_case(
    cases: Cases,
    *,
    ward: str,
    id: str,
    seen: int,
    action: CaseAction,
    who: str,
    on: date,
    idempotency_key: str,
) -> Case:
    """Add a step to a case of which the member saw `seen` steps; the same form again adds none.

    Raise `NoSuchSuggestion`, `NotPossible`, or `Overtaken` if there are steps they have not seen. May raise
    `StoreUnavailable`.
    """
    case = cases.case(id)
    if case is None or case.ward != ward:
        raise NoSuchSuggestion(id)
    if case.has(idempotency_key, action):
        return case
    if len(case.history) != seen:
        raise Overtaken(case)
    after = case.after(CaseEvent(action=action, who=who, on=on, idempotency_key=idempotency_key))
    try:
        return cases.replace_case(case, after)
    except Conflict:
        return same_or_overtaken(cases, id, action, idempotency_key)
