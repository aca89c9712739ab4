"""A command finds its own Python however it is called, and never goes round in circles."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
COMMAND = "check-box"
#: Far more than the command takes; a command that goes round in circles would take for ever.
SECONDS = 120


def call(
    command: Path | str, *arguments: str, cwd: Path, **environ: str
) -> "subprocess.CompletedProcess[str]":
    """Run a command as a shell, a timer or cron would; the path is passed on as it is written."""
    return subprocess.run(
        [command, *arguments],
        cwd=cwd,
        env={"PATH": os.environ["PATH"], **environ},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def linked_tree(folder: Path) -> Path:
    """The program in another folder, whose `.venv` is a link."""
    tree = folder / "tree"
    shutil.copytree(ROOT / "scripts", tree / "scripts")
    for name in ("functions", "web", "infra", "requirements.txt", ".venv"):
        (tree / name).symlink_to(ROOT / name)
    return tree


@pytest.mark.parametrize(
    ("written", "cwd"),
    [
        ("../scripts/check-box", "infra"),
        ("./check-box", "scripts"),
        ("scripts/../scripts/check-box", "."),
        ("infra/../tests/../scripts/check-box", "."),
        (f"{ROOT}/infra/../scripts/check-box", "/"),
        (f"{ROOT}//scripts/./check-box", "/"),
    ],
)
def test_a_command_ends_however_its_path_is_written(written: str, cwd: str) -> None:
    done = call(written, cwd=ROOT / cwd)
    assert done.returncode == 0, done.stderr
    assert "07210" in done.stdout


@pytest.mark.parametrize("python", [sys.executable, shutil.which("python3") or "python3"])
def test_a_command_ends_whichever_python_is_told_to_run_it(python: str) -> None:
    done = call(python, f"{ROOT}/infra/../scripts/{COMMAND}", cwd=Path("/"))
    assert done.returncode == 0, done.stderr


def test_a_link_to_a_command_is_the_command(tmp_path: Path) -> None:
    (tmp_path / "kiem-tra").symlink_to(ROOT / "scripts" / COMMAND)
    (tmp_path / "code").symlink_to(ROOT)
    for command in ("./kiem-tra", "code/scripts/check-box", "code/infra/../scripts/check-box"):
        done = call(command, cwd=tmp_path)
        assert done.returncode == 0, done.stderr


def test_a_tree_whose_environment_is_a_link_runs_in_it(tmp_path: Path) -> None:
    tree = linked_tree(tmp_path)
    done = call(tree / "scripts" / ".." / "scripts" / COMMAND, cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_a_python_that_is_not_the_environment_s_ends_with_a_sentence(tmp_path: Path) -> None:
    tree = linked_tree(tmp_path)
    (tree / ".venv").unlink()
    stranger = tree / ".venv" / "bin" / "python"
    stranger.parent.mkdir(parents=True)
    # Runs, but in an environment of its own: as a moved or half-copied .venv does.
    stranger.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    stranger.chmod(0o755)
    shutil.copy(ROOT / ".venv" / ".installed-runtime", tree / ".venv")
    done = call(tree / "scripts" / COMMAND, cwd=tmp_path)
    assert done.returncode == 1
    assert "PYTHONHOME" in done.stderr
    assert "Traceback" not in done.stderr
