"""Links as mail programs, chats and people hand them on: cut short at the end, or with a sign too many."""

from urllib.parse import quote

import pytest
from board_side import W47
from citizen_side import NGO_QUYEN, PLACE, Site
from desk_side import DeskSite
from homthu.http.form import RECEIPT, RECEIPT_AGE

#: What stands after a link in a sentence, and what programs make of it.
ENDS = (
    "",
    "=",
    "==",
    ".",
    ",",
    ";",
    ":",
    ")",
    ">",
    "]",
    "»",
    "”",
    "'",
    '"',
    "!",
    "?",
    "…",
    "==.",
    ").",
    ">.",
    " ",
)


@pytest.mark.parametrize("end", ENDS)
def test_a_desk_link_opens_whatever_was_added_to_its_end(end: str) -> None:
    site = DeskSite()
    token = site.pass_of()
    assert not token.endswith("=")
    assert site.desk.get(f"/xu-ly/{quote(token + end)}").status_code == 200
    assert site.post("ban", token=token + end).status_code == 200


@pytest.mark.parametrize("end", ENDS)
def test_a_receipts_link_opens_whatever_was_added_to_its_end(end: str) -> None:
    site = Site()
    address = site.send().headers["Location"]
    assert "=" not in address.partition("?p=")[2]
    assert site.form.get(address + quote(end)).status_code == 200


def test_a_link_of_before_with_its_padding_opens() -> None:
    site = Site()
    for values in (["7K3P92QWX4HM", PLACE, "2026-11-30"], ["7K3P92QWX4HM", PLACE, "2026-11-30", "xx"]):
        token = site.seal.seal(RECEIPT, values)
        padded = token + "=" * (-len(token) % 4)
        assert site.seal.open(RECEIPT, padded, RECEIPT_AGE) == site.seal.open(RECEIPT, token, RECEIPT_AGE)


@pytest.mark.parametrize(
    "change", ["cut", "other case", "a sign within", "a sign more", "nothing but an end"]
)
def test_a_link_with_anything_else_wrong_opens_nothing(change: str) -> None:
    site = DeskSite()
    token = site.pass_of()
    wrong = {
        "cut": token[:-1],
        "other case": token.swapcase(),
        "a sign within": token[:40] + "." + token[40:],
        "a sign more": token + "A",
        "nothing but an end": "==.",
    }[change]
    assert site.desk.get(f"/xu-ly/{quote(wrong)}").status_code == 403
    assert site.post("ban", token=wrong).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/g/NQ-MC",
            "/g/Nq-Mc",
            "/g/nq-mc.",
            "/g/nq-mc,",
            "/g/nq-mc)",
            "/g/nq-mc).",
            "/g/NQ-MC.",
            "/g/nq-mc/",
        ),
        *("/g/nq-mc%3E", "/g/nq-mc%20", "/g/nq-mc%C2%BB", "/g/nq-mc/.", "/G/nq-mc", "/phieu-giay/NQ-MC."),
    ],
)
def test_a_places_address_written_otherwise_leads_to_it(path: str) -> None:
    form = Site().form
    moved = form.get(path + "?l=en&m=kiosk")
    assert moved.status_code == 308
    folder = "phieu-giay" if "phieu" in path else "g"
    assert moved.headers["Location"] == f"/{folder}/nq-mc?m=kiosk&l=en"
    assert form.get(moved.headers["Location"]).status_code == 200
    assert form.get(path).headers["Location"] == f"/{folder}/nq-mc"


@pytest.mark.parametrize(
    "path",
    [
        *("/g/nq-mc1", "/g/nq.mc", "/g//nq-mc", "/evil.example/g/nq-mc", "/g/", "/g/.", "/g/nq-mc/x"),
        *("/g/..%2Fnq-mc", "/g/nq-mc%00x", "/g/evil.example", "/g/%5C%5Cevil.example"),
        "/g/nq-mc%0d%0aLocation:%20x",
    ],
)
def test_no_other_address_is_led_anywhere(path: str) -> None:
    answer = Site().form.get(path)
    assert (answer.status_code, answer.headers.get("Location")) == (404, None)


def test_what_is_added_to_an_address_never_travels_on() -> None:
    moved = Site().form.get("/g/NQ-MC?l=en&next=//evil.example&x=%0d%0a")
    assert moved.headers["Location"] == "/g/nq-mc?l=en"


def test_a_ward_asked_for_by_its_results_is_found_with_a_full_stop_too() -> None:
    site = DeskSite()
    site.receive(W47)
    assert site.board.get(f"/ket-qua/{NGO_QUYEN}.").headers["Location"] == f"/ket-qua/{NGO_QUYEN}"
