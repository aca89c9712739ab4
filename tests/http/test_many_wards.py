"""All wards of the country in one deployment: no page grows with them, and finding one needs no script."""

import gzip
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from board_side import BoardSite
from citizen_side import NGO_QUYEN, Site
from desk_side import MEMBERS, DeskSite
from dev.benching.wards import ALL, province_name, ward_name, write_wards
from homthu.adapters.box_files import load_boxes
from homthu.adapters.box_files.index import COMPILED
from homthu.adapters.box_files.index_writer import index_files
from homthu.domain.boxes.box import Box, Boxes
from homthu.domain.boxes.directory import are_few, in_province, provinces, search
from homthu.render.register import PATH as REGISTER
from opened_files import opened_in
from werkzeug.test import Client

LIMIT = 14_336
SHIPPED = Site().boxes
LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậ"


def boxes_of(wards: Iterator[Box]) -> Boxes:
    return replace(SHIPPED, by_ward={box.ward.code: box for box in wards})


def country() -> Iterator[Box]:
    """Every ward as the bench makes them, with a place each."""
    box = SHIPPED.by_ward[NGO_QUYEN]
    for n in range(1, ALL + 1):
        ward = replace(box.ward, code=f"{n:05}", name=ward_name(n), province=province_name(n))
        yield replace(box, ward=ward, places=(replace(box.places[0], code=f"{n:05}-hcc"),))


def longest(count: int, places: int, provinces: int) -> Iterator[Box]:
    """Names as long as a box file may hold, of which no two have anything in common."""
    chance = random.Random(27)

    def name(length: int) -> str:
        return "".join(chance.choices([*LETTERS, " "], k=length)).strip().ljust(length, "x")

    named = [f"tỉnh {name(55)}" for _ in range(provinces)]
    box = SHIPPED.by_ward[NGO_QUYEN]
    for n in range(count):
        ward = replace(box.ward, code=f"{n:05}", name=name(60), province=named[n % provinces])
        own = [
            replace(place, code=f"{n:05}-{number}", name=name(80), former_ward=name(80))
            for number, place in enumerate(places * box.places[:1])
        ]
        yield replace(box, ward=ward, places=tuple(own))


DEPLOYMENTS = {
    "the country": country,
    "one ward of 300 places": lambda: longest(1, 300, 1),
    "few": lambda: longest(12, 6, 3),
    "a district": lambda: longest(60, 2, 1),
    "a province": lambda: longest(500, 1, 1),
    "every ward its province": lambda: longest(1_000, 1, 1_000),
}


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_no_page_grows_with_the_wards(name: str) -> None:
    boxes = boxes_of(DEPLOYMENTS[name]())
    desk, site = DeskSite(boxes=boxes), BoardSite(boxes=boxes)
    ward, province = boxes.wards[-1].code, provinces(boxes.wards)[0].key
    chosen = ("", f"?phuong={ward}", f"?tinh={province}", f"?tinh={province}&trang=2", "?tim=a", "?trang=2")
    asked: list[tuple[Client, str]] = [
        (site.form, f"{path}{tail}") for path in ("/", "/luu-gi") for tail in chosen
    ]
    asked += [(site.board, f"/ket-qua{tail}") for tail in chosen]
    asked += [(desk.desk, f"/xu-ly{tail}") for tail in chosen]
    # The register of one ward is a file for machines, and holds all of its places.
    asked += [(site.form, "/khong-co"), *([(site.board, REGISTER)] if len(boxes.wards) > 1 else [])]
    for client, path in asked:
        answer = client.get(path)
        assert answer.status_code == (404 if path == "/khong-co" else 200), path
        assert len(gzip.compress(answer.data, 9, mtime=0)) <= LIMIT, path


def links(page: str) -> list[str]:
    return [unescape(address) for address in re.findall(r'href="(/[^"]*)"', page)]


def reached(client: Client, start: str, wanted: str) -> set[str]:
    """All addresses of this kind that links lead to from a page, going through its own kind of page only."""
    seen, todo, found = set[str](), [start], set[str]()
    path = start.partition("?")[0]
    while todo:
        here = todo.pop()
        if here in seen:
            continue
        seen.add(here)
        for link in links(client.get(here).text):
            if re.match(wanted, link):
                found.add(link.partition("?")[0])
            elif link.partition("?")[0] == path and "l=en" not in link and "c=to" not in link:
                todo.append(link)
    return found


