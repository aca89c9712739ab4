"""What a period's report must not show by place, because the weekly reports are out already.

Whoever subtracts the weeks' printed cells from a period's cell learns what the weeks left out: the
cells that were hidden, and in a week that the period begins or ends in, what lies outside it.
"""

from collections.abc import Mapping
from dataclasses import replace

from homthu.domain.boxes.round import Round
from homthu.domain.reports.figures import MIN_FOR_CELL
from homthu.domain.reports.rows import PlaceColumn, PlaceFigures
from homthu.domain.reports.tally import Fact, Tally
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.domain.week import Week


def withheld_cells(
    report: WeeklyReport, weeks: Mapping[Week, Tally], round_: Round | None
) -> frozenset[tuple[str, str]]:
    """The (place, question) of a period's table to be left out; the overall rating's question is empty.

    A cell is safe when what subtracting would tell is nothing, or at least two weeks that together
    reach the least size of a cell; and when what lies outside the period is nothing, or that many.
    """
    hidden: dict[tuple[str, str], list[int]] = {}
    outside: set[tuple[str, str]] = set()
    for week, tally in weeks.items():
        weekly = replace(report, week=week, tally=tally, period=None, earlier={}, withheld=frozenset())
        columns = weekly.place_columns
        for place in weekly.by_place():
            strangers = _outside(tally, round_, place.code)
            for column, cell in zip(columns, place.cells, strict=True):
                key = place.code, column.question_id
                if cell is not None and 0 < strangers < MIN_FOR_CELL:
                    outside.add(key)
                elif cell is None and (count := _inside(weekly, place, column, strangers)):
                    hidden.setdefault(key, []).append(count)
    given_away = {key for key, counts in hidden.items() if len(counts) < 2 or sum(counts) < MIN_FOR_CELL}
    return frozenset(given_away | outside)


def _outside(tally: Tally, round_: Round | None, place: str) -> int:
    """The place's submissions of a week that do not belong to the round; a year has all of its weeks."""
    if round_ is None:
        return 0
    return tally.count(Fact.PLACE, place) - tally.count(Fact.ROUND_PLACE, round_.id, place)


def _inside(weekly: WeeklyReport, place: PlaceFigures, column: PlaceColumn, strangers: int) -> int:
    """How many answers of a hidden cell belong to the period: at least so many less the strangers."""
    return max(0, weekly.cell(place.code, column).valid - strangers)
