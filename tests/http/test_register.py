"""The register of a deployment as `board` serves it: wards, places, and the digest of the newest report."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from board_side import RESULTS, W46, W47, BoardSite
from citizen_side import BAC_GIANG, NGO_QUYEN
from homthu.domain.reports.printed_digest import printed
from homthu.ports import StoreUnavailable
from homthu.render.register import PATH as REGISTER
from homthu.render.register import SIGNATURE_PATH, ward_path


@pytest.fixture
def site() -> BoardSite:
    return BoardSite()


def ward_registers(site: BoardSite) -> dict[str, dict[str, Any]]:
    """The register of each ward that the index names."""
    index = site.board.get(REGISTER).get_json()
    assert (index["schema"], index["service"], index["url"]) == (2, "hom-thu-gop-y", site.base_url)
    found = {}
    for code in index["wards"]:
        answer = site.board.get(ward_path(code))
        assert (answer.status_code, answer.content_type) == (200, "application/json")
        found[code] = answer.get_json()
    return found


def test_the_register_lists_every_ward_and_place(site: BoardSite) -> None:
    registers = ward_registers(site)
    assert list(registers) == list(site.boxes.by_ward)
    for code, register in registers.items():
        assert (register["schema"], register["service"]) == (1, "hom-thu-gop-y")
        (entry,) = register["boxes"]
        box = site.boxes.by_ward[code]
        assert entry["ward"]["code"] == code
        assert [place["code"] for place in entry["places"]] == [place.code for place in box.places]
        assert entry["contact"]["phone"] == box.contact.phone
        for place in entry["places"]:
            assert site.form.get(place["url"].removeprefix(register["url"])).status_code == 200


def test_of_one_ward_the_old_address_is_its_register(site: BoardSite) -> None:
    site.boxes = replace(site.boxes, by_ward={NGO_QUYEN: site.boxes.by_ward[NGO_QUYEN]})
    old, own = site.board.get(REGISTER), site.board.get(ward_path(NGO_QUYEN))
    assert old.data == own.data
    assert old.get_json()["schema"] == 1
    assert site.board.get(ward_path(BAC_GIANG)).status_code == 404


def test_the_register_tells_no_address_of_a_recipient(site: BoardSite) -> None:
    for code, box in site.boxes.by_ward.items():
        text = site.board.get(ward_path(code)).text
        assert box.contact.phone in text
        people = (*box.recipients, box.operator)
        assert not any(person.email in text or person.name in text for person in people)


def test_the_register_may_be_cached_until_new_year(site: BoardSite) -> None:
    site.now = datetime.fromisoformat("2026-12-31T23:59:00+07:00")
    before = site.board.get(ward_path(NGO_QUYEN))
    assert "s-maxage=60" in before.headers["Cache-Control"]
    again = site.board.get(ward_path(NGO_QUYEN) + "?x=1", headers={"If-None-Match": before.headers["ETag"]})
    assert again.status_code == 304
    site.now += timedelta(seconds=60)
    rounds = site.board.get(ward_path(NGO_QUYEN)).get_json()["boxes"]
    assert any(r["opens_on"].startswith("2028") for entry in rounds for r in entry["rounds"])


def test_it_shows_the_digest_of_the_newest_report_as_results_and_chain_do(site: BoardSite) -> None:
    assert "last_report" not in site.board.get(ward_path(NGO_QUYEN)).get_json()
    for week, number in ((W46, 1), (W47, 2)):
        site.receive(week, 12)
        site.close(week)
        # A page that a cache holds is made anew within minutes.
        site.now += timedelta(minutes=10)
        shown = site.board.get(ward_path(NGO_QUYEN)).get_json()["last_report"]
        *_, line = site.board.get(f"{RESULTS}/chuoi.txt").text.splitlines()
        assert shown == {"number": f"{number}/2026", "digest": line.split()[-1]}
        assert shown["digest"] in site.board.get(RESULTS).text
        assert shown["digest"] == printed(site.store.head(NGO_QUYEN).last_digest)
    assert "last_report" not in site.board.get(ward_path(BAC_GIANG)).get_json()


def test_what_the_posters_say_is_told_without_a_store_too_but_not_for_long(site: BoardSite) -> None:
    site.receive(W46, 12)
    site.close(W46)

    class Broken:
        def head(self, ward: str) -> object:
            raise StoreUnavailable("timeout")

    board, ledger = site.board, site.ledger
    site.ledger = Broken()
    answer = board.get(ward_path(NGO_QUYEN))
    assert (answer.status_code, "last_report" in answer.get_json()) == (200, False)
    assert "s-maxage=30" in answer.headers["Cache-Control"]
    assert board.get(REGISTER).status_code == 200
    site.ledger, site.now = ledger, site.now + timedelta(seconds=30)
    assert "last_report" in board.get(ward_path(NGO_QUYEN)).get_json()


@pytest.mark.parametrize(
    "path", [ward_path("99999"), SIGNATURE_PATH, ward_path("x/y"), ward_path("07207") + "x"]
)
def test_what_is_not_there_is_not_found(site: BoardSite, path: str) -> None:
    assert site.board.get(path).status_code == 404
