"""The province's one list: every place of every ward that was read, and a sheet of what is wrong."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from homthu.render.numbers import format_date
from homthu.render.texts import Texts
from homthu.render.workbook.xlsx import add_sheet, open_workbook

from posters.register import PublishedRegister, RegisterProblem

PLACE_COLUMNS = {
    "province": 20,
    "ward_code": 10,
    "ward": 26,
    "authority": 30,
    "place": 44,
    "former_ward": 24,
    "place_code": 14,
    "url": 48,
    "round": 18,
    "opens_on": 12,
    "closes_on": 12,
    "phone": 16,
    "state": 14,
}
PROBLEM_COLUMNS = {"source": 44, "problem": 110}


def describe_problem(problem: RegisterProblem, texts: Texts) -> str:
    """The problem in words; a reason inside it is a sentence of its own."""
    data = dict(problem.data)
    if reason := data.get("reason"):
        data["reason"] = texts(str(reason), **{"status": "", "detail": "", **data})
    return texts(f"register.problem.{problem.code}", **data)


def place_rows(
    readings: Sequence[PublishedRegister],
    problems: Sequence[RegisterProblem],
    today: date,
    texts: Texts,
    *,
    opened: bool,
) -> Iterator[dict[str, str]]:
    """A row for every place, by province and ward."""
    wrong = {problem.place_url for problem in problems if problem.place_url}
    boxes = sorted(
        (box for reading in readings for box in reading.boxes),
        key=lambda box: (box["ward"]["province"], box["ward"]["code"]),
    )
    for box in boxes:
        for place in box["places"]:
            state = "wrong" if place["url"] in wrong else "fine" if opened else "unchecked"
            yield {
                **_ward(box),
                **_round(box["rounds"], today),
                "place": place["name"],
                "former_ward": str(place.get("former_ward", "")),
                "place_code": place["code"],
                "url": place["url"],
                "state": texts(f"register.state.{state}"),
            }


#: An additional sheet: its name, its columns with their widths, its rows.
Sheet = tuple[str, Mapping[str, int], Sequence[dict[str, str]]]


def workbook(
    rows: Sequence[dict[str, str]],
    problems: Sequence[RegisterProblem],
    today: date,
    texts: Texts,
    more: Sequence[Sheet] = (),
) -> bytes:
    """The places, what is wrong, and additional sheets. Everything is text: it comes from elsewhere."""
    buffer = BytesIO()
    title = texts("register.title")
    complaints = [{"source": p.source, "problem": describe_problem(p, texts)} for p in problems]
    with open_workbook(buffer, title=title, author="", made_on=today) as book:
        bold = book.add_format({"bold": True, "border": 1})
        for name, columns, lines in (
            (title, PLACE_COLUMNS, rows),
            (texts("register.problems_title"), PROBLEM_COLUMNS, complaints),
            *more,
        ):
            sheet = add_sheet(book, name)
            for column, (key, width) in enumerate(columns.items()):
                sheet.set_column(column, column, width)
                sheet.write_string(0, column, texts(f"register.column.{key}"), bold)
            for row, line in enumerate(lines, 1):
                for column, key in enumerate(columns):
                    sheet.write_string(row, column, line.get(key, ""))
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, len(lines), len(columns) - 1)
    return buffer.getvalue()


def _ward(box: dict[str, Any]) -> dict[str, str]:
    ward = box["ward"]
    return {
        "province": ward["province"],
        "ward_code": ward["code"],
        "ward": f"{ward['kind']} {ward['name']}",
        "authority": ward["authority"],
        "phone": box["contact"]["phone"],
    }


def _round(rounds: Sequence[dict[str, str]], today: date) -> dict[str, str]:
    """The round that is open, or the next one; dates that cannot be read are another sheet's matter."""
    for round_ in sorted(rounds, key=lambda round_: round_["opens_on"]):
        try:
            opens_on, closes_on = (date.fromisoformat(round_[key]) for key in ("opens_on", "closes_on"))
        except ValueError:
            continue
        if closes_on >= today:
            return {
                "round": round_["name"],
                "opens_on": format_date(opens_on),
                "closes_on": format_date(closes_on),
            }
    return {}
