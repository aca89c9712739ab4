"""A folder of box files: encodings, files that are missing, and all mistakes at once."""

import random
import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from box_editing import SHIPPED, copy_boxes, edit, line_of, problems_of
from homthu.adapters.box_files import BoxProblems, load_boxes

FILE = "ngo-quyen.toml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_boxes(tmp_path)


def test_ten_mistakes_in_one_file_give_ten_problems(folder: Path) -> None:
    path = folder / FILE
    for old, new in [
        ("schema = 1", "schema = 3"),
        ("closing_hours = 24", "closing_hours = 200"),
        ('code = "07207"', 'code = "7207"'),
        ("province =", "provinces ="),
        ('phone = "0204 000 0000"\n', ""),
        ('number = "55-KH/ĐU"', 'number = ""'),
        ('head = "doan"', 'head = "tinh"'),
        ("dan-van.ngo-quyen@", "dan-van.ngo-quyen@@"),
        ('closes = "06-25"', 'closes = "06-31"'),
        ('"nq-nvh2"', '"nq-nvh1"'),
    ]:
        edit(path, old, new)
    assert [(p.line, p.key, p.code) for p in problems_of(folder)] == [
        (line_of(path, "schema = 3"), "schema", "unsupported_schema"),
        (line_of(path, "closing_hours = 200"), "closing_hours", "out_of_range"),
        (line_of(path, 'code = "7207"'), "ward.code", "bad_ward_code"),
        (line_of(path, "provinces ="), "ward.provinces", "misspelt_key"),
        (line_of(path, "[contact]"), "contact.phone", "missing_key"),
        (line_of(path, "number ="), "plan.number", "empty_text"),
        (line_of(path, "head ="), "report.head", "not_one_of"),
        (line_of(path, 'email = "dan-van'), "recipients[3].email", "bad_address"),
        (line_of(path, 'closes = "06-31"'), "rounds[2].closes", "no_such_day"),
        (
            line_of(path, 'code = "nq-nvh1"\nname = "Nhà văn hóa tổ dân phố số 2"'),
            "places[3].code",
            "duplicate",
        ),
    ]


def test_the_problems_of_all_files_come_together(folder: Path) -> None:
    edit(folder / FILE, 'head = "doan"', 'head = "tinh"')
    edit(folder / "bac-giang.toml", "[ward]", "[ward")
    edit(folder / "questionnaires" / "qcdc-v1.toml", "schema = 1", "")
    assert [(p.file, p.code) for p in problems_of(folder)] == [
        ("questionnaires/qcdc-v1.toml", "missing_key"),
        ("bac-giang.toml", "bad_header"),
        (FILE, "not_one_of"),
    ]


def test_the_error_names_every_place_for_the_log(folder: Path) -> None:
    line = edit(folder / FILE, 'head = "doan"', 'head = "tinh"')
    with pytest.raises(BoxProblems) as caught:
        load_boxes(folder)
    assert str(caught.value) == f"{FILE}:{line}: report.head: not_one_of"


def test_a_copy_of_a_box_clashes_in_ward_and_places(folder: Path) -> None:
    shutil.copy(folder / FILE, folder / "sao-chep.toml")
    problems = problems_of(folder)
    places = load_boxes(SHIPPED).by_ward["07207"].places
    assert {p.code for p in problems} == {"taken"}
    assert {p.file for p in problems} == {"sao-chep.toml"}
    assert [p.data["value"] for p in problems] == ["07207", *(place.code for place in places)]
    assert problems[0].data["file"] == FILE
    assert problems[0].data["line"] == problems[0].line


def test_a_folder_that_is_missing_or_empty_is_told(tmp_path: Path) -> None:
    assert [(p.file, p.line, p.code) for p in problems_of(tmp_path / "no")] == [
        (str(tmp_path / "no"), 0, "no_folder")
    ]
    assert [(p.file, p.line, p.code) for p in problems_of(tmp_path)] == [(str(tmp_path), 0, "no_box_files")]


