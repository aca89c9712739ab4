import csv
import io
import json
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from homthu.domain.submissions.submission import ExportRow
from homthu.render.export_file import render_export

ROW = ExportRow(
    ward="07207",
    place="nq-mc",
    channel="qr",
    assisted=False,
    questionnaire="qcdc-v1",
    round="2026-dot-4",
    week="2026-W48",
    received_on="2026-11-24",
    answers={"thai_do": "5"},
    text="Đèn hỏng",
    service="",
    text_kind="khac_phuc",
    do_not_quote=True,
    flags=["no_stamp", "burst"],
)
DAY = date(2026, 11, 30)
HOSTILE = ["=1+1", "+84912", "-1", "@a", "\t=1", " =1", "＝1", "https://x.example", '"; =1', "a\n=1"]


def cells(rows: list[ExportRow], format: str) -> list[list[str]]:
    content = render_export(rows, format, made_on=DAY)
    if format == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return [["" if cell.value is None else cell.value for cell in row] for row in sheet.rows]


def test_json_is_an_array_with_one_object_a_line() -> None:
    content = render_export([ROW, replace(ROW, text="x")], "json", made_on=DAY).decode()
    first, second = json.loads(content)
    assert list(first) == [
        *("ward", "place", "channel", "assisted", "questionnaire", "round", "week", "received_on"),
        *("answers", "text", "service", "flags", "text_kind", "do_not_quote"),
    ]
    assert (first["answers"], first["flags"], second["text"]) == (
        {"thai_do": "5"},
        ["no_stamp", "burst"],
        "x",
    )
    assert len(content.splitlines()) == 4


def test_no_submissions_are_an_empty_array() -> None:
    assert json.loads(render_export([], "json", made_on=DAY)) == []


@pytest.mark.parametrize(("format", "shown"), [("csv", "'07207"), ("xlsx", "07207")])
def test_the_code_of_a_ward_keeps_its_zero_whatever_opens_the_file(format: str, shown: str) -> None:
    header, row = cells([ROW], format)
    assert row[header.index("ward")] == shown


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_a_table_has_a_column_for_every_question_that_was_answered(format: str) -> None:
    header, first, second = cells([ROW, replace(ROW, answers={"chung": "4"})], format)
    assert header[-2:] == ["thai_do", "chung"]
    assert first[-2:] == ["5", ""]
    assert second[-2:] == ["", "4"]
    assert dict(zip(header, first, strict=True))["flags"] == "no_stamp burst"


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_no_two_columns_are_called_alike_whatever_the_questions_are(format: str) -> None:
    answers = {"week": "tot", "q-week": "kem", "text": "co", "thai_do": "tot"}
    header, _ = cells([replace(ROW, answers=answers)], format)
    assert len(set(header)) == len(header)
    assert header[-4:] == ["q-week", "q-q-week", "q-text", "thai_do"]


def test_csv_opens_in_excel_as_vietnamese() -> None:
    assert render_export([ROW], "csv", made_on=DAY).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_of_a_csv_file_can_be_a_formula(text: str) -> None:
    header, row = cells([replace(ROW, text=text)], "csv")
    cell = row[header.index("text")]
    assert cell in (text, "'" + text)
    assert cell.lstrip()[0] not in "=+-@＝＋－＠"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_workbook_holds_words_as_they_were_written(text: str) -> None:
    content = render_export([replace(ROW, text=text)], "xlsx", made_on=DAY)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    (cell,) = [cell for row in sheet.rows for cell in row if cell.value == text]
    assert (cell.data_type, cell.hyperlink) == ("s", None)


@pytest.mark.parametrize("format", ["json", "csv", "xlsx"])
def test_equal_rows_make_equal_bytes(format: str) -> None:
    assert render_export([ROW], format, made_on=DAY) == render_export([ROW], format, made_on=DAY)
