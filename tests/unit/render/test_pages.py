"""The citizen's pages: their shape, their words, their weight and what they allow to run."""

import re
from urllib.parse import parse_qs, urlsplit

import page_builders as build
import pytest
from every_page import CLOSED, CLOSING, OPEN
from homthu.domain.boxes.questionnaire import NO_OPINION, RATINGS, TextKind
from homthu.domain.submissions.reference import parse_reference
from homthu.render.page.options import FormMode, PageOptions
from homthu.render.page.pages import Pages
from read_page import Document

HOSTILE = "</textarea><script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}{reception}"


@pytest.fixture(scope="module")
def pages() -> Pages:
    return build.make_pages()


def test_the_form_is_one_post_to_gui(pages: Pages) -> None:
    document = Document(pages.form(build.form_page()))
    (form,) = document.all("form")
    assert (form["method"], form["action"]) == ("post", "/gui")
    assert document.hidden == {
        "place": build.PLACE.code,
        "questionnaire": build.BOX.questionnaire.version,
        "key": "",
        "tem": "",
    }
    (trap,) = document.all("input", name="website")
    assert (trap["tabindex"], trap["autocomplete"], trap["value"]) == ("-1", "off", "")
    assert len(document.all("textarea", name="gop_y")) == 1
    assert not any("maxlength" in attributes for _, attributes, _ in document.elements)
    assert {"class": "send"} in document.all("button", **{"class": "send"})
    # Without a script two links choose, each to its place in the page.
    ways = [link["href"].removeprefix("#") for link in document.all("a", **{"class": "send"})]
    ids = [attributes.get("id") for _, attributes, _ in document.elements]
    assert [ids.count(way) for way in ways] == [1, 1]


def test_every_question_is_a_group_of_native_radios_named_by_a_legend(pages: Pages) -> None:
    document = Document(pages.form(build.form_page()))
    asked = build.BOX.questionnaire
    # The overall rating comes first, the text second; the other questions are folded below.
    questions = sorted(asked.questions, key=lambda question: question.id != asked.overall)
    order = [attributes.get("id") for _, attributes, _ in document.elements]
    assert order.index(f"q-{asked.overall}") < order.index("gop_y") < order.index(f"q-{questions[1].id}")
    (fold,) = document.all("details", **{"class": "them"})
    assert "open" not in fold
    first, *folded = (f"q-{question.id}" for question in questions)
    assert [fieldset.get("id") for fieldset in document.all("fieldset")] == [first, "loai", *folded]
    legends = document.texts("legend")
    del legends[1]
    for question, legend in zip(questions, legends, strict=True):
        assert question.text["vi"] in legend
        assert ("không bắt buộc" in legend) is not question.required
        assert document.options(f"q-{question.id}") == [option.id for option in question.options]
        radios = document.all("input", type="radio", name=f"q-{question.id}")
        assert all(("required" in radio) is question.required for radio in radios)
        assert not any("checked" in radio for radio in radios)
    assert document.options("q-thai_do") == [*RATINGS, NO_OPINION]
    services = [option["value"] for option in document.all("option")]
    assert services == ["", *(service.id for service in build.BOX.questionnaire.services)]
    assert document.options("loai") == list(TextKind)
    assert [box["value"] for box in document.all("input", type="checkbox", name="khong_trich")] == ["1"]


def test_the_options_of_the_address_travel_with_the_form(pages: Pages) -> None:
    document = Document(pages.form(build.form_page(build.ALL_OPTIONS)))
    carried = {name: document.hidden.get(name) for name in ("kenh", "ho_tro", "l", "c")}
    assert carried == {"kenh": "lien_ket", "ho_tro": "1", "l": "en", "c": "to"}
    kiosk = Document(pages.form(build.form_page(PageOptions(mode=FormMode.KIOSK))))
    assert "ho_tro" not in kiosk.hidden


def test_the_links_change_one_option_and_keep_the_others(pages: Pages) -> None:
    document = Document(pages.form(build.form_page(build.ALL_OPTIONS)))
    links = [a["href"] for a in document.all("a") if a["href"].startswith("/g/")]
    queries = [parse_qs(urlsplit(link).query) for link in links]
    assert queries == [
        {"k": ["lien_ket"], "m": ["ho-tro"], "c": ["to"]},
        {"k": ["lien_ket"], "m": ["ho-tro"], "l": ["en"]},
    ]
    assert PageOptions().query == ""


def test_a_form_that_comes_back_holds_what_was_typed_and_offers_no_way_to_lose_it(pages: Pages) -> None:
    document = Document(pages.form(build.returned_page()))
    chosen = {a["name"]: a["value"] for a in document.all("input", type="radio") if "checked" in a}
    assert chosen == {k: v for k, v in build.ANSWERS.items() if k not in ("q-chung", "linh_vuc", "gop_y")}
    assert [a["value"] for a in document.all("option") if "selected" in a] == ["ho_tich"]
    # A browser drops the first line end of a textarea; ours stands before what was typed.
    assert document.text("textarea") == "\n" + build.ANSWERS["gop_y"]
    assert document.hidden["key"] == build.KEY
    assert "data-typed" in document.all("form")[0]
    assert not document.all("nav")


def test_every_problem_is_told_twice_in_the_summary_and_beside_its_field(pages: Pages) -> None:
    document = Document(pages.form(build.returned_page()))
    ids = {attributes.get("id") for _, attributes, _ in document.elements}
    links = [a["href"][1:] for a in document.all("a") if a["href"][0] == "#" and "class" not in a]
    assert links == ["q-chung", "gop_y"]
    assert {"q-chung", "gop_y", "q-chung-loi", "gop_y-loi"} <= ids
    assert "open" in document.all("details", **{"class": "them"})[0]
    assert "hidden" not in document.all("div", id="loi")[0]
    assert document.text("title").startswith("Lỗi: ")
    assert "1042" in document.text("textarea") + document.text("p")


