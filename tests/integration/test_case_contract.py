"""How cases are found, whatever the store: by where they stand, without a ward's whole past."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest
from board_side import answering
from case_builders import OPEN, a_case, day
from homthu.domain.cases.case import ActionKind, AnswerKind, Case, CaseAction
from homthu.domain.cases.case_index import CaseIndex
from homthu.domain.week import Week
from homthu.ports import Store
from samples import OTHER_WARD, WARD

CLOSE = CaseAction(kind=ActionKind.CLOSE, text="Trùng")
APART = CaseAction(kind=ActionKind.SET_APART)
TODAY = day(20)


def assign(due: date) -> CaseAction:
    return CaseAction(kind=ActionKind.ASSIGN, text="Tổ một cửa", due_on=due)


def promise(by: int) -> CaseAction:
    return replace(answering(), answer_kind=AnswerKind.PROMISED, due_on=day(by))


#: Every way to stand, with two that stand alike.
CASES = {
    "a1": a_case((9, OPEN), (10, assign(day(18)))),
    "a2": a_case((9, OPEN), (11, assign(day(18)))),
    "b1": a_case((9, OPEN), (12, assign(day(19)))),
    "c1": a_case((13, OPEN)),
    "c2": a_case((8, OPEN), (9, CLOSE), (14, CaseAction(kind=ActionKind.REOPEN))),
    "d1": a_case((9, OPEN), (15, assign(TODAY))),
    "e1": a_case((9, OPEN), (10, assign(day(12))), (16, answering())),
    "e2": a_case((9, OPEN), (10, answering()), (17, CLOSE)),
    "f1": a_case((9, OPEN), (10, answering()), (18, APART), is_petition=True),
    "g1": a_case((9, OPEN), (19, CLOSE)),
}
OLDEST_FIRST = ["a1", "a2", "b1", "d1", "c1", "c2"]


@pytest.fixture
def filled(store: Store) -> Store:
    for id, case in reversed(CASES.items()):
        week = Week(2026, 46) if id < "c" else Week(2026, 47)
        store.create_case(replace(case, id=id, ward=WARD, week=week))
        store.create_case(replace(case, id=f"z{id}", ward=OTHER_WARD, week=week))
    return store


def ids(cases: Iterable[Case]) -> list[str]:
    return [case.id for case in cases]


def test_open_cases_come_the_oldest_first(filled: Store) -> None:
    assert ids(filled.open_cases(WARD)) == OLDEST_FIRST
    assert ids(filled.open_cases("00003")) == []


def test_a_case_whose_answer_promises_something_is_found_among_the_open_ones(store: Store) -> None:
    promised = replace(a_case((2, OPEN), (3, promise(20))), id="promised", ward=WARD)
    kept = replace(a_case((2, OPEN), (3, promise(20)), (4, answering())), id="kept", ward=WARD)
    for case in (promised, kept):
        store.create_case(case)
    assert ids(store.open_cases(WARD)) == ["promised"]
    assert next(store.open_cases(WARD)).promised == day(20)


def test_what_is_owed_is_counted_without_promises_whose_day_is_to_come(filled: Store) -> None:
    for id, *later in (("p1",), ("p2", (4, answering())), ("p3", (4, CaseAction(kind=ActionKind.REOPEN)))):
        filled.create_case(replace(a_case((2, OPEN), (3, promise(20)), *later), id=id, ward=WARD))
    # Two are open for good, `p1` until its day, and `p2` is kept.
    due = len(OLDEST_FIRST) + 1
    assert [filled.count_owed(WARD, day(n)) for n in (3, 19, 20, 21)] == [due, due, due + 1, due + 1]
    [promised] = [case for case in filled.open_cases(WARD) if case.id == "p1"]
    filled.replace_case(promised, a_case((2, OPEN), (3, promise(20)), (5, answering())))
    assert filled.count_owed(WARD, day(20)) == due
    assert filled.count_owed("00003", day(20)) == 0


def test_cases_are_found_by_the_day_of_their_newest_step(filled: Store) -> None:
    assert ids(filled.cases_changed_since(WARD, day(15))) == ["d1", "e1", "e2", "f1", "g1"]
    assert ids(filled.cases_changed_since(WARD, date.min)) == sorted(CASES)
    assert ids(filled.cases_changed_since(WARD, day(20))) == []
    assert ids(filled.cases_changed_since(WARD, day(15), before=day(17))) == ["d1", "e1"]
    assert [filled.has_case_unchanged_since(WARD, day(n)) for n in (10, 11, 20)] == [False, True, True]
    assert not filled.has_case_unchanged_since("00003", day(20))


def test_public_answers_come_the_newest_first(filled: Store) -> None:
    assert ids(filled.answered_cases(WARD, limit=9)) == ["e1", "e2"]
    assert ids(filled.answered_cases(WARD, limit=1)) == ["e1"]
    assert filled.count_answered(WARD) == 2


def test_the_cases_of_a_week_are_those_of_its_submissions(filled: Store) -> None:
    assert ids(filled.cases_of_week(WARD, Week(2026, 46))) == ["a1", "a2", "b1"]
    assert ids(filled.cases_of_week(WARD, Week(2026, 45))) == []


def test_a_case_that_changes_is_found_where_it_stands_now(filled: Store) -> None:
    old = filled.case("a1")
    assert old is not None
    step = replace(CASES["e1"].history[-1], on=TODAY)
    filled.replace_case(old, replace(old, history=(*old.history, step)))
    assert ids(filled.open_cases(WARD)) == OLDEST_FIRST[1:]
    assert ids(filled.cases_changed_since(WARD, TODAY)) == ["a1"]
    assert ids(filled.answered_cases(WARD, limit=9)) == ["a1", "e1", "e2"]


def test_matters_that_are_over_are_counted_by_the_day_since_when_they_stand(filled: Store) -> None:
    join = CaseAction(kind=ActionKind.JOIN, other="m1")
    gather = CaseAction(kind=ActionKind.GATHER, other="m2")
    filled.create_case(replace(a_case((2, OPEN), (2, gather), (10, answering())), id="m1", ward=WARD))
    filled.create_case(replace(a_case((2, OPEN), (2, join)), id="m2", ward=WARD))
    filled.create_case(replace(a_case((2, OPEN), (10, promise(12))), id="p1", ward=WARD))
    gone = replace(a_case((2, OPEN), (10, CLOSE)), id="x1", ward=WARD)
    filled.create_case(gone.erased("x", who="A", on=day(11)))

    def over(first: int, before: int) -> int:
        return filled.count_over(WARD, first=day(first), before=day(before))

    # `m1`, with `m2` in it, and `f1`, which was answered on the 10th and set apart later.
    assert (over(10, 11), over(11, 16), over(16, 17), over(1, 30)) == (2, 0, 1, 5)
    assert filled.count_over("00003", first=day(1), before=day(30)) == 0
    found = [case.id for case in filled.over_cases(WARD, before=day(16))]
    assert (len(found), found[:2]) == (over(1, 16), sorted(("f1", "m1")))
    assert len(list(filled.over_cases(WARD, before=day(30)))) == 5
    assert list(filled.over_cases("00003", before=day(30))) == []


def test_what_a_case_is_found_by_follows_from_its_history_alone() -> None:
    """It is stored: another rule takes another version of the store."""
    found = {id: CaseIndex.of(case) for id, case in CASES.items()}
    assert found["a1"] == index_of(open_since="2026-11-09", changed_on="2026-11-10")
    assert found["c2"] == index_of(open_since="2026-11-14", changed_on="2026-11-14")
    assert found["e1"] == index_of(changed_on="2026-11-16", answered_on="2026-11-16", over_since="2026-11-16")
    assert found["f1"] == index_of(changed_on="2026-11-18", over_since="2026-11-10")
    promising = a_case((2, OPEN), (3, promise(20)))
    assert CaseIndex.of(promising) == index_of(
        open_since="2026-11-02", changed_on="2026-11-03", answered_on="2026-11-03", promised_by="2026-11-20"
    )


def index_of(*, changed_on: str, **others: str) -> CaseIndex:
    empty = {"open_since": "", "answered_on": "", "promised_by": "", "over_since": ""}
    return CaseIndex(changed_on=changed_on, **{**empty, **others})
