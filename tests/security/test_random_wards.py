"""Fifty random wards, attacked with the workbooks that were mailed and nothing else (some minutes).

The attacker reads every row of every «Đã nêu» sheet, knows how many forms each place, service and mode
brought in each week, and adds and subtracts; then also reasons from «nobody answers more often than
there are answers».
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from random import Random

import numpy as np
import pytest
from homthu.domain.releases.series import MIN_GROUP
from homthu.domain.week import Week
from published_ward import PublishedWard, Run, runs_in
from row_space import RowSpace
from scipy.optimize import linprog

WARDS, WEEKS = 50, 8
FIRST = Week(2026, 42)
_SERVICES = {
    "": "Không nêu lĩnh vực",
    "ho_tich": "Hộ tịch",
    "to_dan_pho": "Việc ở tổ dân phố",
    "khac": "Việc khác",
}
_RATING = "Đánh giá chung"
#: A cell is a week, a place, a service and a mode, by the names that the sheet has for them.
Cell = tuple[Week, str, str, str]
Answers = dict[Cell, dict[str, int]]


def ward(seed: int) -> tuple[PublishedWard, Answers]:
    """A ward through eight weeks, and who answered what in it."""
    chance, made = Random(seed), PublishedWard()
    answers: Answers = defaultdict(lambda: defaultdict(int))
    places = {one.code: one for one in made.box.places}
    rates = {code: chance.choice((0.5, 1, 2, 3)) for code in places} | {"tt01": chance.choice((6, 15, 30))}
    for number in range(WEEKS):
        week = FIRST.shift(number)
        for code, rate in rates.items():
            for _ in range(sum(chance.random() < rate / 60 for _ in range(60))):
                service = chance.choice(
                    list(_SERVICES) if code == "tt01" else ["", "to_dan_pho", "to_dan_pho"]
                )
                assisted, rating = chance.random() < 0.2, chance.choices("54321", [35, 35, 15, 10, 5])[0]
                made.receive(
                    # Over five days, so that nothing looks like a surge.
                    week.begins_at + timedelta(minutes=chance.randrange(5 * 24 * 60)),
                    answers={"chung": rating},
                    place=code,
                    service=service,
                    assisted=assisted,
                )
                place = places[code]
                name = f"{place.name} ({place.former_ward})" if place.former_ward else place.name
                mode = "Được đoàn viên hỗ trợ" if assisted else "Người dân tự gửi"
                answers[week, name, _SERVICES[service], mode][rating] += 1
        made.close(week)
    return made, answers


def cells_of(run: Run, cells: Answers, told: set[tuple[str, Cell]]) -> frozenset[Cell]:
    """Which cells a row is about, as its columns say; what was left over is what no row before told."""
    kinds = {"Nơi đặt mã": 1, "Lĩnh vực": 2, "Cách gửi": 3}
    found = set()
    for cell in cells:
        if not run.first <= cell[0].monday <= run.last or (run.kind, cell) in told:
            continue
        at = kinds.get(run.kind)
        if at is None or cell[at] == run.group or "còn lại" in run.group:
            found.add(cell)
    told |= {(run.kind, cell) for cell in found}
    return frozenset(found)


def small_groups(answers: Answers) -> Iterator[frozenset[Cell]]:
    groups: dict[object, set[Cell]] = defaultdict(set)
    for cell in answers:
        for at, one in enumerate(cell):
            groups[at, one].add(cell)
            for other in range(at):
                groups[at, one, other, cell[other]].add(cell)
        groups[cell].add(cell)
    for group in groups.values():
        if sum(sum(answers[cell].values()) for cell in group) < MIN_GROUP:
            yield frozenset(group)


def follow_from_bounds(runs: list[tuple[Run, frozenset[Cell]]], answers: Answers) -> int:
    """In how many small cells it is certain how many were satisfied."""
    cells = list(answers)
    sizes = np.array([sum(answers[cell].values()) for cell in cells])
    at = {cell: number for number, cell in enumerate(cells)}
    rows, least, most = [], [], []
    for run, group in runs:
        row = np.zeros(len(cells))
        row[[at[cell] for cell in group]] = 1
        rows.append(row)
        if run.words:
            is_good = "không" not in run.words and "Bình thường" not in run.words
            least.append(run.answers - 1 if is_good else 0)
            most.append(run.answers if is_good else 1)
        else:
            satisfied = sum(run.by_rating[:2])
            least.append(satisfied)
            most.append(satisfied)
    told = np.array(rows)
    limits = np.concatenate([told, -told]), np.concatenate([most, -np.array(least)])
    bounds = [(0, size) for size in sizes]
    certain = 0
    for number, size in enumerate(sizes):
        if size >= MIN_GROUP:
            continue
        wanted = np.zeros(len(cells))
        wanted[number] = 1
        low = linprog(wanted, A_ub=limits[0], b_ub=limits[1], bounds=bounds).fun
        high = -linprog(-wanted, A_ub=limits[0], b_ub=limits[1], bounds=bounds).fun
        certain += np.floor(high + 1e-6) <= np.ceil(low - 1e-6)
    return certain


@pytest.mark.long
def test_fifty_random_wards_give_nobody_away() -> None:
    certain = small = 0
    for seed in range(WARDS):
        made, answers = ward(seed)
        rows = [run for run in runs_in(made.mails[-1]) if run.question == _RATING]
        told: set[tuple[str, Cell]] = set()
        runs = [(run, cells_of(run, answers, told)) for run in rows]
        sizes = {cell: sum(given.values()) for cell, given in answers.items()}
        # The attacker has understood the sheet: every row is about as many answers as it says.
        assert all(run.answers == sum(sizes[cell] for cell in group) for run, group in runs)
        space = RowSpace([group for _, group in runs], sizes)
        assert [group for group in small_groups(answers) if space.gives_away(group)] == [], seed
        assert (space.smallest(Random(seed), 20) or MIN_GROUP) >= MIN_GROUP, seed
        certain += follow_from_bounds(runs, answers)
        small += sum(size < MIN_GROUP for size in sizes.values())
    print(f"of {small} small cells {certain} follow from bounds: {certain / small:.2%}")
    assert certain / small <= 0.01
