"""Typed: who ticked which row on which day, and what the row said then."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Self

from homthu.domain.rekeying.rows import Row
from homthu.domain.week import Week


class Mark(StrEnum):
    """What a tick says of a row: that it was typed, or that the earlier tick was a mistake."""

    TYPED = "typed"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, kw_only=True, slots=True)
class Tick:
    """One mark on one row: what the row said, by whom (empty once the name has expired), and when."""

    row: str
    mark: Mark
    cells: tuple[tuple[str, str], ...]
    who: str
    on: date

    def is_of(self, row: Row) -> bool:
        """Whether the row still says what was ticked."""
        return self.cells == row.cells_as_typed


@dataclass(frozen=True, kw_only=True, slots=True)
class Marked:
    """What became of a form: how many rows have its mark now, how many keys named no row as it is now, and
    how many rows others had ticked before, with who they were.
    """

    mark: Mark
    count: int
    stale: int
    by_others: int = 0
    others: tuple[str, ...] = ()

    @property
    def is_wrong(self) -> bool:
        """Whether there is something to be looked at again."""
        return bool(self.stale or self.by_others or not self.count)


@dataclass(frozen=True, kw_only=True, slots=True)
class TypedWeek:
    """The ticks, oldest first, on the rows that one week's report told, for one target."""

    ward: str
    target: str
    week: Week
    ticks: tuple[Tick, ...] = ()
    revision: object = field(default=None, compare=False)

    @property
    def id(self) -> str:
        """The id that it is stored under."""
        return f"{self.ward}_{self.target}_{self.week}"

    def last(self, row: str) -> Tick | None:
        """The tick that is in force for a row, or None."""
        found = next((tick for tick in reversed(self.ticks) if tick.row == row), None)
        return found if found and found.mark is Mark.TYPED else None

    def marked(self, rows: Iterable[Row], mark: Mark, *, who: str, on: date) -> Self:
        """With this mark added to these rows, except those already so marked."""
        news = [
            Tick(row=row.id, mark=mark, cells=row.cells_as_typed, who=who, on=on)
            for row in rows
            if self.is_typed(row) is (mark is Mark.TAKEN_BACK)
        ]
        return replace(self, ticks=(*self.ticks, *news)) if news else self

    def is_typed(self, row: Row) -> bool:
        """Whether the row has been typed with its present values."""
        last = self.last(row.id)
        return last is not None and last.is_of(row)

    def typed_by(self, row: Row) -> str:
        """Who ticked the row as it is now; empty if nobody did, or the name is kept no longer."""
        last = self.last(row.id)
        return last.who if last and last.is_of(row) else ""

    def without_names(self, before: date) -> Self:
        """Without the names on ticks from before a day; what was typed and when is kept."""
        ticks = tuple(replace(tick, who="") if tick.on < before else tick for tick in self.ticks)
        return self if ticks == self.ticks else replace(self, ticks=ticks)


@dataclass(frozen=True, kw_only=True, slots=True)
class RowState:
    """A row and the tick in force; if the tick has other values, the row must be typed again."""

    row: Row
    tick: Tick | None

    @property
    def is_typed(self) -> bool:
        """Whether it has been typed with its present values."""
        return self.tick is not None and self.tick.is_of(self.row)

    @property
    def changes(self) -> tuple[tuple[str, str, str], ...]:
        """For a row typed with other values: each changed label, what was typed, and what it should be."""
        if self.tick is None or self.is_typed:
            return ()
        before, now = dict(self.tick.cells), dict(self.row.cells_as_typed)
        return tuple(
            (label, before.get(label, ""), now.get(label, ""))
            for label in dict.fromkeys((*now, *before))
            if before.get(label, "") != now.get(label, "") or (label in before) != (label in now)
        )

    @property
    def key(self) -> str:
        """Identifies the row with its present values: a form that showed other values ticks nothing."""
        known = json.dumps([self.row.id, self.row.cells_as_typed], ensure_ascii=False)
        return hashlib.sha256(known.encode()).hexdigest()[:24]


def states_of(rows: Iterable[Row], weeks: Sequence[TypedWeek]) -> tuple[RowState, ...]:
    """Each row with the tick in force."""
    by_week = {one.week: one for one in weeks}
    return tuple(
        RowState(row=row, tick=week.last(row.id) if (week := by_week.get(row.week)) else None) for row in rows
    )
