"""The province as a witness: what it remembers of a ward, and what it tells of a change."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import openpyxl
import pytest
from board_side import W46, W47, W48, BoardSite
from citizen_side import BAC_GIANG, NGO_QUYEN
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from homthu.domain.week import Week
from posters.fetch import Unreachable
from posters.register import read_register
from posters.register_list import describe_problem, workbook
from printing import TEXTS
from province.memory import Memory
from province.page import COLUMNS, render_page, share_rows
from province.seen import Seen
from province.shares import groups, read_results
from province.signature import NotSigned, check, new_key, public_key, read_key, sign

URL = "https://gopy.phuong.gov.vn"
#: A Monday after the report of W48, and the Wednesday on which that of W49 is late.
MONDAY, WEDNESDAY = date(2026, 11, 30), date(2026, 12, 9)


class Ward:
    """A deployment that is read again and again by one province."""

    def __init__(self, path: Path) -> None:
        self.site = BoardSite(base_url=URL)
        self.path = path
        self.spoil: Callable[[str, bytes], bytes] = lambda path, body: body

    def fetch(self, url: str) -> bytes:
        path = urlsplit(url).path
        answer = self.site.side_of(path).get(path)
        if answer.status_code != 200:
            raise Unreachable("status", str(answer.status_code))
        return self.spoil(path, answer.data)

    def close(self, *weeks: Week) -> None:
        """Freeze reports whose digests are their own."""
        for week in weeks:
            self.site.receive(week, 12)
            self.site.close(week)
            self.rewrite(week, f"{week.number:02d}")

    def rewrite(self, week: Week, digest: str) -> None:
        """Put another digest in the place of a report's."""
        frozen = self.site.store.frozen
        key = next(key for key in frozen if key[1] == week)
        frozen[key] = replace(frozen[key], digest=digest * 32)
        head = self.site.store.heads[NGO_QUYEN]
        if key[1] == head.last_week:
            self.site.store.replace_head(head, replace(head, last_digest=digest * 32))

    def drop(self, week: Week) -> None:
        """Take a report away."""
        frozen = self.site.store.frozen
        del frozen[next(key for key in frozen if key[1] == week)]

    def sign(self, key: Ed25519PrivateKey, by: Ed25519PrivateKey | None = None) -> None:
        """As the operator does before a deploy."""
        before = self.site.register_signature or None
        self.site.register_signature = sign(key, self.site.boxes.by_ward.values(), URL, before=before, by=by)

    def look(self, day: date = MONDAY) -> list[str]:
        memory = Memory.read(self.path)
        reading = read_register(URL, self.fetch, ("gov.vn",), opens_places=False)
        assert list(reading.problems) == []
        seen = Seen.of(reading, self.fetch)
        problems = [*seen.problems, *seen.compared_with(memory, day)]
        memory.write(self.path)
        told = [describe_problem(one, TEXTS) for one in problems]
        # Of the signature both wards say the same; the other has no reports, which is no fault.
        assert not [one for one in told if BAC_GIANG in one and "404" in one]
        return [one for one in told if NGO_QUYEN in one]


@pytest.fixture
def ward(tmp_path: Path) -> Ward:
    return Ward(tmp_path / "memory.json")


def test_a_ward_that_goes_on_as_it_should_is_no_news(ward: Ward) -> None:
    ward.close(W46, W47)
    assert ward.look(date(2026, 11, 24)) == []
    ward.close(W48)
    assert ward.look() == []
    assert ward.look() == []


def test_a_report_that_was_replaced_is_told_until_somebody_has_looked(ward: Ward) -> None:
    ward.close(W46, W47, W48)
    assert ward.look() == []
    ward.rewrite(W47, "ff")
    for _ in range(2):
        (told,) = ward.look()
        assert "báo cáo số 2/2026 nay mang mã kiểm khác" in told
    memory = Memory.read(ward.path)
    assert memory.accept(NGO_QUYEN)
    memory.write(ward.path)
    assert ward.look() == []


def test_a_register_that_shows_another_digest_than_the_chain_is_told(ward: Ward) -> None:
    """Whoever shows the province one past and the citizens another must show one of them here."""
    ward.close(W46, W47)
    assert ward.look(date(2026, 11, 24)) == []
    head = ward.site.store.heads[NGO_QUYEN]
    ward.site.store.replace_head(head, replace(head, last_digest="ee" * 32))
    (told,) = ward.look(date(2026, 11, 24))
    assert "tệp công bố ghi báo cáo số 2/2026 mang mã kiểm eeee" in told
    # What is newer than a chain that a cache still holds, and what says nothing, are no news.
    for spoilt in (b'"number": "3/2026"', b'"number": 7', b'"number": "x"'):
        ward.spoil = lambda path, body, to=spoilt: body.replace(b'"number": "2/2026"', to)
        assert ward.look(date(2026, 11, 24)) == []


