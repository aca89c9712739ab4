"""The theme of a text at the desk: supposed by the machine, said by a reader with one press."""

import pytest
from board_side import W47
from desk_side import MEMBERS, ONCE, PETITION, DeskSite, words
from homthu.domain.reports.themes import OTHER

LAMP = "Đèn đường ngõ 12 hỏng hai tuần nay."


@pytest.fixture
def site() -> DeskSite:
    return DeskSite()


@pytest.fixture
def lamp(site: DeskSite) -> str:
    (reference,) = site.receive(W47, text=LAMP)
    site.close(W47)
    return reference


def page_of(site: DeskSite, reference: str) -> str:
    return words(site.post("phieu", phieu=site.id_of(reference)).text)


def test_one_press_says_what_a_text_is_about_and_lets_nothing_pass(site: DeskSite, lamp: str) -> None:
    assert "Đường, vỉa hè, đèn, thoát nước (máy đoán)" in page_of(site, lamp)
    answer = site.decide(lamp, "theme", chu_de="moi_truong")
    assert answer.status_code == 200
    assert "Chủ đề: Rác, vệ sinh, tiếng ồn" in words(answer.text)
    review = site.store.review(site.id_of(lamp))
    assert review is not None
    assert (review.theme, review.decision, review.newest.who) == ("moi_truong", None, MEMBERS[0].name)
    shown = page_of(site, lamp)
    assert "Chủ đề: Rác, vệ sinh, tiếng ồn" in shown
    assert "Chưa quyết định" in shown, "whether it is passed on is still open"
    later = site.decide(lamp, "theme", chu_de=OTHER, buoc="1", lan=f"{ONCE}-2")
    assert "Chủ đề: Khác" in words(later.text)


def test_only_a_theme_of_the_questionnaire_is_taken(site: DeskSite, lamp: str) -> None:
    for theme in ("", "x", "Rác"):
        assert site.decide(lamp, "theme", chu_de=theme).status_code == 400
    assert site.store.review(site.id_of(lamp)) is None


def test_what_is_set_apart_has_no_theme_to_be_chosen(site: DeskSite) -> None:
    (petition,) = site.receive(W47, text=PETITION)
    site.close(W47)
    assert "máy đoán" not in page_of(site, petition)
    assert site.decide(petition, "theme", chu_de="phi").status_code == 400
