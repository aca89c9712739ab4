"""The weekly report as a workbook: typed cells to copy, filter and print.

It is built in memory, for rendering does no I/O and XlsxWriter's `constant_memory` writes temporary
files. What keeps memory flat instead is a limit on what people wrote: `MAX_ROWS` and
`MAX_TEXT_BYTES` hold for a week of any size, and keep the mail within what a mailbox takes. The
sheet «Tổng hợp» then says how many suggestions are left out; they come in the order of random ids,
so those that are in are a fair draw.

Texts go through `write_string` alone. Equal input gives equal bytes: the file's date is the report's.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from homthu.domain.boxes.questionnaire import Questionnaire
from homthu.domain.releases.figure import Figure
from homthu.domain.releases.series import WARD
from homthu.domain.reports.suggestion import Suggestion
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.render.marks import unmarked
from homthu.render.numbers import format_count, format_dates
from homthu.render.office_file import repacked
from homthu.render.report.headline import notes
from homthu.render.report.names import Names
from homthu.render.report.period import short_name
from homthu.render.texts import Texts
from homthu.render.workbook.cells import Cell, Figures, Share, Table
from homthu.render.workbook.rekeying import rekeying_remarks, rekeying_tables
from homthu.render.workbook.tables import (
    matter_table,
    place_table,
    question_table,
    suggestion_table,
    summary_tables,
    week_table,
)
from homthu.render.workbook.told import told_table
from homthu.render.workbook.xlsx import add_sheet, open_workbook

MAX_ROWS = 20_000
#: UTF-8 bytes of suggestions. Even text that does not compress stays below the mail's 7 MB.
MAX_TEXT_BYTES = 4_000_000
_FONT = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
_A4 = 9
#: What Excel takes, in points.
_MAX_HEIGHT = 409.0
_POINTS_A_LINE = 16.5
#: The summary prints upright, in percent of its size, so that its columns fit; then a page holds so many
#: points of rows: 842 less the margins, enlarged, less the title that is repeated and a little.
_SUMMARY_SCALE = 70
_SUMMARY_POINTS = 1000.0
#: Letters of this font to a unit of column width, wrapping between words included.
_FILL = 1.1
#: Of a sentence across several columns, in characters.
_LINE_WIDTH = 100
#: Columns that stand still when a sheet is scrolled sideways.
_KEPT_COLUMNS = 2


def render_workbook(report: WeeklyReport, *, texts: Texts, suggestions: Iterable[Suggestion]) -> bytes:
    """The workbook of a report. `suggestions` are read as far as the limits allow, and not again."""
    names = Names(report=report, texts=texts)
    ward = report.box.ward.full_name
    title = texts(
        "report.sheet.title",
        period=short_name(report, texts),
        dates=format_dates(report.first_day, report.last_day),
        ward=ward,
    )
    buffer = BytesIO()
    with open_workbook(buffer, title=title, author=ward, made_on=report.made_on) as book:
        writer = _Writer(book, title=title, page=texts("report.sheet.page"))
        summary = writer.sheet(texts("report.sheet.summary"))
        places = writer.sheet(texts("report.sheet.places"))
        weeks = writer.sheet(texts("report.sheet.weeks"))
        questions = [(asked, writer.sheet(name)) for asked, name in _question_sheets(report, texts)]
        told = writer.sheet(texts("report.sheet.told"))
        people = writer.sheet(texts("report.sheet.suggestions"))
        cases = writer.sheet(texts("report.sheet.handling")) if report.case_statistics.is_used else None
        # A correction's figures are those of its week's report, so its numbers of forms would be the old
        # ones: what it changed opens again on the page «Nhập liệu».
        if (target := report.target) and not report.correction:
            again = writer.sheet(texts("report.sheet.rekeying"))
            said = rekeying_remarks(report, target, texts)
            writer.stack(again, title, rekeying_tables(report, target, texts), said)

        end = writer.table(places, place_table(report, names))
        writer.lines(places, end + 1, [texts("report.sheet.cells")], columns=7)
        end = writer.table(weeks, week_table(report, names))
        writer.columns_chart(weeks, texts("report.sheet.weeks_chart"), last_row=end - 1)
        for asked, sheet in questions:
            end = writer.table(sheet, question_table(report, asked, names))
            if any(figure and not figure.alike for figure in _figures(report, asked)):
                writer.bars_chart(sheet, texts("report.sheet.chart"), last_row=end - 1)
        end = writer.table(told, told_table(report, names))
        writer.lines(told, end + 1, [texts("report.sheet.told_note")], columns=8)
        if cases:
            writer.table(cases, matter_table(report, names))
        written = writer.table(people, suggestion_table(within_limits(suggestions), names)) - 1

        remarks = [texts("report.mail.draft"), *notes(report, texts)]
        readable = report.suggestions.readable + report.suggestions.praise
        if written < readable:
            left = format_count(readable - written)
            remarks.append(texts("report.sheet.left_out", written=format_count(written), left=left))
        writer.tables(summary, title, summary_tables(report, names), remarks)
        summary.activate()
    return repacked(buffer)


def _question_sheets(report: WeeklyReport, texts: Texts) -> Iterator[tuple[Questionnaire, str]]:
    """Every version answered, and what its sheet is called: each has a sheet of its own."""
    for number, asked in enumerate(report.versions):
        name = texts("report.sheet.questions")
        if number:
            name = texts("report.sheet.versioned", question=name, version=asked.version)
        yield asked, name


def _figures(report: WeeklyReport, version: Questionnaire) -> Iterator[Figure | None]:
    return (report.tells(WARD, asked).figure for _, asked in report.rated(version))


def within_limits(suggestions: Iterable[Suggestion]) -> Iterator[Suggestion]:
    """As many of them, from the first on, as a workbook holds."""
    room = MAX_TEXT_BYTES
    for number, suggestion in enumerate(suggestions):
        room -= len(suggestion.text.encode())
        if number >= MAX_ROWS or room < 0:
            return
        yield suggestion


def _height(cells: Iterable[Cell], widths: Iterable[int]) -> float:
    """A row's height in points. Readers do not all fit rows to wrapped text, and none fits merged cells."""
    lines = 1
    for cell, width in zip(cells, widths, strict=True):
        if isinstance(cell, str):
            lines = max(
                lines, sum(1 + int(len(line) / (width * _FILL)) for line in unmarked(cell).split("\n"))
            )
    return min(_MAX_HEIGHT, _POINTS_A_LINE * lines)


