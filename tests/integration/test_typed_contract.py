"""What every store keeps of rows that were typed into another system, memory included."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from homthu.domain.rekeying.typed import Mark
from homthu.domain.week import Week
from homthu.ports import Conflict, Store
from samples import A_TYPED_WEEK, OTHER_WARD, WARD, at_once


def wins(act: Callable[[], object]) -> bool:
    try:
        act()
    except Conflict:
        return False
    return True


def test_a_ward_s_ticks_are_found_by_the_year_of_their_week(store: Store) -> None:
    weeks = [
        A_TYPED_WEEK,
        replace(A_TYPED_WEEK, week=Week(2026, 48), ticks=()),
        replace(A_TYPED_WEEK, target="phan-mem"),
        replace(A_TYPED_WEEK, week=Week(2027, 1)),
        replace(A_TYPED_WEEK, ward=OTHER_WARD),
    ]
    for one in reversed(weeks):
        store.create_typed_week(one)
    assert list(store.typed_weeks(WARD, 2026)) == weeks[:3]
    assert list(store.typed_weeks(WARD, 2027)) == [weeks[3]]
    assert list(store.typed_weeks(WARD, 2025)) == []


def test_of_ten_who_tick_a_week_first_at_once_one_wins(store: Store) -> None:
    firsts = [
        replace(A_TYPED_WEEK, ticks=(replace(A_TYPED_WEEK.ticks[0], who=f"Người {number}"),))
        for number in range(10)
    ]
    won = at_once(lambda one: wins(lambda: store.create_typed_week(one)), firsts)
    assert won.count(True) == 1
    assert list(store.typed_weeks(WARD, 2026)) == [firsts[won.index(True)]]


def test_of_ten_who_tick_further_rows_at_once_one_wins(store: Store) -> None:
    seen = store.create_typed_week(A_TYPED_WEEK)
    back = replace(A_TYPED_WEEK.ticks[0], mark=Mark.TAKEN_BACK, on=date(2026, 11, 24), cells=())
    nexts = [replace(seen, ticks=(*seen.ticks, replace(back, who=f"Người {n}"))) for n in range(10)]
    won = at_once(lambda one: wins(lambda: store.replace_typed_week(seen, one)), nexts)
    assert won.count(True) == 1
    (stored,) = store.typed_weeks(WARD, 2026)
    assert stored == nexts[won.index(True)]
    with pytest.raises(Conflict):
        store.replace_typed_week(seen, nexts[0])
    assert store.replace_typed_week(stored, A_TYPED_WEEK) == A_TYPED_WEEK
