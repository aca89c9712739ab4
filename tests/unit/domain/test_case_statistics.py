"""What a report tells of a ward's cases, read from their histories alone."""

from dataclasses import replace
from datetime import date

import pytest
from board_side import ASSIGNED, CLOSED, REOPENED, answering
from builders import submission
from case_builders import OPEN, a_case, day
from fakes.memory_store import MemoryStore
from homthu.domain.cases.case import ActionKind, AnswerKind, Case, CaseAction, CaseState
from homthu.domain.cases.statistics import CaseInPeriod, CaseStatistics
from homthu.domain.reports.attribution import NOBODY
from homthu.domain.week import Week
from homthu.services.case_statistics import read_case_statistics
from hypothesis import given
from hypothesis import strategies as st

FIRST, LAST = day(16), day(22)
LATE = CaseAction(kind=ActionKind.ASSIGN, text="Đơn vị", due_on=day(20))
W47 = Week(2026, 47)


def store(*cases: Case) -> MemoryStore:
    held = MemoryStore(lambda: W47.begins_at)
    for number, case in enumerate(cases):
        held.create_case(replace(case, id=f"{number:03}"))
    return held


def read(*cases: Case, first: date = FIRST, last: date = LAST, limit: int = 100) -> CaseStatistics:
    held = store(*cases)
    return read_case_statistics(
        held, held.submission, ward="07207", first=first, last=last, attribution=NOBODY, limit=limit
    )


def test_a_week_is_told_as_it_stood_at_its_end() -> None:
    told = read(
        a_case((9, OPEN), (10, LATE), (25, answering())),  # overdue then, answered only later
        a_case((17, OPEN)),
        a_case((18, OPEN), (19, answering()), (24, REOPENED)),
        a_case((2, OPEN), (3, CLOSED)),  # over before
        a_case((23, OPEN)),  # not there yet
        a_case((3, OPEN), (4, answering()), (18, answering())),  # answered before, better worded now
    )
    assert (told.carried, told.taken, told.done) == (1, 2, 1)
    assert (told.open, told.unassigned, told.overdue, told.undecided) == (2, 1, 1, 2)
    assert [one.state for one in told.cases] == [
        CaseState.ASSIGNED,
        CaseState.RECEIVED,
        CaseState.ANSWERED,
    ]


@pytest.mark.parametrize(("due", "is_overdue"), [(21, True), (22, True), (23, False)])
def test_a_case_is_overdue_when_its_day_has_passed_with_the_last_day(due: int, is_overdue: bool) -> None:
    told = read(a_case((17, OPEN), (17, replace(LATE, due_on=day(due)))))
    assert bool(told.overdue) is is_overdue


def test_a_case_that_was_reopened_has_lost_its_unit_and_is_taken_anew() -> None:
    told = read(a_case((2, OPEN), (3, ASSIGNED), (4, CLOSED), (18, REOPENED)))
    assert (told.carried, told.taken, told.open, told.unassigned) == (0, 1, 1, 1)


def test_a_ward_without_any_case_is_told_from_one_without_an_open_one() -> None:
    assert read() == CaseStatistics()
    assert read(a_case((23, OPEN))) == CaseStatistics()
    assert read(a_case((2, OPEN), (3, CLOSED))) == CaseStatistics(is_used=True)


def test_the_list_is_cut_after_the_most_urgent_and_says_how_many_are_left_out() -> None:
    told = read(*(a_case((n, OPEN)) for n in range(2, 17)), a_case((17, OPEN), (17, LATE)), limit=3)
    assert [one.opened_on for one in told.cases] == [day(2), day(3), day(4)]
    assert (told.open, told.more) == (16, 13)


def test_what_nobody_was_told_to_do_in_time_waits_for_one_decision_and_is_late_by_days() -> None:
    told = read(a_case((9, OPEN)), a_case((17, OPEN)), a_case((2, OPEN), (3, LATE)))
    assert (told.unassigned, told.overdue, told.undecided) == (2, 2, 3)
    assert [one.overdue_days for one in told.cases] == [7, 3, 0]


def test_what_a_case_is_about_is_the_answer_s_subject_or_the_masked_words() -> None:
    held = store(
        a_case((17, OPEN)),
        a_case((17, OPEN), (18, answering("Chờ lâu ở quầy"))),
        a_case((17, OPEN), is_petition=True),
        a_case((17, OPEN)),
    )
    for id in ("000", "001", "002"):
        held.add(id, submission(ward="07207", text="Xin gọi 0912 345 678 cho tôi"), "")
    list(held.assign_week("07207", W47))
    told = read_case_statistics(
        held, held.submission, ward="07207", first=FIRST, last=LAST, attribution=NOBODY
    )
    assert sorted(one.about for one in told.cases) == ["", "", "Chờ lâu ở quầy", "Xin gọi […] cho tôi"]
    (petition,) = (one for one in told.cases if one.is_petition)
    assert (petition.about, petition.place, petition.service) == ("", "", "")


