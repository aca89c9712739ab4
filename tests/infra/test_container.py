"""The way of containers, as far as a machine without a daemon and a registry goes.

buildah builds the image on a base made from Debian's packages, and podman runs it.
"""

import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from infra.roots import INFRA, PROJECT
from machine import lacks, require
from own_server.jobs import JOBS

FOLDER = INFRA / "container"
HELD = ["--read-only", "--cap-drop=all", "--security-opt=no-new-privileges", "--network=none"]
#: What this machine's kernel lets nobody raise, and what a machine without systemd cannot time.
HERE = ["--runtime=runc", "--no-healthcheck", "--ulimit=nofile=1024:1024", "--ulimit=nproc=1000:1000"]


def test_compose_holds_the_box_as_tightly_as_the_units_do() -> None:
    compose = yaml.safe_load((FOLDER / "compose.yaml").read_text("utf-8"))
    for name in ("box", "jobs"):
        service = compose["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["user"] == "10001:10001"
        assert "ports" not in service, "only the proxy is reached from outside"
        assert "./boxes:/etc/hom-thu/boxes:ro" in service["volumes"]
    assert compose["services"]["proxy"]["ports"] == ["80:80", "443:443", "443:443/udp"]


def test_the_jobs_of_a_container_are_due_when_systemds_timers_are() -> None:
    """`30 2 * * *` and `*-*-* 02:30:00`, `0 4 * * 0` and `Sun …`, `40 9 * * 1` and `Mon …`."""
    days = {"*": "", "0": "Sun ", "1": "Mon "}
    for job in JOBS:
        minute, hour, _, _, day = job.cron.split()
        timer = (INFRA / f"own-server/hom-thu-{job.name}.timer").read_text("utf-8")
        when = f"OnCalendar={days[day]}*-*-* {int(hour):02}:{int(minute):02}:00 Asia/Ho_Chi_Minh"
        assert when in timer.splitlines()


@dataclass
class Builder:
    """buildah and podman with a store of their own."""

    folder: Path

    def run(self, program: str, *arguments: str, seconds: int = 400) -> "subprocess.CompletedProcess[str]":
        where = ["--storage-driver=vfs", f"--root={self.folder}/store", f"--runroot={self.folder}/run"]
        if program == "podman":
            where.append("--cgroup-manager=cgroupfs")
        command = [program, *where, *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)

    def succeed(self, program: str, *arguments: str) -> str:
        done = self.run(program, *arguments)
        assert done.returncode == 0, (arguments, done.stdout[-3000:], done.stderr[-3000:])
        return done.stdout.strip()

    def build(self) -> str:
        """Build the image of this work tree; its digest."""
        offline = ["--build-arg=PIP_NO_INDEX=1", "--build-arg=PIP_FIND_LINKS=/packages"]
        given = ["--build-arg=BASE=localhost/base", "--build-arg=VERSION=v1", *offline]
        how = ["--isolation=chroot", "--timestamp=0", "--format=docker", "--no-cache", "--quiet"]
        packages = f"--volume={self.folder}/packages:/packages:ro"
        return self.succeed(
            "buildah",
            "bud",
            *how,
            *given,
            packages,
            "-f",
            str(FOLDER / "Dockerfile"),
            "-t",
            "hom-thu",
            str(PROJECT),
        ).splitlines()[-1]


@pytest.fixture(scope="module")
def builder() -> Iterator[Builder]:
    for program in ("mmdebstrap", "buildah", "podman", "runc"):
        require(program)
    # A path of podman's own must not be longer than 50 characters, which pytest's is in several processes.
    folder = Path(tempfile.mkdtemp(prefix="hom-thu-"))
    builder = Builder(folder)
    base = builder.folder / "base.tar"
    made = subprocess.run(
        ["mmdebstrap", "--variant=minbase", "--include=python3,python3-venv", "bookworm", str(base)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        lacks("mmdebstrap", f"no base could be made: {made.stderr[-300:]}")
    builder.succeed("podman", "import", str(base), "localhost/base")
    for lock in ("requirements.txt", "scripts/own_server/requirements.txt"):
        download = ["/usr/bin/python3", "-m", "pip", "download", "-q", "--require-hashes", "--no-deps"]
        only = ["--only-binary", ":all:", "-d", str(builder.folder / "packages"), "-r", str(PROJECT / lock)]
        subprocess.run([*download, *only], check=True, capture_output=True)
    yield builder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def digest(builder: Builder) -> str:
    return builder.build()


@pytest.fixture(scope="module")
def box(builder: Builder, digest: str) -> Iterator[str]:
    """A container of it that runs, held as compose holds it."""
    for name in ("data", "backups"):
        (builder.folder / name).mkdir()
        subprocess.run(["chown", "10001:10001", str(builder.folder / name)], check=True)
    made = builder.succeed(
        "podman", "run", "--rm", *HERE, *HELD, digest, "/opt/hom-thu/scripts/hom-thu", "new-key"
    )
    settings = {
        "HOMTHU_BOXES": "/opt/hom-thu/functions/boxes",
        "HOMTHU_BASE_URL": "https://gopy.example.org",
        "HOMTHU_BACKUP_KEY": made.rpartition("=")[2],
    }
    given = [f"--env={name}={value}" for name, value in settings.items()]
    given += [f"--volume={builder.folder}/data:/var/lib/hom-thu"]
    given += [f"--volume={builder.folder}/backups:/var/backups/hom-thu", "--tmpfs=/tmp"]
    builder.succeed("podman", "run", "--detach", "--name=box", *HERE, *HELD, *given, digest)
    for _ in range(120):
        if builder.run("podman", "exec", "box", *HOM_THU, "answers").returncode == 0:
            break
        time.sleep(0.5)
    yield "box"
    builder.run("podman", "rm", "--force", "box")


HOM_THU = ("/opt/hom-thu/.venv/bin/python", "/opt/hom-thu/scripts/hom-thu")


@pytest.mark.long
def test_the_image_is_the_same_when_it_is_built_again(builder: Builder, digest: str) -> None:
    """Its layers: an image's own digest in Docker's format also tells which container it came from."""
    layers = [
        json.loads(builder.succeed("podman", "image", "inspect", one))[0]["RootFS"]["Layers"]
        for one in (digest, builder.build())
    ]
    assert layers[0] == layers[1]


@pytest.mark.long
def test_it_runs_as_nobody_and_writes_nowhere_but_where_it_keeps_things(builder: Builder, box: str) -> None:
    tries = "import os,sys; print(os.getuid()); open(sys.argv[1], 'w')"
    for place in ("/opt/hom-thu/x", "/etc/x", "/x"):
        done = builder.run("podman", "exec", box, HOM_THU[0], "-c", tries, place)
        assert done.stdout.strip() == "10001"
        assert "Read-only file system" in done.stderr, place
    assert builder.run("podman", "exec", box, HOM_THU[0], "-c", tries, "/var/lib/hom-thu/x").returncode == 0


@pytest.mark.long
def test_the_health_check_of_the_image_knows_a_box_that_answers(
    builder: Builder, box: str, digest: str
) -> None:
    image = json.loads(builder.succeed("podman", "image", "inspect", digest))[0]
    check = image["Healthcheck"]["Test"]
    assert check == ["CMD", *HOM_THU, "answers"]
    assert builder.run("podman", "exec", box, *check[1:]).returncode == 0
    alone = builder.run("podman", "run", "--rm", *HERE, *HELD, digest, HOM_THU[1], "answers")
    assert alone.returncode == 1


@pytest.mark.long
def test_status_backup_and_drill_do_their_work_in_it(builder: Builder, box: str) -> None:
    builder.succeed("podman", "exec", box, *HOM_THU, "backup")
    assert "khôi phục thử đạt" in builder.succeed("podman", "exec", box, *HOM_THU, "drill")
    assert "version v1" in builder.run("podman", "exec", box, *HOM_THU, "status").stdout
    assert len(list((builder.folder / "backups").glob("*.age"))) == 1
