"""Matters: what several people say is told once, and two things are never told as one."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

import pytest
from builders import WEEK, stored
from case_builders import a_case
from homthu.domain.boxes.questionnaire import TextKind
from homthu.domain.cases.case import ActionKind, Case, CaseAction
from homthu.domain.cases.matter import Actor
from homthu.domain.reports.attribution import NOBODY
from homthu.domain.reports.same_text import text_key
from homthu.domain.reports.selection import MAX_NAMED, SuggestionSelector
from homthu.domain.reports.suggestion import SelectedSuggestions, suggestions_in
from homthu.domain.submissions.submission import Flag, StoredSubmission
from report_builders import attribution, numbered

OPENED = (23, CaseAction(kind=ActionKind.OPEN))
LAMP = "Đèn đường ngõ 12 hỏng hai tuần nay, chưa ai sửa."


def chosen(submissions: Sequence[StoredSubmission], **options: object) -> SelectedSuggestions:
    selector = SuggestionSelector(**options)
    for one in submissions:
        selector.add(one)
    return selector.result(attribution(submissions))


def said(*texts: str, **changes: object) -> list[StoredSubmission]:
    return numbered(stored(n, text=text, **changes) for n, text in enumerate(texts))


def gathered(ids: Sequence[str]) -> dict[str, Case]:
    """Cases of these forms, of which the first has gathered the others."""
    hand = Actor(who="A", on=WEEK.sunday, idempotency_key="k")
    cases = {id: a_case(OPENED, id=id) for id in ids}
    for id in ids[1:]:
        cases |= {one.id: one for one in hand.join(cases[id], cases[ids[0]], ())}
    return cases


def sizes(submissions: Sequence[StoredSubmission]) -> list[int]:
    return [one.forms for one in chosen(submissions).quoted]


@pytest.mark.parametrize(
    "other",
    [
        "đèn đường ngõ 12 hỏng hai tuần nay chưa ai sửa",
        "Den duong ngo 12 hong hai tuan nay, chua ai sua!!!",
        "ĐÈN ĐƯỜNG NGÕ 12 BỊ HỎNG HAI TUẦN NAY RỒI, CHƯA AI SỬA Ạ",
        "Đèn   đường ngõ 12 hỏnggg hai tuần nay… chưa ai sửa.",
    ],
)
def test_nearly_the_same_words_are_one_matter(other: str) -> None:
    assert sizes(said(LAMP, other)) == [2]


@pytest.mark.parametrize(
    "other",
    [
        "Đèn đường ngõ 21 hỏng hai tuần nay, chưa ai sửa.",
        "Đèn đường ngõ 112 hỏng hai tuần nay, chưa ai sửa.",
        "Đèn đường ngõ 1,2 hỏng hai tuần nay, chưa ai sửa.",
        "Đèn đường ngõ 12 hỏng hai tuần nay, đã có người sửa.",
        "Đèn đường ngõ 12 không hỏng hai tuần nay, chưa ai sửa.",
        "Đèn đường phố Hòa Yên ngõ 12 hỏng hai tuần nay, chưa ai sửa.",
        "Máy bơm ngõ 12 hỏng hai tuần nay, chưa ai sửa.",
    ],
)
def test_another_number_place_or_negation_is_another_matter(other: str) -> None:
    assert sizes(said(LAMP, other)) == [1, 1]


def test_numbers_of_any_length_and_doubled_letters_are_told_apart() -> None:
    assert len({text_key(f"tổ {n}") for n in (1, 11, 111, 1111)}) == 4
    assert text_key("Máy hỏng") != text_key("Mái hỏng")
    assert text_key("kỹ lưỡng") == text_key("kĩ lưỡng")


def test_without_a_number_of_its_own_a_text_is_about_the_place_where_it_was_left() -> None:
    many = [stored(100 + n, place=place) for place in ("nv01", "nv02") for n in range(len(place) * 3)]
    two = [stored(1, text="Mở cửa muộn", place="nv01"), stored(2, text="Mở cửa muộn.", place="nv02")]
    crowd = [replace(one, id=f"{n:032d}") for n, one in enumerate(many)]
    assert sizes([*two, *crowd]) == [1, 1]
    # Where the places may not be told, nobody learns that they differ.
    assert sizes(two) == [2]


def test_a_place_or_service_stands_beside_a_matter_as_it_would_beside_each_form() -> None:
    few = said(*[LAMP] * 3, place="nv02", service="dat_dai")
    many = [stored(100 + n, text="" if n > 1 else LAMP, place="tt01", service="ho_tich") for n in range(10)]
    (matter,) = chosen(numbered([*few, *many])).quoted
    assert sorted([matter.place, *(one.place for one in matter.others)]) == ["", "", "", "tt01", "tt01"]
    assert matter.service == "", "they are of two services"
    assert not matter.is_one_place, "the letter names a place only if it is that of all"
    assert matter.forms == 5
    (crowd,) = chosen(said(*[LAMP] * 13)).quoted
    assert (crowd.forms, len(crowd.others)) == (13, MAX_NAMED)


def test_matters_of_many_come_first_and_copies_of_a_program_do_not() -> None:
    copies = [stored(n, text="Chép lại 5", flags=(Flag.BURST,)) for n in range(50)]
    pair = [stored(100, text=LAMP), stored(101, text=LAMP)]
    three = [stored(200 + n, text="Cống ngõ 3 tắc") for n in range(3)]
    others = [stored(300 + n, text=f"Ý {n}") for n in range(40)]
    result = chosen([*copies, *pair, *three, *others])
    assert [one.forms for one in result.quoted[:2]] == [3, 2]
    assert 50 not in [one.forms for one in result.quoted]
    assert result.readable == 95
    assert result.more == 95 - sum(one.forms for one in result.quoted)


def test_the_order_of_arrival_changes_nothing() -> None:
    given = numbered(stored(n, text=f"Ngõ {n % 90} ngập") for n in range(300))
    there, back = chosen(given, limit=10), chosen(given[::-1], limit=10)
    assert [(one.text, one.forms) for one in there.quoted] == [(one.text, one.forms) for one in back.quoted]


def test_what_a_reader_joined_at_the_desk_is_one_matter_whatever_its_words() -> None:
    given = said(LAMP, "Tối quá, sợ lắm", "Hẻm chỗ nhà văn hóa không có đèn")
    cases = gathered([one.id for one in given])
    assert sizes(given) == [1, 1, 1]
    (matter,) = chosen(given, case_of=lambda one: cases[one.id]).quoted
    assert matter.forms == 3
    assert {one.name for one in matter.others} | {matter.name} == {"48-01", "48-02", "48-03"}


@pytest.mark.parametrize("at", range(4))
def test_praise_that_says_the_same_is_one_example_in_any_order(at: int) -> None:
    copies, other = ["Tốt lắm", "tốt lắm!", "Tot lam"], "Cảm ơn chị ở quầy 3"
    words = [*copies[:at], other, *copies[at:]]
    given = numbered([stored(n, text=text, text_kind=TextKind.PRAISE) for n, text in enumerate(words)])
    told = {tuple(one.text for one in chosen(order).praised) for order in permutations(given)}
    assert len(told) == 1, "whatever came first"
    assert {text_key(text) for text in told.pop()} == {text_key(copies[0]), text_key(other)}
    assert chosen(given).praise == 4


def test_praise_by_its_authors_tap_or_a_readers_thanks_is_a_number_and_two_examples() -> None:
    tapped = [stored(n, text=f"Tốt lắm {n}", text_kind=TextKind.PRAISE) for n in range(4)]
    thanked = stored(50, text="Cảm ơn chị ở quầy 3")
    given = numbered([*tapped, thanked, stored(60, text=LAMP)])
    result = chosen(given, thanked=frozenset({thanked.id}))
    assert result.praise == 5
    assert len(result.praised) == 2
    assert [one.text for one in result.quoted] == [LAMP]
    assert result.readable == 1, "praise is nothing that has to be read"
    rows = list(suggestions_in(given, NOBODY, result))
    assert sum(one.is_praise for one in rows) == 5
    assert len(rows) == 6, "the workbook has all of it"


def test_what_is_set_apart_is_no_praise_and_in_no_matter() -> None:
    apart = replace(stored(1, text=LAMP, text_kind=TextKind.PRAISE), is_set_apart=True)
    result = chosen(numbered([apart, stored(2, text=LAMP)]))
    assert (result.praise, result.petitions, [one.forms for one in result.quoted]) == (0, 1, [1])


def test_every_form_of_a_matter_says_which_one_it_belongs_to() -> None:
    given = said(LAMP, LAMP, "Ghế ở sảnh 2 gãy")
    result = chosen(given)
    rows = list(suggestions_in(given, NOBODY, result))
    (quoted,) = (one for one in result.quoted if one.forms == 2)
    assert {one.matter for one in rows} == {quoted.name, ""}
    assert [one.forms for one in rows if one.matter] == [2, 2]


def test_memory_holds_the_words_of_few() -> None:
    selector = SuggestionSelector(30)
    for n in range(3_000):
        selector.add(stored(n, text=f"Ngõ {n // 2} ngập nước"))
        assert sum(one.quoted is not None for one in selector._matters.values()) <= 120
