"""Deadlines: by when something must be done about a case, and how late it is."""

from datetime import date, timedelta

from homthu.domain.boxes.deadlines import Deadlines
from homthu.domain.cases.case import Case, CaseState


def deadline(case: Case, rules: Deadlines) -> date | None:
    """The last day for what comes next; None where nothing does.

    A case is to be assigned by the ward's deadline, and answered by the ward's deadline even if the unit's is
    later: what takes longer can be answered with a promise and its day.
    """
    if not case.state.is_open:
        return case.promised
    if case.state is CaseState.RECEIVED:
        return rules.assign_by(case.since)
    due, answer_by = case.assignment.due_on if case.assignment else None, rules.answer_by(case.since)
    # Once the unit has reported, only the ward's answer is missing.
    return answer_by if due is None or case.unit_report else min(due, answer_by)


def overdue_days(case: Case, rules: Deadlines, day: date) -> int:
    """How many days a day is past the deadline; 0 while it is not."""
    last = deadline(case, rules)
    return max(timedelta(), day - last).days if last else 0
