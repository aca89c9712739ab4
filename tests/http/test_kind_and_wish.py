"""What its author says a text is, and the wish not to be quoted; and what may be left out of a form."""

from datetime import timedelta

import pytest
from citizen_side import ANSWERS, Site, fields_of
from homthu.domain.boxes.questionnaire import TextKind


@pytest.fixture
def site() -> Site:
    return Site()


V2 = "qcdc-v2"
NONE_ANSWERED = {name: "" for name in ANSWERS if name.startswith("q-")}


def test_what_a_text_is_and_the_wish_not_to_be_quoted_are_stored(site: Site) -> None:
    site.reference(site.send(questionnaire=V2, loai="khac_phuc", khong_trich="1"))
    one = site.stored()[0].submission
    assert (one.text_kind, one.do_not_quote) == (TextKind.PROBLEM, True)


@pytest.mark.parametrize("version", ["qcdc-v1", "qcdc-v2"])
def test_a_form_of_either_version_that_says_neither_is_stored_as_saying_neither(
    site: Site, version: str
) -> None:
    site.reference(site.send(questionnaire=version))
    one = site.stored()[0].submission
    assert (one.questionnaire, one.text_kind, one.do_not_quote) == (version, None, False)


def test_without_a_text_there_is_nothing_that_they_could_be_about(site: Site) -> None:
    site.reference(site.send(questionnaire=V2, gop_y="", loai="khen", khong_trich="1"))
    one = site.stored()[0].submission
    assert (one.text_kind, one.do_not_quote) == (None, False)


def test_a_kind_that_there_is_not_is_asked_for_again(site: Site) -> None:
    for version, kind in (("qcdc-v2", "kêu"), ("qcdc-v1", "khen")):
        answer = site.send(questionnaire=version, loai=kind)
        assert (answer.status_code, 'href="#loai"' in answer.text) == (422, True)
    assert site.stored() == []


def test_a_text_alone_is_a_submission(site: Site) -> None:
    site.reference(site.send(**NONE_ANSWERED, linh_vuc="", gop_y="Đèn đường ngõ 12 hỏng"))
    one = site.stored()[0].submission
    assert (one.text, one.answers) == ("Đèn đường ngõ 12 hỏng", {})


@pytest.mark.parametrize("answered", [{"q-phien_ha": "goi_y_chi"}, {"q-so_lan": "2", "loai": "de_xuat"}])
def test_a_text_beside_what_need_not_be_answered_is_one_too(site: Site, answered: dict[str, str]) -> None:
    site.reference(site.send(questionnaire=V2, **NONE_ANSWERED, **answered))


def test_who_begins_to_rate_is_asked_for_the_rest(site: Site) -> None:
    answer = site.send(**NONE_ANSWERED | {"q-chung": "4"})
    assert answer.status_code == 422
    assert 'href="#q-thai_do"' in answer.text


def test_a_form_with_neither_ratings_nor_a_text_is_none(site: Site) -> None:
    assert site.send(**NONE_ANSWERED, questionnaire=V2, gop_y=" \n", loai="khen").status_code == 422


def test_both_come_back_from_the_review_page_and_go_with_it(site: Site) -> None:
    """Without a script, and from the review page back to the form."""
    review = site.send(questionnaire=V2, loai="de_xuat", khong_trich="1", key="")
    shown = fields_of(review.text)
    assert "Đề xuất" in review.text
    assert "xin không trích" in review.text
    back = fields_of(site.submit.post("/gui", data={**shown, "sua": "1"}).text)
    assert (back["loai"], back["khong_trich"]) == ("de_xuat", "1")
    site.now += timedelta(seconds=10)
    site.reference(site.submit.post("/gui", data=shown))
    one = site.stored()[0].submission
    assert (one.text_kind, one.do_not_quote) == (TextKind.PROPOSAL, True)


def test_the_same_words_with_another_wish_are_another_form(site: Site) -> None:
    first = site.reference(site.send())
    assert site.reference(site.send()) == first
    assert site.reference(site.send(khong_trich="1")) != first
    assert len(site.stored()) == 2


def test_the_check_mark_of_a_form_that_says_neither_is_that_of_before_they_were_asked(site: Site) -> None:
    site.reference(site.send(questionnaire="qcdc-v1"))
    (row,) = site.store.rows.values()
    assert row.digest == "a58d57760617969b8cc5d71b1bd293fd"  # as the version before made it
