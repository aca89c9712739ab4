import re
import zipfile
from dataclasses import replace
from datetime import datetime
from io import BytesIO

import openpyxl
import pytest
from box_editing import SHIPPED
from builders import WEEK, box, questionnaire, stored, week_of_submissions
from case_builders import case_statistics
from homthu.adapters.box_files import load_boxes
from homthu.adapters.web_files import load_texts
from homthu.domain.rekeying.rows import of_year, rows_of, totals_of
from homthu.domain.reports.suggestion import suggestions_in
from homthu.domain.reports.weekly_report import Correction
from homthu.domain.submissions.submission import StoredSubmission
from homthu.render.numbers import format_count
from homthu.render.workbook.workbook import MAX_TEXT_BYTES, render_workbook
from homthu.render.workbook.xlsx import add_sheet, open_workbook
from read_mail import without_marks_in
from report_builders import attribution, numbered, report

TEXTS = load_texts("vi")
TARGET = load_boxes(SHIPPED).targets["chung"]


def render(submissions: list[StoredSubmission]) -> bytes:
    suggestions = suggestions_in(numbered(submissions), attribution(submissions))
    return without_marks_in(render_workbook(report(submissions), texts=TEXTS, suggestions=suggestions))


def read(submissions: list[StoredSubmission]) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(render(submissions)))


def cells(book: openpyxl.Workbook) -> list[openpyxl.cell.Cell]:
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row]


@pytest.fixture(scope="module")
def week() -> list[StoredSubmission]:
    return list(week_of_submissions(87))


@pytest.fixture(scope="module")
def content(week: list[StoredSubmission]) -> bytes:
    return render(week)


@pytest.fixture(scope="module")
def book(content: bytes) -> openpyxl.Workbook:
    """The workbook of a plausible week, for whoever only reads it."""
    return openpyxl.load_workbook(BytesIO(content))


