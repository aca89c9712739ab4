"""The install on a whole machine with systemd of its own: from nothing to served, updated, and back again."""

import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from citizen_side import ANSWERS
from infra.roots import PROJECT
from machine import lacks, require
from whole_machine import Machine, booted

pytestmark = [pytest.mark.long]
#: Where what is brought to the machine lies in it.
BROUGHT = "/srv/brought"
PACKAGES = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": f"{BROUGHT}/packages"}
FORM = {"place": "nq-mc", "questionnaire": "qcdc-v1", **ANSWERS}


@dataclass
class Server:
    """A machine on which the box is installed."""

    machine: Machine
    clone: Path
    key: str
    #: How many versions there were: each test makes its own, whatever ran before it.
    versions: int = 1

    def commit(self) -> str:
        """A new version in the repository that it was cloned from; its tag."""
        self.versions += 1
        name = f"v{self.versions}"
        git(self.clone, "commit", "-q", "--all", "--allow-empty", "-m", name)
        git(self.clone, "tag", name)
        return name

    def health(self) -> dict[str, str]:
        said = self.machine.run("curl", "-s", "-m", "20", "http://127.0.0.1:8080/suc-khoe").stdout
        return json.loads(said) if said else {}

    def hand_in(self, number: int) -> str:
        """Hand a form in; the status."""
        fields = {**FORM, "key": f"{number:032x}"}
        given = [word for name, value in fields.items() for word in ("--data-urlencode", f"{name}={value}")]
        done = self.machine.run(
            "curl",
            "-s",
            "-m",
            "20",
            "-o",
            "/dev/null",
            "-w",
            "%{http_code}",
            *given,
            "http://127.0.0.1:8080/gui",
        )
        return done.stdout

    def stored(self) -> int:
        self.machine.run("rm", "-f", "/var/lib/hom-thu/files/all.json")
        self.machine.succeed("hom-thu", "export", "--format", "json", "--out", "all.json")
        return len(json.loads(self.machine.succeed("cat", "/var/lib/hom-thu/files/all.json")))


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=t", "-c", "user.email=t@example.vn", "-c", "safe.directory=*"]
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)