def test_a_file_in_another_encoding_is_told_with_its_line(folder: Path) -> None:
    path = folder / FILE
    path.write_bytes(b"# plain\n# \xe0 in TCVN3\n" + path.read_bytes())
    assert [(p.line, p.code) for p in problems_of(folder)] == [(2, "not_utf8")]
    path.write_text((SHIPPED / FILE).read_text("utf-8"), "utf-16")
    assert [(p.line, p.code) for p in problems_of(folder)] == [(1, "not_utf8")]


def test_a_file_that_cannot_be_read_is_told(folder: Path) -> None:
    (folder / "cu.toml").mkdir()
    (folder / "xa.toml").symlink_to(folder / "nowhere")
    (folder / "questionnaires" / "recorded.json").unlink()
    (folder / "questionnaires" / "recorded.json").mkdir()
    assert [(p.file, p.line, p.code, p.data) for p in problems_of(folder)] == [
        ("questionnaires/recorded.json", 0, "unreadable", {"reason": "Is a directory"}),
        ("cu.toml", 0, "unreadable", {"reason": "Is a directory"}),
        ("xa.toml", 0, "unreadable", {"reason": "No such file or directory"}),
    ]


@pytest.mark.parametrize(
    "save",
    [
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: unicodedata.normalize("NFD", text).encode(),
        lambda text: text.replace("Ngô Quyền", " Ngô\u00a0 Quyền ").encode(),
    ],
    ids=["Notepad's mark", "CRLF", "NFD", "odd spaces"],
)
def test_what_editors_do_to_a_file_changes_nothing(folder: Path, save: Callable[[str], bytes]) -> None:
    for path in folder.rglob("*.toml"):
        path.write_bytes(save(path.read_text("utf-8")))
    assert load_boxes(folder) == load_boxes(SHIPPED)


def test_lines_are_right_under_notepad_too(folder: Path) -> None:
    path = folder / FILE
    line = edit(path, 'head = "doan"', 'head = "tinh"')
    path.write_bytes(path.read_text("utf-8").replace("\n", "\r\n").encode("utf-8-sig"))
    assert [p.line for p in problems_of(folder)] == [line]


def test_tone_marks_stay_where_the_office_types_them(folder: Path) -> None:
    path = folder / FILE
    text = path.read_text("utf-8").replace("Thường trực Đảng ủy", "Thường trực Đảng uỷ").replace("hóa", "hoá")
    path.write_text(text, "utf-8")
    box = load_boxes(folder).by_ward["07207"]
    assert box.recipients[1].name == "Thường trực Đảng uỷ"
    assert box.places[1].name == "Nhà văn hoá tổ dân phố số 1"


def test_files_that_editors_leave_behind_are_no_boxes(folder: Path) -> None:
    (folder / ".ngo-quyen.toml").write_text("half a")
    (folder / "ngo-quyen.toml~").write_text("half a")
    assert load_boxes(folder) == load_boxes(SHIPPED)


def test_an_empty_file_lacks_what_every_box_needs(folder: Path) -> None:
    (folder / FILE).write_text("")
    problems = problems_of(folder)
    assert {p.code for p in problems} == {"missing_key", "too_few"}
    assert {p.line for p in problems} == {1}
    assert {"schema", "ward", "places", "recipients", "operator"} <= {p.key for p in problems}


def test_nesting_without_end_is_no_crash(folder: Path) -> None:
    (folder / FILE).write_text("a = " + "[" * 20_000, "utf-8")
    assert [(p.file, p.code) for p in problems_of(folder)] == [(FILE, "bad_syntax")]