def test_hostile_values_stay_text(pages: Pages) -> None:
    values = {
        **build.ANSWERS,
        "gop_y": HOSTILE,
        "q-thai_do": HOSTILE,
        "linh_vuc": HOSTILE,
        "website": HOSTILE,
    }
    form = Document(pages.form(build.form_page(values=values, key=HOSTILE)))
    review = Document(pages.review(build.review_page(values=values, key=HOSTILE, signed_time=HOSTILE)))
    assert form.text("textarea") == "\n" + HOSTILE
    assert (form.hidden["key"], review.hidden["gop_y"]) == (HOSTILE, HOSTILE)
    assert len(form.all("script")) == 1
    assert not review.all("script")
    for document in (form, review):
        assert len(document.all("img")) == 1
        assert not any(name.startswith("on") for _, a, _ in document.elements for name in a)


def test_the_review_says_every_answer_and_holds_the_whole_form(pages: Pages) -> None:
    page = build.review_page(build.ALL_OPTIONS, values={**build.ANSWERS, "website": "spam", "other": "x"})
    document = Document(pages.review(page))
    assert document.hidden == {
        "place": build.PLACE.code,
        "questionnaire": "qcdc-v2",
        "key": build.KEY,
        "luc": page.signed_time,
        "da_xem": "1",
        "tem": "",
        "kenh": "lien_ket",
        "ho_tro": "1",
        "l": "en",
        "c": "to",
        **build.ANSWERS,
        "website": "spam",
    }
    said = document.texts("dd")
    assert "Late, with an apology and a new date" in said
    assert said.count("Not answered") == 6
    (form,) = document.all("form")
    assert (form["method"], form["action"]) == ("post", "/gui")
    assert [(b.get("name"), b.get("value")) for b in document.all("button")] == [(None, None), ("sua", "1")]


def test_the_review_hints_at_personal_data_only_when_there_is_some(pages: Pages) -> None:
    with_hint = Document(pages.review(build.review_page()))
    assert "số điện thoại" in with_hint.text("h3")
    without = Document(pages.review(build.review_page(personal_data=())))
    assert not without.all("div", **{"class": "stop"})


def test_the_receipt_shows_a_reference_that_can_be_read_back(pages: Pages) -> None:
    page = build.receipt_page()
    document = Document(pages.receipt(page))
    shown = next(text for text in document.texts("p") if re.fullmatch(r"(\w{4}-){2}\w{4}", text))
    assert parse_reference(shown) == page.reference
    html = document.text("main")
    assert "Đã ghi nhận ý kiến. Trân trọng cảm ơn ông/bà!" in html
    assert "thứ Hai, ngày 23/11/2026" in html
    assert document.all("a", href=f"/g/{build.PLACE.code}")
    assert document.all("body")[0]["data-place"] == build.PLACE.code


def test_the_closed_page_says_when_the_next_round_opens(pages: Pages) -> None:
    moment = build.moment(CLOSED)
    assert moment.next
    text = Document(pages.closed(build.closed_page(CLOSED))).text("main")
    assert f"{moment.next.opens_on:%d/%m/%Y}" in text
    assert "25/12/2026" in text
    paused = Document(pages.closed(build.closed_page(OPEN, is_paused=True))).text("main")
    assert "tạm ngừng" in paused
    closing = Document(pages.closed(build.closed_page(CLOSING))).text("main")
    assert "vẫn gửi được đến 00:00, 27/12/2026" in closing


def test_the_landing_page_leads_to_every_place_as_a_link_and_not_a_poster(pages: Pages) -> None:
    document = Document(pages.landing(build.landing_page(boxes=build.ALL_BOXES)))
    links = {a["href"] for a in document.all("a") if a["href"].startswith("/g/")}
    assert links == {f"/g/{place.code}?k=lien_ket" for box in build.ALL_BOXES for place in box.places}


def test_the_first_lines_tell_place_privacy_reader_domain_and_what_is_never_asked(pages: Pages) -> None:
    main = Document(pages.form(build.form_page())).text("main")
    before = re.sub(r"\s+", " ", main[: main.index(build.BOX.questionnaire.questions[0].text["vi"])])
    for words in (
        build.PLACE.name,
        build.PLACE.former_ward,
        "Không cần đăng nhập, không cần ghi tên",
        build.BOX.report.committee,
        "gopy.phuongbacgiang.gov.vn",
        "không bao giờ hỏi tiền",
    ):
        assert words in before
    notice = main.index("không thay thế đơn khiếu nại, tố cáo")
    assert notice > main.index(build.BOX.questionnaire.text_label["vi"])


def test_chats_find_a_title_a_text_and_an_absolute_address(pages: Pages) -> None:
    document = Document(pages.form(build.form_page()))
    shared = {a["property"]: a["content"] for a in document.all("meta") if "property" in a}
    assert shared["og:url"] == f"{build.BASE_URL}/g/{build.PLACE.code}"
    assert build.PLACE.name in shared["og:title"]
    assert shared["og:description"]


def test_only_lasting_pages_may_be_indexed(pages: Pages) -> None:
    closed, message = build.closed_page(CLOSED), build.message_page()
    kept_out = [pages.review(build.review_page()), pages.receipt(build.receipt_page())]
    kept_out += [pages.closed(closed), pages.message(message)]
    assert all(Document(page).all("meta", name="robots", content="noindex") for page in kept_out)
    assert not Document(pages.form(build.form_page())).all("meta", name="robots")
