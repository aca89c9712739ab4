"""The sheet for those who type figures into another system: its fields in its order, and totals."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from homthu.domain.boxes.target import Target
from homthu.domain.rekeying.rows import Totals, by_fields, of_year, rows_of, totals_of
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.domain.week import Week
from homthu.render.numbers import format_count
from homthu.render.texts import Texts
from homthu.render.workbook.cells import Cell, Column, Table, columns_of

#: The narrowest and the widest column, in characters.
_NARROW, _WIDE = 11, 26


def rekeying_tables(report: WeeklyReport, target: Target, texts: Texts) -> list[Table]:
    """The year's control totals, then its rows, newest report first: one table for rows with equal labels.

    The tables stand below each other, so they share the widths of their columns.
    """
    told = rows_of(target, report.box, report.questionnaires, report.releases)
    rows = of_year(told, report.week.year)
    tables = [_totals(totals_of(rows), report.week.year, texts)]
    in_order = sorted(rows, key=lambda row: row.week, reverse=True)
    for labels, those in by_fields(in_order).items():
        title = texts(f"report.sheet.rekeying_{'answers' if those[0].question else 'forms'}")
        headings = (texts("report.sheet.rekeying_week"), *labels)
        cells = tuple((_week(row.week), *(cell.value for cell in row.cells)) for row in those)
        tables.append(_table(title, headings, cells))
    widths = [_width(column) for column in zip_longest(*(_lengths(table) for table in tables), fillvalue=0)]
    return [replace(table, columns=tuple(map(_widened, table.columns, widths))) for table in tables]


def _week(week: Week) -> str:
    return f"{week.number:02}/{week.year}"


def _table(title: str, headings: Sequence[str], rows: Sequence[tuple[Cell, ...]]) -> Table:
    return Table(title=title, columns=columns_of(headings, [_NARROW] * len(headings)), rows=rows)


def _lengths(table: Table) -> list[int]:
    """The length of the longest text of each column; headings and mostly empty columns may wrap."""
    rows, lengths = list(table.rows), []
    for at, column in enumerate(table.columns):
        filled = [len(str(row[at])) for row in rows if row[at] not in (None, "")]
        is_full = 2 * len(filled) > len(rows)
        lengths.append(max(len(column.heading) // 2, *filled) if is_full else len(column.heading) // 2)
    return lengths


def _width(lengths: Iterable[int]) -> int:
    return min(_WIDE, max(_NARROW, *lengths))


def _widened(column: Column, width: int) -> Column:
    return replace(column, width=width)


def _totals(totals: Totals, year: int, texts: Texts) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for key, count, sums in (
        ("forms", totals.forms_rows, totals.forms),
        ("answers", totals.answers_rows, totals.answers),
    ):
        if sums:
            rows.append((texts(f"report.sheet.rekeying_all_{key}"), None, count))
        rows += [(total.label, total.sum, total.rows) for total in sums]
    headings = [texts(f"report.sheet.rekeying_{key}") for key in ("field", "sum", "rows")]
    return _table(texts("report.sheet.rekeying_totals", year=year), headings, tuple(rows))


def rekeying_remarks(report: WeeklyReport, target: Target, texts: Texts) -> Iterator[str]:
    """The name of the target, and what its rows include and leave out."""
    yield texts("report.sheet.rekeying_into", target=target.title)
    yield texts("report.sheet.rekeying_note")
    rows = rows_of(target, report.box, report.questionnaires, report.releases)
    if count := totals_of(of_year(rows, report.week.year)).in_words:
        yield texts("report.sheet.rekeying_in_words", count=format_count(count))
