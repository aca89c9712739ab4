"""The suite's own rules: one of each for all processes, skips told in a few lines, CI with every program."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from order import piles

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"
#: Nine tests that skip, for seven reasons; and eight that ask for the same, in several processes.
SUITE = """
import os, contextlib, pathlib, tempfile, pytest, shared, made

@pytest.mark.parametrize("number", range(8))
def test_asks(number):
    pathlib.Path(os.environ["NOTES"], str(number)).write_text(shared.once(made.one, "a"))

@pytest.mark.parametrize("number", [0, 0, 0, 1, 2, 3, 4, 5, 6])
def test_skips(number):
    pytest.skip(f"no tool {number}")
"""
MADE = """
import contextlib, os, pathlib, uuid

@contextlib.contextmanager
def one(name):
    yield f"{name} of {os.getpid()} {uuid.uuid4()}"
    pathlib.Path(os.environ["NOTES"], "put away").write_text(str(os.getpid()))
"""


def run_suite(folder: Path, *options: str) -> str:
    """Run the two kinds of tests with our conftest; what pytest says."""
    (folder / "notes").mkdir()
    (folder / "made.py").write_text(MADE)
    (folder / "test_it.py").write_text(SUITE)
    places = [folder, TESTS, TESTS / "support", ROOT / "functions", ROOT / "scripts", ROOT]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "conftest", f"--rootdir={folder}", *options, "test_it.py"],
        cwd=folder,
        env={**os.environ, "NOTES": str(folder / "notes"), "PYTHONPATH": ":".join(map(str, places))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def in_many(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Where the two kinds of tests ran in several processes, and what pytest said."""
    folder = tmp_path_factory.mktemp("many")
    return folder, run_suite(folder, "-n", "2")


def test_in_many_processes_the_shared_is_made_once_and_the_skipped_are_told_in_five_lines(
    in_many: tuple[Path, str],
) -> None:
    folder, said = in_many
    told = re.findall(r"^NOT RUN \((\d+)\): (.*)$", said, re.MULTILINE)
    assert told[0] == ("3", "no tool 0")
    assert len(told) == 5
    assert sum(int(count) for count, _ in told) == 9
    answers = {path.read_text() for path in (folder / "notes").glob("[0-9]")}
    assert len(list((folder / "notes").glob("[0-9]"))) == 8
    (answer,) = answers
    assert (folder / "notes" / "put away").read_text() == answer.split()[2]


def test_the_dearest_files_begin_first_in_every_process_and_no_file_is_torn_apart() -> None:
    files = ["a", "a", "b", "c", "c", "d", "e", "e"]
    order = piles(files, {"d": 9.0, "b": 8.0, "e": 3.0, "gone": 99.0}, 2)
    assert [files[place] for place in order] == ["d", "e", "e", "c", "c", "b", "a", "a"]
    assert sorted(order) == list(range(len(files))), "each test once"
    assert piles(files, {}, 1) == list(range(len(files))), "untimed, the order of the files"


def test_what_each_file_took_is_kept_for_the_next_run(in_many: tuple[Path, str]) -> None:
    folder, _ = in_many
    (kept,) = (folder / ".pytest_cache").rglob("homthu/seconds")
    assert list(json.loads(kept.read_text())) == ["test_it.py"]


def test_in_a_single_process_the_shared_is_made_once_and_put_away(tmp_path: Path) -> None:
    run_suite(tmp_path)
    (_,) = {path.read_text() for path in (tmp_path / "notes").glob("[0-9]")}
    assert (tmp_path / "notes" / "put away").exists()


def test_ci_installs_every_program_that_a_test_requires() -> None:
    calls = (
        call
        for path in TESTS.rglob("*.py")
        if "node_modules" not in path.parts
        for call in re.findall(r"\brequire\(\"([\w.-]+)\"", path.read_text("utf-8"))
    )
    wanted = {*calls, "java", "ps"}
    installed = {line.split()[0] for line in (ROOT / ".ci" / "run").read_text().splitlines() if line}
    assert len(wanted) > 5
    assert wanted - installed == set()