def test_links_alone_lead_to_every_place_and_to_all_results() -> None:
    wards = [box for box in country() if box.ward.province in (province_name(1), province_name(2))]
    box = wards[0]
    many = [replace(place, code=f"nhieu-{n}") for n, place in enumerate(100 * box.places)]
    boxes = boxes_of(iter([replace(box, places=tuple(many)), *wards[1:]]))
    assert not are_few(boxes.wards)
    site = BoardSite(boxes=boxes)
    places = {f"/g/{place.code}" for box in boxes.by_ward.values() for place in box.places}
    assert reached(site.form, "/?k=lien_ket", "/g/") == places
    assert reached(site.board, "/ket-qua", r"/ket-qua/") == {f"/ket-qua/{code}" for code in boxes.by_ward}


def test_the_desk_is_asked_for_by_a_ward_that_was_chosen() -> None:
    boxes = boxes_of(country())
    site = DeskSite(boxes=boxes)
    assert 'name="thu"' not in site.desk.get("/xu-ly").text
    (found,) = re.findall(r'"(/xu-ly\?phuong=\d+)"', site.desk.get("/xu-ly?tim=00321").text)
    page = site.desk.get(found).text
    assert re.search(r'name="phuong" value="00321"', page)
    assert "<select" not in page
    asked = {"phuong": "00321", "thu": MEMBERS[0].email}
    assert site.desk.post("/xu-ly", data=asked).status_code == 200
    assert len(site.mailer.sent) == 1


def test_a_search_needs_no_marks_and_says_when_it_finds_nothing() -> None:
    site = BoardSite(boxes=boxes_of(country()))
    name = ward_name(14)
    for typed in (name, name.upper(), "binh binh 14", "14 bình", "00014", "phường 00014"):
        page = site.form.get("/", query_string={"tim": typed, "c": "to"})
        assert "/?c=to&phuong=00014" in links(page.text), typed
        assert page.headers["Cache-Control"] == "no-store"
        assert "/ket-qua/00014" in links(site.board.get("/ket-qua", query_string={"tim": typed}).text)
    nothing = site.form.get("/?tim=khong+co+o+dau").text
    assert "Không thấy phường, xã nào" in nothing
    hostile = site.form.get("/", query_string={"tim": "<script>x</script>\x00" + "y" * 500}).text
    assert "<script>x" not in hostile
    assert "&lt;script&gt;x" in hostile


def test_those_named_so_come_first_and_provinces_by_their_own_name() -> None:
    wards = boxes_of(country()).wards
    first = search(wards, "An")[0]
    assert search(wards, first.name)[0].name == first.name
    names = [province.key.removeprefix("tinh-") for province in provinces(wards)]
    assert names == sorted(names)
    assert sum(province.wards for province in provinces(wards)) == ALL
    assert {ward.province_key for ward in in_province(wards, f"tinh-{names[0]}")} == {f"tinh-{names[0]}"}


def test_whatever_is_chosen_that_is_not_there_is_the_first_page() -> None:
    site = BoardSite(boxes=boxes_of(country()))
    whole = site.form.get("/").data
    for query in ("tinh=x", "phuong=99999", "trang=999", "trang=0", "trang=-1", "trang=²", "tim=", "tim=%00"):
        assert site.form.get(f"/?{query}").data == whole, query


def test_lists_read_no_box_of_an_index(tmp_path: Path) -> None:
    files = index_files(write_wards(tmp_path / "boxes", 70))
    (tmp_path / "archive" / COMPILED).mkdir(parents=True)
    for name, content in files.items():
        (tmp_path / "archive" / COMPILED / name).write_bytes(content)
    site, desk = BoardSite(boxes=load_boxes(tmp_path / "archive")), DeskSite()
    desk.boxes = load_boxes(tmp_path / "archive")
    with opened_in(tmp_path / "archive") as opened:
        for path in ("/", "/?tinh=tinh-an-binh", "/?tim=an", "/khong-co"):
            site.form.get(path)
        for path in ("/ket-qua", REGISTER):
            site.board.get(path)
        desk.desk.get("/xu-ly")
    assert set(opened) <= {"wards.json"} | {
        name for name in files if re.fullmatch(r"[0-9a-f]{2}\.json", name)
    }
    with opened_in(tmp_path / "archive") as opened:
        site.form.get("/luu-gi")
        site.form.get("/g/00070-hcc")
    assert {name for name in opened if name.endswith(".bz2")} == {"00001.json.bz2", "00070.json.bz2"}
