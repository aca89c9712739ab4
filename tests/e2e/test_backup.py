"""A box's data carried away and back with the commands that a person types."""

import csv
import os
import re
from pathlib import Path

import pytest
from shell import run, succeed


def exported(data: Path) -> list[dict[str, str]]:
    """The rows; in what order their columns come is for neither store to keep."""
    text = succeed("export", "--data", data, "--format", "csv").removeprefix("\ufeff")
    return list(csv.DictReader(text.splitlines(keepends=True)))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A box with some weeks behind it."""
    folder = tmp_path_factory.mktemp("box")
    succeed("seed-demo", "--data", folder, "--weeks", "2", "--submissions", "40")
    return folder


def test_a_restored_box_exports_the_same(data: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "box.backup.gz", tmp_path / "other"
    said = succeed("backup", "--data", data, "--out", file)
    assert re.search(r"submissions +40 +[0-9a-f]{16}\n", said)
    assert file.stat().st_mode & 0o077 == 0, "others could read what citizens wrote"
    assert "counts and digests are equal" in succeed("restore", file, "--data", other)
    assert len(exported(data)) == 40
    assert exported(other) == exported(data)


@pytest.mark.emulator
def test_a_box_moves_to_the_cloud_and_back(data: Path, tmp_path: Path, firestore_emulator: str) -> None:
    cloud = {
        "HOMTHU_STORE": f"firestore://moving-{os.getpid()}/(default)",
        "FIRESTORE_EMULATOR_HOST": firestore_emulator,
    }
    there, back = tmp_path / "there.gz", tmp_path / "back.gz"
    succeed("backup", "--data", data, "--out", there)
    succeed("restore", there, "--data", tmp_path / "unused", **cloud)
    succeed("backup", "--data", tmp_path / "unused", "--out", back, **cloud)
    succeed("restore", back, "--data", tmp_path / "home")
    assert exported(tmp_path / "home") == exported(data)


def test_a_damaged_file_says_so(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "box.backup.gz"
    succeed("backup", "--data", data, "--out", file)
    file.write_bytes(file.read_bytes()[:-200])
    done = run("restore", file, "--data", tmp_path / "other")
    assert done.returncode == 1
    assert "cannot be read" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_box_that_is_in_use_is_not_restored_over(data: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "box.backup.gz", tmp_path / "other"
    succeed("backup", "--data", data, "--out", file)
    succeed("seed-demo", "--data", other, "--weeks", "1", "--submissions", "5", "--seed", "9")
    done = run("restore", file, "--data", other)
    assert done.returncode == 1
    assert "nothing was written" in done.stderr
