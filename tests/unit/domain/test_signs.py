"""The phrases by which a text may be a complaint or a denunciation: how they are read and found."""

import pytest
from homthu.domain.submissions.phrases import is_phrase
from homthu.domain.submissions.signs import Signs


def signs(*phrases: str, **lists: tuple[str, ...]) -> Signs:
    return Signs(signs=phrases, **lists)


@pytest.mark.parametrize("text", ["đưa phong bì", "kẹp thêm một phong bì", "kẹp tiền", "đưa cho anh ấy tiền"])
def test_a_phrase_stands_for_every_choice_of_its_alternatives(text: str) -> None:
    phrase = "đưa|kẹp … phong_bì|tiền"
    assert is_phrase(phrase)
    assert signs(phrase).are_in(text)
    assert not signs(phrase).are_in("đưa phong thư rồi về, kẹp giấy")


def test_of_two_alternatives_the_one_that_leads_on_is_taken() -> None:
    assert signs("hộ|hộ_nghèo nghèo").are_in("xét hộ nghèo")
    assert signs("hộ|hộ_nghèo nghèo").are_in("xét hộ nghèo nghèo")


@pytest.mark.parametrize(
    "phrase",
    ["", " ", "…", "… tiền", "tiền …", "a … … b", "a  b", "a||b", "|a", "a_", "5 triệu", "phong-bì", "tiền!"],
)
def test_what_is_no_phrase_is_refused(phrase: str) -> None:
    assert not is_phrase(phrase)


@pytest.mark.parametrize(
    "text",
    [
        "Phải đưa tiền mới xong",
        "PHẢI ĐƯA TIỀN MỚI XONG",
        "phai dua tien moi xong",
        "phải đưa\n  tiền mới xong".replace("\n", ""),
        "phải đưa, tiền mới xong",
    ],
)
def test_a_phrase_is_found_with_marks_and_without(text: str) -> None:
    assert signs("đưa tiền").are_in(text)


def test_a_sentence_with_marks_is_compared_with_them() -> None:
    assert signs("ví tiền").are_in("Tôi rơi ví tiền ở quầy")
    assert not signs("ví tiền").are_in("Vì tiện đường nên tôi ghé qua, vì tiền lẻ không có")
    assert signs("ví tiền").are_in("vi tien duong nen toi ghe qua")


def test_each_sentence_is_judged_by_its_own_marks() -> None:
    assert signs("phong bì").are_in("Cán bộ nhiệt tình. Nhung ma phai co phong bi.")


def test_some_are_looked_for_only_where_there_are_marks() -> None:
    known = Signs(marked=("cò",))
    assert known.are_in("Ngoài cổng có cò giấy tờ")
    assert not known.are_in("Ngoai cong co nhieu xe")


def test_a_word_is_found_as_a_whole_and_the_tone_may_sit_on_either_letter() -> None:
    assert not signs("ép").are_in("Xin phép nghỉ")
    assert signs("hòa").are_in("Việc hoà giải")


def test_between_may_lie_four_words_and_no_end_of_a_sentence() -> None:
    known = signs("kẹp … hồ sơ")
    assert known.are_in("phải kẹp hồ sơ")
    assert known.are_in("phải kẹp hai trăm nghìn vào hồ sơ".replace("hai ", ""))
    assert not known.are_in("phải kẹp hai trăm nghìn đồng vào hồ sơ")
    assert not known.are_in("Xin cái kẹp. Hồ sơ đã đủ")


def test_a_number_is_any_number() -> None:
    assert signs("mất # triệu").are_in("Mất 2,5 triệu mới xong")
    assert signs("mất # triệu").are_in("mat 2tr moi xong")
    assert not signs("mất # triệu").are_in("Mất mấy triệu")


def test_what_is_harmless_hides_a_sign_but_not_a_certain_one() -> None:
    known = Signs(signs=("phong bì",), harmless=("không nhận phong bì",), certain=("không có phong bì thì",))
    assert not known.are_in("Cán bộ không nhận phong bì của ai")
    assert known.are_in("Cán bộ không nhận phong bì, người khác thì đòi phong bì")
    assert known.are_in("Không có phong bì thì không làm")


def test_nothing_reaches_across_what_is_harmless() -> None:
    known = Signs(signs=("đưa … tiền",), harmless=("mẫu đơn",))
    assert not known.are_in("đưa mẫu đơn tiền điện")


@pytest.mark.parametrize(
    "text", ["ko co phong bi thi ko lm", "k co fong bi thi k lam", "hok có phong bì thì hok làm"]
)
def test_the_short_ways_of_a_phone_are_read(text: str) -> None:
    assert signs("không có phong bì").are_in(text)


def test_no_signs_are_found_nowhere() -> None:
    assert not Signs().are_in("Tôi tố cáo")
