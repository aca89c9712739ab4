"""The cut that keeps people unknown: whether one more release lets anything follow about a few.

All that was told of a question is a set of releases, each the sum over some cells of answers.
Whoever adds and subtracts them gets a sum over cells with some weight on each; the cells with a weight
other than zero are what it is about. It must be about nothing or about `MIN_GROUP` answers.

Series of one kind share no cell, so with the kind of the new release fixed every cell lies in one
release of that kind at most, and in one *class*: the releases of all other kinds that hold it. That is
a graph: the releases of the kind and the classes are its nodes, the cells are its edges, and a cell
that no release of the kind, or none of the others, holds is an edge to the outside. A path from the new
release to the outside, its cells taken with + and − in turn, meets every earlier release as often with
+ as with −, and the new one once. So any sum in which the new release stands is not zero on some cell
of the path; and with ten paths that share no answer it is about ten answers at least. Whatever sum one
takes, one of its releases was told last; so it is enough that each release had its ten paths on the day
it was told, beside all that had been told before. Ten such paths are there if no cut between the new
release and the outside weighs less than ten (L. R. Ford and D. R. Fulkerson, Maximal flow through a
network, Canad. J. Math. 8, 1956).

For two kinds that is also necessary, but for a release that says nothing new: one that is a sum and
difference of whole earlier ones may be told as well. For more kinds, a release may wait that could
have been told.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping
from typing import TypeVar

from homthu.domain.releases.series import MIN_GROUP

#: For each kind the number of the release that holds a cell, 0 for none.
_Signature = tuple[int, ...]
#: A signature without one kind.
_Class = tuple[int, ...]
_Node = int | _Class
_OUTSIDE = 0


class Told:
    """All that was told of one question of one round: which release of each kind holds which cell."""

    def __init__(self, kinds: int) -> None:
        self._cells: dict[object, tuple[_Signature, int]] = {}
        # For each kind the graph, from both sides.
        self._by_release: list[defaultdict[int, Counter[_Class]]] = [
            defaultdict(Counter) for _ in range(kinds)
        ]
        self._by_class: list[defaultdict[_Class, Counter[int]]] = [defaultdict(Counter) for _ in range(kinds)]
        self._nothing: _Signature = (_OUTSIDE,) * kinds
        self._outside: _Class = (_OUTSIDE,) * (kinds - 1)
        self._releases = 0

    def add(self, cells: Mapping[object, int]) -> None:
        """Take new cells into account, with the number of answers in each; nothing is told of them yet."""
        for cell, answers in cells.items():
            self._cells[cell] = (self._nothing, answers)
            self._weigh(self._nothing, answers)

    def tell(self, kind: int, cells: Iterable[object]) -> None:
        """Note that a release of this kind holds these cells."""
        self._releases += 1
        self._move(kind, cells, self._releases)

    def try_to_tell(self, kind: int, cells: Iterable[object]) -> bool:
        """Note it if nothing about fewer than ten answers follows, and say whether it was."""
        cells = tuple(cells)
        if sum(self._cells[cell][1] for cell in cells) < MIN_GROUP:
            return False
        self.tell(kind, cells)
        if self._paths(kind, self._releases) >= MIN_GROUP or self._follows(kind, self._releases):
            return True
        self._move(kind, cells, _OUTSIDE)
        return False

    def _follows(self, kind: int, release: int) -> bool:
        """Whether a release is a sum and difference of whole ones of its own and of one other kind."""
        return any(
            self._is_closed(kind, other, release) for other in range(len(self._nothing)) if other != kind
        )

    def _is_closed(self, kind: int, other: int, release: int) -> bool:
        """Whether no path leads to the outside by releases of these two kinds alone."""
        seen, queue = {(kind, release)}, deque([(kind, release)])
        while queue:
            one, node = queue.popleft()
            next_kind = other if one == kind else kind
            at = next_kind - (next_kind > one)
            for others in self._by_release[one][node]:
                near = (next_kind, others[at])
                if near[1] == _OUTSIDE:
                    return False
                if near not in seen:
                    seen.add(near)
                    queue.append(near)
        return True

    def _move(self, kind: int, cells: Iterable[object], release: int) -> None:
        for cell in cells:
            old, answers = self._cells[cell]
            new = (*old[:kind], release, *old[kind + 1 :])
            self._cells[cell] = (new, answers)
            self._weigh(old, -answers)
            self._weigh(new, answers)

    def _weigh(self, signature: _Signature, answers: int) -> None:
        for kind, release in enumerate(signature):
            others = signature[:kind] + signature[kind + 1 :]
            _add(self._by_release[kind][release], others, answers)
            _add(self._by_class[kind][others], release, answers)

    def _paths(self, kind: int, release: int) -> int:
        """How many paths from a release to the outside share no answer, counted up to ten."""
        flow: Counter[tuple[int, _Class]] = Counter()
        # Most releases have their ten at once: a cell of the class that no release of the kind holds.
        found = 0
        for others, answers in self._by_release[kind][release].items():
            beside = self._by_class[kind][others].get(_OUTSIDE, 0)
            taken = answers if others == self._outside else min(answers, beside)
            found += taken
            flow[release, others] += taken
            flow[_OUTSIDE, others] -= taken
        while found < MIN_GROUP:
            more = self._path(kind, release, flow)
            if not more:
                break
            found += more
        return found

    def _path(self, kind: int, release: int, flow: Counter[tuple[int, _Class]]) -> int:
        """Send answers along one more path, the shortest, and say how many."""
        came_from: dict[_Node, tuple[_Node, int]] = {release: (release, MIN_GROUP)}
        queue: deque[_Node] = deque([release])
        while queue:
            node = queue.popleft()
            for near, room in self._room(kind, node, flow):
                if near in came_from or room <= 0:
                    continue
                came_from[near] = (node, room)
                if near in (_OUTSIDE, self._outside):
                    return _send(near, release, came_from, flow)
                queue.append(near)
        return 0

    def _room(self, kind: int, node: _Node, flow: Counter[tuple[int, _Class]]) -> Iterable[tuple[_Node, int]]:
        if isinstance(node, int):
            for others, answers in self._by_release[kind][node].items():
                yield others, answers - flow[node, others]
        else:
            for release, answers in self._by_class[kind][node].items():
                yield release, answers + flow[release, node]


_End = TypeVar("_End", int, _Class)


def _add(edges: Counter[_End], end: _End, answers: int) -> None:
    edges[end] += answers
    if not edges[end]:
        del edges[end]


def _send(
    end: _Node, start: int, came_from: Mapping[_Node, tuple[_Node, int]], flow: Counter[tuple[int, _Class]]
) -> int:
    steps = []
    while end != start:
        before, room = came_from[end]
        steps.append((before, end, room))
        end = before
    amount = min(room for _, _, room in steps)
    for before, after, _ in steps:
        if isinstance(before, int) and not isinstance(after, int):
            flow[before, after] += amount
        elif isinstance(after, int) and not isinstance(before, int):
            flow[after, before] -= amount
    return amount
