import json
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import openpyxl
import pytest
from board_side import BoardSite
from citizen_side import BAC_GIANG, NGO_QUYEN
from homthu.render.register import PATH, render_register, ward_path
from posters.fetch import Fetch, Unreachable
from posters.register import PublishedRegister, note_repeats, read_register
from posters.register_list import describe_problem, place_rows, workbook
from printing import TEXTS

URL = "https://gopy.phuong.gov.vn"
TODAY = date(2026, 11, 24)
GOV = ("gov.vn",)


def fetch_from(*sites: BoardSite) -> Fetch:
    """Fetches from the real functions of each deployment, by its host."""
    found = {site.base_url: site for site in sites}

    def fetch(url: str) -> bytes:
        parts = urlsplit(url)
        site = found.get(f"{parts.scheme}://{parts.netloc}")
        if site is None:
            raise Unreachable("network", "no such host")
        answer = site.side_of(parts.path).get(parts.path)
        if answer.status_code != 200:
            raise Unreachable("status", str(answer.status_code))
        return answer.data

    return fetch


def changed(site: BoardSite, change: Callable[[dict[str, Any]], object]) -> Fetch:
    """Fetches from a deployment with all wards in one register, as of old, which somebody has spoiled."""
    fetch = fetch_from(site)
    document = json.loads(render_register(site.boxes.by_ward.values(), site.base_url, TODAY))
    change(document)

    def spoiled(url: str) -> bytes:
        return json.dumps(document).encode() if url.endswith(PATH) else fetch(url)

    return spoiled


def read(fetch: Fetch, url: str = URL, **options: Any) -> PublishedRegister:
    return read_register(url, fetch, options.pop("domains", GOV), opens_places=True, **options)


def words(reading: PublishedRegister) -> list[str]:
    return [describe_problem(problem, TEXTS) for problem in reading.problems]


def test_what_is_served_is_read_without_a_complaint() -> None:
    site = BoardSite(base_url=URL)
    reading = read(fetch_from(site))
    assert words(reading) == []
    assert [box["ward"]["code"] for box in reading.boxes] == list(site.boxes.by_ward)
    assert sum(len(box["places"]) for box in reading.boxes) == 24


def test_the_files_own_address_may_be_given_too() -> None:
    assert words(read(fetch_from(BoardSite(base_url=URL)), URL + PATH)) == []


def test_a_domain_that_only_looks_allowed_is_not() -> None:
    for url in ("https://gopy-gov.vn", "https://gopy.gov.vn.example.com"):
        (problem,) = words(read(fetch_from(BoardSite(base_url=url)), url))
        assert "không thuộc gov.vn" in problem
    assert (
        words(
            read(fetch_from(BoardSite(base_url="https://gopy.vn")), "https://gopy.vn", domains=("gopy.vn",))
        )
        == []
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d.update(schema=3), "phiên bản 3"),
        (lambda d: d.pop("service"), "không phải của hòm thư góp ý"),
        (lambda d: d.update(boxes={}), "thiếu hoặc sai kiểu: boxes"),
        (lambda d: d.update(url="https://khac.gov.vn"), "tự xưng địa chỉ https://khac.gov.vn"),
        (lambda d: d["boxes"][0].pop("rounds"), "boxes[0].rounds"),
        (lambda d: d["boxes"].append("x"), "boxes[2]"),
        (lambda d: d["boxes"][0]["ward"].update(code=7210), "boxes[0].ward.code"),
        (lambda d: d["boxes"][0]["contact"].update(phone=""), "boxes[0].contact.phone"),
        (lambda d: d["boxes"][0]["places"][3].pop("url"), "boxes[0].places[3].url"),
        (lambda d: d["boxes"][0]["places"].clear(), "không có điểm nào"),
        (lambda d: d["boxes"][0]["rounds"][0].update(opens_on="01/10/2026"), "ngày sai"),
        (lambda d: d["boxes"][0]["rounds"][0].update(opens_on="2099-01-01"), "ngày cuối trước ngày đầu"),
        (lambda d: d["boxes"][0]["places"][0].update(url="https://tinyurl.com/x"), "lẽ ra https://gopy"),
        (lambda d: d["boxes"][0]["places"][0].update(code="bg-khong-co"), "trang trả lời mã 404"),
        (lambda d: d["boxes"][0]["places"][0].update(name="Chợ Mới"), "không ghi tên điểm"),
    ],
)
def test_each_fault_of_a_register_is_said(change: Callable[[dict[str, Any]], object], said: str) -> None:
    problems = words(read(changed(BoardSite(base_url=URL), change)))
    assert any(said in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("path", "content", "said"),
    [
        (PATH, {"wards": {}}, "thiếu hoặc sai kiểu: wards"),
        (PATH, {"wards": ["../da-gui", 5]}, "thiếu hoặc sai kiểu: wards"),
        (PATH, {"url": "https://khac.gov.vn"}, "tự xưng địa chỉ https://khac.gov.vn"),
        (PATH, {"wards": [NGO_QUYEN, "99999"]}, "99999.json"),
        (ward_path(NGO_QUYEN), {"url": "https://khac.gov.vn"}, "tự xưng địa chỉ https://khac.gov.vn"),
        (ward_path(NGO_QUYEN), {"schema": 2, "wards": [NGO_QUYEN]}, f"{NGO_QUYEN}: boxes"),
        (ward_path(NGO_QUYEN), {"boxes": ["x"]}, f"{NGO_QUYEN}: boxes[0]"),
    ],
)
def test_each_fault_of_an_index_and_of_a_wards_file_is_said(
    path: str, content: dict[str, Any], said: str
) -> None:
    fetch = fetch_from(BoardSite(base_url=URL))

    def spoiled(url: str) -> bytes:
        body = fetch(url)
        return json.dumps({**json.loads(body), **content}).encode() if url == URL + path else body

    reading = read(spoiled)
    assert any(said in problem for problem in words(reading)), words(reading)