def bring(root: Path) -> Path:
    """Put a repository, a ward's box file and the locked packages onto the machine."""
    brought = root / BROUGHT.removeprefix("/")
    clone = brought / "clone"
    listed = subprocess.run(
        ["git", "-C", str(PROJECT), "ls-files", "-co", "--exclude-standard", "-z"],
        capture_output=True,
        check=True,
    )
    for name in listed.stdout.decode().split("\0"):
        if name and (PROJECT / name).is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / name, clone / name)
    git(clone, "init", "-q", "-b", "main")
    git(clone, "add", "--all")
    git(clone, "commit", "-q", "-m", "one")
    git(clone, "tag", "v1")
    ward = (PROJECT / "functions/boxes/ngo-quyen.toml").read_text("utf-8")
    for old, new in {
        "example.org": "phuong-ngo-quyen.vn",
        "0204 000 0000": "0204 385 4321",
        "…/…/2024": "01/01/2024",
        'between_rounds = "close"': 'between_rounds = "accept"',
    }.items():
        ward = ward.replace(old, new)
    (brought / "boxes").mkdir()
    (brought / "boxes/ngo-quyen.toml").write_text(ward, "utf-8")
    for lock in ("requirements.txt", "scripts/own_server/requirements.txt"):
        download = ["/usr/bin/python3", "-m", "pip", "download", "-q", "--require-hashes", "--no-deps"]
        only = ["--only-binary", ":all:", "-d", str(brought / "packages"), "-r", str(PROJECT / lock)]
        subprocess.run([*download, *only], check=True, capture_output=True)
    return clone


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Installed as OPERATE.md says, its mail going into an outbox."""
    require("systemd-nspawn", "systemd-container")
    try:
        with booted(tmp_path_factory.mktemp("machine")) as machine:
            clone = bring(machine.root)
            installer = f"{BROUGHT}/clone/scripts/hom-thu"
            made = machine.succeed(installer, "new-key", environ=PACKAGES)
            key = re.search(r"age1\w+", made)
            secret = re.search(r"AGE-SECRET-KEY-\w+", made)
            assert key
            assert secret
            dry = machine.succeed(installer, "install", "--dry-run", environ=PACKAGES)
            assert "would: " in dry
            assert not (machine.root / "opt/hom-thu").exists()
            asked = machine.run(installer, "install", environ=PACKAGES)
            assert asked.returncode == 1
            assert "HOMTHU_BASE_URL: còn là ví dụ" in asked.stdout
            given = ["--base-url", "https://gopy.phuong-ngo-quyen.vn", "--sender", "gopy@phuong-ngo-quyen.vn"]
            given += ["--mail", "outbox:/var/lib/hom-thu/outbox", "--key", key[0], "--proxy", "none"]
            machine.succeed(installer, "install", *given, "--boxes", f"{BROUGHT}/boxes", environ=PACKAGES)
            # As an update does before anything else, as root: nothing that it leaves may be root's.
            machine.succeed("sh", "-c", "rm -rf /var/lib/hom-thu/files; hom-thu check-box")
            yield Server(machine, clone, secret[0])
    except subprocess.CalledProcessError as failed:
        if failed.cmd[0] != "mount":
            raise
        lacks("systemd-nspawn", "this machine lets nobody boot another within it")


def test_it_is_served_backed_up_and_a_second_install_finds_nothing_to_do(server: Server) -> None:
    assert server.health()["version"] == "v1"
    assert server.hand_in(1) == "303"
    again = server.machine.succeed("hom-thu", "install")
    assert "nothing had to be changed" in again
    assert "→" not in again
    assert len(list((server.machine.root / "var/backups/hom-thu").glob("*.age"))) == 1


def test_samples_are_not_served(server: Server) -> None:
    assert server.machine.run("curl", "-sf", "http://127.0.0.1:8080/g/bg-hcc").returncode == 22
    sample = server.machine.root / "etc/hom-thu/boxes/bac-giang.toml"
    shutil.copy(PROJECT / "functions/boxes/bac-giang.toml", sample)
    refused = server.machine.run("hom-thu", "install")
    sample.unlink()
    assert refused.returncode == 1
    assert "bac-giang.toml" in refused.stdout


def test_every_unit_does_its_work_within_its_walls(server: Server) -> None:
    machine = server.machine
    for name in ("backup", "drill", "look", "notes"):
        machine.succeed("systemctl", "start", f"hom-thu-{name}.service")
    log = machine.succeed("journalctl", "-u", "hom-thu-*", "--no-pager")
    assert "khôi phục thử đạt" in log
    mails = machine.succeed("sh", "-c", "cat /var/lib/hom-thu/outbox/*.eml")
    assert "Subject" in mails
    shown = machine.succeed("systemctl", "list-timers", "--no-pager", "--plain")
    assert shown.count("hom-thu-") == 8, "four timers, each with its unit"


def test_a_unit_that_fails_is_told(server: Server) -> None:
    machine = server.machine
    (machine.root / "var/lib/hom-thu/last-backup.json").rename(machine.root / "var/lib/hom-thu/aside.json")
    assert machine.run("systemctl", "start", "hom-thu-drill.service").returncode != 0
    for _ in range(60):
        log = machine.run("journalctl", "-u", "hom-thu-alarm@*", "--no-pager").stdout
        if "thư / mails: 1" in log:
            break
        time.sleep(0.5)
    (machine.root / "var/lib/hom-thu/aside.json").rename(machine.root / "var/lib/hom-thu/last-backup.json")
    assert "thư / mails: 1" in log


def test_what_the_operator_types_is_done_as_the_service_does_it(server: Server) -> None:
    machine = server.machine
    assert server.hand_in(2) == "303"
    told = machine.run("hom-thu", "status")
    assert f"bản / version {server.health()['version']}" in told.stdout
    assert re.search(r"last form: \d\d/\d\d/\d{4}\n", told.stdout)
    assert "the way out for mail is open" in machine.succeed("hom-thu", "report", "--rehearse")
    assert machine.succeed("hom-thu", "check-box").count("07207") == 1
    owners = machine.succeed("find", "/var/lib/hom-thu", "!", "-user", "hom-thu")
    assert owners == "", "root leaves nothing there that the service could not write"
    by_hand = machine.run(f"{BROUGHT}/clone/scripts/report", "--data", "/var/lib/hom-thu", environ=PACKAGES)
    assert by_hand.returncode == 1
    assert "hom-thu …" in by_hand.stderr
    assert machine.run("hom-thu", "report", "--data", "/tmp/x").returncode == 1
    assert machine.run("hom-thu", "seed-demo").returncode == 1


def test_a_restart_under_load_refuses_nobody(server: Server) -> None:
    before = server.stored()
    sending = [
        f"curl -s -m 30 -o /dev/null -w '%{{http_code}}\\n' --data-urlencode key={n:032x} "
        "http://127.0.0.1:8080/gui "
        + " ".join(f"--data-urlencode '{name}={value}'" for name, value in FORM.items())
        for n in range(100, 140)
    ]
    script = "(sleep 0.3; systemctl restart hom-thu) & " + "; sleep 0.1; ".join(sending) + "; wait"
    statuses = server.machine.succeed("sh", "-c", script).split()
    assert statuses == ["303"] * 40
    assert server.stored() == before + 40


def test_an_update_is_tried_on_a_copy_and_then_served(server: Server) -> None:
    stored, old = server.stored(), server.health()["version"]
    new = server.commit()
    assert server.machine.succeed("hom-thu", "update", "--dry-run").strip() == f"{old} → {new}"
    said = server.machine.succeed("hom-thu", "update", environ=PACKAGES)
    assert f"tried on a copy: {new}, nhận phiếu được" in said
    assert server.health()["version"] == new
    assert server.stored() == stored, "the trial's form was handed in to the copy"
    assert "served already" in server.machine.succeed("hom-thu", "update")


def test_a_version_that_fails_its_trial_changes_nothing(server: Server) -> None:
    serve = server.clone / "scripts/commands/serve.py"
    sound, old = serve.read_text("utf-8"), server.health()["version"]
    broken = sound.replace("def main() -> None:", 'def main() -> None:\n    sys.exit("does not run")')
    serve.write_text(broken, "utf-8")
    server.commit()
    failed = server.machine.run("hom-thu", "update", environ=PACKAGES)
    serve.write_text(sound, "utf-8")
    assert failed.returncode == 1
    assert "does not run" in failed.stderr
    assert server.health()["version"] == old
    assert server.hand_in(201) == "303"


def test_a_version_that_runs_on_the_copy_only_is_gone_back_from_with_every_form(server: Server) -> None:
    """It changes the database's form first, so that the old version could not open it any more."""
    serve = server.clone / "scripts/commands/serve.py"
    sound, stored, old = serve.read_text("utf-8"), server.stored(), server.health()["version"]
    bad = (
        'def main() -> None:\n    import sqlite3\n\n    if "/var/lib/hom-thu" in sys.argv:\n'
        '        sqlite3.connect("/var/lib/hom-thu/hom-thu.db").execute("PRAGMA user_version = 999")\n'
        '        sys.exit("only in earnest")'
    )
    serve.write_text(sound.replace("def main() -> None:", bad), "utf-8")
    server.commit()
    failed = server.machine.run("hom-thu", "update", environ=PACKAGES)
    serve.write_text(sound, "utf-8")
    assert failed.returncode == 1, failed.stdout
    assert f"went back to {old}" in failed.stderr
    assert server.health()["version"] == old
    assert server.stored() == stored
    assert server.hand_in(202) == "303"
    assert (server.machine.root / "var/lib/hom-thu/hom-thu.db.after-update").exists()


