"""Puts what was typed into a page into the tables of the draft; nothing typed is lost, right or wrong."""

import csv
import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from io import StringIO
from typing import Any

from homthu.domain.text import clean, clean_line

from setting_up.new_ward import place_code, plain
from setting_up.steps import PLACE_KINDS, READS, ROW_KEYS, Field, Input, Step
from setting_up.workplace import Table

#: Enough for a ward with many places; the check reports what is pasted beyond that.
_MOST_ROWS = 400
#: Lists that a file may omit.
_MAY_BE_MISSING = ("rounds", "units", "clerks", "answers")
_ROW = re.compile(r"([a-z]+)\.([0-9]{1,3})\.([a-z_]+)")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2}-[0-9]{2})")
#: A code contains a letter: a column of digits holds households or phone numbers.
_CODE = re.compile(r"(?=.*[-0-9])(?=.*[a-z])[a-z0-9][a-z0-9-]{1,19}")
#: How the title or heading of a list begins, but no name of a place.
_HEADING = re.compile(
    r"(?:stt|tt|so (?:tt|thu tu)|ten|danh sach|dia (?:diem|chi)|diem(?: dat ma)?|noi dat|don vi cu|loai|ma)"
    r"(?: (?:diem|dat|nha van hoa|nvh|noi|cac|cua|to dan pho|thon)\b.*)?"
)
_ONE_STOP = ("mot cua", "tiep nhan", "hanh chinh cong")
_KIND_NAMES = {
    "one_stop": ("mot cua", "bo phan mot cua", "bo phan tiep nhan va tra ket qua", "hanh chinh cong"),
    "culture_house": ("nha van hoa", "nvh"),
    "other": ("noi khac", "khac"),
}
_CULTURE_HOUSE = ("nha van hoa", "nvh", "to dan pho", "thon", "khu pho", "ban ", "ap ")


def take(step: Step, form: Mapping[str, str], table: Table) -> Table:
    """The tables with the values of this page's form; empty rows are left out."""
    taken = deepcopy(table)
    for field in (*step.fields, *step.after):
        if field.path in form:
            _set(taken, field.path, _value(field, form[field.path]))
    if step.rows:
        taken[step.rows] = _rows(step.rows, form, table)
        if not taken[step.rows] and step.rows in _MAY_BE_MISSING:
            del taken[step.rows]
    if step.rows == "places":
        former = taken.get("ward", {}).get("former_names") or ()
        taken["places"] += pasted_places(form.get("paste", ""), former)
        _give_codes(taken)
    elif step.rows == "rounds":
        _number_rounds(taken.get("rounds", ()))
    return taken


def value_at(table: Mapping[str, Any], path: str) -> Any:
    """The value at a path of keys, or None."""
    value: Any = table
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _set(table: Table, path: str, value: Any) -> None:
    *heads, last = path.split(".")
    for head in heads:
        inner = table.get(head)
        if not isinstance(inner, dict):
            inner = table[head] = {}
        table = inner
    table[last] = value


def _value(field: Field, text: str) -> Any:
    if field.input is Input.LINES:
        return [line for line in clean(text).split("\n") if line]
    line = clean_line(text)
    if field.input is Input.NUMBER:
        return int(line) if re.fullmatch(r"-?[0-9]{1,6}", line) else line
    return line


def row_numbers(key: str, form: Mapping[str, str]) -> list[int]:
    """The numbers on the page of the rows that are kept, in order; blank rows are left out."""
    return [number for number, _ in _typed_rows(key, form)]


def _rows(key: str, form: Mapping[str, str], table: Table) -> list[dict[str, Any]]:
    before = [row for row in table.get(key) or () if isinstance(row, Mapping)]
    rows = []
    for number, row in _typed_rows(key, form):
        # What no page asks for, such as a key of a later version, stays with its row.
        old = before[number] if number < len(before) else {}
        rows.append({**row, **{name: value for name, value in old.items() if name not in ROW_KEYS[key]}})
    return rows


def _typed_rows(key: str, form: Mapping[str, str]) -> list[tuple[int, dict[str, Any]]]:
    typed: dict[int, dict[str, str]] = {}
    for name, value in form.items():
        if (found := _ROW.fullmatch(name)) and found[1] == key:
            typed.setdefault(int(found[2]), {})[found[3]] = value
    rows = [
        (number, _ROW_OF[key](typed[number])) for number in sorted(typed) if not typed[number].get("remove")
    ]
    says = ("name", "email", "opens", "closes", "text")
    return [(number, row) for number, row in rows if any(row.get(name) for name in says)][:_MOST_ROWS]


