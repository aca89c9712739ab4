"""What follows from sums by adding and subtracting, worked out exactly: linear algebra modulo a prime.

Whatever follows with whole or broken coefficients also follows modulo a prime that divides none of
their denominators; this one is far above any that sums of zeros and ones bring.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from itertools import product
from random import Random

import numpy as np

_P = 2_147_483_647


class RowSpace:
    """Everything that follows from telling some sums over cells, each cell holding so many answers."""

    def __init__(self, sums: Sequence[Collection[Hashable]], answers: Mapping[Hashable, int]) -> None:
        told = [frozenset(cell for cell in cells if answers.get(cell)) for cells in sums]
        # Cells that lie in the same sums cannot be told apart: they are one column.
        columns: dict[tuple[int, ...], int] = {}
        self._column: dict[Hashable, int] = {}
        weights: list[int] = []
        lines: dict[Hashable, list[int]] = {}
        for number, cells in enumerate(told):
            for cell in cells:
                lines.setdefault(cell, []).append(number)
        for cell, numbers in lines.items():
            at = columns.setdefault(tuple(numbers), len(columns))
            if at == len(weights):
                weights.append(0)
            weights[at] += answers[cell]
            self._column[cell] = at
        self._answers = {cell: count for cell, count in answers.items() if count}
        self._weights = np.array(weights, dtype=np.int64)
        rows = np.zeros((len(told), len(weights)), dtype=np.int64)
        for lines_of, at in columns.items():
            rows[list(lines_of), at] = 1
        self._rows = rows.copy()
        self._sizes = np.bincount(list(self._column.values()), minlength=len(weights))
        self._reduced, self._pivots = _reduce(rows, range(len(weights)))

    def gives_away(self, cells: Iterable[Hashable]) -> bool:
        """Whether the sum over exactly these cells follows; cells without answers do not matter."""
        wanted = [cell for cell in cells if cell in self._answers]
        if not wanted or any(cell not in self._column for cell in wanted):
            return False
        found = np.bincount([self._column[cell] for cell in wanted], minlength=len(self._weights))
        if np.any((found != 0) & (found != self._sizes)):
            return False
        vector = (found > 0).astype(np.int64)
        for row, pivot in zip(self._reduced, self._pivots, strict=True):
            if vector[pivot]:
                vector = (vector - vector[pivot] * row) % _P
        return not vector.any()

    def smallest_of_all(self) -> int:
        """The fewest answers that any sum with weights of 1, 0 and -1 on the told ones is about.

        Tried out, so for a handful of sums only.
        """
        least = int(self._weights.sum())
        for weights in product((-1, 0, 1), repeat=len(self._rows)):
            answers = int(self._weights[np.array(weights) @ self._rows != 0].sum())
            least = min(least, answers or least)
        return least

    def smallest(self, chance: Random, tries: int) -> int | None:
        """The fewest answers that a sum drawn at random is about, of so many tries.

        A sum is made zero on one column after the other, the heavier ones rather first, until only
        one is left: the way in which D. Karger (1993) finds least cuts.
        """
        least = None
        for _ in range(tries):
            weights = [float(weight) for weight in self._weights]
            order = sorted(range(len(weights)), key=lambda at: chance.expovariate(weights[at]))
            reduced, _ = _reduce(self._reduced.copy(), order)
            if len(reduced):
                weight = int(self._weights[reduced[-1] != 0].sum())
                least = weight if least is None else min(least, weight)
        return least


def _reduce(rows: np.ndarray, order: Iterable[int]) -> tuple[np.ndarray, list[int]]:
    """Reduced echelon form, taking pivots in this order of the columns."""
    pivots: list[int] = []
    for at in order:
        rank = len(pivots)
        if rank == len(rows):
            break
        found = np.flatnonzero(rows[rank:, at])
        if not len(found):
            continue
        rows[[rank, rank + found[0]]] = rows[[rank + found[0], rank]]
        rows[rank] = rows[rank] * pow(int(rows[rank, at]), _P - 2, _P) % _P
        others = np.flatnonzero(rows[:, at])
        others = others[others != rank]
        rows[others] = (rows[others] - rows[others, at][:, None] * rows[rank]) % _P
        pivots.append(at)
    return rows[: len(pivots)], pivots
