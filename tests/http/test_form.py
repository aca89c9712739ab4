import gzip
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import brotli
import pytest
from citizen_side import KEY, NGO_QUYEN, PLACE, Site, fields_of
from homthu.config import ServiceMode
from homthu.domain.boxes.box import BetweenRounds
from homthu.http.responses import SECURITY

PATH = f"/g/{PLACE}"


@pytest.fixture
def site() -> Site:
    return Site()


def test_the_form_is_the_same_for_everyone(site: Site) -> None:
    form = site.form
    first = form.get(PATH, headers={"User-Agent": "a", "Cookie": "x=1", "Accept-Language": "en"})
    site.now += timedelta(hours=3)
    second = form.get(PATH, headers={"User-Agent": "b", "X-Forwarded-For": "203.0.113.9"})
    assert first.data == second.data
    assert fields_of(first.text)["key"] == ""
    assert "Set-Cookie" not in first.headers


def test_the_form_may_be_cached_until_it_would_change(site: Site) -> None:
    site.change_box(NGO_QUYEN, between_rounds=BetweenRounds.CLOSE)
    site.now = datetime.fromisoformat("2026-12-25T23:59:00+07:00")
    form = site.form
    assert "s-maxage=60" in form.get(PATH).headers["Cache-Control"]
    assert 'action="/gui"' in form.get(PATH).text
    site.now += timedelta(seconds=60)
    assert '<form method="post" action="/gui"' not in form.get(PATH).text


def test_no_cache_keeps_the_form_longer_than_a_day(site: Site) -> None:
    assert "s-maxage=86400" in site.form.get(PATH).headers["Cache-Control"]


def test_a_client_that_has_the_page_is_told_so(site: Site) -> None:
    form = site.form
    first = form.get(PATH)
    again = form.get(PATH, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    ("accepted", "encoding", "unpack"),
    [
        ("br, gzip", "br", brotli.decompress),
        ("gzip, deflate", "gzip", gzip.decompress),
        ("gzip, br;q=0", "gzip", gzip.decompress),
        ("*", "br", brotli.decompress),
    ],
)
def test_the_page_comes_compressed_to_who_can_read_it(
    site: Site, accepted: str, encoding: str, unpack: Callable[[bytes], bytes]
) -> None:
    form = site.form
    plain = form.get(PATH)
    packed = form.get(PATH, headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == encoding
    assert unpack(packed.data) == plain.data
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    assert plain.headers["ETag"] == packed.headers["ETag"]


@pytest.mark.parametrize(
    "query", ["", "?l=en", "?c=to", "?k=lien_ket", "?m=ho-tro", "?m=kiosk", "?l=en&c=to&k=lien_ket&m=ho-tro"]
)
def test_every_variant_of_the_form_fits_into_one_round_trip(site: Site, query: str) -> None:
    form = site.form
    for encoding in ("gzip", "br"):
        answer = form.get(PATH + query, headers={"Accept-Encoding": encoding})
        assert answer.status_code == 200
        assert len(answer.data) <= 14_336


def test_options_are_carried_by_the_address_alone(site: Site) -> None:
    form = site.form
    assert '<html lang="en"' in form.get(PATH + "?l=en").text
    assert fields_of(form.get(PATH + "?k=lien_ket").text)["kenh"] == "lien_ket"
    assert fields_of(form.get(PATH + "?m=ho-tro").text)["ho_tro"] == "1"
    assert form.get(PATH + "?l=xx&c=yy&khac=1").data == form.get(PATH).data


def test_every_place_of_every_ward_has_its_form(site: Site) -> None:
    form = site.form
    for box in site.boxes.by_ward.values():
        for place in box.places:
            answer = form.get(f"/g/{place.code}")
            assert answer.status_code == 200
            assert place.name in answer.text
            assert fields_of(answer.text)["place"] == place.code


def test_the_landing_page_leads_to_every_place(site: Site) -> None:
    page = site.form.get("/").text
    for box in site.boxes.by_ward.values():
        assert all(f"/g/{place.code}" in page for place in box.places)


@pytest.mark.parametrize(
    "path", ["/g/khong-co", "/g/", "/g", "/khac", "/assets/page.css", "/assets/../x", "/g/nq-mc/x"]
)
def test_what_is_not_there_is_a_vietnamese_page_that_leads_home(site: Site, path: str) -> None:
    answer = site.form.get(path)
    assert answer.status_code == 404
    assert '<html lang="vi"' in answer.text
    assert 'href="/' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_paused_box_shows_no_form(site: Site) -> None:
    site.mode = ServiceMode.PAUSED
    assert '<form method="post" action="/gui"' not in site.form.get(PATH).text


def test_between_rounds_a_box_that_accepts_shows_its_form(site: Site) -> None:
    site.now = datetime.fromisoformat("2026-12-28T10:00:00+07:00")
    assert 'action="/gui"' in site.form.get(PATH).text


def test_a_closed_box_says_when_the_next_round_opens(site: Site) -> None:
    site.change_box(NGO_QUYEN, between_rounds=BetweenRounds.CLOSE)
    site.now = datetime.fromisoformat("2026-12-28T10:00:00+07:00")
    assert "22/01/2027" in site.form.get(PATH).text


@pytest.mark.parametrize("token", ["", "x", "gAAAAABrBFcV3vqeIbopAxbNra73eAahYntRrBLwYAS9"])
def test_a_receipt_cannot_be_made_up(site: Site, token: str) -> None:
    answer = site.form.get(f"/da-gui?p={token}")
    assert answer.status_code == 410
    assert "Đã ghi nhận" not in answer.text


def test_a_receipt_is_private_and_runs_out(site: Site) -> None:
    address = site.send().headers["Location"]
    receipt = site.form.get(address)
    assert receipt.headers["Cache-Control"] == "no-store"
    assert receipt.headers["X-Robots-Tag"] == "noindex"
    assert KEY not in receipt.text
    site.now += timedelta(hours=25)
    gone = site.form.get(address)
    assert gone.status_code == 410
    assert 'href="/tra-cuu"' in gone.text, "where it is seen in which report the form was counted"


def test_a_receipt_in_english_stays_english(site: Site) -> None:
    sent = site.send(l="en")
    assert '<html lang="en"' in site.form.get(sent.headers["Location"]).text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "TRACE"])
