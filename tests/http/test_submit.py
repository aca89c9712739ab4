from datetime import timedelta
from urllib.parse import urlencode

import pytest
from citizen_side import ANSWERS, BAC_GIANG, KEY, NGO_QUYEN, PLACE, Site, fields_of, prove_work
from homthu.config import ServiceMode
from homthu.domain.boxes.box import BetweenRounds
from homthu.domain.submissions.submission import Channel, Flag, Submission
from homthu.ports import StoreUnavailable


@pytest.fixture
def site() -> Site:
    return Site()


def test_a_form_with_a_key_is_stored_once_and_leads_to_a_receipt(site: Site) -> None:
    reference = site.reference(site.send())
    assert site.reference(site.send()) == reference
    (stored,) = site.stored()
    assert stored.submission.text == "Cán bộ nhiệt tình"
    assert stored.submission.round == "2026-dot-4"


def test_the_reference_is_in_no_address(site: Site) -> None:
    sent = site.send()
    assert site.reference(sent) not in sent.headers["Location"]
    assert KEY not in sent.headers["Location"]


def test_the_same_key_with_other_words_is_a_second_submission(site: Site) -> None:
    first = site.reference(site.send())
    second = site.reference(site.send(gop_y="Khác"))
    assert first != second
    assert len(site.stored()) == 2


def test_exactly_these_fields_are_stored(site: Site) -> None:
    site.send(headers={"User-Agent": "canary-agent", "X-Forwarded-For": "203.0.113.9", "Cookie": "a=canary"})
    (stored,) = site.stored()
    one = stored.submission
    assert set(one.answers) == {"thai_do", "huong_dan", "trach_nhiem", "thoi_han", "chung"}
    assert (one.ward, one.place, one.channel, one.assisted) == (NGO_QUYEN, PLACE, Channel.QR, False)
    assert (one.questionnaire, one.service) == ("qcdc-v1", "ho_tich")
    assert "canary" not in repr(stored)
    assert "203.0.113.9" not in repr(stored)


def test_without_a_key_the_review_page_gives_one_and_the_second_post_stores(site: Site) -> None:
    review = site.send(key="")
    assert review.status_code == 200
    assert site.stored() == []
    assert "Cán bộ nhiệt tình" in review.text
    site.now += timedelta(seconds=5)
    fields = fields_of(review.text)
    sent = site.submit.post("/gui", data=fields)
    site.reference(sent)
    (stored,) = site.stored()
    assert stored.submission.text == ANSWERS["gop_y"]
    assert stored.submission.flags == ()


def test_the_review_page_leads_back_to_the_form_as_it_was_typed(site: Site) -> None:
    fields = fields_of(site.send(key="").text)
    back = site.submit.post("/gui", data={**fields, "sua": "1"})
    assert back.status_code == 200
    typed = fields_of(back.text)
    assert {name: typed[name] for name in ANSWERS} == ANSWERS
    assert site.stored() == []


def test_one_who_changed_their_mind_at_the_review_page_is_not_taken_for_a_robot(site: Site) -> None:
    back = site.submit.post("/gui", data={**fields_of(site.send(key="").text), "sua": "1"})
    again = site.submit.post("/gui", data={**fields_of(back.text), "gop_y": "sửa lại"})
    site.now += timedelta(seconds=5)
    site.reference(site.submit.post("/gui", data=fields_of(again.text)))
    (stored,) = site.stored()
    assert (stored.submission.text, stored.submission.flags) == ("sửa lại", ())


def test_a_robot_is_not_cleared_by_the_review_page(site: Site) -> None:
    fields = fields_of(site.send(key="", website="http://x").text)
    site.now += timedelta(seconds=5)
    site.reference(site.submit.post("/gui", data=fields))
    assert site.stored()[0].submission.flags == (Flag.HONEYPOT,)


def test_a_malformed_key_is_replaced_through_the_review_page(site: Site) -> None:
    review = site.send(key="short")
    assert review.status_code == 200
    assert fields_of(review.text)["key"] != "short"


@pytest.mark.parametrize("number", ["0912 345 678", "024085001234", "a@example.org"])
def test_personal_data_is_asked_about_and_never_refused(site: Site, number: str) -> None:
    review = site.send(gop_y=f"Liên hệ {number}")
    assert review.status_code == 200
    assert site.stored() == []
    fields = fields_of(review.text)
    assert (fields["key"], fields["da_xem"]) == (KEY, "1")
    site.reference(site.submit.post("/gui", data=fields))
    assert site.stored()[0].submission.text == f"Liên hệ {number}"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"q-thai_do": ""}, "q-thai_do"),
        ({"q-chung": "9"}, "q-chung"),
        ({"linh_vuc": "x"}, "linh_vuc"),
        ({"gop_y": "ạ" * 1001}, "gop_y"),
    ],
)
def test_a_faulty_form_comes_back_with_its_error_and_all_that_was_typed(
    site: Site, change: dict[str, str], field: str
) -> None:
    answer = site.send(**change)
    assert answer.status_code == 422
    assert f'href="#{field}' in answer.text
    typed = fields_of(answer.text)
    kept = {name: value for name, value in {**ANSWERS, **change}.items() if name != field or field == "gop_y"}
    assert {name: typed.get(name) for name in kept} == kept
    assert typed["key"] == KEY
    assert site.stored() == []


