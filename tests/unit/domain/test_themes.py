"""Themes: suggested by words, corrected by readers, and told only in numbers that name nobody."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from builders import stored
from homthu.adapters.box_files.folder import load_boxes
from homthu.domain.boxes.questionnaire import Theme
from homthu.domain.cases.review import Decision, Review, ReviewEvent, ReviewKind
from homthu.domain.releases.series import MIN_GROUP
from homthu.domain.reports.themes import OTHER, UNKNOWN, ThemeCounter, ThemeCounts, ThemeFinder, theme_ids
from homthu.domain.week import Week
from hypothesis import given
from hypothesis import strategies as st

BOXES = Path(__file__).parents[3] / "functions" / "boxes"
THEMES = load_boxes(BOXES).questionnaires["qcdc-v2"].themes
LAMPS = Theme(id="den", label={"vi": "Đèn"}, words=("đèn đường", "chiếu sáng", "đèn"))
LAND = Theme(id="dat", label={"vi": "Đất"}, words=("đất", "sổ đỏ"))


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("Đèn đường ngõ 12 hỏng hai tuần nay chưa sửa.", "duong_den"),
        ("den duong ngo 12 hong", "duong_den"),
        ("Cán bộ hướng dẫn tận tình, thái độ vui vẻ, niềm nở.", "thai_do"),
        ("Xe rác đến muộn, mùi hôi cả ngõ", "moi_truong"),
        ("Mẹ tôi chưa được lĩnh trợ cấp người cao tuổi", "chinh_sach"),
        ("Tốt", UNKNOWN),
        ("", UNKNOWN),
    ],
)
def test_the_shipped_words_suggest_what_a_text_is_about(text: str, theme: str) -> None:
    assert ThemeFinder(THEMES).suggested(text) == theme


def test_the_shipped_themes_are_twelve_at_most_and_speak_every_language() -> None:
    assert 1 <= len(THEMES) <= 12
    assert all(one.label["vi"] and one.label["en"] and one.words for one in THEMES)
    assert OTHER not in {one.id for one in THEMES}


def test_two_themes_that_have_as_much_are_none_and_a_bare_syllable_is_no_sign() -> None:
    finder = ThemeFinder((LAMPS, LAND))
    assert finder.suggested("Đèn đường trên đất nhà tôi") == "den"
    assert finder.suggested("Đèn ở mảnh đất") == UNKNOWN
    assert finder.suggested("nha van hoa dat chuan") == UNKNOWN, "«đạt» is not «đất»"


def counted(said: dict[int, str], *texts: str) -> ThemeCounts:
    submissions = [stored(n, text=text) for n, text in enumerate(texts)]
    counter = ThemeCounter((LAMPS, LAND), {submissions[n].id: theme for n, theme in said.items()})
    assert list(counter.watched(submissions)) == submissions
    return counter.result()


def test_a_reader_s_word_holds_and_what_is_something_else_is_not_what_nobody_knows() -> None:
    made = counted({0: "dat", 1: OTHER, 2: "den", 3: "den"}, "Đèn hỏng", "Hoa đẹp", "Đèn tắt", "Ừ", "Ờ", "")
    assert made.by_theme == {"dat": 1, OTHER: 1, "den": 2, UNKNOWN: 1}
    assert (made.texts, made.read, made.corrected) == (5, 4, 3)
    gone = counted({0: "cu"}, "Đèn hỏng")
    assert gone.by_theme == {OTHER: 1}, "of a theme that the file lost nobody knows any more"


def test_texts_that_are_set_apart_count_alike_so_that_none_is_told_by_what_is_missing() -> None:
    apart, plain = (replace(stored(n, text="Đèn"), is_set_apart=bool(n)) for n in (1, 0))
    counter = ThemeCounter((LAMPS,), {})
    assert list(counter.watched([apart, plain]))
    assert counter.result().by_theme == {"den": 2}


def test_without_themes_nothing_is_counted() -> None:
    counter = ThemeCounter((), {})
    assert list(counter.watched([stored(1, text="Đèn")]))
    assert counter.result() == ThemeCounts()
    assert theme_ids(()) == {OTHER}


@given(st.dictionaries(st.sampled_from("abcdefghijkl*"), st.integers(1, 40)))
def test_nothing_below_ten_is_told_nor_follows(by_theme: dict[str, int]) -> None:
    counts = ThemeCounts(by_theme=by_theme)
    found, left = counts.told()
    assert all(count >= MIN_GROUP for count in found.values())
    assert sum(found.values()) + left == counts.texts
    assert not found or left == 0 or left >= MIN_GROUP
    assert list(found.values()) == sorted(found.values(), reverse=True)


def test_a_theme_says_nothing_about_passing_a_text_on() -> None:
    def event(kind: ReviewKind, day: int, **said: str) -> ReviewEvent:
        decision = Decision(kind=kind, **said)
        return ReviewEvent(decision=decision, who="A", on=date(2026, 11, day), idempotency_key=f"k{day}")

    theme = event(ReviewKind.THEME, 24, theme="den")
    review = Review(id="r", ward="07210", week=Week(2026, 47), number=1, history=(theme,))
    assert (review.decision, review.passes, review.theme) == (None, False, "den")
    passed = review.after(event(ReviewKind.PASS, 25)).after(event(ReviewKind.THEME, 26, theme=OTHER))
    assert passed.passes
    assert passed.theme == OTHER
    assert passed.decision == Decision(kind=ReviewKind.PASS)
    erased = passed.erased(on=date(2026, 12, 1))
    assert not erased.passes