def _table_height(table: Table) -> float:
    """Its title, its heading, its rows and the gap below, in points."""
    widths = [column.width for column in table.columns]
    headings: list[Cell] = [column.heading for column in table.columns]
    rows = [headings, *table.rows]
    return sum(_height(cells, widths) for cells in rows) + _POINTS_A_LINE * (2 if table.title else 1)


class _Writer:
    """Puts tables on sheets, with one look for all."""

    def __init__(self, book: Any, *, title: str, page: str) -> None:
        self._book = book
        self._header = "&L" + title.replace("&", "&&")
        self._footer = "&C" + page
        box = _FONT | {"border": 1, "border_color": "#BFC7CF"}
        self._title = book.add_format(_FONT | {"bold": True, "font_size": 14})
        self._line = book.add_format(_FONT | {"text_wrap": True})
        self._heading = book.add_format(
            box | {"bold": True, "bg_color": "#E8EDF2", "text_wrap": True, "valign": "vcenter"}
        )
        self._text = book.add_format(box | {"text_wrap": True})
        self._figure = book.add_format(box | {"align": "right"})
        self._count = book.add_format(box | {"num_format": "#,##0"})
        self._share = book.add_format(box | {"num_format": "0.0%"})
        self._decimal = book.add_format(box | {"num_format": "0.0"})
        self._date = book.add_format(box | {"num_format": "dd/mm/yyyy", "align": "center"})

    def sheet(self, name: str) -> Any:
        """A new sheet, set to print on A4 across, one page wide, its first row on every page."""
        sheet = add_sheet(self._book, name)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
        sheet.set_header(self._header)
        sheet.set_footer(self._footer)
        sheet.repeat_rows(0)
        return sheet

    def table(self, sheet: Any, table: Table) -> int:
        """Fill a sheet with one table, to be filtered, its heading kept in sight; give the row after it."""
        for at, column in enumerate(table.columns):
            sheet.set_column(at, at, column.width)
        end = self._rows(sheet, 0, table)
        sheet.autofilter(0, 0, max(end - 1, 1), len(table.columns) - 1)
        sheet.freeze_panes(1, _KEPT_COLUMNS)
        return end

    def tables(self, sheet: Any, title: str, tables: Iterable[Table], remarks: Iterable[str]) -> None:
        """Put several tables under each other below a title, then the remarks; no table across two pages
        that one has room for."""
        sheet.set_portrait()
        # Fitting a page's width would make a spreadsheet pass over where pages are to end.
        sheet.set_print_scale(_SUMMARY_SCALE)
        sheet.write_string(0, 0, title, self._title)
        sheet.freeze_panes(1, 0)
        row, breaks, left = 2, [], _SUMMARY_POINTS
        for table in tables:
            for at, column in enumerate(table.columns):
                sheet.set_column(at, at, column.width)
            height = _table_height(table)
            if height > left:
                breaks.append(row)
                left = _SUMMARY_POINTS
            left -= height
            if table.title:
                sheet.write_string(row, 0, table.title, self._title)
                row += 1
            row = self._rows(sheet, row, table) + 1
        sheet.set_h_pagebreaks(breaks)
        self.lines(sheet, row, remarks, columns=5)

    def stack(self, sheet: Any, title: str, tables: Iterable[Table], remarks: Iterable[str]) -> None:
        """Put the remarks below a title, then several tables of columns of one width."""
        sheet.write_string(0, 0, title, self._title)
        sheet.freeze_panes(1, 0)
        lines = list(remarks)
        self.lines(sheet, 1, lines, columns=7)
        row = 2 + len(lines)
        for table in tables:
            for at, column in enumerate(table.columns):
                sheet.set_column(at, at, column.width)
            sheet.write_string(row, 0, table.title, self._title)
            row = self._rows(sheet, row + 1, table) + 1

    def lines(self, sheet: Any, row: int, lines: Iterable[str], *, columns: int) -> None:
        """Sentences across some columns, one below the other."""
        for at, line in enumerate(lines, row):
            sheet.merge_range(at, 0, at, columns - 1, "", self._line)
            sheet.write_string(at, 0, line, self._line)
            sheet.set_row(at, _height([line], [_LINE_WIDTH]))

    def columns_chart(self, sheet: Any, title: str, *, last_row: int) -> None:
        """A chart of the submissions by week, below the table."""
        name, counts = sheet.get_name(), 3
        chart = self._book.add_chart({"type": "column"})
        chart.add_series(
            {
                "categories": [name, 1, 0, last_row, 0],
                "values": [name, 1, counts, last_row, counts],
                "fill": {"color": "#0B4F8A"},
                "gap": 60,
                "data_labels": {"value": True, "font": {"size": 11}},
            }
        )
        chart.set_title({"name": title, "name_font": {"size": 13}})
        chart.set_legend({"none": True})
        chart.set_y_axis({"min": 0, "major_gridlines": {"visible": True, "line": {"color": "#D5DAE0"}}})
        chart.set_size({"width": 900, "height": 320})
        sheet.insert_chart(last_row + 2, 0, chart, {"description": title})

    def bars_chart(self, sheet: Any, title: str, *, last_row: int) -> None:
        """A chart of the share satisfied by question, below the table."""
        name, share_column = sheet.get_name(), 9
        chart = self._book.add_chart({"type": "bar"})
        chart.add_series(
            {
                "categories": [name, 1, 1, last_row, 1],
                "values": [name, 1, share_column, last_row, share_column],
                "fill": {"color": "#2F8F5B"},
                "gap": 60,
                "data_labels": {"value": True, "num_format": "0.0%", "font": {"size": 11}},
            }
        )
        chart.set_title({"name": title, "name_font": {"size": 13}})
        chart.set_legend({"none": True})
        chart.set_x_axis(
            {
                "min": 0,
                "max": 1,
                "num_format": "0%",
                "major_gridlines": {"visible": True, "line": {"color": "#D5DAE0"}},
            }
        )
        chart.set_y_axis({"reverse": True, "num_font": {"size": 11}})
        chart.set_size({"width": 900, "height": 90 + 36 * last_row})
        sheet.insert_chart(last_row + 2, 1, chart, {"description": title})

    def _rows(self, sheet: Any, row: int, table: Table) -> int:
        for at, column in enumerate(table.columns):
            sheet.write_string(row, at, column.heading, self._heading)
        widths = [column.width for column in table.columns]
        sheet.set_row(row, _height([column.heading for column in table.columns], widths))
        row += 1
        for cells in table.rows:
            for at, cell in enumerate(cells):
                self._cell(sheet, row, at, cell)
            sheet.set_row(row, _height(cells, widths))
            row += 1
        return row

    def _cell(self, sheet: Any, row: int, at: int, cell: Cell) -> None:
        match cell:
            case None | "":
                sheet.write_blank(row, at, None, self._text)
            case Figures():
                sheet.write_string(row, at, cell, self._figure)
            case str():
                sheet.write_string(row, at, cell, self._text)
            case Share():
                sheet.write_number(row, at, cell, self._share)
            case int():
                sheet.write_number(row, at, cell, self._count)
            case float():
                sheet.write_number(row, at, cell, self._decimal)
            case date():
                sheet.write_datetime(row, at, datetime.combine(cell, time.min), self._date)
