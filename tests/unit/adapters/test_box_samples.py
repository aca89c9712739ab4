"""What of the examples must be replaced before real use: told, and never a fault."""

from pathlib import Path

import pytest
from box_editing import SHIPPED, TEXTS, copy_boxes, edit, line_of
from homthu.adapters.box_files.samples import find_samples, is_sample_phone
from homthu.render.problems import describe

FILE = "bac-giang.toml"


def told(folder: Path, file: str = FILE) -> list[tuple[int, str, str]]:
    found = [sample for sample in find_samples(folder) if sample.file == file]
    for sample in found:
        assert all(describe(sample, texts).isprintable() for texts in TEXTS.values())
    return [(sample.line, sample.key, sample.code) for sample in found]


def test_the_examples_are_told_line_by_line() -> None:
    path = SHIPPED / FILE
    assert told(SHIPPED)[:3] == [
        (line_of(path, "phone = "), "contact.phone", "sample_phone"),
        (line_of(path, "dated = "), "plan.dated", "sample_blank"),
        (line_of(path, 'email = "bcd'), "recipients[1].email", "sample_address"),
    ]
    assert len(told(SHIPPED)) == 10


def test_a_box_of_one_s_own_has_nothing_to_replace(tmp_path: Path) -> None:
    folder = copy_boxes(tmp_path)
    text = (folder / FILE).read_text("utf-8")
    text = text.replace("example.org", "bacgiang.gov.vn").replace("0204 000 0000", "0204 385 4321")
    (folder / FILE).write_text(text.replace("…/…/2026", "15/01/2026"), "utf-8")
    assert told(folder) == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('superior = "', 'superior = "… ', "sample_blank"),
        ('dated = "…/…/2026"', 'dated = "xx/xx/2026"', "sample_blank"),
        ('dated = "…/…/2026"', 'dated = ".../.../2026"', "sample_blank"),
        ('dated = "…/…/2026"', 'dated = "__/__/2026"', "sample_blank"),
        ('results = ""', 'results = "https://phuong.example.gov.example/kq"', "sample_link"),
        ('results = ""', 'results = "https://www.example.com"', "sample_link"),
    ],
)
def test_what_an_example_leaves_open_is_told_wherever_it_stands(
    old: str, new: str, code: str, tmp_path: Path
) -> None:
    folder = copy_boxes(tmp_path)
    line = edit(folder / FILE, old, new)
    assert (line, code) in [(at, found) for at, _, found in told(folder)]


@pytest.mark.parametrize("phone", ["0204 000 0000", "+84 (0)204-000.0000", "0123456789", "0999 999 999"])
def test_a_number_that_nobody_has_is_known(phone: str) -> None:
    assert is_sample_phone(phone)


@pytest.mark.parametrize("phone", ["0204 385 4000", "1022", "0204.3554.114", "0912 345 876", "2000-2024"])
def test_a_number_that_somebody_may_have_is_not(phone: str) -> None:
    assert not is_sample_phone(phone)
