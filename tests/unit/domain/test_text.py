import re
import unicodedata

import pytest
from homthu.domain.text import clean, clean_line, fold, spelling
from hypothesis import given
from hypothesis import strategies as st

ANYTHING = st.text(st.characters(codec=None), max_size=200)
VIETNAMESE = st.text(
    "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵĐÂƠ .,!?",
    max_size=200,
)


@given(ANYTHING)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(ANYTHING)
def test_clean_text_can_be_stored_and_shown_anywhere(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert all(unicodedata.category(c) not in {"Cc", "Cs", "Co"} or c == "\n" for c in cleaned)
    assert not re.search("[\ufdd0-\ufdef\ufff0-\ufff8\ufffe\uffff]", cleaned)
    assert all(ord(c) & 0xFFFE != 0xFFFE for c in cleaned)
    assert not set(cleaned) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029\x85")


@given(VIETNAMESE)
def test_vietnamese_comes_out_as_it_went_in_typed_either_way(text: str) -> None:
    wanted = " ".join(text.split())
    assert clean(text) == wanted
    assert clean(unicodedata.normalize("NFD", text)) == wanted


@pytest.mark.parametrize(
    ("given_", "wanted"),
    [
        ("hoà và hòa", "hoà và hòa"),
        ("một\r\nhai\rba", "một\nhai\nba"),
        ("a\n\n\n\n\n\nb", "a\n\n\nb"),
        ("  thừa   chỗ  ", "thừa chỗ"),
        ("\ud800 lẻ", "\ufffd lẻ"),
        ("a\x00\x0b\x1bb", "ab"),
        ("👨‍👩‍👧 👍🏽", "👨‍👩‍👧 👍🏽"),
        ("e" + "\u0301" * 50, "é" + "\u0301" * 4),
    ],
)
def test_oddities_are_settled(given_: str, wanted: str) -> None:
    assert clean(given_) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "\U0001fa77\U0001fa77\U0001fa77",
        "tốt \U0001fae8",
        "\U0001fabf",
        "\U0001fa89\U0001fadf",
        "\U0001fa8e\U0001f3fd",
    ],
    ids=["Unicode 15.0", "15.0 in a text", "15.0 alone", "16.0", "17.0 with a tone"],
)
def test_an_emoji_newer_than_this_python_stays(text: str) -> None:
    assert clean(text) == text


def test_what_unicode_will_never_show_goes() -> None:
    assert clean("a\ufdd0\ufdef\ufff0\u2065\U0001ffff\U0010fffe\U000e0fffb") == "ab"


def test_a_line_has_no_breaks() -> None:
    assert clean_line(" một\nhai ") == "một hai"


def test_folding_lets_what_sounds_alike_meet() -> None:
    assert fold("Đã HOÀ") == fold("da hòa") == "da hoa"


def test_every_character_is_kept_or_dropped_by_its_category_alone() -> None:
    """Also those that are passed at once, because a whole text of them is ordinary."""
    dropped = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    for character in map(chr, range(0x20, 0x2200)):
        normal = unicodedata.normalize("NFC", f"a{character}b")
        is_dropped = unicodedata.category(character) in dropped and character != "\u200d"
        if is_dropped or character == "\u2065":
            normal = "ab"
        assert clean(f"a{character}b") == re.sub(r"\s", " ", normal), hex(ord(character))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("thôn Hà", "thôn Hạ"),
        ("Đông", "Động"),
        ("Đông", "Dông"),
        ("xóm Tân", "xóm Tấn"),
        ("Bo", "Bơ"),
        ("An Ba", "An Bá"),
        ("khu Mai", "khu Mái"),
        ("Tiên Lu", "Tiền Lu"),
        ("bon Bu Prâng", "bon Ƀu Prâng"),
        ("hai một", "haì mọt"),
    ],
)
def test_names_that_differ_by_a_mark_are_two(one: str, other: str) -> None:
    assert spelling(one) != spelling(other)


@given(VIETNAMESE)
def test_a_name_is_the_same_however_its_letters_are_coded(text: str) -> None:
    assert spelling(text) == spelling(unicodedata.normalize("NFD", text)) == spelling(f"  {text.upper()} ")


def test_a_name_is_the_same_wherever_its_tone_is_put() -> None:
    assert spelling("Thôn Hoà  Thuý") == spelling("thôn Hòa Thúy")
