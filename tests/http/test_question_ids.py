"""Whatever an office calls its questions, a form with them is stored: without a script, over plain HTTP."""

import re
from datetime import timedelta

import pytest
from citizen_side import KEY, PLACE, Site, fields_of
from examples import examples
from homthu.adapters.web_files import WEB
from homthu.domain.fields import CLASSES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from question_ids import VERSION, site_asking

SOME = settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.too_slow])
#: What a page, a script or Python has names for.
KNOWN = (
    *("sua", "m", "lo", "l", "c", "k", "p", "ma", "dem", "khac", "rieng", "noi", "loi", "nhap", "cho", "lai"),
    *("moi", "trao", "het", "giu", "gop_y", "linh_vuc", "place", "questionnaire", "key", "tem", "website"),
    *("luc", "da_xem", "kenh", "ho_tro", "goi_y", "length", "submit", "action", "method", "elements", "item"),
    *("constructor", "__proto__", "prototype", "valueof", "name", "id", "reset", "text", "answers", "ward"),
    *("q", "q_q", "_", "0", "1", "a_loi", "none", "null", "undefined", "self", "class", "location", "top"),
)


def chosen(ids: list[str]) -> dict[str, str]:
    """An answer to each, not all alike."""
    return {id: "54321"[number % 5] for number, id in enumerate(ids)}


def sent_without_a_script(site: Site, ids: list[str]) -> dict[str, str]:
    """Fill in the form, look at the review, change something, look again and send; what is stored."""
    page = fields_of(site.form.get(f"/g/{PLACE}").text)
    asked = re.findall(r'<fieldset id="([^"]+)"', site.form.get(f"/g/{PLACE}").text)
    filled = {**page, **dict(zip(asked, chosen(ids).values(), strict=True)), "gop_y": "Đèn hỏng"}
    review = site.submit.post("/gui", data=filled)
    back = site.submit.post("/gui", data={**fields_of(review.text), "sua": "1"})
    assert fields_of(back.text) | {"key": ""} == filled | {"key": ""}
    review = site.submit.post("/gui", data=fields_of(back.text))
    site.now += timedelta(seconds=10)
    site.reference(site.submit.post("/gui", data=fields_of(review.text)))
    (stored,) = site.stored()
    assert (stored.submission.text, stored.submission.flags) == ("Đèn hỏng", ())
    return dict(stored.submission.answers)


@SOME
@given(st.lists(st.from_regex(r"[a-z0-9_]{1,20}", fullmatch=True), min_size=1, max_size=40, unique=True))
def test_any_ids_that_check_box_allows_are_stored_as_they_were_answered(ids: list[str]) -> None:
    assert sent_without_a_script(site_asking(ids), ids) == chosen(ids)


@pytest.mark.parametrize("start", range(0, len(KNOWN), 30))
def test_ids_that_something_else_is_called_are_stored_as_they_were_answered(start: int) -> None:
    ids = list(KNOWN[start : start + 30])
    assert sent_without_a_script(site_asking(ids), ids) == chosen(ids)


def test_an_answer_left_out_is_asked_for_under_its_own_name() -> None:
    ids = list(KNOWN[:30])
    site = site_asking(ids)
    page = fields_of(site.form.get(f"/g/{PLACE}").text)
    answered = {f"q-{id}": value for id, value in chosen(ids).items() if id != "sua"}
    back = site.submit.post("/gui", data={**page, **answered, "key": KEY})
    assert back.status_code == 422
    assert re.findall(r'<li><a href="#([^"]+)"', back.text) == ["q-sua"]
    assert 'id="q-sua-loi"' in back.text
    assert answered.items() <= fields_of(back.text).items()


def test_every_name_that_a_page_or_a_script_spells_comes_from_the_one_list() -> None:
    """No template and no script writes a field's name down itself."""
    names = {field.value for one in CLASSES.values() for field in one}
    # The set-up page sends nothing to any function: its names are the box file's own keys.
    pages = [path for path in sorted(WEB.rglob("templates/**/*.html")) if path.parent.name != "setup"]
    for path in pages + sorted(WEB.glob("assets/*.js")):
        source = path.read_text("utf-8")
        written = set(re.findall(r'<(?:input|select|textarea|button)[^>]*?\sname="([^"{]+)"', source))
        written |= set(re.findall(r'fields(?:\.|\[")(\w+)', source)) & names
        assert not written, path


def bare(site: Site, **changes: str) -> dict[str, str]:
    """A form as it was sent up to November 2026."""
    fields = {"place": PLACE, "questionnaire": "qcdc-v1", "key": KEY, "tem": "", "website": ""}
    answers = {"thai_do": "5", "huong_dan": "4", "trach_nhiem": "4", "thoi_han": "dung", "chung": "5"}
    return {**fields, **answers, "gop_y": "Đã viết từ trước", "linh_vuc": "", **changes}


def test_a_form_opened_before_the_names_were_changed_is_stored() -> None:
    site = Site()
    site.reference(site.submit.post("/gui", data=bare(site)))
    (stored,) = site.stored()
    assert stored.submission.answers == {
        "thai_do": "5",
        "huong_dan": "4",
        "trach_nhiem": "4",
        "thoi_han": "dung",
        "chung": "5",
    }


def test_it_is_the_same_form_when_it_is_sent_again_under_the_names_of_today() -> None:
    site = Site()
    first = site.reference(site.submit.post("/gui", data=bare(site)))
    back = fields_of(site.submit.post("/gui", data=bare(site, sua="1")).text)
    assert (back["q-thai_do"], back["key"]) == ("5", "")
    again = site.reference(site.submit.post("/gui", data={**back, "key": KEY}))
    assert (again, len(site.stored())) == (first, 1)


def test_a_faulty_old_form_comes_back_whole_under_the_names_of_today() -> None:
    site = Site()
    back = site.submit.post("/gui", data=bare(site, chung=""))
    assert back.status_code == 422
    typed = fields_of(back.text)
    assert (typed["q-thai_do"], typed["gop_y"], typed["key"]) == ("5", "Đã viết từ trước", KEY)
    site.reference(site.submit.post("/gui", data={**typed, "q-chung": "3"}))


def test_a_name_of_ours_is_never_an_old_answer() -> None:
    site = site_asking(["l", "sua", "thai_do"])
    form = {"place": PLACE, "questionnaire": VERSION, "key": KEY, "l": "5", "thai_do": "4"}
    back = fields_of(site.submit.post("/gui", data=form).text)
    assert (back.get("q-l"), back["q-thai_do"]) == (None, "4")