def test_a_new_machine_comes_back_from_the_backup_and_the_key(server: Server) -> None:
    """The lines of OPERATE.md, on this machine after it lost its database and its secrets."""
    require("age")
    machine, stored = server.machine, server.stored()
    machine.succeed("hom-thu", "backup")
    secret = machine.succeed("cat", "/var/lib/hom-thu/secret")
    machine.succeed("systemctl", "stop", "hom-thu.socket", "hom-thu.service")
    machine.succeed("sh", "-c", "rm -r /var/lib/hom-thu/hom-thu.db* /var/lib/hom-thu/secret*")
    script = f"""
        set -e; umask 077; mkdir /root/back; echo {server.key} >/root/key
        age --decrypt -i /root/key /var/backups/hom-thu/*.age | tar -x -C /root/back
        cd /root/back; data=/var/lib/hom-thu
        install -o hom-thu -m 0600 secrets/references $data/secret
        install -o hom-thu -m 0600 secrets/receipts $data/secret-receipts
        install -o hom-thu -m 0600 secrets/desk $data/secret-desk
        install -o hom-thu -m 0600 hom-thu.backup.gz $data/files/
        hom-thu restore hom-thu.backup.gz
        systemctl start hom-thu.socket hom-thu.service"""
    machine.succeed("sh", "-c", script)
    assert server.health()["store"] == "yes"
    assert server.stored() == stored
    assert machine.succeed("cat", "/var/lib/hom-thu/secret") == secret
