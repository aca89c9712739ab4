"""What an office meets at the terminal: odd folders, slips of the pen, wards that are gone, busy ports."""

import csv
import json
import re
import shutil
import socket
import sqlite3
import subprocess
from contextlib import closing
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from box_editing import SHIPPED
from served_box import served
from shell import SCRIPTS, run, succeed

ROOT = SCRIPTS.parent
WARD, OTHER_WARD = "07207", "07210"
#: Every command that works on a box without making one, with what it needs to be told.
READING = {
    "backup": ("--out", "box.gz"),
    "export": ("--format", "json"),
    "inspect": (),
    "paper-code": ("--ward", WARD, "--list"),
    "report": ("--ward", WARD),
    "report --dry-run": ("--ward", WARD),
    "report --rehearse": (),
    "report --correct 2026-W40 --reason x": ("--ward", WARD),
    "verify-reports": (),
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two weeks of both wards, reported, in a folder whose name is trouble in every way."""
    folder = tmp_path_factory.mktemp("boxes") / "hòm thư #1 'thử' 100%20?"
    said = succeed("seed-demo", "--data", folder, "--weeks", "2", "--submissions", "60")
    for line in said.splitlines():
        if line.startswith("  scripts/"):
            # As it is printed, into a shell.
            subprocess.run(["bash", "-c", line.strip()], cwd=ROOT, check=True, capture_output=True)
    return folder


def everything_below(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_everything_of_a_box_stays_in_its_folder_with_every_command(demo: Path, tmp_path: Path) -> None:
    assert [path.name for path in demo.parent.iterdir()] == [demo.name]
    assert {"hom-thu.db", "outbox", "secret", "DU-LIEU-MAU.txt"} <= {path.name for path in demo.iterdir()}
    assert len(json.loads(succeed("export", "--data", demo, "--format", "json"))) == 60
    succeed("verify-reports", "--data", demo)
    succeed("inspect", "--data", demo)
    other = tmp_path / "khác #2"
    succeed("backup", "--data", demo, "--out", tmp_path / "b #1.gz")
    succeed("restore", tmp_path / "b #1.gz", "--data", other)
    assert [path.name for path in other.iterdir()] == ["hom-thu.db"]
    assert [path.name for path in demo.parent.iterdir()] == [demo.name]


@pytest.mark.parametrize("command", READING)
@pytest.mark.parametrize("is_there", [True, False], ids=["unmounted", "misspelt"])
def test_a_command_that_reads_makes_nothing_and_says_what_it_did_not_find(
    command: str, is_there: bool, tmp_path: Path
) -> None:
    data = tmp_path / "o-dia"
    if is_there:
        data.mkdir()
    before = everything_below(tmp_path)
    name, *options = command.split()
    rest = [str(tmp_path / one) if one.endswith(".gz") else one for one in READING[command]]
    done = run(name, "--data", data, *options, *rest)
    assert done.returncode == 1
    assert str(data) in done.stderr
    assert "mount" in done.stderr
    assert "✓" not in done.stdout
    assert "Traceback" not in done.stderr
    assert everything_below(tmp_path) == before


def test_a_restore_of_a_file_that_is_not_there_makes_no_box(tmp_path: Path) -> None:
    done = run("restore", tmp_path / "typo.gz", "--data", tmp_path / "data")
    assert (done.returncode, list(tmp_path.iterdir())) == (1, [])
    assert "typo.gz" in done.stderr


@pytest.mark.parametrize("command", ["export", "verify-reports", "inspect", "report"])
def test_a_ward_that_nobody_knows_is_named_with_those_there_are(command: str, demo: Path) -> None:
    done = run(command, "--data", demo, "--ward", "99999")
    assert done.returncode == 1
    assert "99999" in done.stderr
    assert WARD in done.stderr
    assert "✓" not in done.stdout


def test_where_there_is_no_report_nothing_is_said_to_hold(tmp_path: Path) -> None:
    succeed("seed-demo", "--data", tmp_path, "--weeks", "1", "--submissions", "1")
    done = run("verify-reports", "--data", tmp_path)
    assert done.returncode == 1
    assert "✓" not in done.stdout
    assert done.stdout.count("chưa có báo cáo nào") == 2


def test_a_ward_that_the_box_files_dropped_is_still_exported_and_verified(demo: Path, tmp_path: Path) -> None:
    boxes = Path(shutil.copytree(SHIPPED, tmp_path / "boxes"))
    (boxes / "bac-giang.toml").unlink()
    rows = json.loads(succeed("export", "--data", demo, "--format", "json", HOMTHU_BOXES=str(boxes)))
    assert {row["ward"] for row in rows} == {WARD, OTHER_WARD}
    said = succeed("verify-reports", "--data", demo, HOMTHU_BOXES=str(boxes))
    assert re.search(rf"✓ {OTHER_WARD} \(.*no box file.*\): 2 báo cáo", said)
    assert re.search(rf"✓ {WARD}: 2 báo cáo", said)
    one = succeed("export", "--data", demo, "--ward", OTHER_WARD, "--format", "csv", HOMTHU_BOXES=str(boxes))
    cells = {row["ward"] for row in csv.DictReader(one.removeprefix("\ufeff").splitlines())}
    # With the sign that has a spreadsheet leave the zero.
    assert cells == {"'" + OTHER_WARD}


def test_an_export_is_what_its_name_says_and_for_this_user_only(demo: Path, tmp_path: Path) -> None:
    for name in ("a.csv", "B.XLSX", "c.json"):
        succeed("export", "--data", demo, "--out", tmp_path / name)
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "a.csv").read_bytes().startswith(b'\xef\xbb\xbf"ward"')
    assert openpyxl.load_workbook(BytesIO((tmp_path / "B.XLSX").read_bytes())).active.max_row == 61
    assert len(json.loads((tmp_path / "c.json").read_bytes())) == 60
    # Over one that others could read.
    (tmp_path / "a.csv").chmod(0o644)
    succeed("export", "--data", demo, "--out", tmp_path / "a.csv")
    assert (tmp_path / "a.csv").stat().st_mode & 0o777 == 0o600


def test_an_export_masks_what_names_a_person_unless_it_is_wanted_raw(demo: Path, tmp_path: Path) -> None:
    said = "Đèn đường hỏng ở ngõ nhà tôi, cần gì xin gọi 0912 345 678 gặp anh Tuấn, số nhà 12."
    with closing(sqlite3.connect(demo / "hom-thu.db")) as store, store:
        (id,) = store.execute("SELECT min(id) FROM submissions").fetchone()
        (before,) = store.execute("SELECT text FROM submissions WHERE id = ?", (id,)).fetchone()
        store.execute("UPDATE submissions SET text = ? WHERE id = ?", (said, id))
    try:
        texts = {
            options: {
                row["text"]
                for row in json.loads(succeed("export", "--data", demo, "--format", "json", *options))
            }
            for options in ((), ("--raw",))
        }
        succeed("export", "--data", demo, "--raw", "--out", tmp_path / "tho.csv")
    finally:
        with closing(sqlite3.connect(demo / "hom-thu.db")) as store, store:
            store.execute("UPDATE submissions SET text = ? WHERE id = ?", (before, id))
    assert "Đèn đường hỏng ở ngõ nhà tôi, cần gì xin gọi […] gặp anh […], […]." in texts[()]
    assert said in texts["--raw",]
    assert "0912" not in str(texts[()])
    assert (tmp_path / "tho.csv").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--out", "x.csv", "--format", "xlsx"], "không khớp --format xlsx"),
        (["--out", "x.txt"], ".csv"),
        (["--out", "x"], ".xlsx"),
        (["--from", "2026-W48", "--to", "2026-W47", "--format", "csv"], "đứng trước"),
        (["--from", "2026-11-24", "--to", "2026-11-23", "--out", "x.csv"], "đứng trước"),
        (["--out", "nowhere/x.csv"], "nowhere: không có tệp hay thư mục này"),
        (["--out", "folder.csv"], "là thư mục"),
    ],
)
def test_an_export_that_cannot_be_meant_is_refused_in_words(
    options: list[str], said: str, demo: Path, tmp_path: Path
) -> None:
    (tmp_path / "folder.csv").mkdir()
    placed = [
        str(tmp_path / one) if one.startswith(("x", "nowhere", "folder")) and one != "xlsx" else one
        for one in options
    ]
    done = run("export", "--data", demo, *placed)
    assert done.returncode in (1, 2)
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["folder.csv"]


def test_a_backup_into_a_folder_that_is_not_there_is_refused_in_words(demo: Path, tmp_path: Path) -> None:
    done = run("backup", "--data", demo, "--out", tmp_path / "nowhere" / "b.gz")
    assert done.returncode == 1
    assert "nowhere: không có" in done.stderr
    assert "Traceback" not in done.stderr


def test_invented_forms_are_never_put_beside_real_ones(tmp_path: Path) -> None:
    with served(tmp_path) as box:
        data = box.data
    before = (data / "hom-thu.db").read_bytes()
    done = run("seed-demo", "--data", data)
    assert done.returncode == 1
    assert "hòm thư thật" in done.stderr
    assert (data / "hom-thu.db").read_bytes() == before


def test_a_box_of_invented_forms_says_so_on_every_page(tmp_path: Path) -> None:
    succeed("seed-demo", "--data", tmp_path / "data", "--weeks", "2", "--submissions", "40")
    with served(tmp_path) as box:
        assert b"INVENTED" in box.log.read_bytes()
        for path in ("/", "/g/nq-mc", "/ket-qua", "/tra-cuu", "/xu-ly", "/luu-gi", "/khong-co"):
            for accepted in ("identity", "gzip, br"):
                answer = box.request("GET", path, headers={"Accept-Encoding": accepted})
                assert "phiếu và số liệu ở đây là bịa" in answer.text, path
                assert int(answer.headers["Content-Length"]) == len(answer.body)
        assert "bịa" not in box.get("/.well-known/hom-thu-gop-y/07207.json").text
    with served(tmp_path / "real") as box:
        assert "là bịa" not in box.get("/g/nq-mc").text


def test_a_busy_port_is_said_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("serve", "--data", tmp_path / "data", "--port", str(port))
    assert done.returncode == 1
    assert f"127.0.0.1:{port}: cổng đang bận" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "options", [["--port", "99999"], ["--host", "203.0.113.7"], ["--host", "khong.co.invalid"]]
)
def test_what_nothing_can_listen_on_is_said_in_a_sentence(options: list[str], tmp_path: Path) -> None:
    done = run("serve", "--data", tmp_path / "data", *options)
    assert done.returncode == 1
    assert "✗" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_address_that_no_phone_opens_is_given_no_code(tmp_path: Path) -> None:
    with served(tmp_path) as box:
        log = box.log.read_text("utf-8")
    assert "--host 0.0.0.0" in log
    assert "█" not in log
    assert "▀" not in log
