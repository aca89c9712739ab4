"""«Nhập liệu»: each row in the order and the words of the other system, to be copied and ticked.

Everything works without a script: a field selects its text when it gets the focus. With a script, a press
copies it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from jinja2 import Environment

from homthu.domain.boxes.box import Box
from homthu.domain.fields import MOST_ROWS
from homthu.domain.rekeying.rows import Row, Total, Totals, by_fields
from homthu.domain.rekeying.typed import Marked, RowState
from homthu.domain.releases.series import WARD
from homthu.render.numbers import format_count, format_date, format_dates
from homthu.render.page.inline import Page
from homthu.render.page.options import PageOptions
from homthu.render.page.shell import Shell
from homthu.render.texts import Texts

_OPTIONS = PageOptions()


@dataclass(frozen=True, kw_only=True, slots=True)
class RekeyPage:
    """What a typist sees: `to_type` oldest first, `typed` newest first, `totals` by year, newest first."""

    box: Box
    name: str
    until: date
    is_member: bool
    target: str
    to_type: Sequence[RowState]
    typed: Sequence[RowState]
    totals: Sequence[tuple[int, Totals]]
    today: date
    token: str
    base_url: str
    marked: Marked | None = None


class RekeyPages:
    """Renders the pages; equal input gives equal bytes."""

    def __init__(self, texts: Texts, templates: Environment, assets: Mapping[str, bytes]) -> None:
        self._texts = texts
        self._shell = Shell("rekey", {texts.language: texts}, templates, assets, script="rekey.js")

    def door(self, box: Box, token: str, base_url: str) -> Page:
        """The page behind a clerk's link: only a button, because programs follow links too."""
        return self._shell.fill("door", _OPTIONS, base_url, box=box, token=token)

    def home(self, page: RekeyPage) -> Page:
        """The rows to type, those already typed, and the control totals."""
        shown = page.to_type[:MOST_ROWS]
        return self._shell.fill(
            "home",
            _OPTIONS,
            page.base_url,
            box=page.box,
            page=page,
            until=format_date(page.until),
            count=format_count(len(page.to_type)),
            more=format_count(len(page.to_type) - len(shown)) if len(page.to_type) > len(shown) else "",
            rows=[self._row(number, state) for number, state in enumerate(shown)],
            typed=[self._row(number, state) for number, state in enumerate(page.typed[:MOST_ROWS])],
            totals=[(str(year), self._totals(totals)) for year, totals in page.totals],
            notices=list(self._notices(page.marked)) if page.marked else [],
            is_wrong=bool(page.marked and page.marked.is_wrong),
        )

    def printed(self, page: RekeyPage) -> Page:
        """Everything to type, for paper, with a box to tick per row, and the control totals."""
        rows = [state.row for state in page.to_type]
        again = {state.row.id for state in page.to_type if state.changes}
        return self._shell.fill(
            "printed",
            _OPTIONS,
            page.base_url,
            box=page.box,
            page=page,
            today=format_date(page.today),
            tables=[
                {
                    "title": self._texts(f"rekey.{'answers' if those[0].question else 'forms'}"),
                    "labels": labels,
                    "rows": [
                        {"cells": [self._value(cell.value) for cell in row.cells], "again": row.id in again}
                        for row in those
                    ],
                }
                for labels, those in by_fields(rows).items()
            ],
            totals=[(str(year), self._totals(totals)) for year, totals in page.totals],
        )

    def _row(self, number: int, state: RowState) -> dict[str, Any]:
        row, tick = state.row, state.tick
        return {
            "number": number,
            "key": state.key,
            "title": self._title(row),
            "fields": [(cell.label, self._value(cell.value)) for cell in row.cells],
            "ticked": self._ticked(state) if tick else "",
            "changes": [
                self._texts("rekey.change", field=field, before=before or "–", now=now or "–")
                for field, before, now in state.changes
            ],
        }

    def _ticked(self, state: RowState) -> str:
        tick = state.tick
        if tick is None:
            return ""
        key = "ticked_by" if tick.who else "ticked"
        return self._texts(f"rekey.{key}", day=format_date(tick.on), who=tick.who)

    def _title(self, row: Row) -> str:
        """What a row is about: question, days, and place if it is not the ward."""
        title = self._texts(
            "rekey.row",
            what=row.question or self._texts("rekey.forms"),
            days=format_dates(row.first.monday, row.week.sunday),
        )
        return f"{title} – {row.about}" if row.series != WARD else title

    def _totals(self, totals: Totals) -> dict[str, Any]:
        def lines(sums: Sequence[Total]) -> list[tuple[str, str, str]]:
            return [(one.label, format_count(one.sum), format_count(one.rows)) for one in sums]

        return {
            "forms": lines(totals.forms),
            "answers": lines(totals.answers),
            "forms_rows": format_count(totals.forms_rows),
            "answers_rows": format_count(totals.answers_rows),
            "in_words": format_count(totals.in_words) if totals.in_words else "",
        }

    def _value(self, value: int | str) -> str:
        """As it is typed: a number without separators."""
        return str(value)

    def _notices(self, marked: Marked) -> Iterator[str]:
        if marked.count:
            yield self._texts(f"rekey.{marked.mark}_done", count=format_count(marked.count))
        elif not (marked.by_others or marked.stale):
            yield self._texts("rekey.none_marked")
        if marked.by_others:
            who = ", ".join(marked.others)
            yield self._texts("rekey.by_others", count=format_count(marked.by_others), who=who)
        if marked.stale:
            yield self._texts("rekey.stale", count=format_count(marked.stale))
