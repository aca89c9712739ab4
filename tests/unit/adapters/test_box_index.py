"""The index that a deployment reads instead of box files: the same boxes, each read when it is needed."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from box_editing import SHIPPED, edit
from dev.benching.wards import write_wards
from homthu.adapters.box_files import BoxProblems, load_boxes
from homthu.adapters.box_files.index import COMPILED, HEAD, DamagedIndex, bucket_of, ward_file
from homthu.adapters.box_files.index_writer import differences, index_files
from homthu.domain.boxes.clip import clip_stem
from opened_files import opened_in

MANY = 150


def compiled(source: Path, target: Path) -> Path:
    """A folder as an archive holds it."""
    (target / COMPILED).mkdir(parents=True)
    for name, content in index_files(source).items():
        (target / COMPILED / name).write_bytes(content)
    return target


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wards")
    return compiled(write_wards(folder / "boxes", MANY), folder / "archive")


def test_the_index_says_what_the_files_say(tmp_path: Path) -> None:
    there, packed = load_boxes(SHIPPED), load_boxes(compiled(SHIPPED, tmp_path / "archive"))
    assert dict(packed.by_ward) == dict(there.by_ward)
    assert list(packed.by_ward) == list(there.by_ward)
    assert dict(packed.questionnaires) == dict(there.questionnaires)
    assert packed.signs == there.signs
    assert packed.wards == there.wards
    for box in there.by_ward.values():
        for place in box.places:
            assert packed.at_place(place.code) == (box, place)
    for nowhere in ("", "nq", "07207", "../nq-mc", "ă"):
        assert packed.at_place(nowhere) is None
        assert packed.by_ward.get(f"{nowhere}/") is None


def test_a_day_without_quotes_and_recordings_go_with_it(tmp_path: Path) -> None:
    source = shutil.copytree(SHIPPED, tmp_path / "boxes")
    edit(source / "bac-giang.toml", 'opens = "2026-10-01"', "opens = 2026-10-01")
    question = load_boxes(source).questionnaires["qcdc-v2"].questions[0]
    for folder in (source, tmp_path / "archive"):
        (folder / "audio" / "qcdc-v2").mkdir(parents=True)
        (folder / "audio" / "qcdc-v2" / f"{clip_stem(question, 'vi')}.mp3").write_bytes(b"ID3 said")
    packed = load_boxes(compiled(source, tmp_path / "archive"))
    assert dict(packed.by_ward) == dict(load_boxes(source).by_ward)
    assert set(packed.questionnaires["qcdc-v2"].clips) == {question.id}


def test_a_start_reads_as_much_of_many_wards_as_of_one(many: Path) -> None:
    with opened_in(many) as opened:
        boxes = load_boxes(many)
    assert opened == [HEAD]
    with opened_in(many) as opened:
        found = boxes.at_place("00149-hcc")
        assert boxes.at_place("00149-hcc") == found
    assert found is not None
    assert found[0].ward.code == "00149"
    assert set(opened) == {
        bucket_of("00149-hcc"),
        bucket_of("00149"),
        "questionnaires.json",
        ward_file("00149"),
    }
    assert opened.count(ward_file("00149")) == 1


def test_lists_need_no_box_and_of_all_boxes_few_are_kept(many: Path) -> None:
    boxes = load_boxes(many)
    with opened_in(many) as opened:
        assert len(boxes.by_ward) == MANY
        assert len(boxes.wards) == MANY
    assert opened == ["wards.json"]
    assert [box.ward.code for box in boxes.by_ward.values()] == [ward.code for ward in boxes.wards]
    with opened_in(many) as opened:
        assert boxes.by_ward["00149"]
        assert boxes.by_ward["00001"]
    assert opened[-1] == ward_file("00001")
    assert ward_file("00149") not in opened


@pytest.mark.parametrize(
    "name", ["wards.json", ward_file("07207"), bucket_of("nq-mc"), "questionnaires.json"]
)
@pytest.mark.parametrize("harm", ["changed", "gone"])
def test_what_is_not_what_the_index_says_is_not_used(tmp_path: Path, name: str, harm: str) -> None:
    folder = compiled(SHIPPED, tmp_path / "archive")
    path = folder / COMPILED / name
    path.unlink() if harm == "gone" else path.write_bytes(path.read_bytes()[:-1])
    boxes = load_boxes(folder)
    with pytest.raises(DamagedIndex, match=name):
        _ = boxes.wards, boxes.at_place("nq-mc")


def test_an_index_of_another_format_is_not_used(tmp_path: Path) -> None:
    folder = compiled(SHIPPED, tmp_path / "archive")
    head = json.loads((folder / COMPILED / HEAD).read_bytes())
    (folder / COMPILED / HEAD).write_text(json.dumps({**head, "format": 2}))
    with pytest.raises(DamagedIndex):
        load_boxes(folder)


def test_of_faulty_files_there_is_no_index(tmp_path: Path) -> None:
    source = shutil.copytree(SHIPPED, tmp_path / "boxes")
    edit(source / "bac-giang.toml", "closing_hours", "closing_hour")
    with pytest.raises(BoxProblems):
        index_files(source)


def test_what_the_index_says_otherwise_is_told_by_its_file(tmp_path: Path) -> None:
    folder = compiled(SHIPPED, tmp_path / "archive")
    there = load_boxes(SHIPPED)
    assert list(differences(there, folder)) == []
    box = there.by_ward["07210"]
    changed = replace(there, by_ward={**there.by_ward, "07210": replace(box, closing_hours=1)})
    assert list(differences(changed, folder)) == [ward_file("07210")]
    place = replace(box.places[0], code="bg-moi")
    moved = replace(there, by_ward={**there.by_ward, "07210": replace(box, places=(place, *box.places[1:]))})
    assert list(differences(moved, folder)) == [ward_file("07210")]
    assert list(differences(replace(there, by_ward={"07210": box}), folder)) == [HEAD]
    assert list(differences(replace(there, questionnaires={}), folder)) == ["questionnaires.json"]
    assert list(differences(there, SHIPPED)) == [HEAD]
