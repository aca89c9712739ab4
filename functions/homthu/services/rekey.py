"""Rekey: list what is to be typed into another system, and tick what has been."""

from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from homthu.domain.boxes.box import Box, Boxes
from homthu.domain.boxes.target import Target
from homthu.domain.rekeying.rows import Row, Totals, of_year, rows_of, totals_of
from homthu.domain.rekeying.typed import Mark, Marked, RowState, TypedWeek, states_of
from homthu.domain.reports.published import Published
from homthu.domain.week import Week
from homthu.ports import Conflict, Ledger, TypedWeeks

#: How often to retry when someone else changes the same week's ticks.
_TRIES = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class RekeyingSheet:
    """The rows of last year's and this year's reports with their ticks, oldest first.

    `totals` are each year's control totals, newest year first.
    """

    target: Target
    states: tuple[RowState, ...]
    totals: tuple[tuple[int, Totals], ...]

    @property
    def to_type(self) -> tuple[RowState, ...]:
        """The rows that are new, or have changed since they were ticked."""
        return tuple(state for state in self.states if not state.is_typed)

    @property
    def typed(self) -> tuple[RowState, ...]:
        """The rows typed with their present values, newest first."""
        return tuple(state for state in reversed(self.states) if state.is_typed)


def read_rekeying(
    ledger: Ledger, typed_weeks: TypedWeeks, boxes: Boxes, box: Box, now: datetime
) -> RekeyingSheet | None:
    """The sheet of a ward, or None if its box has no target. May raise `StoreUnavailable`."""
    target = boxes.targets.get(box.target)
    if target is None:
        return None
    years = years_at(now)
    rows = _rows(ledger, target, boxes, box, years)
    return RekeyingSheet(
        target=target,
        states=_states(rows, typed_weeks, box, target, years),
        totals=tuple((year, totals_of(those)) for year in reversed(years) if (those := of_year(rows, year))),
    )


def with_newest_ticks(
    sheet: RekeyingSheet, typed_weeks: TypedWeeks, box: Box, now: datetime
) -> RekeyingSheet:
    """The same rows with the ticks as they stand by now. May raise `StoreUnavailable`."""
    rows = [state.row for state in sheet.states]
    return replace(sheet, states=_states(rows, typed_weeks, box, sheet.target, years_at(now)))


def years_at(now: datetime) -> tuple[int, int]:
    """Last year and this year: the years whose reports are to be typed."""
    year = Week.at(now).year
    return year - 1, year


def _rows(ledger: Ledger, target: Target, boxes: Boxes, box: Box, years: tuple[int, int]) -> tuple[Row, ...]:
    published = Published.of(ledger.reports(box.ward.code, Week(years[0], 1)))
    return rows_of(target, box, boxes.questionnaires, published.releases)


def _states(
    rows: Iterable[Row], typed_weeks: TypedWeeks, box: Box, target: Target, years: Iterable[int]
) -> tuple[RowState, ...]:
    weeks = [one for year in years for one in typed_weeks.typed_weeks(box.ward.code, year)]
    return states_of(rows, [one for one in weeks if one.target == target.name])


def mark_rows(
    typed_weeks: TypedWeeks,
    sheet: RekeyingSheet,
    box: Box,
    keys: Collection[str],
    mark: Mark,
    *,
    who: str,
    on: date,
) -> Marked:
    """Tick, or take back, the rows of these keys.

    Somebody else's ticks at other rows of the same week stay, and at the same rows, too: who typed one that
    was typed already has to know. May raise `StoreUnavailable`, and `Conflict` where others do not stop
    changing them.
    """
    rows, wanted = {state.key: state.row for state in sheet.states}, dict.fromkeys(keys)
    chosen: dict[Week, list[Row]] = {}
    for key in wanted:
        if key in rows:
            chosen.setdefault(rows[key].week, []).append(rows[key])
    others: list[str] = []
    for week, those in chosen.items():
        start = TypedWeek(ward=box.ward.code, target=sheet.target.name, week=week)
        change = partial(TypedWeek.marked, rows=those, mark=mark, who=who, on=on)
        before = _change(typed_weeks, start, change)
        if mark is Mark.TYPED:
            others += [name for row in those if (name := before.typed_by(row)) not in ("", who)]
    found = sum(map(len, chosen.values()))
    return Marked(
        mark=mark,
        count=found - len(others),
        stale=len(wanted) - found,
        by_others=len(others),
        others=tuple(dict.fromkeys(others)),
    )


def _change(typed_weeks: TypedWeeks, start: TypedWeek, change: Callable[[TypedWeek], TypedWeek]) -> TypedWeek:
    """Change what is stored of a week, or the `start` where nothing is, until nobody came in between; what
    stood there before."""
    tries_left = _TRIES
    while True:
        weeks = typed_weeks.typed_weeks(start.ward, start.week.year)
        found = next((one for one in weeks if one.id == start.id), None)
        after = change(found or start)
        try:
            if found is None and after.ticks:
                typed_weeks.create_typed_week(after)
            elif found is not None and after is not found:
                typed_weeks.replace_typed_week(found, after)
        except Conflict:
            tries_left -= 1
            if not tries_left:
                raise
        else:
            return found or start


def forget_who_typed(typed_weeks: TypedWeeks, ward: str, years: Iterable[int], before: date) -> int:
    """Remove the names on ticks from before a day, in these years; return how many weeks changed."""
    changed = 0
    for year in years:
        for one in list(typed_weeks.typed_weeks(ward, year)):
            after = one.without_names(before)
            if after is not one:
                with suppress(Conflict):
                    # Someone ticked just now; next month's run will find it again.
                    typed_weeks.replace_typed_week(one, after)
                    changed += 1
    return changed