def _place(fields: Mapping[str, str]) -> dict[str, Any]:
    row = {
        "code": clean_line(fields.get("code", "")),
        "name": clean_line(fields.get("name", "")),
        "kind": clean_line(fields.get("kind", "")) or "culture_house",
    }
    former = clean_line(fields.get("former_ward", ""))
    return {**row, "former_ward": former} if former else row


def _round(fields: Mapping[str, str]) -> dict[str, Any]:
    days = {key: clean_line(fields.get(key, "")) for key in ("opens", "closes")}
    if fields.get("yearly"):
        days = {key: found[2] if (found := _DATE.fullmatch(day)) else day for key, day in days.items()}
    return {"code": clean_line(fields.get("code", "")), "name": clean_line(fields.get("name", "")), **days}


def _recipient(fields: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": clean_line(fields.get("name", "")),
        "email": clean_line(fields.get("email", "")),
        "reads": [one for one in READS if fields.get(f"reads_{one}")],
    }


def _unit(fields: Mapping[str, str]) -> dict[str, Any]:
    return {"name": clean_line(fields.get("name", "")), "email": clean_line(fields.get("email", ""))}


def _answer(fields: Mapping[str, str]) -> dict[str, Any]:
    return {"name": clean_line(fields.get("name", "")), "text": clean_line(fields.get("text", ""))}


_ROW_OF = {
    "places": _place,
    "rounds": _round,
    "recipients": _recipient,
    "units": _unit,
    "clerks": _unit,
    "answers": _answer,
}


def pasted_places(text: str, former_names: Sequence[str]) -> list[dict[str, Any]]:
    """Places pasted from a spreadsheet, or one per line: name, then kind, former unit and code in any order.

    A heading and a column of numbers are ignored.
    """
    former = {plain(name): name for name in former_names}
    former |= {plain(name).partition(" ")[2]: name for name in former_names}
    rows = []
    for cells in csv.reader(StringIO(clean_cells(text)), delimiter="\t"):
        values = [clean_line(cell) for cell in cells if clean_line(cell)]
        if values and values[0].rstrip(".").isdigit():
            values = values[1:]
        if not values or _HEADING.fullmatch(plain(values[0])):
            continue
        rows.append(_pasted(values, former))
    return rows[:_MOST_ROWS]


def clean_cells(text: str) -> str:
    """Pasted text with tabs between cells, and line endings of one kind."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def _pasted(values: Sequence[str], former: Mapping[str, str]) -> dict[str, Any]:
    name, *others = values
    row: dict[str, Any] = {"code": "", "name": name, "kind": kind_of(name)}
    for other in others:
        if unit := former.get(plain(other)):
            row["former_ward"] = unit
        elif other in PLACE_KINDS:
            row["kind"] = other
        elif _CODE.fullmatch(other):
            row["code"] = other
        elif kind := _named_kind(other):
            row["kind"] = kind
    return row


def _named_kind(cell: str) -> str:
    """The kind of place that a cell names; not of an address, which mentions a hamlet in passing."""
    words = plain(cell)
    return next((kind for kind, names in _KIND_NAMES.items() if words in names), "")


def kind_of(name: str) -> str:
    """The kind of place that a name or a word means."""
    words = f"{plain(name)} "
    if any(word in words for word in _ONE_STOP):
        return "one_stop"
    return "culture_house" if any(word in words for word in _CULTURE_HOUSE) else "other"


def _give_codes(table: Table) -> None:
    """Give each place without a code a new one, unique in the file."""
    taken = {str(place.get("code")) for place in table["places"]}
    ward = str(value_at(table, "ward.name") or "")
    for place in table["places"]:
        if not place["code"] and place["name"]:
            place["code"] = place_code(
                ward, place["name"], place["kind"], place.get("former_ward", ""), taken
            )
            taken.add(place["code"])


def _number_rounds(rounds: Sequence[dict[str, Any]]) -> None:
    """Give each round without a code a new one."""
    taken = {str(one.get("code")) for one in rounds}
    for one in rounds:
        if not one["code"]:
            one["code"] = next(f"dot-{n}" for n in range(1, 500) if f"dot-{n}" not in taken)
            taken.add(one["code"])
