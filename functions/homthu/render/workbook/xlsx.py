"""Opens workbooks so that nothing written into them comes alive. Only here is xlsxwriter known."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import xlsxwriter


def open_workbook(buffer: BytesIO, *, title: str, author: str, made_on: date) -> AbstractContextManager[Any]:
    """A workbook that is written into the buffer when it is closed.

    Strings stay strings: `write` would otherwise take «=…» for a formula and an address for a link.
    The date is given, so that equal input makes equal bytes.
    """
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"title": title, "author": author, "created": datetime.combine(made_on, time.min)})
    return book  # type: ignore[no-any-return]


def plain_workbook(
    header: Sequence[str], rows: Iterable[Sequence[str]], *, title: str, made_on: date
) -> bytes:
    """One sheet of text cells under a frozen, filtered header row."""
    buffer = BytesIO()
    with open_workbook(buffer, title=title, author="", made_on=made_on) as book:
        sheet = book.add_worksheet(title)
        bold = book.add_format({"bold": True})
        for column, name in enumerate(header):
            sheet.write_string(0, column, name, bold)
        last = 0
        for last, row in enumerate(rows, 1):
            for column, text in enumerate(row):
                sheet.write_string(last, column, text)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, last, len(header) - 1)
    return buffer.getvalue()
