"""What the citizen's side serves beside the form, and refusals that give back what was typed."""

import json
from dataclasses import fields

import pytest
from citizen_side import ANSWERS, NGO_QUYEN, PLACE, Site
from homthu.adapters.store_records import submission_record
from homthu.config import ServiceMode
from homthu.domain.boxes.box import BetweenRounds
from homthu.domain.submissions.submission import Channel, Submission
from homthu.render.page.stored_view import BESIDE


@pytest.fixture
def site() -> Site:
    return Site()


def test_the_worker_is_asked_for_anew_and_may_fetch_only_from_here(site: Site) -> None:
    answer = site.form.get("/sw.js")
    assert answer.content_type.startswith("text/javascript")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "connect-src 'self'" in answer.headers["Content-Security-Policy"]
    assert 'request.method !== "GET"' in answer.text


def test_the_manifest_names_the_box(site: Site) -> None:
    answer = site.form.get("/manifest.webmanifest")
    manifest = json.loads(answer.data)
    assert manifest["name"] == "Hòm thư góp ý điện tử"
    assert site.form.get(manifest["icons"][0]["src"]).status_code == 200
    assert site.form.get(manifest["start_url"]).status_code == 200


def test_the_storage_page_lists_exactly_what_a_store_holds(site: Site) -> None:
    page = site.form.get("/luu-gi").text
    record = submission_record(_submission(), "d")
    assert set(record) == {field.name for field in fields(Submission)} | {"digest"}
    for name in (*record, *BESIDE):
        assert f"<code>{name}</code>" in page
    assert page.count("<dt>") == len({*record, *BESIDE})
    assert "What the system keeps" in site.form.get("/luu-gi?l=en").text


def _submission() -> Submission:
    return Submission(
        ward=NGO_QUYEN,
        place=PLACE,
        channel=Channel.QR,
        assisted=False,
        questionnaire="qcdc-v1",
        round="r",
        answers={},
        text="",
        service="",
    )


def test_the_columns_of_the_database_are_those_of_the_storage_page(site: Site) -> None:
    import sqlite3
    from contextlib import closing

    from homthu.adapters.sqlite.schema import SCHEMA

    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(SCHEMA)
        columns = {row[1] for row in database.execute("PRAGMA table_info(submissions)")}
    assert columns == {field.name for field in fields(Submission)} | set(BESIDE)


def test_every_page_leads_to_the_storage_page(site: Site) -> None:
    for path in ("/", f"/g/{PLACE}", "/khong-co", "/da-gui?p=x"):
        assert 'href="/luu-gi' in site.form.get(path).text


@pytest.mark.parametrize("path", ["/g/khong-co", "/khac"])
def test_an_unknown_place_is_answered_with_the_list_of_places(site: Site, path: str) -> None:
    answer = site.form.get(path)
    assert answer.status_code == 404
    for box in site.boxes.by_ward.values():
        assert all(f'href="/g/{place.code}?k=lien_ket"' in answer.text for place in box.places)


def test_a_paused_box_gives_back_what_was_typed(site: Site) -> None:
    site.mode = ServiceMode.PAUSED
    page = site.send().text
    assert ANSWERS["gop_y"] in page
    assert "Câu 1 (Thái độ tiếp đón): Rất hài lòng" in page
    assert "<textarea" not in site.form.get(f"/g/{PLACE}").text


def test_a_closed_box_gives_back_what_was_typed(site: Site) -> None:
    site.change_box(NGO_QUYEN, between_rounds=BetweenRounds.CLOSE, closing_hours=0)
    site.now = site.now.replace(month=12, day=28)
    answer = site.send(gop_y="</textarea><b>Đèn hỏng")
    assert answer.status_code == 403
    assert "&lt;/textarea&gt;&lt;b&gt;Đèn hỏng" in answer.text


@pytest.mark.parametrize(("change", "status"), [({"place": "khong-co"}, 404), ({"la": "1"}, 400)])
def test_a_form_that_belongs_nowhere_gives_back_what_was_typed(
    site: Site, change: dict[str, str], status: int
) -> None:
    answer = site.send(**change)
    assert answer.status_code == status
    assert ANSWERS["gop_y"] in answer.text


def test_the_kiosk_and_the_helper_stay_what_they_are_after_sending(site: Site) -> None:
    for fields_, mode in (({"m": "kiosk"}, "kiosk"), ({"ho_tro": "1"}, "ho-tro")):
        receipt = site.form.get(site.send(gop_y=mode, **fields_).headers["Location"]).text
        assert f'data-next="/g/{PLACE}?m={mode}"' in receipt
    assert "data-next" not in site.form.get(site.send().headers["Location"]).text


def test_the_picture_of_a_shared_link_is_the_wards_own_if_there_is_one(site: Site) -> None:
    from homthu.render.page.share import share_image

    box = site.boxes.by_ward[NGO_QUYEN]
    both = {"og.png": b"1", f"og-{NGO_QUYEN}.png": b"2"}
    own = share_image(both, box, "https://x.example/")
    assert own.startswith(f"https://x.example/assets/og-{NGO_QUYEN}.png?v=")
    assert "/assets/og.png?v=" in share_image(both, None, "https://x.example")
    assert share_image({}, box, "https://x.example") == ""
    assert own != share_image({**both, f"og-{NGO_QUYEN}.png": b"3"}, box, "https://x.example/")
