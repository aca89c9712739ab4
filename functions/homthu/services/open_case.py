"""Open a case: take a suggestion in hand."""

from datetime import date

from homthu.domain.cases.case import Action, Case, Deed, Step
from homthu.domain.errors import HomThuError
from homthu.domain.submissions.petition import looks_like_petition
from homthu.domain.text import clean
from homthu.ports import Cases, Conflict, StoreUnavailable, SubmissionFinder


class NoSuchSuggestion(HomThuError):
    """The ward has no suggestion or case under this id, or its week is not closed yet."""


class Overtaken(HomThuError):
    """Somebody else changed the case meanwhile; `case` is as it is now."""

    def __init__(self, case: Case) -> None:
        super().__init__(case.id)
        self.case = case


def open_case(
    finder: SubmissionFinder, cases: Cases, *, ward: str, id: str, who: str, on: date, once: str
) -> Case:
    """Make a case of a suggestion; the same form sent again returns the case it made.

    Raise `NoSuchSuggestion`, or `Overtaken` if somebody else opened it. May raise `StoreUnavailable`.
    """
    stored = finder.submission(id)
    text = clean(stored.submission.text) if stored else ""
    if stored is None or stored.submission.ward != ward or not text:
        raise NoSuchSuggestion(id)
    deed = Deed(action=Action.OPEN)
    case = Case(
        id=id,
        ward=ward,
        place=stored.submission.place,
        service=stored.submission.service,
        week=stored.week,
        is_petition=looks_like_petition(text),
        number=finder.place_in_week(ward, stored.week, id),
        history=(Step(deed=deed, who=who, on=on, once=once),),
    )
    try:
        return cases.create_case(case)
    except Conflict:
        return same_or_overtaken(cases, id, deed, once)


def same_or_overtaken(cases: Cases, id: str, deed: Deed, once: str) -> Case:
    """The case if this form was taken already, else raise `Overtaken` with the newest state."""
    newest = cases.case(id)
    if newest is None:
        raise StoreUnavailable("vanished")
    if newest.has(once, deed):
        return newest
    raise Overtaken(newest)
