from dataclasses import replace
from datetime import date

import pytest
from board_side import ASSIGNED, CLOSED, REOPENED, answering
from case_builders import OPEN, a_case, day
from homthu.domain.boxes.deadlines import Deadlines
from homthu.domain.cases.case import Case
from homthu.domain.cases.deadline import deadline, overdue_days

RULES = Deadlines()
SOON = replace(ASSIGNED, due_on=day(13))


@pytest.mark.parametrize(
    ("case", "last"),
    [
        (a_case((2, OPEN)), day(9)),
        (a_case((2, OPEN), (3, SOON)), day(13)),
        # However late the unit's day is, the ward answers by its own.
        (a_case((2, OPEN), (3, replace(ASSIGNED, due_on=date(2027, 3, 1)))), day(23)),
        (a_case((2, OPEN), (3, CLOSED), (16, REOPENED)), day(23)),
        (a_case((2, OPEN), (3, answering())), None),
        (a_case((2, OPEN), (3, CLOSED)), None),
    ],
    ids=["to assign", "the unit's", "to answer", "reopened", "answered", "closed"],
)
def test_the_deadline_is_that_of_what_comes_next(case: Case, last: date | None) -> None:
    assert deadline(case, RULES) == last


def test_a_ward_sets_its_own() -> None:
    assert deadline(a_case((2, OPEN)), Deadlines(assign=1)) == day(3)
    assert deadline(a_case((2, OPEN), (3, SOON)), Deadlines(assign=1, answer=2)) == day(4)


@pytest.mark.parametrize(("on", "days"), [(9, 0), (10, 1), (16, 7)])
def test_how_late_it_is_is_told_in_days(on: int, days: int) -> None:
    assert overdue_days(a_case((2, OPEN)), RULES, day(on)) == days
