"""Each command of a box as a program of its own, which is what other tests call in their own process."""

import json
from pathlib import Path

import pytest
from shell import run, typed

WARD = "07207"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A box of two weeks, filled and reported on at a terminal."""
    folder = tmp_path_factory.mktemp("typed") / "box"
    for command in (["seed-demo", "--weeks", "2", "--submissions", "20"], ["report"]):
        done = typed(*command, "--data", folder)
        assert done.returncode == 0, done.stdout + done.stderr
    return folder


#: One that reads, one that checks, one that is asked what it cannot do, and all the others.
COMMANDS = [
    ["export", "--format", "json"],
    ["verify-reports"],
    ["verify-reports", "--no-such-option"],
    *(
        pytest.param(command, marks=pytest.mark.long)
        for command in (
            ["inspect"],
            ["paper-code", "--ward", WARD, "--list"],
            ["report", "--dry-run", "--ward", WARD],
            ["report", "--rehearse"],
            ["verify-reports", "--ward", "99999"],
            ["export", "--from", "2026-W48", "--to", "2026-W47", "--format", "csv"],
        )
    ),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_program_prints_and_ends_as_the_same_command_does_in_this_process(
    command: list[str], data: Path
) -> None:
    program, called = typed(*command, "--data", data), run(*command, "--data", data)
    assert (program.returncode, program.stdout, program.stderr) == (
        called.returncode,
        called.stdout,
        called.stderr,
    )
    assert program.stdout or program.stderr


@pytest.mark.long
def test_what_is_kept_by_one_program_is_brought_back_by_another(data: Path, tmp_path: Path) -> None:
    kept, other = tmp_path / "box.gz", tmp_path / "other"
    assert typed("backup", "--data", data, "--out", kept).returncode == 0
    assert typed("restore", kept, "--data", other).returncode == 0
    assert typed("verify-reports", "--data", other).returncode == 0
    assert len(json.loads(typed("export", "--data", other, "--format", "json").stdout)) == 20


def test_a_reference_that_is_entered_is_read_alike(data: Path) -> None:
    program, called = (way("erase", "--data", data, entered="0000-0000-0000\n") for way in (typed, run))
    assert (program.returncode, program.stderr) == (called.returncode, called.stderr)
    assert "Không có phiếu nào mang mã này" in program.stderr


def test_a_store_that_is_no_box_ends_a_program_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "hom-thu.db").write_text("không phải cơ sở dữ liệu")
    program, called = (way("export", "--format", "json", "--data", tmp_path) for way in (typed, run))
    assert (program.returncode, program.stderr) == (called.returncode, called.stderr)
    assert program.returncode == 1
    assert "Traceback" not in program.stderr
