"""Backups of a server of one's own: encrypted, whole, in a second place, and restored for a try."""

import gzip
import json
import os
import re
import shutil
import subprocess
import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import shell
from held_box import held
from infra.laptop import wait_for
from infra.roots import PROJECT
from machine import require
from own_server.layout import Layout
from own_server.nightly import decrypt
from small_disk import fill, small_disk

COMMANDS = PROJECT / "infra/own-server/commands"


class Server:
    """A box below a root of its own, with four weeks of invented forms and their reports."""

    def __init__(self, root: Path) -> None:
        import pyrage

        self.layout = Layout(root)
        self.key = pyrage.x25519.Identity.generate()
        for folder in (self.layout.settings, self.layout.data, self.layout.backups):
            folder.mkdir(parents=True)
        shutil.copytree(PROJECT / "functions/boxes", self.layout.boxes)
        self.settings = {"HOMTHU_BACKUP_KEY": str(self.key.to_public())}
        data = str(self.layout.data)
        shell.succeed("seed-demo", "--weeks", "3", "--submissions", "60", "--data", data)
        shell.run("report", "--data", data)

    def set(self, **settings: str) -> list[str]:
        """Have these settings; gives what `hom-thu` is told before its command."""
        lines = {**self.settings, **settings}
        self.layout.env.write_text("".join(f"{name}={value}\n" for name, value in lines.items()))
        (self.layout.root / "etc/passwd").write_text("hom-thu:x:0:0::/:/bin/sh\n")
        return ["--root", str(self.layout.root)]

    def run(self, *arguments: str, **settings: str) -> shell.Done:
        """`hom-thu …` as root of a container types it, with these settings."""
        root, groups, mask = self.set(**settings), os.getgroups(), os.umask(0)
        os.umask(mask)
        try:
            return shell.run("hom-thu", *root, *arguments)
        finally:
            # It goes on as another user would, and this process outlives it.
            os.umask(mask)
            if os.geteuid() == 0:
                os.setgroups(groups)

    @property
    def newest(self) -> Path:
        return max(self.layout.backups.glob("*.age"))


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Server:
    return Server(tmp_path_factory.mktemp("server"))


@pytest.fixture
def server(seeded: Server) -> Server:
    """The same box, with the backups and notes of none."""
    for path in (*seeded.layout.backups.iterdir(), *seeded.layout.data.glob("last-*")):
        path.unlink()
    return seeded


def test_a_backup_opens_with_the_offices_key_by_debians_age_and_holds_all_a_new_machine_needs(
    server: Server, tmp_path: Path
) -> None:
    require("age")
    assert server.run("backup").returncode == 0
    key = tmp_path / "key"
    key.write_text(f"{server.key}\n")
    opened = subprocess.run(
        ["age", "--decrypt", "-i", str(key), str(server.newest)], capture_output=True, check=True
    )
    archive = tmp_path / "tar"
    archive.write_bytes(opened.stdout)
    with tarfile.open(archive) as packed:
        names = set(packed.getnames())
        packed.extractall(tmp_path / "back", filter="data")
    assert {"hom-thu.backup.gz", "hom-thu.env", "boxes/ngo-quyen.toml"} < names
    assert {"secrets/references", "secrets/receipts", "secrets/desk"} < names
    secret = (server.layout.data / "secret").read_bytes()
    assert (tmp_path / "back/secrets/references").read_bytes() == secret
    restored = shell.run("restore", tmp_path / "back/hom-thu.backup.gz", "--data", tmp_path / "new")
    assert restored.returncode == 0, restored.stderr


def test_nobody_else_opens_it_and_nothing_of_it_lies_in_the_clear(server: Server) -> None:
    import pyrage

    assert server.run("backup").returncode == 0
    assert server.newest.stat().st_mode & 0o777 == 0o600
    assert list(server.layout.backups.iterdir()) == [server.newest], "no scratch is left"
    secret = (server.layout.data / "secret").read_bytes().strip()
    assert secret not in server.newest.read_bytes()
    with pytest.raises(pyrage.DecryptError):
        decrypt(server.newest, str(pyrage.x25519.Identity.generate()), server.layout.root)


def test_the_boxs_own_key_opens_the_newest_backup_and_no_older_one(server: Server, tmp_path: Path) -> None:
    import pyrage

    assert server.run("backup").returncode == 0
    older = Path(shutil.copy(server.newest, tmp_path / "older.age"))
    assert server.run("backup").returncode == 0
    key = (server.layout.data / "drill-key").read_text().strip()
    decrypt(server.newest, key, tmp_path)
    with pytest.raises(pyrage.DecryptError):
        decrypt(older, key, tmp_path)


def test_without_a_key_no_backup_is_made(server: Server) -> None:
    done = server.run("backup", HOMTHU_BACKUP_KEY="")
    assert done.returncode == 1
    assert "new-key" in done.stderr
    assert not list(server.layout.backups.iterdir())


def test_the_drill_restores_the_very_file_and_counts_its_reports(server: Server) -> None:
    assert server.run("backup").returncode == 0
    done = server.run("drill")
    assert done.returncode == 0, done.stderr
    reports = json.loads((server.layout.data / "last-backup.json").read_text())["reports"]
    assert reports >= 2
    assert done.stdout == f"✓ khôi phục thử đạt, {reports}/{reports} báo cáo\n"
    assert "khôi phục thử đạt" in server.run("status").stdout
    assert list(server.layout.backups.iterdir()) == [server.newest], "no scratch is left"


