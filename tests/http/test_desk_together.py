"""Two members at one case: neither overwrites the other unseen, whatever else is wrong with a form."""

import re

import pytest
from board_side import W47
from citizen_side import fields_of
from desk_side import MEMBERS, ONCE, DeskSite, words
from homthu.domain.cases.case import Case
from werkzeug.test import TestResponse

A, B = MEMBERS
WROTE = "Sáng thứ Hai quầy hai rất đông người chờ"
#: What a form may hold that has to be put right: each way to an error page.
FAULTS = {
    "a day that is over": ("assign", {"don_vi": "Tổ B", "han": "2020-01-01"}),
    "no day": ("assign", {"don_vi": "Tổ B", "han": ""}),
    "no unit": ("assign", {"don_vi": "", "han": "2026-11-30"}),
    "a unit too long": ("assign", {"don_vi": "x" * 101, "han": "2026-11-30"}),
    "an answer that quotes": (
        "answer",
        {"tom_tat": "Quầy đông", "tra_loi": WROTE, "loai": "done"},
    ),
    "a telephone number": (
        "answer",
        {"tom_tat": "Quầy đông", "tra_loi": "Gọi 0912 345 678 nhé", "loai": "done"},
    ),
    "no answer": ("answer", {"tom_tat": "Quầy đông", "tra_loi": "", "loai": "done"}),
    "no reason": ("close", {"ly_do": ""}),
}
#: The same put right.
RIGHT = {
    "assign": {"don_vi": "Tổ B", "han": "2026-11-30"},
    "answer": {"tom_tat": "Quầy đông", "tra_loi": "Đã thêm một bàn.", "loai": "done"},
    "close": {"ly_do": "Trùng với việc khác"},
}


@pytest.fixture
def site() -> DeskSite:
    return DeskSite()


@pytest.fixture
def reference(site: DeskSite) -> str:
    """A suggestion that A took in hand."""
    (reference,) = site.receive(W47, text=WROTE)
    site.close(W47)
    assert site.take(reference).status_code == 200
    return reference


def case(site: DeskSite, reference: str) -> Case:
    found = site.store.case(site.id_of(reference))
    assert found
    return found


def forms(page: str) -> dict[str, dict[str, str]]:
    """What a browser would send for each form of a page, by what it does."""
    sent = [fields_of(form) for form in re.findall(r"<form.*?</form>", page, re.DOTALL)]
    return {form["viec"]: form for form in sent if "viec" in form}


def opened_by(site: DeskSite, member: object, reference: str) -> dict[str, dict[str, str]]:
    """The forms on the page that a member opens."""
    page = site.post("phieu", token=site.pass_of(member), phieu=site.id_of(reference))
    assert page.status_code == 200
    return forms(page.text)


def press(site: DeskSite, form: dict[str, str]) -> TestResponse:
    return site.desk.post("/xu-ly/lam", data=form)


def a_assigns(site: DeskSite, reference: str) -> None:
    form = opened_by(site, A, reference)["assign"]
    assert press(site, {**form, "don_vi": "Tổ A", "han": "2026-12-04"}).status_code == 200


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_form_of_a_member_who_was_overtaken_says_so_and_shows_what_is_new(
    site: DeskSite, reference: str, fault: str
) -> None:
    action, typed = FAULTS[fault]
    form = opened_by(site, B, reference)[action]
    a_assigns(site, reference)
    back = press(site, {**form, **typed})
    assert back.status_code in (409, 422)
    shown = words(back.text)
    assert f"{A.name} vừa cập nhật việc này" in shown
    assert "Mới: 24/11/2026: Phó Bí thư Đảng ủy giao việc Tổ A, hạn 04/12/2026" in shown
    assert [step.action.text for step in case(site, reference).history] == ["", "Tổ A"]


@pytest.mark.parametrize("fault", FAULTS)
def test_who_changes_the_case_while_a_fault_is_put_right_is_not_overwritten_unseen(
    site: DeskSite, reference: str, fault: str
) -> None:
    action, typed = FAULTS[fault]
    back = press(site, {**opened_by(site, B, reference)[action], **typed})
    assert back.status_code == 422
    assert "vừa cập nhật" not in words(back.text)
    a_assigns(site, reference)
    late = press(site, {**forms(back.text)[action], **RIGHT[action]})
    assert late.status_code == 409
    assert f"{A.name} vừa cập nhật việc này" in words(late.text)
    assert [step.action.text for step in case(site, reference).history] == ["", "Tổ A"]
    # Now that they have seen it, they may.
    again = press(site, forms(late.text)[action] | RIGHT[action])
    assert again.status_code == 200
    assert len(case(site, reference).history) == 3


def test_what_was_typed_stays_on_the_page_that_tells_of_the_other(site: DeskSite, reference: str) -> None:
    form = opened_by(site, B, reference)["assign"]
    a_assigns(site, reference)
    back = press(site, {**form, "don_vi": "Tổ B", "han": "2020-01-01"})
    assert "Ngày này đã qua" in words(back.text)
    assert forms(back.text)["assign"]["don_vi"] == "Tổ B"


def test_a_form_sent_twice_names_its_own_step_and_tells_of_what_came_after(
    site: DeskSite, reference: str
) -> None:
    form = {**opened_by(site, B, reference)["assign"], **RIGHT["assign"]}
    assert press(site, form).status_code == 200
    a_assigns(site, reference)
    again = press(site, form)
    assert again.status_code == 200
    shown = words(again.text)
    assert f"{B.name}, ngày" in shown
    assert f"Sau đó {A.name} cũng vừa cập nhật việc này" in shown
    assert [step.action.text for step in case(site, reference).history] == ["", "Tổ B", "Tổ A"]


def test_a_form_that_was_done_is_not_wrong_when_it_is_sent_again_after_its_day(
    site: DeskSite, reference: str
) -> None:
    form = {**opened_by(site, B, reference)["assign"], "don_vi": "Tổ B", "han": "2026-11-25"}
    assert press(site, form).status_code == 200
    site.now = site.now.replace(day=27)
    assert press(site, form).status_code == 200
    assert len(case(site, reference).history) == 2


@pytest.mark.parametrize("seen", ["", "x", "-1", "99999", "9"])
def test_no_number_of_steps_that_is_made_up_changes_or_breaks_anything(
    site: DeskSite, reference: str, seen: str
) -> None:
    form = opened_by(site, B, reference)["assign"] | RIGHT["assign"]
    assert press(site, {**form, "buoc": seen}).status_code in (400, 409)
    assert len(case(site, reference).history) == 1
    done = press(site, {**form, "lan": ONCE})
    assert done.status_code == 200
    assert press(site, {**form, "lan": ONCE, "buoc": "9"}).status_code == 200
