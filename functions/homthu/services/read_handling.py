"""Read the handling: what a report tells about the cases of a ward."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from heapq import nsmallest

from homthu.domain.cases.case import Case
from homthu.domain.reports.attribution import Attribution
from homthu.domain.reports.handling import MAX_MATTERS, CaseCourse, Handling, Matter
from homthu.domain.submissions.personal_data import mask_personal_data
from homthu.domain.text import clean
from homthu.ports import Cases, SubmissionFinder


def read_handling(
    cases: Cases,
    finder: SubmissionFinder,
    *,
    ward: str,
    first: date,
    last: date,
    attribution: Attribution,
    limit: int = MAX_MATTERS,
) -> Handling:
    """The cases from one day to another, both included; memory does not grow with their number.

    May raise `StoreUnavailable`.
    """
    counts: Counter[str] = Counter()

    def listed() -> Iterator[CaseCourse]:
        for case in cases.cases(ward):
            course = CaseCourse.of(case, first=first, last=last)
            if course is None:
                continue
            counts["used"] += 1
            counts["carried"] += course.is_carried
            counts["taken"] += course.is_taken
            counts["done"] += course.is_done
            counts["open"] += course.is_open
            counts["unassigned"] += course.is_unassigned
            counts["overdue"] += course.is_overdue
            if course.is_open or course.is_done:
                yield course

    chosen = nsmallest(limit, listed(), key=lambda course: course.urgency)
    return Handling(
        is_used=bool(counts["used"]),
        carried=counts["carried"],
        taken=counts["taken"],
        done=counts["done"],
        open=counts["open"],
        unassigned=counts["unassigned"],
        overdue=counts["overdue"],
        matters=tuple(Matter.of(course, _about(finder, course.case), attribution) for course in chosen),
        more=counts["open"] + counts["done"] - len(chosen),
    )


def _about(finder: SubmissionFinder, case: Case) -> str:
    """What a case is about; the words of one that may be a petition are not even read."""
    if case.is_petition:
        return ""
    if case.answer:
        return case.answer.subject
    stored = finder.submission(case.id)
    return mask_personal_data(clean(stored.submission.text)) if stored else ""