@pytest.mark.parametrize("fault", ["changed", "gone", "no key", "counts", "secret"])
def test_a_drill_that_fails_says_why_and_is_remembered(server: Server, fault: str) -> None:
    assert server.run("backup").returncode == 0
    note = server.layout.data / "last-backup.json"
    secret = server.layout.data / "secret"
    kept = secret.read_bytes()
    if fault == "changed":
        server.newest.write_bytes(server.newest.read_bytes()[:-1] + b"\0")
    elif fault == "gone":
        server.newest.unlink()
    elif fault == "no key":
        (server.layout.data / "drill-key").unlink()
    elif fault == "counts":
        # Not of reports: that one is missing among these, the chain tells.
        note.write_text(note.read_text().replace('"submissions": ', '"submissions": 1'))
    else:
        secret.write_text("a" * 64)
    try:
        done = server.run("drill")
    finally:
        secret.write_bytes(kept)
    assert done.returncode == 1
    assert "không đạt" in done.stderr
    assert json.loads((server.layout.data / "last-drill.json").read_text())["is_well"] is False


def test_each_backup_is_copied_to_the_second_place_and_an_unmounted_one_is_told(
    server: Server, tmp_path: Path
) -> None:
    away = tmp_path / "away"
    away.mkdir()
    settings = {"HOMTHU_BACKUP_COPY": str(COMMANDS / "copy-to-folder"), "COPY_FOLDER": str(away)}
    done = server.run("backup", **settings)
    assert (done.returncode, list(away.iterdir())) == (1, [])
    assert "nơi thứ hai" in done.stderr
    (away / "noi-sao-luu").touch()
    assert server.run("backup", **settings).returncode == 0
    assert (away / server.newest.name).read_bytes() == server.newest.read_bytes()


def test_old_backups_go_and_the_last_one_stays_whatever_the_clock_says(server: Server) -> None:
    old = server.layout.backups / "hom-thu-2020-01-01.tar.age"
    old.touch()
    os.utime(old, (0, 0))
    assert server.run("backup").returncode == 0
    assert not old.exists()
    os.utime(server.newest, (0, 0))
    assert server.run("backup").returncode == 0
    assert server.newest.exists()


def test_a_backup_onto_a_full_disk_leaves_the_one_before_and_says_why(server: Server, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    # Room for two backups and what the second is made of.
    with small_disk(disk, "12m"):
        assert server.run("backup", HOMTHU_BACKUPS=str(disk)).returncode == 0
        before = {path: path.read_bytes() for path in disk.iterdir()}
        filler = fill(disk)
        done = server.run("backup", HOMTHU_BACKUPS=str(disk))
        assert done.returncode == 1
        assert "Traceback" not in done.stderr + done.stdout
        assert "✗" in done.stderr
        assert {path: path.read_bytes() for path in disk.iterdir() if path != filler} == before
        filler.unlink()
        assert server.run("backup", HOMTHU_BACKUPS=str(disk)).returncode == 0


def test_a_restore_onto_a_full_disk_says_so(server: Server, tmp_path: Path) -> None:
    assert server.run("backup").returncode == 0
    decrypt(server.newest, (server.layout.data / "drill-key").read_text().strip(), tmp_path)
    disk = tmp_path / "disk"
    disk.mkdir()
    with small_disk(disk, "300k"):
        done = shell.run("restore", tmp_path / "hom-thu.backup.gz", "--data", disk / "box")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "✗" in done.stderr


@pytest.mark.long
def test_two_backups_and_a_drill_at_once_take_turns(server: Server) -> None:
    """The key, the note and the file belong together whichever came last."""
    assert server.run("backup").returncode == 0
    root = server.set()
    with ThreadPoolExecutor(3) as pool:
        running = [pool.submit(shell.typed, "hom-thu", *root, name) for name in ("backup", "drill", "backup")]
        assert [one.result().returncode for one in running] == [0, 0, 0], [
            one.result().stderr for one in running
        ]
    assert server.run("drill").returncode == 0


@pytest.mark.long
def test_a_box_of_the_first_version_is_backed_up_and_drilled_once_it_was_served(tmp_path: Path) -> None:
    """The data that version 3 of the program wrote, as boxes in use have it."""
    server = Server.__new__(Server)
    server.layout, server.settings = Layout(tmp_path), {"HOMTHU_BACKUP_KEY": new_key()}
    for folder in (server.layout.settings, server.layout.data, server.layout.backups):
        folder.mkdir(parents=True)
    shutil.copytree(PROJECT / "functions/boxes", server.layout.boxes)
    old = server.layout.data / "hom-thu.db"
    old.write_bytes(gzip.decompress((PROJECT / "tests/data/version-3/hom-thu.db.gz").read_bytes()))
    refused = server.run("backup")
    assert refused.returncode == 1
    assert "older_schema" in refused.stderr, "what only reads brings nothing on"
    with held(server.layout.data) as box:
        wait_for(f"http://127.0.0.1:{box.port}/g/nq-mc")
    assert server.run("backup").returncode == 0
    done = server.run("drill")
    assert done.returncode == 0, done.stderr
    assert re.search(r"khôi phục thử đạt, ([1-9]\d*)/\1 báo cáo", done.stdout)


def new_key() -> str:
    import pyrage

    return str(pyrage.x25519.Identity.generate().to_public())