def garble(lines: list[str], chance: random.Random) -> list[str]:
    """One random mistake of the sort that people make."""
    at = chance.randrange(len(lines))
    line = lines[at]
    key, equals, value = line.partition(" = ")
    change = chance.choice(["delete", "repeat", "retype", "garble key", "swap", "cut", "wild"])
    if change == "delete":
        return lines[:at] + lines[at + 1 :]
    if change == "repeat":
        return [*lines[:at], line, *lines[at:]]
    if change == "swap":
        other = chance.randrange(len(lines))
        lines = [*lines]
        lines[at], lines[other] = lines[other], lines[at]
        return lines
    if change == "retype" and equals:
        value = chance.choice(
            ["1", "-1", "true", '""', "[]", "{}", '"x"', "1.5", "2026-01-01", "[[]]", "[{}]"]
        )
        line = f"{key} = {value}"
    elif change == "garble key" and equals:
        line = f"{key[:-1]}{chance.choice('aeijx_.-')} = {value}"
    elif change == "cut":
        line = line[: chance.randrange(len(line) + 1)]
    elif change == "wild":
        position = chance.randrange(len(line) + 1)
        line = line[:position] + chance.choice("\"'[]{}#=,\\\x00\u202eđ0") + line[position:]
    return [*lines[:at], line, *lines[at + 1 :]]


@pytest.mark.parametrize("times", [50, pytest.param(200, marks=pytest.mark.long)])
@pytest.mark.parametrize("name", [FILE, "bac-giang.toml", "questionnaires/qcdc-v1.toml"])
def test_no_mistake_is_ever_anything_but_a_problem_with_its_line(folder: Path, name: str, times: int) -> None:
    chance = random.Random(7207)
    path = folder / name
    sound = path.read_text("utf-8").split("\n")
    for _ in range(times):
        lines = sound
        for _ in range(chance.randint(1, 4)):
            lines = garble(lines, chance)
        path.write_text("\n".join(lines), "utf-8")
        for problem in problems_of(folder):
            assert problem.line <= len(lines)
            assert problem.line or problem.file != name


def test_slips_of_every_kind_in_one_file_are_told_together(folder: Path) -> None:
    path = folder / FILE
    slips = [
        ('code = "07207"', "code = 07207", "unquoted_digits"),
        ('province = "tỉnh Bắc Giang"', "province = “tỉnh Bắc Giang”", "curly_quotes"),
        ("[contact]", "[contact", "bad_header"),
        ('phone = "0204 000 0000"', 'phone = "0204 000 0000', "unclosed_quote"),
        ('"UBND phường",\n', '"UBND phường"\n', "missing_comma"),
        ("[operator]", "[report]", "written_twice"),
        ('opens = "01-22"', "opens = 22/01", "unquoted_digits"),
    ]
    lines = [edit(path, old, new) for old, new, _ in slips]
    found = [(p.line, p.code) for p in problems_of(folder)]
    assert found == sorted(zip(lines, [code for *_, code in slips], strict=True))


@pytest.mark.parametrize(
    "name",
    [
        "phuong-minh.toml.txt",
        "PHUONG-MINH.TOML",
        "phuong-minh.Toml",
        "phuong-minh.toml ",
        "phuong-minh.txt",
        "phuong-minh.tml",
        "phuong-minh.toml.docx",
        "phuong-minh_toml",
        "questionnaires/qcdc-v2.toml.txt",
        "questionnaires/QCDC-V2.TOML",
    ],
)
def test_a_file_that_only_looks_like_a_box_is_told(name: str, folder: Path) -> None:
    shutil.copy(folder / FILE, folder / name)
    assert [(p.file, p.code) for p in problems_of(folder)] == [(name, "not_read")]


def test_a_folder_of_boxes_that_is_not_read_is_told(folder: Path) -> None:
    (folder / "xã").mkdir()
    shutil.copy(folder / FILE, folder / "xã" / FILE)
    assert [(p.file, p.code) for p in problems_of(folder)] == [("xã/", "not_read")]


@pytest.mark.parametrize(
    "name", ["a.toml~", "a.toml.bak", ".a.toml.swp", "a.toml.orig", "~$a.docx", "GHI-CHU.md", "so-do.png"]
)
def test_what_was_put_aside_is_left_alone(name: str, folder: Path) -> None:
    (folder / name).write_text("x")
    assert problems_of(folder) == []


def test_a_byte_order_mark_is_passed_over_in_every_file_of_the_folder(folder: Path) -> None:
    for path in (*folder.glob("*.toml"), *folder.glob("questionnaires/*")):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert problems_of(folder) == []
