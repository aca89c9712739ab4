"""Rows of what is typed again: in the target's order and words, from releases alone, each once."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from builders import WEEK, box, questionnaire, week_of_submissions
from homthu.adapters.box_files import load_boxes
from homthu.domain.boxes.target import DateForm, Target, TargetAbout, TargetQuestion
from homthu.domain.rekeying.rows import Row, by_fields, rows_of, totals_of
from homthu.domain.releases.release import Release
from homthu.domain.releases.releases import NewForms, Releases
from homthu.domain.releases.series import OVERALL, REST, VERDICT, WARD, Asked, Series, SeriesKind
from report_builders import report

CHUNG = load_boxes(Path(__file__).parents[3] / "functions" / "boxes").targets["chung"]
ASKED = questionnaire()
LISTED = replace(
    CHUNG,
    is_ours=False,
    date=DateForm.YEAR_FIRST,
    scale={"5": "A", "4": "B", "3": "C", "2": "D", "1": "E"},
    questions=(
        TargetQuestion(id="chung", code="TC9", options={}),
        TargetQuestion(
            id="thoi_han", code="TC7", options={"som": "S", "dung": "Đ", "tre_xin_loi": "X", "tre": "T"}
        ),
    ),
)
TIME = Asked("qcdc-v1", "thoi_han")


def told(asked: Asked = OVERALL, series: Series = WARD, **counts: int) -> Release:
    return Release.of(
        round="2026-4",
        series=series,
        asked=asked,
        first=WEEK.shift(-1),
        last=WEEK,
        counts={option.removeprefix("r"): count for option, count in counts.items()},
    )


def rows(*releases: Release, target: Target = LISTED, forms: tuple[NewForms, ...] = ()) -> tuple[Row, ...]:
    all_told = Releases(told=tuple((0, one) for one in releases), newest=0, new_forms=forms)
    return rows_of(target, box(), {"qcdc-v1": ASKED}, all_told)


def test_a_release_is_a_row_in_the_order_and_the_words_of_the_target() -> None:
    (row,) = rows(told(TIME, som=2, dung=8, tre=3))
    assert row.cells_as_typed == (
        ("Đợt lấy ý kiến", "Đợt 4"),
        ("Từ ngày", "2026-11-16"),
        ("Đến ngày", "2026-11-29"),
        ("Tiêu chí", "TC7"),
        ("Số lượt trả lời", "13"),
        ("S", "2"),
        ("Đ", "8"),
        ("X", "0"),
        ("T", "3"),
        ("Ghi chú", ""),
    )


def test_the_overall_rating_has_the_code_of_the_question_that_stands_for_it() -> None:
    (row,) = rows(told(r5=6, r4=4, r2=2))
    assert dict(row.cells_as_typed)["Tiêu chí"] == "TC9"
    assert [dict(row.cells_as_typed)[code] for code in "ABCDE"] == ["6", "4", "0", "2", "0"]


def test_what_was_told_in_words_has_words_and_no_number_of_an_option() -> None:
    alike, exact = told(r5=9, r4=3), told(TIME, som=2, dung=8)
    (row, other) = rows(alike, exact)
    assert dict(row.cells_as_typed)["Ghi chú"] == "Tất cả hoặc gần như tất cả: hài lòng hoặc rất hài lòng"
    assert [dict(row.cells_as_typed)[code] for code in "ABCDE"] == [""] * 5
    totals = totals_of((row, other))
    sums = {total.label: (total.sum, total.rows) for total in totals.answers}
    assert (sums["Số lượt trả lời"], sums["A"], sums["Đ"]) == ((22, 2), (0, 0), (8, 1))
    assert (totals.in_words, totals.answers_rows) == (1, 2)


def test_who_calls_everything_as_we_do_needs_no_code() -> None:
    (row,) = rows(told(TIME, som=2, dung=8), target=CHUNG)
    assert ("Tiêu chí", "Thời gian so với giấy hẹn") in row.cells_as_typed
    assert ("Trễ hẹn, không được xin lỗi", "0") in row.cells_as_typed


def test_rows_are_of_whom_the_target_takes() -> None:
    place, rest = Series(SeriesKind.PLACE, "nv01"), Series(SeriesKind.PLACE, REST)
    several = [
        told(series=one, r5=6, r1=4)
        for one in (WARD, place, rest, Series(SeriesKind.PLACE, "bo-99"), Series(SeriesKind.SERVICE, "khac"))
    ]
    assert [row.series for row in rows(*several)] == [WARD]
    both = replace(
        LISTED,
        about=frozenset(TargetAbout),
        answers=(replace(LISTED.answers[0], label="Nơi", takes=type(LISTED.answers[0].takes)("about")),),
    )
    assert [row.cells[0].value for row in rows(*several, target=both)] == [
        "Toàn đơn vị",
        "Nhà văn hóa tổ dân phố số 1 (Ngô Quyền)",
        "Các nơi còn lại",
        # The box has it no more: by the code that it is stored by.
        "bo-99",
    ]


def test_verdicts_and_what_a_later_report_told_are_no_rows() -> None:
    later = Releases(told=((0, told(r5=6, r1=4)), (1, told(TIME, som=9, tre=9))), newest=0)
    assert len(rows_of(LISTED, box(), {"qcdc-v1": ASKED}, later)) == 1
    assert rows(replace(told(r5=6, r1=4), asked=VERDICT)) == ()


def test_a_target_without_forms_or_answers_has_no_rows_of_them_and_a_later_reports_forms_are_none() -> None:
    forms = (NewForms(0, WEEK, "2026-4", "tt01", 4), NewForms(1, WEEK, "2026-4", "tt01", 2))
    assert [dict(one.cells_as_typed)["Số phiếu"] for one in rows(forms=forms)] == ["4"]
    release = told(r5=6, r1=4)
    assert len(rows(release, forms=forms)) == 2
    assert len(rows(release, forms=forms, target=replace(LISTED, forms=()))) == 1
    assert len(rows(release, forms=forms, target=replace(LISTED, answers=()))) == 1


def test_numbers_of_forms_are_a_row_a_week_and_round_and_a_correction_adds_to_them() -> None:
    forms = (
        NewForms(0, WEEK, "2026-4", "nv01", 3),
        NewForms(0, WEEK, "2026-4", "tt01", 4),
        NewForms(0, WEEK, "ngoai-dot", "tt01", 1),
    )
    first, second = rows(forms=forms)
    assert dict(first.cells_as_typed)["Số phiếu"] == "7"
    assert dict(second.cells_as_typed)["Đợt lấy ý kiến"] == "Ngoài đợt"
    corrected = Releases(newest=1, new_forms=(*forms, NewForms(1, WEEK, "2026-4", "tt01", 2)))
    again, _ = rows_of(LISTED, box(), {}, corrected)
    assert again.id == first.id
    assert dict(again.cells_as_typed)["Số phiếu"] == "9"


def test_no_two_rows_have_one_id_and_all_of_a_plausible_year_add_up() -> None:
    made = report(week_of_submissions(80), target=CHUNG)
    found = rows_of(CHUNG, made.box, made.questionnaires, made.releases)
    assert len({row.id for row in found}) == len(found) > 10
    totals = totals_of(found)
    of_ward = [one for _, one in made.releases.told if one.series == WARD and one.asked != VERDICT]
    assert {t.label: t.sum for t in totals.answers}["Số lượt trả lời"] == sum(one.answers for one in of_ward)
    assert totals.forms[0].sum == sum(one.forms for one in made.releases.new_forms)
    assert all(len(labels) == len(set(labels)) for labels in by_fields(found))


@pytest.mark.parametrize(
    ("form", "written"),
    [
        (DateForm.DAY_FIRST, "05/01/2026"),
        (DateForm.DAY_FIRST_SHORT, "5/1/2026"),
        (DateForm.DAY_FIRST_HYPHENS, "05-01-2026"),
        (DateForm.YEAR_FIRST, "2026-01-05"),
        (DateForm.DIGITS, "20260105"),
    ],
)
def test_days_are_written_as_the_target_wants_them(form: DateForm, written: str) -> None:
    assert form.write(date(2026, 1, 5)) == written