def test_a_chain_made_anew_is_one_that_was_rewritten(ward: Ward) -> None:
    ward.close(W46, W47)
    ward.look()
    for week in (W46, W47):
        ward.rewrite(week, "ee")
    ward.close(W48)
    (told,) = ward.look()
    assert "báo cáo số 1/2026" in told


def test_a_store_that_was_set_back_is_told(ward: Ward) -> None:
    ward.close(W46, W47, W48)
    ward.look()
    ward.drop(W48)
    (told,) = ward.look()
    assert "báo cáo số 3/2026 từng thấy nay không còn" in told
    # It is not silent yet, and on the week after it is both.
    assert len(ward.look(WEDNESDAY)) == 2


def test_a_ward_that_fell_silent_is_told_on_wednesday(ward: Ward) -> None:
    ward.close(W46, W47, W48)
    assert ward.look(date(2026, 12, 8)) == [], "on Tuesday it is still tried again"
    (told,) = ward.look(WEDNESDAY)
    assert "im lặng, báo cáo mới nhất là của tuần 2026-W48" in told


def test_a_place_that_was_changed_is_told_once(ward: Ward) -> None:
    ward.close(W48)
    assert ward.look() == []
    places = ward.site.boxes.by_ward[NGO_QUYEN].places
    renamed = (replace(places[0], name="Nhà văn hóa khác"), *places[1:-1])
    ward.site.change_box(NGO_QUYEN, places=renamed)
    told = ward.look()
    assert len(told) == 2
    assert "Nhà văn hóa khác" in next(one for one in told if places[0].code in one)
    assert "nay là –" in next(one for one in told if places[-1].code in one)
    assert ward.look() == []


@pytest.mark.parametrize("body", [b"<html>", b"1 2 3\n", "số/2026 a b c\n".encode()])
def test_what_is_no_file_of_digests_is_told_and_forgets_nothing(ward: Ward, body: bytes) -> None:
    ward.close(W48)
    ward.look()
    before = ward.path.read_bytes()
    ward.spoil = lambda path, whole: body if path.endswith("chuoi.txt") else whole
    (told,) = ward.look()
    assert "không đọc được mã kiểm" in told
    assert ward.path.read_bytes() == before


def test_a_memory_that_cannot_be_read_is_not_begun_anew(tmp_path: Path) -> None:
    for content in ("", "[]", '{"schema": 2, "wards": {}}'):
        (tmp_path / "memory.json").write_text(content)
        with pytest.raises(ValueError, match=r"."):
            Memory.read(tmp_path / "memory.json")


def key_in(tmp_path: Path, name: str) -> Ed25519PrivateKey:
    new_key(tmp_path / name)
    return read_key(tmp_path / name)


def test_a_register_that_is_signed_is_no_news_and_a_new_key_is_followed(ward: Ward, tmp_path: Path) -> None:
    ward.close(W48)
    first, second = key_in(tmp_path, "1.pem"), key_in(tmp_path, "2.pem")
    ward.sign(first)
    assert ward.look() == []
    ward.sign(second, by=first)
    assert ward.look() == []
    assert Memory.read(ward.path).wards[NGO_QUYEN].key == public_key(second)
    # A place is renamed by who may sign, and by who may not.
    ward.site.change_box(NGO_QUYEN, results="https://khac.example.org")
    ward.sign(second)
    assert ward.look() == []


def test_what_a_server_publishes_of_its_own_is_told(ward: Ward, tmp_path: Path) -> None:
    ward.close(W48)
    ward.sign(key_in(tmp_path, "1.pem"))
    ward.look()
    box = ward.site.boxes.by_ward[NGO_QUYEN]
    ward.site.change_box(NGO_QUYEN, contact=replace(box.contact, phone="0900 000 000"))
    (told,) = ward.look()
    assert "nội dung công bố khác nội dung đã ký" in told


def test_a_stranger_s_key_and_a_missing_signature_are_told_every_time(ward: Ward, tmp_path: Path) -> None:
    ward.close(W48)
    first, stranger = key_in(tmp_path, "1.pem"), key_in(tmp_path, "2.pem")
    ward.sign(first)
    ward.look()
    ward.site.register_signature = b""
    for _ in range(2):
        (told,) = ward.look()
        assert "nay không còn chữ ký" in told
    ward.sign(stranger)
    for _ in range(2):
        (told,) = ward.look()
        assert "ký bằng khóa lạ" in told
    # Nor may the old key come back once a new one was announced.
    ward.site.register_signature = b""
    ward.sign(first)
    assert ward.look() == []
    ward.sign(stranger, by=first)
    ward.look()
    ward.site.register_signature = b""
    ward.sign(first)
    (told,) = ward.look()
    assert "ký bằng khóa lạ" in told


