"""Disclosure: what one round brings in answer to one question, told bit by bit."""

from collections import Counter
from collections.abc import Mapping

from homthu.domain.releases.counted import Cell
from homthu.domain.releases.cut import Told
from homthu.domain.releases.release import Release
from homthu.domain.releases.series import REST, Asked, Series, SeriesKind
from homthu.domain.week import Week

_KINDS = tuple(SeriesKind)
#: What is left over of these is pooled when the round ends.
_POOLED = (SeriesKind.PLACE, SeriesKind.SERVICE, SeriesKind.MODE)
#: A cell of one report among those that brought something.
_Key = tuple[int, Cell]


class Disclosure:
    """Which answers wait, and which release tells which of the others."""

    def __init__(self, round_: str, asked: Asked) -> None:
        self._round = round_
        self._asked = asked
        self._told = Told(len(_KINDS))
        self._waiting: dict[Series, dict[_Key, int]] = {}
        self._options: dict[Series, Counter[str]] = {}
        self._first: dict[Series, Week] = {}
        self._reports = 0

    def add(self, week: Week, cells: Mapping[Cell, int], options: Mapping[Series, Mapping[str, int]]) -> None:
        """Let what a report of this week brought wait."""
        self._reports += 1
        keyed: dict[object, int] = {}
        for cell, answers in cells.items():
            key = (self._reports, cell)
            keyed[key] = answers
            for series in cell.series(self._asked):
                self._waiting.setdefault(series, {})[key] = answers
                self._first.setdefault(series, week)
        self._told.add(keyed)
        for series, counts in options.items():
            self._options.setdefault(series, Counter()).update(counts)

    def repeat(self, release: Release) -> None:
        """Note what an earlier report told of what waited then."""
        members = self._left(release.series.kind) if release.series.is_rest else [release.series]
        self._told.tell(_KINDS.index(release.series.kind), self._keys(members))
        self._forget(members)

    def tell(self, week: Week, *, is_last: bool) -> list[Release]:
        """All that may be told now; `is_last` when the round ends, and what waits will wait in vain."""
        releases = []
        for kind in _KINDS:
            for series in self._left(kind):
                if release := self._try(series, [series], week):
                    releases.append(release)
        for kind in _POOLED if is_last else ():
            left = self._left(kind)
            if len(left) > 1 and (release := self._try(Series(kind, REST), left, week)):
                releases.append(release)
        return releases

    def _try(self, series: Series, members: list[Series], week: Week) -> Release | None:
        if not self._told.try_to_tell(_KINDS.index(series.kind), self._keys(members)):
            return None
        release = Release.of(
            round=self._round,
            series=series,
            asked=self._asked,
            first=min(self._first[member] for member in members),
            last=week,
            counts=sum((self._options.get(member, Counter()) for member in members), Counter()),
        )
        self._forget(members)
        return release

    def _left(self, kind: SeriesKind) -> list[Series]:
        """What waits of a kind, the largest first: it leaves most for the others to hide behind."""
        waiting = [series for series in self._waiting if series.kind is kind]
        return sorted(waiting, key=lambda series: (-sum(self._waiting[series].values()), series))

    def _keys(self, members: list[Series]) -> list[object]:
        return [key for member in members for key in self._waiting.get(member, ())]

    def _forget(self, members: list[Series]) -> None:
        for member in members:
            for waiting in (self._waiting, self._options, self._first):
                waiting.pop(member, None)