def test_there_are_six_sheets_each_set_to_print_on_a4_across(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == ["Tổng hợp", "Nơi đặt mã", "Các tuần", "Câu hỏi", "Đã nêu", "Góp ý"]
    for sheet in book.worksheets[1:]:
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.freeze_panes
    for name in book.sheetnames[1:]:
        assert book[name].auto_filter.ref


def test_the_summary_prints_upright_and_no_table_goes_over_a_pages_end(week: list[StoredSubmission]) -> None:
    asked = {version: questionnaire(version) for version in ("qcdc-v1", "qcdc-v2", "qcdc-v3")}
    several = [
        replace(one, submission=replace(one.submission, questionnaire=version))
        for one in week
        for version in asked
    ]
    made = render_workbook(report(several, questionnaires=asked), texts=TEXTS, suggestions=[])
    sheet = openpyxl.load_workbook(BytesIO(made))["Tổng hợp"]
    assert (sheet.page_setup.orientation, sheet.page_setup.scale) == ("portrait", 70)
    # So wide is A4 at this scale; the column beyond would be printed on pages of its own.
    assert sum(sheet.column_dimensions[letter].width for letter in "ABCDE") <= 106
    breaks = [one.id for one in sheet.row_breaks.brk]
    assert breaks
    # A page ends above the title of a table, never within one.
    titles = tuple(question.text["vi"] for question in questionnaire().choices)
    assert all(sheet.cell(at + 1, 1).value.startswith(titles) for at in breaks)


def test_the_file_names_nobody_elses_program(content: bytes) -> None:
    app = zipfile.ZipFile(BytesIO(content)).read("docProps/app.xml").decode()
    assert "<Application>Hòm thư góp ý điện tử</Application>" in app
    assert "Microsoft" not in app


HOSTILE = (
    "=cmd|' /C calc'!A0",
    "+84912",
    "-1+1",
    "@SUM(A1)",
    "{=1+1}",
    "＝1+1",
    "https://evil.example/x",
    "mailto:a@b.example",
    "internal:Sheet1!A1",
    "external:c:\\x.xlsx",
    "1234567890123456789012",
    "<script>alert(1)</script>",
    "\u202egnol",
    "a\x00b\x0bc",
    "_x0041_",
    "2026-11-30",
)


def test_what_people_wrote_stays_text() -> None:
    content = render([stored(number, text=text) for number, text in enumerate(HOSTILE)])
    book = openpyxl.load_workbook(BytesIO(content))
    assert all(cell.data_type != "f" and cell.hyperlink is None for cell in cells(book))
    written = [row[3] for row in book["Góp ý"].iter_rows(min_row=2) if row[3].value is not None]
    assert len(written) == len(HOSTILE)
    assert {cell.data_type for cell in written} == {"s"}
    assert not any("\u202e" in cell.value for cell in written)
    archive = zipfile.ZipFile(BytesIO(content))
    assert not [name for name in archive.namelist() if "externalLink" in name]
    assert not any(
        "hyperlink" in archive.read(name).decode("utf-8", "replace") for name in archive.namelist()
    )


def test_a_formula_is_kept_word_for_word_as_text() -> None:
    assert read([stored(1, text="=1+1")])["Góp ý"]["D2"].value == "=1+1"


def test_numbers_shares_and_dates_are_typed(week: list[StoredSubmission], book: openpyxl.Workbook) -> None:
    figure = report(week).overall.figure
    assert figure is not None
    summary = {row[0].value: row[1] for row in book["Tổng hợp"].iter_rows(max_row=22)}
    assert summary["Số phiếu trong kỳ"].value == 87
    heading = [cell.value for cell in book["Các tuần"][1]]
    last = book["Các tuần"][6]
    share = last[heading.index("Tỷ lệ hài lòng")]
    assert share.number_format == "0.0%"
    assert share.value == pytest.approx(figure.satisfied_share)
    assert last[heading.index("Số lượt trả lời")].value == figure.answers
    first = book["Đã nêu"]["E2"]
    assert isinstance(first.value, datetime)
    assert first.number_format == "dd/mm/yyyy"
    assert (first.value.hour, first.value.minute) == (0, 0)


def test_the_suggestions_keep_the_order_they_come_in(
    week: list[StoredSubmission], book: openpyxl.Workbook
) -> None:
    sheet = book["Góp ý"]
    rows = [(row[0], row[3]) for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert rows == [(one.name, one.text) for one in suggestions_in(numbered(week), attribution(week))]


def test_every_release_of_the_year_has_its_row_and_says_no_more_than_was_told(
    week: list[StoredSubmission], book: openpyxl.Workbook
) -> None:
    sheet, told = book["Đã nêu"], [one for _, one in report(week).releases.told]
    heading, *rows = list(sheet.iter_rows(values_only=True))
    rows = [row for row in rows if row[6]]
    assert len(rows) == len(told)
    for row, one in zip(rows, told, strict=True):
        assert (row[4].date(), row[5].date(), row[6]) == (one.first.monday, one.last.sunday, one.answers)
        by_rating = row[8:13]
        if one.alike:
            assert row[7]
            assert by_rating == (None,) * 5
        elif set(one.by_option) <= set("12345"):
            assert by_rating == tuple(one.by_option.get(rating, 0) for rating in "54321")
    assert heading[:2] == ("Về", "Nhóm")


def test_a_place_with_little_to_tell_says_what_waits_and_shows_no_figure() -> None:
    week = [
        *week_of_submissions(40),
        *(stored(9000 + n, place="nv07", answers={"chung": "1"}) for n in range(4)),
    ]
    row = next(row for row in read(week)["Nơi đặt mã"].iter_rows(values_only=True) if row[0] == "nv07")
    assert row[3] == 4
    assert set(row[7:-1]) == {None}
    assert row[-1] == "mới có 4 phiếu từ 23/11; sẽ nêu khi đủ 10 lượt trả lời"


def test_the_questions_have_a_native_chart_unless_there_is_nothing_to_draw(content: bytes) -> None:
    charts = [name for name in zipfile.ZipFile(BytesIO(content)).namelist() if "chart" in name]
    assert charts == ["xl/charts/chart1.xml", "xl/charts/chart2.xml"]
    book = openpyxl.load_workbook(
        BytesIO(render_workbook(report([], earlier={}), texts=TEXTS, suggestions=[]))
    )
    assert [len(sheet._charts) for sheet in book] == [0, 0, 1, 0, 0, 0], "the weeks alone"


def test_the_cases_have_a_sheet_once_there_are_any() -> None:
    made = report([], case_statistics=case_statistics())
    book = openpyxl.load_workbook(BytesIO(render_workbook(made, texts=TEXTS, suggestions=[])))
    assert book.sheetnames[-1] == "Giải quyết"
    heading, *rows = book["Giải quyết"].iter_rows(values_only=True)
    assert [row[heading.index("Tình trạng")] for row in rows] == [
        *("Quá hạn 3 ngày", "Chưa giao đơn vị", "Đang giải quyết"),
        *("Đã trả lời ngày 26/11/2026", "Đã kết thúc ngày 25/11/2026"),
    ]
    assert rows[0][heading.index("Hạn")] == datetime(2026, 11, 27)
    assert rows[2][heading.index("Nội dung việc")] == "Việc có dấu hiệu khiếu nại, tố cáo (không trích)"
    summary = {row[0]: row[1] for row in book["Tổng hợp"].iter_rows(values_only=True) if row[0]}
    assert (summary["Việc đang giải quyết"], summary["trong đó: quá hạn"]) == (3, 1)


def test_every_week_of_the_year_has_its_row_oldest_first(week: list[StoredSubmission]) -> None:
    weeks = {WEEK.shift(-n): list(week_of_submissions(9 * n, seed=n, week=WEEK.shift(-n))) for n in (3, 1)}
    made = report(week, earlier=weeks)
    book = openpyxl.load_workbook(BytesIO(render_workbook(made, texts=TEXTS, suggestions=[])))
    rows = list(book["Các tuần"].iter_rows(min_row=2, max_row=4, values_only=True))
    assert [(row[0], row[3]) for row in rows] == [("45/2026", 27), ("47/2026", 9), ("48/2026", 87)]
    assert rows[0][1] == datetime(2026, 11, 2)
    assert rows[1][5:8] == (None, None, None)
    assert rows[2][10] == "16/11–29/11/2026"


def test_another_version_of_the_questions_has_a_sheet_of_its_own() -> None:
    asked = {v: questionnaire(v) for v in ("qcdc-v1", "qcdc-v0")}
    made = report([stored(1), stored(2, questionnaire="qcdc-v0")], questionnaires=asked)
    book = openpyxl.load_workbook(BytesIO(render_workbook(made, texts=TEXTS, suggestions=[])))
    assert book.sheetnames[3:5] == ["Câu hỏi", "Câu hỏi (qcdc-v0)"]
    for name in book.sheetnames[3:5]:
        assert [row[1] for row in book[name].iter_rows(min_row=2, max_row=3, values_only=True)] == [
            "Thái độ tiếp đón, giao tiếp",
            "Lắng nghe, trả lời câu hỏi",
        ]


def test_versions_that_differ_only_at_the_end_of_a_long_name_have_a_sheet_each() -> None:
    versions = [f"phuong-hoang-van-thu-v{number}" for number in range(1, 13)] + [
        f"{'a' * 31}{n}" for n in "12"
    ]
    asked = {version: questionnaire(version) for version in ["qcdc-v1", *versions]}
    submissions = [stored(number, questionnaire=version) for number, version in enumerate(asked)]
    made = report(submissions, questionnaires=asked)
    book = openpyxl.load_workbook(BytesIO(render_workbook(made, texts=TEXTS, suggestions=[])))
    names = book.sheetnames[3:-2]
    assert len(names) == len(asked)
    # The number that tells the versions apart is still read.
    assert all(any(name.endswith(f"-v{number})") for name in names) for number in range(1, 13))


#: A slash, a bracket and a quote are what people write into a name; `history` is Excel's own.
WANTED = (
    "a" * 31,
    "a" * 32,
    "A" * 33,
    "x/y [z]: 'w'",
    "'x'",
    "History",
    "history",
    "",
    "🙂" * 20,
    "a" * 29 + "-1",
)


def test_whatever_sheets_are_wanted_to_be_called_each_gets_a_name_that_excel_takes() -> None:
    buffer = BytesIO()
    with open_workbook(buffer, title="", author="", made_on=WEEK.monday) as made:
        for wanted in WANTED * 3:
            add_sheet(made, wanted)
    names = openpyxl.load_workbook(buffer).sheetnames
    assert len({name.casefold() for name in names}) == len(names) == len(WANTED) * 3
    for name in names:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\")
        assert not name.startswith("'")
        assert not name.endswith("'")
        assert name.casefold() != "history"


def test_equal_input_gives_equal_bytes_that_tell_no_time(
    week: list[StoredSubmission], content: bytes
) -> None:
    assert content == render(week)
    archive = zipfile.ZipFile(BytesIO(content))
    assert {info.date_time[:3] for info in archive.infolist()} == {(1980, 1, 1)}
    core = archive.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2026-11-30T00:00:00Z"}
    assert set(re.findall(r"<(?:dc:creator|cp:lastModifiedBy)>([^<]*)<", core)) == {"phường Bắc Giang"}


def test_an_empty_week_still_has_every_sheet_and_place() -> None:
    book = read([])
    assert [row[0] for row in book["Nơi đặt mã"].iter_rows(min_row=2, max_row=9, values_only=True)] == [
        place.code for place in box().places
    ]
    assert book["Góp ý"].max_row == 1


# At each change `test_more_than_fits.py` looks at what is said of it.
@pytest.mark.long
def test_what_does_not_fit_is_left_out_and_said_so() -> None:
    # Text that does not compress: 3,000 bytes each.
    held = MAX_TEXT_BYTES // 3000
    text = "".join(chr(0x4E00 + n * n * 7919 % 20_000) for n in range(1000))
    submissions = [stored(n, text=text[n % 1000 :] + text[: n % 1000]) for n in range(held + 5)]
    content = render(submissions)
    assert len(content) < 5_000_000
    archive = zipfile.ZipFile(BytesIO(content))
    rows = archive.read("xl/worksheets/sheet6.xml").count(b"<row ")
    assert rows - 1 == held
    remark = f"có {format_count(held)} góp ý; 5 góp ý còn lại vượt dung lượng thư"
    assert remark in archive.read("xl/sharedStrings.xml").decode()


def test_the_sheet_to_be_typed_again_says_every_row_of_the_year_and_its_sums(
    week: list[StoredSubmission],
) -> None:
    made = report(week, target=TARGET)
    rows = of_year(rows_of(TARGET, made.box, made.questionnaires, made.releases), WEEK.year)
    sheet = openpyxl.load_workbook(BytesIO(render_workbook(made, texts=TEXTS, suggestions=())))["Nhập lại"]
    cells = [[cell for cell in line if cell is not None] for line in sheet.iter_rows(values_only=True)]
    for row in rows:
        assert [
            f"{row.week.number}/{row.week.year}",
            *(cell.value for cell in row.cells if cell.value != ""),
        ] in cells
    for total in (*totals_of(rows).forms, *totals_of(rows).answers):
        assert [total.label, total.sum, total.rows] in cells


def test_a_ward_of_few_answers_has_no_figure_to_type_but_its_number_of_forms() -> None:
    few = numbered(week_of_submissions(9))
    made = report(few, target=TARGET, earlier={})
    book = openpyxl.load_workbook(BytesIO(render_workbook(made, texts=TEXTS, suggestions=())))
    numbers = {
        cell for line in book["Nhập lại"].iter_rows(values_only=True) for cell in line if type(cell) is int
    }
    assert numbers <= {9, 1, 0}
    assert "Kết quả từng câu" not in str(list(book["Nhập lại"].iter_rows(values_only=True)))


def test_a_correction_has_no_such_sheet_for_its_forms_would_be_those_before_it(
    week: list[StoredSubmission],
) -> None:
    made = report(week, target=TARGET, correction=Correction(number=11, year=2026, reason="Nhập bù"))
    book = openpyxl.load_workbook(BytesIO(render_workbook(made, texts=TEXTS, suggestions=())))
    assert "Nhập lại" not in book.sheetnames


def test_without_a_target_there_is_no_such_sheet(book: openpyxl.Workbook) -> None:
    assert "Nhập lại" not in book.sheetnames