def test_a_forged_signature_is_one(ward: Ward, tmp_path: Path) -> None:
    first, second = key_in(tmp_path, "1.pem"), key_in(tmp_path, "2.pem")
    ward.sign(first)
    with pytest.raises(NotSigned):
        ward.sign(second)
    ward.sign(second, by=first)
    whole = ward.site.register_signature
    assert check(whole).keys == (public_key(first), public_key(second))
    document = json.loads(whole)
    forged = [
        {**document, "statement": document["statement"].replace("07207", "07208")},
        {**document, "keys": document["keys"][:1]},
        {
            **document,
            "keys": [{"key": public_key(second)}, {**document["keys"][1], "key": public_key(first)}],
        },
        {**document, "keys": []},
        {},
        [],
    ]
    for one in forged:
        with pytest.raises(NotSigned):
            check(json.dumps(one).encode())


def test_a_key_is_nobody_elses_to_read(tmp_path: Path) -> None:
    new_key(tmp_path / "1.pem")
    with pytest.raises(FileExistsError):
        new_key(tmp_path / "1.pem")
    (tmp_path / "1.pem").chmod(0o644)
    with pytest.raises(ValueError, match=r"1\.pem"):
        read_key(tmp_path / "1.pem")


def test_a_ward_that_lost_all_its_reports_is_told(ward: Ward) -> None:
    ward.close(W47, W48)
    ward.look()
    ward.site.store.frozen.clear()
    (told,) = ward.look()
    assert "báo cáo số 2/2026 từng thấy nay không còn" in told


OVERALL = {"first_week": "2026-W46", "last_week": "2026-W47", "question": "overall"}


def told_by(code: str, answers: int, satisfied: int, changes: dict[str, object] | None = None) -> bytes:
    """The open data of a ward of which so many were satisfied."""
    counts = {"5": satisfied, "4": 0, "3": answers - satisfied, "2": 0, "1": 0}
    release = {**OVERALL, "answers": answers, "counts": counts}
    return json.dumps(
        {
            "ward": {"code": code, "kind": "phường", "name": f"Số {code}", "province": "tỉnh Bắc Ninh"},
            "url": f"https://gopy.example/ket-qua/{code}",
            "weeks": [{"week": "2026-W47", "forms": answers}],
            "releases": [changes or release] if answers else [],
        }
    ).encode()


def test_wards_are_set_apart_only_where_their_intervals_leave_no_doubt() -> None:
    wards = [("00001", 200, 196), ("00002", 40, 36), ("00003", 30, 24), ("00004", 300, 120), ("00005", 12, 6)]
    shares = [read_results(told_by(*one)) for one in wards]
    found = [[one.code for one in group] for group in groups(shares)]
    # The third overlaps the second, which overlaps the first; the fifth of twelve answers reaches the others.
    assert found == [["00001", "00002", "00003", "00004", "00005"]]
    apart = [[one.code for one in group] for group in groups(shares[:2] + shares[3:4])]
    assert apart == [["00001", "00002"], ["00004"]]
    # In words: all or all but one, and no more than that is taken for known.
    alike = read_results(told_by("00006", 10, 10, {**OVERALL, "answers": 10, "alike": "satisfied"}))
    assert alike.low < read_results(told_by("00006", 10, 10)).low


@pytest.mark.parametrize(
    "told", [{"answers": 9, "counts": {}}, {"answers": 30, "counts": {"5": 31}}, {"answers": "x"}, {}]
)
def test_what_no_ward_may_tell_is_not_repeated(told: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_results(told_by("00001", 30, 20, {**OVERALL, **told}))


def test_the_page_and_the_sheet_tell_what_the_wards_told_and_rank_nobody(ward: Ward, tmp_path: Path) -> None:
    ward.close(W46, W47)
    reading = read_register(URL, ward.fetch, ("gov.vn",), opens_places=False)
    results = list(Seen.of(reading, ward.fetch, proofs=False, results=True).results)
    results += [read_results(told_by("00002", 40, 2)), read_results(told_by("00003", 0, 0))]
    page = render_page(results, MONDAY, TEXTS).decode()
    assert "12 lượt trả lời (16/11–22/11/2026)" in page
    assert "Chưa đủ số lượt trả lời để nêu" in page
    assert "Đây không phải bảng xếp hạng" in page
    assert "<script" not in page
    hostile = read_results(told_by("00004", 20, 10).replace("Số 00004".encode(), b"<script>"))
    assert "<script>" not in render_page([hostile], MONDAY, TEXTS).decode()
    rows = share_rows(results)
    assert {row["ward_code"] for row in rows} == {NGO_QUYEN, BAC_GIANG, "00002", "00003"}
    made = openpyxl.load_workbook(BytesIO(workbook([], [], MONDAY, TEXTS, [("Mức hài lòng", COLUMNS, rows)])))
    assert made["Mức hài lòng"].max_row == 1 + len(rows)
