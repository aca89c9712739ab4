"""Opens workbooks so that nothing written into them comes alive. Only here is xlsxwriter known."""

import re
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import xlsxwriter

from homthu.render.office_file import repacked

#: What Excel takes of a sheet's name: at most this many UTF-16 units, none of these characters (those of
#: two units are left out for the count's sake), no quote at either end, and not the name it keeps for itself.
#: https://support.microsoft.com/en-us/office/rename-a-worksheet-3f1f7148-ee83-404d-8ef0-9ff99fbad1f9
MAX_SHEET_NAME = 31
_ILLEGAL = re.compile(r"[\[\]:*?/\\\x00-\x1f\U00010000-\U0010ffff]")
_QUOTE = "'"
_RESERVED = "history"
_NAMELESS = "–"


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


def add_sheet(book: Any, wanted: str) -> Any:
    """A new sheet, called as wanted as far as Excel and the sheets already there allow.

    Of a name that is too long the middle goes: versions and parts are told apart at the end. What is
    then still taken, whatever the case of its letters, gets a number.
    """
    legal = _ILLEGAL.sub("-", wanted).strip(_QUOTE + " ") or _NAMELESS
    taken = {sheet.get_name().casefold() for sheet in book.worksheets()} | {_RESERVED}
    name, number = _squeeze(legal, MAX_SHEET_NAME), 1
    while name.casefold() in taken:
        number += 1
        mark = f" ({number})"
        name = _squeeze(legal, MAX_SHEET_NAME - len(mark)) + mark
    return book.add_worksheet(name)


def _squeeze(name: str, most: int) -> str:
    if len(name) <= most:
        return name
    end = most // 2
    return f"{name[: most - 1 - end].rstrip()}…{name[-end:].lstrip()}"


def plain_workbook(
    header: Sequence[str], rows: Iterable[Sequence[str]], *, title: str, made_on: date
) -> bytes:
    """One sheet of text cells under a frozen, filtered header row."""
    buffer = BytesIO()
    with open_workbook(buffer, title=title, author="", made_on=made_on) as book:
        sheet = add_sheet(book, title)
        bold = book.add_format({"bold": True})
        for column, name in enumerate(header):
            sheet.write_string(0, column, name, bold)
        last = 0
        for last, row in enumerate(rows, 1):
            for column, text in enumerate(row):
                sheet.write_string(last, column, text)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, last, len(header) - 1)
    return repacked(buffer)
