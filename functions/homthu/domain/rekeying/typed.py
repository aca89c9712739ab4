"""Typed: who ticked which row on which day, and what stood in it then."""

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
    """What was said of a row: that it was typed, or that the tick before was a mistake."""

    TYPED = "typed"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, kw_only=True, slots=True)
class Tick:
    """One mark at one row: by whom, empty once the name was kept long enough, and what the row said."""

    row: str
    mark: Mark
    cells: tuple[tuple[str, str], ...]
    who: str
    on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class TypedWeek:
    """The ticks at the rows that one week's report told, for one target, oldest first."""

    ward: str
    target: str
    week: Week
    ticks: tuple[Tick, ...] = ()
    revision: object = field(default=None, compare=False)

    @property
    def id(self) -> str:
        """What it is stored under."""
        return f"{self.ward}_{self.target}_{self.week}"

    def last(self, row: str) -> Tick | None:
        """The tick that holds for a row, or None."""
        found = next((tick for tick in reversed(self.ticks) if tick.row == row), None)
        return found if found and found.mark is Mark.TYPED else None

    def marked(self, rows: Iterable[Row], mark: Mark, *, who: str, on: date) -> Self:
        """With this mark at these rows; at one that is marked so already nothing changes."""
        news = [
            Tick(row=row.id, mark=mark, cells=row.cells_as_typed, who=who, on=on)
            for row in rows
            if (self.is_typed(row)) is (mark is Mark.TAKEN_BACK)
        ]
        return replace(self, ticks=(*self.ticks, *news)) if news else self

    def is_typed(self, row: Row) -> bool:
        """Whether the row was typed as it is now."""
        last = self.last(row.id)
        return last is not None and last.cells == row.cells_as_typed

    def without_names(self, before: date) -> Self:
        """Without the names of whoever ticked before a day; what was typed and when stays."""
        ticks = tuple(replace(tick, who="") if tick.on < before else tick for tick in self.ticks)
        return self if ticks == self.ticks else replace(self, ticks=ticks)


@dataclass(frozen=True, kw_only=True, slots=True)
class RowState:
    """A row and the tick that holds for it; one that says otherwise than the row asks to be typed again."""

    row: Row
    tick: Tick | None

    @property
    def is_typed(self) -> bool:
        """Whether nothing is to be done."""
        return self.tick is not None and self.tick.cells == self.row.cells_as_typed

    @property
    def changes(self) -> tuple[tuple[str, str, str], ...]:
        """Of a row that was typed otherwise: each field with what was typed and what it should be."""
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
        """Names the row as it is now: a form that shows it otherwise ticks nothing."""
        known = json.dumps([self.row.id, self.row.cells_as_typed], ensure_ascii=False)
        return hashlib.sha256(known.encode()).hexdigest()[:24]


def states_of(rows: Iterable[Row], weeks: Sequence[TypedWeek]) -> tuple[RowState, ...]:
    """Each row with its tick."""
    by_week = {one.week: one for one in weeks}
    return tuple(
        RowState(row=row, tick=week.last(row.id) if (week := by_week.get(row.week)) else None) for row in rows
    )
