"""What a member types for a deed: days as people write them, and answers that give nobody away."""

from datetime import date

import pytest
from homthu.domain.cases.action_form import ActionFault, quotes, read_action, read_day
from homthu.domain.cases.case import ActionKind
from hypothesis import given
from hypothesis import strategies as st

SAID = "Sáng thứ Hai tôi chờ ở quầy chứng thực từ bảy giờ đến mười một giờ mới đến lượt"
TODAY = date(2026, 11, 24)


@pytest.mark.parametrize("typed", ["2026-12-07", "7/12/2026", "07/12/2026", " 07-12-2026 ", "7.12.2026"])
def test_a_day_is_read_as_a_calendar_sends_it_and_as_people_write_it(typed: str) -> None:
    assert read_day(typed) == date(2026, 12, 7)


@pytest.mark.parametrize("typed", ["", "x", "31/02/2026", "2026-13-01", "7/12", "12/2026", "٧/١٢/٢٠٢٦x"])
def test_what_is_no_day_is_none(typed: str) -> None:
    assert read_day(typed) is None


@pytest.mark.parametrize(
    "text",
    [
        SAID,
        f"Ông bà viết: {SAID.upper()}!",
        "sang thu hai toi cho o quay chung thuc, da sua",
        "Về việc «tôi chờ ở quầy chứng thực từ bảy giờ đến mười một giờ»",
    ],
)
def test_a_repetition_is_found_whatever_its_spelling(text: str) -> None:
    assert quotes(text, SAID)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Quầy chứng thực đông vào sáng thứ Hai", SAID),
        ("Cảm ơn ông/bà", "Cảm ơn"),
        ("", SAID),
        ("Đã sửa đèn", ""),
    ],
)
def test_own_words_are_no_repetition(text: str, said: str) -> None:
    assert not quotes(text, said)


def test_a_short_text_is_not_to_be_repeated_whole() -> None:
    assert quotes("Đã nhận: đèn đường ngõ mười hai hỏng.", "Đèn đường ngõ mười hai hỏng")


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_text_breaks_the_check(text: str, said: str) -> None:
    quotes(text, said)
    fields = {"tom_tat": text, "tra_loi": said, "don_vi": text, "han": said, "ly_do": text}
    for action in ActionKind:
        read_action(action, fields, today=TODAY, said=said, has_answer=False)


def test_a_deed_is_clean() -> None:
    fields = {"tom_tat": "Quầy\u202e đông\n\nlắm", "tra_loi": "A\r\nB\u0000", "loai": "done"}
    action, problems = read_action(ActionKind.ANSWER, fields, today=TODAY, said="", has_answer=False)
    assert (action.subject, action.text, problems) == ("Quầy đông  lắm", "A\nB", ())


def test_an_answered_case_may_be_closed_without_a_reason() -> None:
    for has_answer, expected in ((True, []), (False, [ActionFault.REQUIRED])):
        _, problems = read_action(ActionKind.CLOSE, {}, today=TODAY, said="", has_answer=has_answer)
        assert [problem.fault for problem in problems] == expected


ANSWERED = {"tom_tat": "Quầy đông", "tra_loi": "Nội dung"}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "loai"),
        ({"loai": "xong"}, "loai"),
        ({"loai": "promised"}, "hen"),
        ({"loai": "promised", "hen": "24/11/2026"}, "hen"),
        ({"loai": "promised", "hen": "27/11/2027"}, "hen"),
        ({"loai": "passed_on"}, "chuyen_den"),
        ({"loai": "passed_on", "chuyen_den": "x" * 101}, "chuyen_den"),
        ({"loai": "passed_on", "chuyen_den": "Anh Nam 0912 345 678"}, "chuyen_den"),
        ({"loai": "declined", "tra_loi": ""}, "tra_loi"),
    ],
)
def test_an_answer_says_of_which_kind_it_is_and_what_that_kind_needs(
    fields: dict[str, str], field: str
) -> None:
    sent = {**ANSWERED, **fields}
    _, problems = read_action(ActionKind.ANSWER, sent, today=TODAY, said=SAID, has_answer=False)
    assert [problem.field for problem in problems] == [field]


@pytest.mark.parametrize(
    ("kind", "by", "passed_to"),
    [
        ("done", None, ""),
        ("promised", date(2026, 12, 7), ""),
        ("declined", None, ""),
        ("passed_on", None, "Công ty Điện lực"),
    ],
)
def test_an_answer_keeps_what_its_kind_needs_and_nothing_else(
    kind: str, by: date | None, passed_to: str
) -> None:
    sent = {**ANSWERED, "loai": kind, "hen": "7/12/2026", "chuyen_den": "Công ty Điện lực"}
    action, problems = read_action(ActionKind.ANSWER, sent, today=TODAY, said=SAID, has_answer=False)
    assert (str(action.answer_kind), action.due_on, action.passed_to, problems) == (kind, by, passed_to, ())