def test_all_faults_are_said_at_once() -> None:
    def change(document: dict[str, Any]) -> None:
        document["url"] = "https://khac.gov.vn"
        document["boxes"][0]["places"][1]["name"] = "Chợ Mới"
        document["boxes"][1]["ward"].pop("authority")

    problems = " ".join(words(read(changed(BoardSite(base_url=URL), change))))
    assert all(part in problems for part in ("khac.gov.vn", "bg-tx1", "boxes[1].ward.authority"))


@pytest.mark.parametrize("body", [b"", b"<html>", b"[" * 100_000, b"\xff\xfe", b"null"])
def test_what_is_no_register_is_a_problem_and_no_crash(body: bytes) -> None:
    assert len(words(read(lambda url: body))) == 1


@pytest.mark.parametrize("reason", ["timeout", "certificate", "redirect", "status", "too_large", "network"])
def test_every_way_of_not_answering_has_its_words(reason: str) -> None:
    def fetch(url: str) -> bytes:
        raise Unreachable(reason, "x")

    (problem,) = words(read(fetch))
    assert URL in problem


def test_a_url_that_is_not_encrypted_is_not_even_opened() -> None:
    def fetch(url: str) -> bytes:
        raise AssertionError(url)

    (problem,) = words(read(fetch, "http://gopy.phuong.gov.vn"))
    assert "https://" in problem


def test_a_ward_that_two_deployments_claim_is_said() -> None:
    one, other = BoardSite(base_url=URL), BoardSite(base_url="https://khac.gov.vn")
    fetch = fetch_from(one, other)
    readings = [read(fetch), read(fetch, "https://khac.gov.vn")]
    problems = [describe_problem(problem, TEXTS) for problem in note_repeats(readings)]
    assert len(problems) == 2
    assert all(code in " ".join(problems) for code in (BAC_GIANG, NGO_QUYEN))


def test_the_list_has_a_row_for_every_place_and_a_sheet_for_what_is_wrong() -> None:
    reading = read(changed(BoardSite(base_url=URL), lambda d: d["boxes"][0]["places"][0].update(name="=1+1")))
    rows = list(place_rows([reading], reading.problems, TODAY, TEXTS, opened=True))
    assert len(rows) == 24
    assert [row["state"] for row in rows].count("có lỗi") == 1
    content = workbook(rows, reading.problems, TODAY, TEXTS)
    assert content == workbook(rows, reading.problems, TODAY, TEXTS)
    book = openpyxl.load_workbook(BytesIO(content))
    places, problems = book.worksheets
    values = [[cell.value for cell in row] for row in places.iter_rows(min_row=2)]
    assert {"07207", "07210"} == {row[1] for row in values}
    assert all(cell.data_type != "f" for row in places.iter_rows() for cell in row)
    assert {row[9] for row in values} == {"01/10/2026"}
    assert problems.max_row == 1 + len(reading.problems)
