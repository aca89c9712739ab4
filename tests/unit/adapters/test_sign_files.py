"""The files of signs: an office adds its own, and check-box names file, line and key of every mistake."""

from pathlib import Path

import pytest
from box_editing import copy_boxes, problems_of
from homthu.adapters.box_files import load_boxes


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_boxes(tmp_path)


def write(folder: Path, text: str) -> None:
    (folder / "signs" / "phuong-minh.toml").write_text(text, "utf-8")


def test_an_office_adds_a_file_of_its_own(folder: Path) -> None:
    assert not load_boxes(folder).signs.are_in("Bến đò lại có khỉ gió")
    write(folder, 'schema = 1\nsigns = ["khỉ gió"]\n')
    assert load_boxes(folder).signs.are_in("Bến đò lại có khỉ gió")


def test_what_an_office_calls_harmless_hides_what_is_shipped(folder: Path) -> None:
    text = "Xin in thêm phong bì có hình nhà văn hóa"
    write(folder, 'schema = 1\nsigns = ["phong bì"]\n')
    assert load_boxes(folder).signs.are_in(text)
    write(folder, 'schema = 1\nsigns = ["phong bì"]\nharmless = ["in thêm phong bì"]\n')
    assert not load_boxes(folder).signs.are_in(text)


@pytest.mark.parametrize(
    ("text", "line", "key", "code"),
    [
        ("signs = []\n", 1, "schema", "missing_key"),
        ('schema = 1\nsigns = ["kẹp …"]\n', 2, "signs[1]", "bad_phrase"),
        ('schema = 1\nsigns = [\n  "làm luật",\n  "5 triệu",\n]\n', 4, "signs[2]", "bad_phrase"),
        ('schema = 1\nsigns = [\n  "làm luật",\n  "Làm luật",\n]\n', 4, "signs[2]", "duplicate"),
        ('schema = 1\nsign = ["khỉ gió"]\n', 2, "sign", "misspelt_key"),
        ('schema = 1\nsigns = "làm luật"\n', 2, "signs", "not_texts"),
        ("schema = 1\nsigns = [5]\n", 2, "signs[1]", "not_text"),
    ],
)
def test_every_mistake_is_told_with_its_file_line_and_key(
    folder: Path, text: str, line: int, key: str, code: str
) -> None:
    write(folder, text)
    found = [(p.file, p.line, p.key, p.code) for p in problems_of(folder)]
    assert found == [("signs/phuong-minh.toml", line, key, code)]


def test_without_any_file_no_box_starts(folder: Path) -> None:
    for file in (folder / "signs").iterdir():
        file.unlink()
    assert [(p.file, p.code) for p in problems_of(folder)] == [("signs/", "no_signs")]


def test_a_file_whose_ending_is_hidden_is_told(folder: Path) -> None:
    (folder / "signs" / "phuong-minh.toml.txt").write_text("", "utf-8")
    assert [(p.file, p.code) for p in problems_of(folder)] == [("signs/phuong-minh.toml.txt", "not_read")]
