"""A box's data carried away and back with the commands that a person types."""

import csv
import os
import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from box_editing import copy_boxes, one_reader
from homthu.adapters.clock import system_clock
from homthu.adapters.sqlite.backup import SqliteBackup
from homthu.domain.backup import Kind
from homthu.services.backup import back_up
from local.backup_file import new_backup_file
from served_box import is_honest, served, whole_form
from shell import run, succeed


def exported(data: Path) -> list[dict[str, str]]:
    """The rows; in what order their columns come is for neither store to keep."""
    text = succeed("export", "--raw", "--data", data, "--format", "csv").removeprefix("\ufeff")
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
    assert "damaged" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_box_that_is_in_use_is_not_restored_over(data: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "box.backup.gz", tmp_path / "other"
    succeed("backup", "--data", data, "--out", file)
    succeed("seed-demo", "--data", other, "--weeks", "1", "--submissions", "5", "--seed", "9")
    done = run("restore", file, "--data", other)
    assert done.returncode == 1
    assert "nothing was written" in done.stderr


def test_copies_that_hold_what_no_box_keeps_any_more_are_named(data: Path, tmp_path: Path) -> None:
    """By the retention of the example wards: words 24 months, who decided 12, cases 60."""
    copies = tmp_path / "copies"
    copies.mkdir()
    store, today = SqliteBackup(data / "hom-thu.db"), system_clock()
    for name, days in (("new", 1), ("a-year", 420), ("two-years", 800), ("six-years", 2200)):
        with new_backup_file(copies / f"{name}.gz") as write:
            back_up(store, today - timedelta(days=days), write)
    store.close()
    (copies / "torn.gz").write_bytes(b"no backup")
    done = run("backup", "--check", copies, "--data", data)
    assert (done.returncode, done.stderr) == (1, "")
    told = {Path(line.split()[1].rstrip(":")).stem: line for line in done.stdout.splitlines()}
    assert told["new"].startswith("✓")
    assert "không đọc được" in told["torn"]
    past = {name: told[name].partition("past: ")[2] for name in ("a-year", "two-years", "six-years")}
    assert past["a-year"] == "tên người quyết định / who decided"
    kinds = ("words", "answers", "quotations", "cases")
    assert [kind for kind in kinds if kind in past["two-years"]] == ["words", "answers", "quotations"]
    assert "hồ sơ giải quyết / cases" in past["six-years"]
    assert run("backup", "--check", copies / "new.gz", "--data", data).returncode == 0
    assert run("backup", "--check", tmp_path / "copies" / "none.gz", "--data", data).returncode == 1


#: A chain whose year and round reports stand on the edge of a page of 500.
YEARS = ("--weeks", "458", "--submissions", "458", "--as-of", "2026-01-12T00:00+07:00")
CATCH_UP = ("--catch-up", "600", "--as-of", "2026-01-12T07:00+07:00")
WARD = ("--ward", "07207")


def digests(said: str) -> list[str]:
    """The lines that tell how many there are of each kind, and their digest."""
    return re.findall(r"^  \w+ +[0-9]+  [0-9a-f]{16}$", said, re.MULTILINE)


@pytest.mark.long
@pytest.mark.emulator
def test_the_reports_of_nine_years_come_back_into_either_store(
    tmp_path: Path, firestore_emulator: str
) -> None:
    box, file, other = tmp_path / "box", tmp_path / "box.gz", tmp_path / "other"
    boxes = copy_boxes(box)
    (boxes / "bac-giang.toml").unlink()
    one_reader(boxes / "ngo-quyen.toml")
    succeed("seed-demo", *WARD, *YEARS, "--data", box)
    succeed("report", *WARD, *CATCH_UP, "--data", box)
    held = re.search(r"(\d+) báo cáo, chuỗi nguyên vẹn", succeed("verify-reports", *WARD, "--data", box))
    assert held is not None
    assert int(held[1]) > 500, "no page ends among them"
    said = digests(succeed("backup", "--data", box, "--out", file))
    assert len(said) == len(Kind)
    cloud = {
        "HOMTHU_STORE": f"firestore://years-{os.getpid()}/(default)",
        "FIRESTORE_EMULATOR_HOST": firestore_emulator,
    }
    for place in ({}, cloud):
        restored = succeed("restore", file, "--data", other, **place)
        assert digests(restored) == said
        assert held[0] in restored
        assert held[0] in succeed("verify-reports", *WARD, "--data", other, **place)
        again = succeed("restore", file, "--data", other, **place)
        assert "written: 0;" in again
        copy = tmp_path / "copy.gz"
        assert digests(succeed("backup", "--data", other, "--out", copy, **place)) == said


def test_a_restore_does_not_meet_a_box_that_is_running(data: Path, tmp_path: Path) -> None:
    """Three receipts were once given for what went into the file put aside."""
    file = tmp_path / "box.gz"
    succeed("backup", "--data", data, "--out", file)
    with served(tmp_path / "served") as box:
        box.reference(box.send(whole_form("0" * 32, gop_y="trước")))
        aside = tmp_path / "aside"
        aside.mkdir()
        for path in box.data.glob("hom-thu.db*"):
            path.rename(aside / path.name)
        done = run("restore", file, "--data", box.data)
        assert done.returncode == 1
        assert "(in_use)" in done.stderr
        assert not (box.data / "hom-thu.db").exists()
        form = whole_form("1" * 32, gop_y="khi tệp bị dời")
        is_honest(box.send(form), form)


def test_a_backup_whose_chain_is_broken_is_restored_and_said(data: Path, tmp_path: Path) -> None:
    box, file = tmp_path / "box", tmp_path / "box.gz"
    succeed("seed-demo", *WARD, "--weeks", "3", "--submissions", "6", "--data", box)
    succeed("report", *WARD, "--data", box)
    with closing(sqlite3.connect(box / "hom-thu.db")) as connection, connection:
        connection.execute("DELETE FROM reports WHERE number = 2")
    succeed("backup", "--data", box, "--out", file)
    done = run("restore", file, "--data", tmp_path / "other")
    assert done.returncode == 1
    assert "counts and digests are equal" in done.stdout
    assert "the chain is broken" in done.stderr