def test_other_methods_are_refused(site: Site, method: str) -> None:
    answer = site.form.open(PATH, method=method)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_an_endless_path_is_refused(site: Site) -> None:
    assert site.form.get("/g/" + "x" * 300).status_code == 414


def test_every_answer_carries_the_security_headers_once(site: Site) -> None:
    form, submit = site.form, site.submit
    answers = [
        form.get("/"),
        form.get(PATH),
        form.get("/khong-co"),
        form.get("/da-gui?p=x"),
        form.open(PATH, method="PUT"),
        form.options(PATH),
        submit.head("/gui"),
        submit.get("/gui"),
        submit.post("/gui", data=b"", content_type="text/plain"),
        site.send(key=""),
        site.send(),
    ]
    for answer in answers:
        for name, value in SECURITY.items():
            assert answer.headers.getlist(name) == [value]
        (csp,) = answer.headers.getlist("Content-Security-Policy")
        assert "unsafe" not in csp
        assert len(answer.headers.getlist("Cache-Control")) == 1
        assert len(answer.headers.getlist("Content-Type")) <= 1
        assert "Set-Cookie" not in answer.headers


def test_a_renamed_box_needs_no_change_of_code(site: Site) -> None:
    box = site.boxes.by_ward[NGO_QUYEN]
    site.change_box(NGO_QUYEN, ward=replace(box.ward, name="Tân Lập"))
    assert "phường Tân Lập" in site.form.get(PATH).text


def test_the_landing_page_and_the_receipt_lead_to_results_and_status(site: Site) -> None:
    assert 'href="/ket-qua?c=to"' in site.form.get("/?c=to&k=lien_ket").text
    receipt = site.form.get(site.send(l="en").headers["Location"]).text
    assert 'href="/tra-cuu?l=en"' in receipt


class Stopped(Site):
    """A box whose clock has a defect."""

    def clock(self) -> datetime:
        raise ZeroDivisionError("mật")


def test_a_defect_gives_a_vietnamese_page_and_a_log_without_its_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer = Stopped().form.get(PATH)
    assert answer.status_code == 500
    assert '<html lang="vi"' in answer.text
    logged = capsys.readouterr().out
    assert "ZeroDivisionError" in logged
    assert "mật" not in logged
