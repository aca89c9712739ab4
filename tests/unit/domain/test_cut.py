"""The cut by itself: small tables, where everything that follows can be tried out."""

from itertools import product

from homthu.domain.releases.cut import Told
from homthu.domain.releases.series import MIN_GROUP
from hypothesis import given, settings
from hypothesis import strategies as st
from row_space import RowSpace

#: A table of two kinds: the cells of row 0 are one run of the first kind, those of column 0 of the second.
tables = st.lists(st.lists(st.integers(0, 14), min_size=3, max_size=3), min_size=2, max_size=3)


def cells_of(table: list[list[int]]) -> dict[object, int]:
    return {(row, at): n for row, line in enumerate(table) for at, n in enumerate(line)}


def run(kind: int, member: int, cells: dict[object, int]) -> list[object]:
    return [cell for cell in cells if cell[kind] == member]


def test_a_run_of_nine_is_not_told_and_one_of_ten_is() -> None:
    for answers, is_told in ((9, False), (10, True)):
        told = Told(2)
        told.add({"a": answers})
        assert told.try_to_tell(0, ["a"]) is is_told


def test_what_is_left_of_a_whole_must_hold_ten_as_well() -> None:
    for rest, is_told in ((0, True), (1, False), (9, False), (10, True)):
        told = Told(2)
        told.add({"place": 40, "rest": rest})
        assert told.try_to_tell(0, ["place", "rest"])
        assert told.try_to_tell(1, ["place"]) is is_told


def test_three_kinds_together_give_nothing_away_that_two_by_two_they_would_not() -> None:
    """The week less its office less one service is what three people said at a culture house."""
    told = Told(3)
    cells = {"office, papers": 40, "house, neighbourhood": 30, "house, papers": 3, "elsewhere": 0}
    told.add(cells)
    assert told.try_to_tell(0, cells)
    assert told.try_to_tell(1, ["office, papers"])
    assert not told.try_to_tell(2, ["house, neighbourhood"])
    sums = [list(cells), ["office, papers"], ["house, neighbourhood"]]
    assert RowSpace(sums, cells).gives_away(["house, papers"])
    assert all(RowSpace(sums[:at] + sums[at + 1 :], cells).smallest_of_all() >= MIN_GROUP for at in range(3))


@settings(deadline=None, max_examples=60)
@given(tables, st.permutations(list(range(6))))
def test_of_two_kinds_all_is_told_that_may_be_and_nothing_else(
    table: list[list[int]], order: list[int]
) -> None:
    cells = cells_of(table)
    runs = [(0, row) for row in range(len(table))] + [(1, at) for at in range(3)]
    told, sums = Told(2), []
    told.add(cells)
    for number in order:
        if number >= len(runs):
            continue
        wanted = run(*runs[number], cells)
        if sum(cells[cell] for cell in wanted) < MIN_GROUP:
            assert not told.try_to_tell(runs[number][0], wanted)
            continue
        # All that follows from runs of two kinds are sums with weights of 1, 0 and -1.
        least = RowSpace([*sums, wanted], cells).smallest_of_all()
        assert told.try_to_tell(runs[number][0], wanted) is (least >= MIN_GROUP)
        if least >= MIN_GROUP:
            sums.append(wanted)


def test_the_search_for_what_follows_finds_the_least_of_a_table() -> None:
    cells = {(row, at): 5 + row + at for row, at in product(range(3), range(3))}
    sums = [run(0, 0, cells), run(1, 0, cells)]
    assert RowSpace(sums, cells).smallest_of_all() == 18
    assert RowSpace([*sums, [(0, 0)]], cells).smallest_of_all() == 5