def test_a_thousand_code_points_are_taken_in_either_normal_form(site: Site) -> None:
    import unicodedata

    words = ("Ổ 👍🏽 " * 200)[:999].strip() + "."
    site.reference(site.send(gop_y=unicodedata.normalize("NFD", words)))
    assert site.stored()[0].submission.text == unicodedata.normalize("NFC", words)


class Down:
    """A store that does not answer."""

    def add(self, id: str, submission: Submission, digest: str) -> None:
        raise StoreUnavailable("unavailable")

    def digest(self, id: str) -> str | None:
        raise StoreUnavailable("unavailable")


def test_a_store_that_is_down_gives_an_honest_page_with_text_and_key(site: Site) -> None:
    site.intake = Down()
    answer = site.send()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    typed = fields_of(answer.text)
    assert {name: typed[name] for name in ANSWERS} == ANSWERS
    assert typed["key"] == KEY
    site.intake = site.store
    site.reference(site.submit.post("/gui", data=typed))
    assert len(site.stored()) == 1


@pytest.mark.parametrize(
    ("fields", "headers", "flags"),
    [
        ({"tem": prove_work(KEY)}, {}, ()),
        ({}, {}, (Flag.NO_STAMP,)),
        ({"tem": "1"}, {}, (Flag.NO_STAMP,)),
        ({"tem": "x" * 500}, {}, (Flag.NO_STAMP,)),
        ({"tem": prove_work(KEY), "website": "http://x"}, {}, (Flag.HONEYPOT,)),
        ({"tem": prove_work(KEY)}, {"Sec-Fetch-Site": "cross-site"}, (Flag.CROSS_SITE,)),
        ({"tem": prove_work(KEY)}, {"Sec-Fetch-Site": "same-origin"}, ()),
        # Safari before 16.4 tells only where from.
        ({"tem": prove_work(KEY)}, {"Origin": "https://evil.example"}, (Flag.CROSS_SITE,)),
        ({"tem": prove_work(KEY)}, {"Origin": "null"}, (Flag.CROSS_SITE,)),
        ({"tem": prove_work(KEY)}, {"Origin": "https://["}, (Flag.CROSS_SITE,)),
        ({"tem": prove_work(KEY)}, {"Origin": "https://gopy.example.org"}, ()),
        ({"tem": prove_work(KEY)}, {"Origin": "http://localhost"}, ()),
        ({"tem": prove_work(KEY)}, {"Origin": "https://a.web.app", "X-Forwarded-Host": "a.web.app"}, ()),
    ],
)
def test_what_looks_automatic_is_stored_and_flagged(
    site: Site, fields: dict[str, str], headers: dict[str, str], flags: tuple[Flag, ...]
) -> None:
    site.reference(site.send(headers=headers, **fields))
    assert site.stored()[0].submission.flags == flags


def test_a_review_sent_back_at_once_or_with_anothers_time_is_flagged(site: Site) -> None:
    fields = fields_of(site.send(key="").text)
    site.reference(site.submit.post("/gui", data=fields))
    site.reference(site.send(luc=fields["luc"], gop_y="của người khác"))
    flags = {stored.submission.text: stored.submission.flags for stored in site.stored()}
    assert flags == {ANSWERS["gop_y"]: (Flag.TOO_FAST,), "của người khác": (Flag.NO_STAMP,)}


@pytest.mark.parametrize(
    ("fields", "assisted", "channel"),
    [
        ({"ho_tro": "1"}, True, Channel.QR),
        ({"kenh": "lien_ket"}, False, Channel.LINK),
        ({"kenh": "giay"}, False, Channel.PAPER),
    ],
)
def test_companion_and_channel_are_recorded(
    site: Site, fields: dict[str, str], assisted: bool, channel: Channel
) -> None:
    site.reference(site.send(**fields))
    one = site.stored()[0].submission
    assert (one.assisted, one.channel) == (assisted, channel)


def test_a_form_of_an_unknown_questionnaire_comes_back_with_what_still_fits(site: Site) -> None:
    answer = site.send(questionnaire="qcdc-v0", cau_cu="5")
    assert answer.status_code == 422
    typed = fields_of(answer.text)
    assert (typed["questionnaire"], typed["gop_y"], typed["q-thai_do"]) == ("qcdc-v2", ANSWERS["gop_y"], "5")
    site.reference(site.submit.post("/gui", data=typed))


