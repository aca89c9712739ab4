"""Which cells of a table stay hidden, so that no small group's answers can be read or worked out."""

from collections.abc import Collection, Iterable, Mapping
from typing import TypeVar

from homthu.domain.reports.figures import MIN_FOR_CELL

Cell = TypeVar("Cell")


def hidden_cells(
    counts: Mapping[Cell, int],
    lines: Iterable[Collection[Cell]],
    minimum: int = MIN_FOR_CELL,
    also: Collection[Cell] = (),
) -> frozenset[Cell]:
    """The cells not to print: those below the minimum or in `also`, and those that give them away.

    `lines` are the rows or columns whose total is printed elsewhere. Whoever subtracts the shown
    cells from such a total learns the sum of the hidden ones, so in each line either nothing is
    hidden, or at least two cells which together reach the minimum; failing that, all of them. The
    next smallest cell goes first, the earlier one of two equal ones.
    """
    hidden = {cell for cell, count in counts.items() if count < minimum} | set(also)
    lines = [list(line) for line in lines]
    # A cell hidden for one line may leave another with a single hidden cell: go on until all hold.
    while found := [cell for line in lines for cell in _given_away(line, counts, hidden, minimum)]:
        hidden.update(found)
    return frozenset(hidden)


def _given_away(
    line: Collection[Cell], counts: Mapping[Cell, int], hidden: Collection[Cell], minimum: int
) -> list[Cell]:
    covered = [cell for cell in line if cell in hidden]
    shown = sorted((cell for cell in line if cell not in hidden), key=counts.__getitem__)
    is_safe = not covered or (len(covered) > 1 and sum(counts[cell] for cell in covered) >= minimum)
    return [] if is_safe else shown[:1]
