"""Unit access: the sealed token that opens one case to the unit that it is assigned to, and what it shows.

It names the ward, the case, the step that assigned it and the unit's address: assigning the case to another
unit ends it, and so does another address in the box file. Nothing about it is stored.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta

from homthu.domain.boxes.box import Box, Boxes, Unit
from homthu.domain.cases.case import Case
from homthu.domain.cases.review import ReviewKind
from homthu.domain.cases.sorting import stands_apart
from homthu.domain.cases.unit_mail import Task
from homthu.domain.submissions.personal_data import mask_personal_data
from homthu.domain.submissions.signs import Signs
from homthu.domain.text import clean
from homthu.domain.week import short_name
from homthu.ports import Cases, Reviews, Seal, SubmissionFinder

PURPOSE = "unit"
#: Longer than a case may take before the ward owes an answer; a reminder brings a new one.
PASS_AGE = timedelta(days=90)


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitTask:
    """One case as its unit may see it. `words` are masked, and empty where they may not be passed on."""

    box: Box
    unit: Unit
    case: Case
    words: str

    @property
    def name(self) -> str:
        """What the suggestion is called."""
        return short_name(self.case.week, self.case.number)

    @property
    def due_on(self) -> date | None:
        """The day that the unit was given."""
        return self.case.assignment.due_on if self.case.assignment else None


def make_unit_pass(seal: Seal, box: Box, unit: Unit, task: Task) -> str:
    """A token that opens this task to this unit."""
    return seal.seal(PURPOSE, [box.ward.code, task.case, str(task.step), _mark(unit)])


def unit_of(box: Box, case: Case) -> Unit | None:
    """The unit of the box that a case is assigned to now, or None."""
    assigned = case.assignment if Task.of(case) else None
    return box.unit(assigned.text) if assigned else None


def may_see(finder: SubmissionFinder, signs: Signs, case: Case) -> bool:
    """Whether a unit may see the case: nothing that is set apart, or whose author asked not to be quoted."""
    stored = finder.submission(case.id)
    return stored is not None and not stands_apart(stored.submission, signs, case)


def open_unit_pass(
    seal: Seal,
    boxes: Boxes,
    finder: SubmissionFinder,
    cases: Cases,
    reviews: Reviews,
    token: str,
) -> UnitTask | None:
    """What the token opens; None if it is forged or expired, or the case is no longer this unit's.

    May raise `StoreUnavailable`.
    """
    unsealed = seal.open(PURPOSE, token, PASS_AGE)
    if unsealed is None:
        return None
    ward, id, step, mark = unsealed.values
    box, case = boxes.by_ward.get(ward), cases.case(id)
    if box is None or case is None or Task.of(case) != Task(case=id, step=int(step)):
        return None
    unit = unit_of(box, case)
    if unit is None or _mark(unit) != mark or not may_see(finder, boxes.signs, case):
        return None
    return UnitTask(box=box, unit=unit, case=case, words=_words(finder, reviews, id))


def is_genuine(seal: Seal, token: str) -> bool:
    """Whether a unit was sent this token, and it has not expired, whatever became of its case."""
    return seal.open(PURPOSE, token, PASS_AGE) is not None


def _words(finder: SubmissionFinder, reviews: Reviews, id: str) -> str:
    """The words as readers decided about them, masked; the person who assigned the case has read them."""
    stored, review = finder.submission(id), reviews.review(id)
    decision = review.decision if review else None
    if stored is None or (decision and decision.kind is ReviewKind.WITHHOLD):
        return ""
    return mask_personal_data((decision.text if decision else "") or clean(stored.submission.text))


def _mark(unit: Unit) -> str:
    return hashlib.sha256(unit.email.casefold().encode()).hexdigest()[:16]
