"""Box files: what the shipped ones say, and what an office may leave out or write otherwise."""

from pathlib import Path

import pytest
from box_editing import SHIPPED, Slip, copy_boxes, outcome, problems_of
from homthu.adapters.box_files import load_boxes
from homthu.adapters.box_files.samples import find_samples
from homthu.domain.boxes.box import BetweenRounds, LetterHead, PlaceKind, Reads

FILE = "ngo-quyen.toml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_boxes(tmp_path)


def test_the_first_box_says_what_the_plan_says() -> None:
    box = load_boxes(SHIPPED).by_ward["07207"]
    assert box.ward.full_name == "phường Ngô Quyền"
    assert box.ward.province == "tỉnh Bắc Giang"
    assert box.plan.number == "55-KH/ĐU"
    assert [(rule.opens, rule.closes) for rule in box.rounds] == [
        ((0, 1, 22), (0, 3, 25)),
        ((0, 4, 1), (0, 6, 25)),
        ((0, 7, 1), (0, 9, 25)),
        ((0, 10, 1), (0, 12, 25)),
    ]
    kinds = [place.kind for place in box.places]
    assert kinds.count(PlaceKind.ONE_STOP) == 1
    assert kinds.count(PlaceKind.CULTURE_HOUSE) >= 5
    assert box.between_rounds is BetweenRounds.ACCEPT
    assert box.report.head is LetterHead.DOAN
    assert {"Ban Chỉ đạo QCDC phường", "Thường trực Đảng ủy"} <= {r.name for r in box.recipients}
    assert "Luật Thực hiện dân chủ ở cơ sở" in box.plan.basis


def test_the_merged_ward_differs_in_everything_that_is_configured() -> None:
    box = load_boxes(SHIPPED).by_ward["07210"]
    assert (box.ward.full_name, box.ward.province) == ("phường Bắc Giang", "tỉnh Bắc Ninh")
    assert "phường Ngô Quyền" in box.ward.former_names
    assert all(p.former_ward in box.ward.former_names for p in box.places if p.kind is not PlaceKind.ONE_STOP)
    assert not any(rule.is_yearly for rule in box.rounds)
    assert (box.rounds[0].opens, box.rounds[0].closes) == ((2026, 10, 1), (2026, 12, 25))
    assert box.report.head is LetterHead.DANG
    assert "Trung tâm Phục vụ hành chính công" in box.places[0].name


def test_the_shipped_boxes_hold_no_real_address() -> None:
    for box in load_boxes(SHIPPED).by_ward.values():
        for one in (*box.recipients, box.operator):
            assert one.email.endswith("@example.org")
        assert box.contact.phone == "0204 000 0000"


def test_every_place_is_found_by_its_code() -> None:
    boxes = load_boxes(SHIPPED)
    for box in boxes.by_ward.values():
        for place in box.places:
            assert boxes.at_place(place.code) == (box, place)


def test_a_former_ward_is_one_of_those_that_the_ward_lists(folder: Path) -> None:
    path = folder / "bac-giang.toml"
    slip = Slip('former_ward = "phường Dĩnh', 'former_ward = "phường Đĩnh', "not_a_former_name", "places[12]")
    found, line = outcome(path, slip, folder)
    assert found == [(path.name, line, "places[12].former_ward", slip.code)]


def test_a_dated_round_may_use_a_code_again_in_another_year(folder: Path) -> None:
    rounds = load_boxes(folder).by_ward["07210"].rounds
    assert [rule.code for rule in rounds].count("dot-4") == 2
    slip = Slip('opens = "2027-10-01"', 'opens = "2026-12-26"', "duplicate", "rounds[5].code", "")
    found, _ = outcome(folder / "bac-giang.toml", slip, folder)
    assert [(key, code) for _, _, key, code in found] == [
        ("rounds[5].code", "duplicate"),
        ("rounds[5].opens", "overlap"),
    ]


def test_a_date_without_quotes_is_as_good(folder: Path) -> None:
    path = folder / "bac-giang.toml"
    path.write_text(path.read_text("utf-8").replace('"2026-10-01"', "2026-10-01"), "utf-8")
    assert load_boxes(folder).by_ward["07210"].rounds[0].opens == (2026, 10, 1)


def test_nobody_who_reads_words_is_told(folder: Path) -> None:
    path = folder / FILE
    text = path.read_text("utf-8")
    path.write_text(text.replace(', "words"', ""), "utf-8")
    assert [(p.key, p.code) for p in problems_of(folder)] == [("recipients[1].reads", "nobody_reads_words")]


def test_a_file_of_before_it_was_asked_who_reads_what_goes_on_as_it_did(folder: Path) -> None:
    path = folder / FILE
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("reads = ")), "utf-8")
    box = load_boxes(folder).by_ward["07207"]
    assert {one.reads for one in box.recipients} == {frozenset(Reads)}
    told = [(one.file, one.key, one.code) for one in find_samples(folder) if one.code == "reads_undecided"]
    assert told == [(FILE, "recipients", "reads_undecided")]


def test_the_shipped_boxes_have_few_readers_of_words(folder: Path) -> None:
    for box in load_boxes(folder).by_ward.values():
        assert sum(Reads.WORDS in one.reads for one in box.recipients) == 2
        assert sum(Reads.PETITIONS in one.reads for one in box.recipients) == 1
