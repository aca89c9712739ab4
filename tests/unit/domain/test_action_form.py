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
    fields = {"tom_tat": "Quầy\u202e đông\n\nlắm", "tra_loi": "A\r\nB\u0000"}
    action, problems = read_action(ActionKind.ANSWER, fields, today=TODAY, said="", has_answer=False)
    assert (action.subject, action.text, problems) == ("Quầy đông  lắm", "A\nB", ())


def test_an_answered_case_may_be_closed_without_a_reason() -> None:
    for has_answer, expected in ((True, []), (False, [ActionFault.REQUIRED])):
        _, problems = read_action(ActionKind.CLOSE, {}, today=TODAY, said="", has_answer=has_answer)
        assert [problem.fault for problem in problems] == expected
