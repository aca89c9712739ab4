"""Paper slips: printed as the form is, typed in one by one, told apart, and vouched for by a code."""

import html
import re

import pytest
from citizen_side import BAC_GIANG, KEY, NGO_QUYEN, PLACE, Site, fields_of
from homthu.domain.secret import Secrets
from homthu.domain.submissions.paper_code import is_paper_code, paper_code
from homthu.domain.submissions.reference import format_reference
from homthu.domain.submissions.submission import Channel, Flag


@pytest.fixture
def site() -> Site:
    return Site()


def code_for(site: Site, ward: str = NGO_QUYEN) -> str:
    return format_reference(paper_code(ward, site.secrets.current))


def test_the_slip_asks_what_the_form_asks_in_the_same_order_with_the_same_numbers(site: Site) -> None:
    slip = html.unescape(site.form.get(f"/phieu-giay/{PLACE}").text)
    page = html.unescape(site.form.get(f"/g/{PLACE}?m=nhap-phieu").text)
    questionnaire = site.boxes.by_ward[NGO_QUYEN].questionnaire
    for number, question in enumerate(questionnaire.questions, 1):
        assert f"<b>{number}.</b> {question.text['vi']}" in slip
        assert f"<b>{number}.</b> {question.text['vi']}" in page
    labels = [o.label["vi"] for question in questionnaire.questions for o in question.options]
    on_slip = re.findall(r'<li>(\w+) <span class="o"></span> (.*?)</li>', slip)
    on_page = re.findall(r"<span>([a-z])\. (.*?)</span>", page)
    services = re.findall(r'<option value="\w+">([a-z])\. (.*?)</option>', page)
    assert on_slip == on_page + services
    assert [label for _, label in on_page] == labels
    letters = [
        [one[0] for one in on_page if one[1] == label] for label in ("Rất hài lòng", "Rất không hài lòng")
    ]
    assert set(letters[0]) == {"a"}
    assert set(letters[1]) == {"e"}
    assert "form" not in re.findall(r"<(\w+)", slip)


def test_a_slip_with_the_wards_code_is_paper_and_unsuspected_however_fast_it_was_typed(site: Site) -> None:
    code = code_for(site).lower()
    submit = site.submit
    fields = {"place": PLACE, "questionnaire": "qcdc-v1", "kenh": "giay", "m": "nhap-phieu", "lo": code}
    for n in range(40):
        sent = submit.post("/gui", data={**fields, "key": f"{n:032x}", "q-chung": "4"})
        assert sent.status_code == 303
        assert "m=nhap-phieu" in sent.headers["Location"]
    stored = [one.submission for one in site.stored()]
    assert {(one.channel, one.flags) for one in stored} == {(Channel.PAPER, ())}
    assert code not in repr(stored)


@pytest.mark.parametrize("code", ["", "sai", "000000000000"])
def test_a_slip_without_the_code_is_kept_and_flagged(site: Site, code: str) -> None:
    site.reference(site.send(kenh="giay", lo=code))
    (stored,) = site.stored()
    assert stored.submission.channel is Channel.PAPER
    assert Flag.UNVOUCHED in stored.submission.flags


def test_another_wards_code_vouches_for_nothing(site: Site) -> None:
    site.reference(site.send(kenh="giay", lo=code_for(site, BAC_GIANG)))
    assert Flag.UNVOUCHED in site.stored()[0].submission.flags


def test_the_code_outlives_a_change_of_secret_while_the_old_one_is_kept() -> None:
    code = paper_code(NGO_QUYEN, b"a" * 32)
    assert is_paper_code(code, NGO_QUYEN, Secrets(current=b"b" * 32, previous=(b"a" * 32,)))
    assert not is_paper_code(code, NGO_QUYEN, Secrets(current=b"b" * 32))
    assert not is_paper_code("", NGO_QUYEN, Secrets(current=b"b" * 32))


def test_what_a_slip_left_blank_is_not_asked_again_but_a_blank_slip_is_no_slip(site: Site) -> None:
    blank = {"q-thai_do": "", "q-huong_dan": "", "q-trach_nhiem": "", "q-thoi_han": "", "q-chung": ""}
    paper = {"kenh": "giay", "lo": code_for(site), "linh_vuc": ""}
    assert site.send(**paper, **blank, gop_y="").status_code == 422
    assert site.send(**blank).status_code == 422
    site.reference(site.send(**paper, **blank, gop_y="Chỉ viết lời"))
    assert dict(site.stored()[0].submission.answers) == {}


def test_the_code_and_the_mode_outlive_the_review_page(site: Site) -> None:
    review = site.send(key="", kenh="giay", m="nhap-phieu", lo=code_for(site))
    fields = fields_of(review.text)
    assert (fields["lo"], fields["m"], fields["kenh"]) == (code_for(site), "nhap-phieu", "giay")
    back = fields_of(site.submit.post("/gui", data={**fields, "sua": "1"}).text)
    assert back["lo"] == code_for(site)
    assert KEY not in review.text