def test_another_ward_s_cases_are_not_told() -> None:
    held = store(a_case((17, OPEN)))
    assert (
        read_case_statistics(held, held.submission, ward="07210", first=FIRST, last=LAST, attribution=NOBODY)
        == CaseStatistics()
    )


ACTIONS = [OPEN, LATE, ASSIGNED, answering(), CLOSED, REOPENED]


@st.composite
def histories(draw: st.DrawFn) -> Case:
    """Any history that the desk lets happen, a step at most each day."""
    days = sorted(draw(st.sets(st.integers(2, 30), min_size=1, max_size=12)))
    case = a_case((days[0], OPEN))
    for on in days[1:]:
        possible = [action for action in ACTIONS if action.kind in case.possible]
        case = case.after(replace(a_case((on, draw(st.sampled_from(possible)))).history[0]))
    return case


@given(st.lists(histories(), max_size=8), st.integers(3, 28), st.integers(0, 9))
def test_carried_and_taken_less_done_are_open(cases: list[Case], first: int, days: int) -> None:
    last = min(30, first + days)
    told = read(*cases, first=day(first), last=day(last))
    assert told.carried + told.taken - told.done == told.open
    assert told.undecided <= told.open
    assert len(told.cases) + told.more == told.open + told.done


@given(st.lists(histories(), max_size=8), st.integers(3, 28), st.integers(3, 28))
def test_what_is_carried_over_is_what_was_open_the_day_before(
    cases: list[Case], one: int, other: int
) -> None:
    first, second = min(one, other), max(one, other) + 1
    before = read(*cases, first=day(first), last=day(second - 1))
    assert read(*cases, first=day(second), last=day(30)).carried == before.open


@given(histories(), st.integers(3, 28))
def test_what_happens_later_does_not_change_what_is_told(case: Case, last: int) -> None:
    then = case.as_of(day(last))
    was = CaseInPeriod.of(then, first=day(2), last=day(last)) if then else None
    assert CaseInPeriod.of(case, first=day(2), last=day(last)) == was


def test_a_text_that_was_moved_is_counted_once_and_only_in_its_week() -> None:
    there, back = CaseAction(kind=ActionKind.SET_APART), CaseAction(kind=ActionKind.SET_BACK)
    held = store(
        a_case((2, OPEN), (17, there), is_petition=True),
        a_case((2, OPEN), (17, back)),
        a_case((2, OPEN), (17, there), (18, back)),
        a_case((2, OPEN), (3, there), is_petition=True),
    )
    told = read_case_statistics(
        held, held.submission, ward="07207", first=FIRST, last=LAST, attribution=NOBODY
    )
    assert (told.set_apart, told.set_back, told.taken, told.open) == (1, 2, 0, 4)


# A promise comes back on its day.

PROMISE = replace(answering(), answer_kind=AnswerKind.PROMISED, due_on=day(18))


@pytest.mark.parametrize(
    ("events", "counts"),
    [
        # carried, taken, done, open
        (((9, OPEN), (10, replace(PROMISE, due_on=day(23)))), (0, 0, 0, 0)),
        (((9, OPEN), (10, PROMISE)), (0, 1, 0, 1)),
        (((9, OPEN), (10, replace(PROMISE, due_on=day(13)))), (1, 0, 0, 1)),
        (((9, OPEN), (10, PROMISE), (20, answering())), (0, 1, 1, 0)),
        (((9, OPEN), (10, replace(PROMISE, due_on=day(13))), (20, answering())), (1, 0, 1, 0)),
        (((9, OPEN), (10, PROMISE), (17, answering())), (0, 0, 0, 0)),
        # Promised again on the day.
        (((9, OPEN), (10, PROMISE), (18, replace(PROMISE, due_on=day(30)))), (0, 1, 1, 0)),
    ],
    ids=["to come", "came", "came before", "kept late", "kept late from before", "kept", "again"],
)
def test_a_promise_whose_day_has_come_is_open_until_something_is_said(
    events: tuple[tuple[int, CaseAction], ...], counts: tuple[int, ...]
) -> None:
    told = read(a_case(*events))
    assert (told.carried, told.taken, told.done, told.open) == counts
    assert (told.unassigned, told.overdue) == (0, counts[3])


def test_a_promise_is_not_closed_away() -> None:
    assert ActionKind.CLOSE not in a_case((9, OPEN), (10, PROMISE)).possible
    assert ActionKind.CLOSE in a_case((9, OPEN), (10, PROMISE), (18, answering())).possible
