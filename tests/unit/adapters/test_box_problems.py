"""The sentences of problems, and what `scripts/check-box` prints with them."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from box_editing import TEXTS, copy_boxes, edit, line_of
from homthu.adapters import box_files
from homthu.domain.boxes.problem import Problem
from homthu.render.problems import describe

CHECK_BOX = Path(__file__).parents[3] / "scripts" / "check-box"
PACKAGE = Path(box_files.__file__).parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_boxes(tmp_path)


def check_box(folder: Path, *options: str) -> tuple[int, list[str]]:
    """What the script answers: its exit status and the lines it prints."""
    command = [sys.executable, str(CHECK_BOX), "--boxes", str(folder), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not done.stderr
    return done.returncode, done.stdout.splitlines()


def codes_in(tree: ast.AST) -> Iterator[str]:
    """The codes that a module notes: the second argument of a note, the third of a code's check."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        meant = [k.value for k in call.keywords if k.arg == "code" and name == "Problem"]
        meant += call.args[1:2] if name in ("note", "_note", "add", "add_at_line") else []
        meant += call.args[2:3] if name == "code" else []
        for value in meant:
            yield from (n.value for n in ast.walk(value) if isinstance(n, ast.Constant) and n.value)
    for slip in (n for n in ast.walk(tree) if isinstance(n, ast.Tuple) and len(n.elts) == 2):
        if isinstance(slip.elts[0], ast.Call) and isinstance(slip.elts[1], ast.Constant):
            yield slip.elts[1].value


def test_every_code_has_a_sentence_and_every_sentence_a_code() -> None:
    trees = [ast.parse(path.read_text("utf-8")) for path in PACKAGE.glob("*.py")]
    codes = {f"problem.{code}" for tree in trees for code in codes_in(tree)}
    for texts in TEXTS.values():
        assert {key for key in texts.keys if key.startswith("problem.")} == codes


def test_a_sentence_says_the_same_in_both_languages() -> None:
    for key in TEXTS["vi"].keys:
        if key.startswith(("problem.", "check_box.")):
            vi, en = ({field for _, field, _, _ in Formatter().parse(texts(key))} for texts in TEXTS.values())
            assert vi - {None} == en - {None}, key


def test_every_sentence_of_the_script_is_used() -> None:
    source = (CHECK_BOX.parent / "commands" / "check_box.py").read_text("utf-8")
    used = {"check_box.between_accept", "check_box.between_close", "check_box.yearly_round"}
    keys = {key for key in TEXTS["vi"].keys if key.startswith("check_box.")}
    assert {key for key in keys if f'"{key}"' not in source} - used == {"check_box.dated_round"}


def test_a_problem_is_told_with_its_place() -> None:
    problem = Problem(
        file="ngo-quyen.toml",
        line=23,
        key="places[2].code",
        code="duplicate",
        data={"value": "a", "line": 19},
    )
    assert describe(problem, TEXTS["en"]) == (
        "ngo-quyen.toml:23: places[2].code: «a» is used in line 19 already; every entry must be different"
    )


def test_a_problem_of_a_whole_file_has_no_line() -> None:
    problem = Problem(file="boxes", line=0, key="", code="no_box_files", data={})
    assert describe(problem, TEXTS["en"]).startswith("boxes: the folder has no .toml file")


def test_a_value_from_a_file_cannot_write_on_the_terminal() -> None:
    problem = Problem(
        file="a.toml",
        line=1,
        key="ward.zip",
        code="misspelt_key",
        data={"name": "\x1b[2J{code}" + "x" * 500, "suggestion": "code"},
    )
    text = describe(problem, TEXTS["vi"])
    assert text.isprintable()
    assert "\\u001b[2J{code}x" in text
    assert len(text) < 250


def test_check_box_tells_every_problem_and_fails(folder: Path) -> None:
    path = folder / "ngo-quyen.toml"
    first = edit(path, "closing_hours = 24", "closing_hours = 200")
    second = edit(path, 'head = "doan"', 'head = "tinh"')
    status, lines = check_box(folder)
    assert status == 1
    assert lines == [
        f"ngo-quyen.toml:{first}: closing_hours: không nhận 200; phải từ 0 đến 168",
        f"ngo-quyen.toml:{second}: report.head: không nhận «tinh»; chỉ nhận một trong: doan, dang, ubnd",
        "Số lỗi: 2. Xin sửa rồi chạy lại.",
    ]


def test_check_box_sums_up_what_an_office_compares_with_its_plan(folder: Path) -> None:
    status, lines = check_box(folder)
    assert status == 0
    at = lines.index("phường Ngô Quyền, tỉnh Bắc Giang (07207)")
    assert lines[at + 1].startswith("  Điểm đặt mã: 9 (nq-mc, nq-nvh1, ")
    assert lines[at + 2].startswith("  Các đợt: Đợt 1 22/01–25/03 hằng năm; Đợt 2 01/04–25/06 hằng năm; ")
    assert lines[at + 3 : at + 7] == [
        "  Ngoài đợt: vẫn nhận",
        "  Người nhận báo cáo: 4",
        "  Bộ câu hỏi: qcdc-v2 (10 câu)",
        "  Nhập lại số liệu theo targets/chung.toml; người nhập: 1",
    ]
    assert lines[at + 8] == "Cần thay trước khi dùng thật: 20"
    assert lines[at + 9].startswith("  bac-giang.toml:55: contact.phone: «0204 000 0000»")


def test_check_box_speaks_english(folder: Path) -> None:
    status, lines = check_box(folder, "--lang", "en")
    assert status == 0
    assert lines[0] == "Boxes: 2. Nothing is wrong."
    assert any("01/10/2026–25/12/2026" in line for line in lines)


def test_check_box_records_a_new_version_when_asked(folder: Path) -> None:
    first = folder / "questionnaires" / "qcdc-v1.toml"
    second = folder / "questionnaires" / "qcdc-v3.toml"
    second.write_text(first.read_text("utf-8").replace("Thái độ tiếp đón,", "Thái độ,"), "utf-8")
    assert check_box(folder)[1][-1].startswith("Lưu ý: phiên bản qcdc-v3 chưa được ghi")
    assert check_box(folder, "--record")[1][-1].startswith("Đã ghi phiên bản qcdc-v3")
    assert "qcdc-v3" not in check_box(folder, "--record")[1][-1]
    edit(second, "Thái độ, giao", "Cách giao")
    status, lines = check_box(folder, "--record")
    assert status == 1
    assert lines[0].startswith(
        f"questionnaires/qcdc-v3.toml:{line_of(second, 'text.vi')}: questions[1].text.vi: "
    )
