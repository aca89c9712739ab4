"""An export as a file: JSON for programs, CSV for other systems, a workbook for Excel."""

import csv
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, fields
from datetime import date

from homthu.domain.submissions.submission import ExportRow
from homthu.render.workbook.xlsx import plain_workbook

#: A cell that begins with one of these may be read as a formula by a program that opens a CSV file.
_FORMULA_STARTS = tuple("=+-@\t\r＝＋－＠")
_BOM = "\ufeff"


def render_export(rows: Iterable[ExportRow], format: str, *, made_on: date) -> bytes:
    """The file's bytes; `format` is a key of `FORMATS`, `made_on` dates a workbook."""
    return FORMATS[format](rows, made_on)


def _json(rows: Iterable[ExportRow], _: date) -> bytes:
    """A JSON array with one object a line."""
    lines = [json.dumps(asdict(row), ensure_ascii=False) for row in rows]
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode()


def _csv(rows: Iterable[ExportRow], _: date) -> bytes:
    """RFC 4180, every cell quoted, with the byte order mark that Excel needs for Vietnamese.

    A cell that could be read as a formula gets an apostrophe in front (OWASP ASVS 5.0, V1.2.10), and so does
    a number that would lose its zero, as the code of a ward does.
    """
    header, table = _flat(rows)
    file = io.StringIO(_BOM, newline="")
    file.seek(0, io.SEEK_END)
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow(header)
    writer.writerows([_inert(cell) for cell in row] for row in table)
    return file.getvalue().encode()


def _inert(cell: str) -> str:
    is_code = len(cell) > 1 and cell.isdecimal() and cell.startswith("0")
    return "'" + cell if is_code or cell.lstrip(" \n").startswith(_FORMULA_STARTS) else cell


def _xlsx(rows: Iterable[ExportRow], made_on: date) -> bytes:
    header, table = _flat(rows)
    return plain_workbook(header, table, title="submissions", made_on=made_on)


def _flat(rows: Iterable[ExportRow]) -> tuple[list[str], list[list[str]]]:
    """One column per question, in the order in which the rows name them; no two columns
    have the same name.
    """
    kept = list(rows)
    questions = list(dict.fromkeys(question for row in kept for question in row.answers))
    plain = [field.name for field in fields(ExportRow) if field.name != "answers"]
    table = [
        [
            *(_cell(getattr(row, name)) for name in plain),
            *(row.answers.get(question, "") for question in questions),
        ]
        for row in kept
    ]
    header = plain
    for question in questions:
        while question in header:
            question = f"q-{question}"
        header = [*header, question]
    return header, table


def _cell(value: str | bool | list[str]) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return value if isinstance(value, str) else " ".join(value)


FORMATS: dict[str, Callable[[Iterable[ExportRow], date], bytes]] = {
    "xlsx": _xlsx,
    "csv": _csv,
    "json": _json,
}