def test_between_rounds_a_box_that_accepts_stores_outside_the_round(site: Site) -> None:
    site.now = site.now.replace(month=12, day=28)
    site.reference(site.send())
    assert site.stored()[0].submission.round == "ngoai-dot"


def test_a_box_that_closes_takes_what_was_opened_before_and_nothing_later(site: Site) -> None:
    site.change_box(NGO_QUYEN, between_rounds=BetweenRounds.CLOSE, closing_hours=6)
    site.now = site.now.replace(month=12, day=26, hour=5)
    site.reference(site.send())
    assert site.stored()[0].submission.round == "2026-dot-4"
    site.now = site.now.replace(hour=6)
    closed = site.send(gop_y="muộn")
    assert closed.status_code == 403
    assert "22/01/2027" in closed.text
    assert len(site.stored()) == 1


def test_a_paused_box_takes_nothing_and_says_where_to_go(site: Site) -> None:
    site.mode = ServiceMode.PAUSED
    answer = site.send()
    assert answer.status_code == 503
    assert site.boxes.by_ward[NGO_QUYEN].contact.phone in answer.text
    assert site.stored() == []


def test_the_receipt_names_the_monday_whose_report_holds_the_submission(site: Site) -> None:
    receipt = site.form.get(site.send().headers["Location"])
    assert "30/11/2026" in receipt.text


def test_another_wards_place_goes_to_that_ward(site: Site) -> None:
    site.reference(site.send(place="bg-hcc"))
    assert (len(site.stored(NGO_QUYEN)), len(site.stored(BAC_GIANG))) == (0, 1)


@pytest.mark.parametrize(
    ("data", "content_type", "status"),
    [
        (b"x" * 33_000, "application/x-www-form-urlencoded", 413),
        (b"place=nq-mc", "text/plain", 415),
        (b"{}", "application/json", 415),
        (b"place=nq-mc", "multipart/form-data; boundary=x", 415),
        (urlencode({f"f{n}": n for n in range(61)}).encode(), "application/x-www-form-urlencoded", 400),
        (b"place=nq-mc&questionnaire=qcdc-v1&la=1", "application/x-www-form-urlencoded", 400),
        (b"place=nq-mc&place=nq-mc&questionnaire=qcdc-v1", "application/x-www-form-urlencoded", 400),
        (b"place=khong-co", "application/x-www-form-urlencoded", 404),
        (b"", "application/x-www-form-urlencoded", 404),
    ],
)
def test_what_no_form_of_ours_sends_is_refused_in_vietnamese(
    site: Site, data: bytes, content_type: str, status: int
) -> None:
    answer = site.submit.post("/gui", data=data, content_type=content_type)
    assert answer.status_code == status
    assert '<html lang="vi"' in answer.text
    assert site.stored() == []


def test_raw_utf8_in_a_body_is_read_as_what_it_is(site: Site) -> None:
    fields = urlencode({"place": PLACE, "questionnaire": "qcdc-v1", "key": KEY, **ANSWERS})
    body = fields.replace(urlencode({"gop_y": ANSWERS["gop_y"]}), "gop_y=Đèn hỏng").encode()
    answer = site.submit.post("/gui", data=body, content_type="application/x-www-form-urlencoded")
    site.reference(answer)
    assert site.stored()[0].submission.text == "Đèn hỏng"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods_are_refused(site: Site, method: str) -> None:
    answer = site.submit.open("/gui", method=method)
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_looking_changes_nothing_and_a_head_warms_up(site: Site) -> None:
    assert site.submit.get("/gui").headers["Location"] == "/"
    assert site.submit.head("/gui").status_code == 204
    assert site.submit.options("/gui").status_code == 204
    assert site.stored() == []


class Broken:
    """A store with a defect."""

    def add(self, id: str, submission: Submission, digest: str) -> None:
        raise ZeroDivisionError("mật: " + submission.text)

    def digest(self, id: str) -> str | None:
        return None


@pytest.mark.parametrize(("changes", "status"), [({"place": "zz"}, 404), ({"la": "1"}, 400)])
def test_a_form_in_english_is_refused_in_english(site: Site, changes: dict[str, str], status: int) -> None:
    answer = site.send(l="en", gop_y="hello", **changes)
    assert answer.status_code == status
    assert '<html lang="en"' in answer.text
    assert "hello" in answer.text


def test_a_defect_gives_a_vietnamese_page_and_a_log_without_words(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.intake = Broken()
    answer = site.send()
    assert answer.status_code == 500
    assert '<html lang="vi"' in answer.text
    logged = capsys.readouterr().out
    assert ANSWERS["gop_y"] in answer.text, "nobody has to write their words a second time"
    assert "ZeroDivisionError" in logged
    assert ANSWERS["gop_y"] not in logged
    assert "mật" not in logged
