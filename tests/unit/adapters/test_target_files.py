"""How another system wants the figures: what a target may say, and that nothing told lacks a field."""

from pathlib import Path

import pytest
from box_editing import TEXTS, copy_boxes, edit, line_of, problems_of
from homthu.adapters.box_files import load_boxes
from homthu.render.problems import describe

#: Every question of the shipped versions with a code, as an office would write them.
CHOICES = {
    "thoi_han": ("som", "dung", "tre_xin_loi", "tre"),
    "so_lan": ("0", "1", "2", "3", "4"),
    "phien_ha": ("khong", "phien_ha", "goi_y_chi"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_boxes(tmp_path)


def listed(folder: Path) -> Path:
    """A target of an office's own, with every code, that one of the wards names."""
    boxes = load_boxes(folder)
    ids = dict.fromkeys(one.id for asked in boxes.questionnaires.values() for one in asked.questions)
    text = (folder / "targets" / "chung.toml").read_text("utf-8")
    text = text.replace('codes = "ours"', 'codes = "listed"')
    text += '\n[scale]\n5 = "A"\n4 = "B"\n3 = "C"\n2 = "D"\n1 = "E"\n'
    for number, id in enumerate(ids):
        text += f'\n[[questions]]\nid = "{id}"\ncode = "TC{number:02}"\n'
        if options := CHOICES.get(id):
            text += "options = { " + ", ".join(f'{one} = "M {one}"' for one in options) + " }\n"
    path = folder / "targets" / "phan-mem.toml"
    path.write_text(text, "utf-8")
    edit(folder / "ngo-quyen.toml", 'target = "chung"', 'target = "phan-mem"')
    return path


def test_the_shipped_target_is_sound_and_the_shipped_wards_name_it(folder: Path) -> None:
    boxes = load_boxes(folder)
    assert {box.target for box in boxes.by_ward.values()} == {"chung"}
    assert boxes.targets["chung"].is_ours


def test_one_with_every_code_is_sound(folder: Path) -> None:
    listed(folder)
    assert problems_of(folder) == []
    target = load_boxes(folder).targets["phan-mem"]
    for asked in load_boxes(folder).questionnaires.values():
        assert list(target.missing(asked)) == []


def test_every_option_that_has_no_code_is_told_at_once_with_its_line(folder: Path) -> None:
    path = listed(folder)
    line = edit(path, 'som = "M som", dung = "M dung", ', "")
    edit(path, ', goi_y_chi = "M goi_y_chi"', "")
    found = problems_of(folder)
    assert [(one.key, one.code, one.data["option"]) for one in found] == [
        ("questions[7].options", "target_no_option", "som"),
        ("questions[7].options", "target_no_option", "dung"),
        ("questions[9].options", "target_no_option", "goi_y_chi"),
    ]
    assert found[0].line == line
    assert {one.file for one in found} == {"targets/phan-mem.toml"}


def test_a_question_that_a_new_version_asks_is_missed(folder: Path) -> None:
    listed(folder)
    newer = (folder / "questionnaires" / "qcdc-v2.toml").read_text("utf-8")
    newer = newer.replace('id = "phi"', 'id = "le_phi"').replace('id = "so_lan"', 'id = "may_lan"')
    (folder / "questionnaires" / "qcdc-v3.toml").write_text(newer, "utf-8")
    found = {one.data["id"] for one in problems_of(folder) if one.code == "target_no_question"}
    assert "may_lan" in found


def test_who_calls_everything_as_we_do_is_never_stopped_by_a_new_question(folder: Path) -> None:
    newer = (folder / "questionnaires" / "qcdc-v2.toml").read_text("utf-8")
    newer = newer.replace('id = "so_lan"', 'id = "may_lan"')
    (folder / "questionnaires" / "qcdc-v3.toml").write_text(newer, "utf-8")
    assert problems_of(folder) == []


def test_one_that_no_ward_names_is_not_held_against_the_questionnaires(folder: Path) -> None:
    path = listed(folder)
    edit(path, 'som = "M som", ', "")
    edit(folder / "ngo-quyen.toml", 'target = "phan-mem"', 'target = "chung"')
    assert problems_of(folder) == []


def test_single_forms_are_refused_and_the_reason_is_given_in_both_languages(folder: Path) -> None:
    path = folder / "targets" / "chung.toml"
    line = edit(path, 'per = "total"', 'per = "form"')
    (problem,) = problems_of(folder)
    assert (problem.line, problem.key, problem.code) == (line, "per", "target_per_form")
    assert "một phiếu là câu trả lời của một người" in describe(problem, TEXTS["vi"])
    assert "one person's answers" in describe(problem, TEXTS["en"])


@pytest.mark.parametrize(
    ("old", "new", "key", "code"),
    [
        ('takes = "options"', 'takes = "answer"', "answers[6].takes", "not_one_of"),
        ('label = "{code}"', 'label = "Mức"', "answers[6].label", "target_without"),
        ('takes = "forms"', 'takes = "week"', "forms", "target_needs_one"),
        ('takes = "options"', 'takes = "in_words"', "answers", "target_needs_one"),
        ('label = "Số lượt trả lời"', 'label = "Tiêu chí"', "answers[5].label", "duplicate"),
        ('date = "dd/mm/yyyy"', 'date = "mm/dd/yyyy"', "date", "not_one_of"),
        ('alike = "Tất cả hoặc gần như tất cả: {option}"', 'alike = "Hết"', "words.alike", "target_without"),
        ('about = ["ward"]', 'about = ["service"]', "about[1]", "not_one_of"),
    ],
)
def test_every_slip_is_told_where_it_stands(folder: Path, old: str, new: str, key: str, code: str) -> None:
    path = folder / "targets" / "chung.toml"
    text = path.read_text("utf-8")
    at = text.rindex(old)
    path.write_text(text[:at] + new + text[at + len(old) :], "utf-8")
    (problem,) = problems_of(folder)
    assert (problem.file, problem.key, problem.code) == ("targets/chung.toml", key, code)
    assert problem.line > 0


@pytest.mark.parametrize(
    ("old", "new", "key", "code"),
    [
        ('id = "so_lan"', 'id = "so_lam"', "questions[8].id", "target_unknown_question"),
        ('dung = "M dung"', 'dung = "M som"', "questions[7].options.dung", "duplicate"),
        ('code = "TC02"', 'code = "TC01"', "questions[3].code", "duplicate"),
        ('4 = "B"', '4 = "A"', "scale.4", "duplicate"),
        (
            'code = "TC00"',
            'code = "TC00"\noptions = { 5 = "x" }',
            "questions[1].options",
            "target_options_of_rating",
        ),
        (
            'khong = "M khong"',
            'khong = "M khong", kad = "K"',
            "questions[9].options.kad",
            "target_unknown_option",
        ),
    ],
)
def test_codes_that_fit_nothing_or_two_things_are_told(
    folder: Path, old: str, new: str, key: str, code: str
) -> None:
    edit(listed(folder), old, new)
    assert (key, code) in [(one.key, one.code) for one in problems_of(folder)]


def test_a_ward_that_names_no_target_that_is_there_is_told_which_are(folder: Path) -> None:
    line = edit(folder / "ngo-quyen.toml", 'target = "chung"', 'target = "phan-mem"')
    (problem,) = problems_of(folder)
    assert (problem.line, problem.code, problem.data["known"]) == (line, "unknown_target", "chung")


def test_clerks_without_a_target_have_nothing_to_type(folder: Path) -> None:
    edit(folder / "ngo-quyen.toml", 'target = "chung"\n', "")
    (problem,) = problems_of(folder)
    assert (problem.key, problem.code) == ("clerks", "clerks_without_target")
    assert problem.line == line_of(folder / "ngo-quyen.toml", "\n[[clerks]]") + 1


def test_a_target_that_is_no_toml_is_told_as_that_and_as_nothing_else(folder: Path) -> None:
    line = edit(folder / "targets" / "chung.toml", 'per = "total"', "per = total")
    found = problems_of(folder)
    assert [(one.file, one.line) for one in found] == [("targets/chung.toml", line)]
