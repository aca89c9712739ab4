"""A maintainer's machine from which scripts/deploy runs: copied, with the tools and what they remember."""

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

from canaries import HEADERS, Watch
from infra.roots import PROJECT
from ports import free_port

ID = "gop-y-thu-nghiem"
STATE = f"{ID}-homthu-state"
SECRET = "5e" * 32
#: For a box that keeps its submissions elsewhere than in Firestore, where the trial would look for its own.
QUICK = ("--yes", "--without-trial", "--look-at")
DEPLOYMENT = """sender = "bao-cao@gopy.example.vn"
alert_email = "van-hanh@gopy.example.vn"
[mail]
way = "smtp"
"""


class Laptop:
    """A maintainer's machine: a copy of the project, the tools, and what they remember."""

    def __init__(self, folder: Path, environ: dict[str, str]) -> None:
        self.project = folder / "project"
        self.memory = folder / "memory"
        self.memory.mkdir()
        for name in ("functions", "infra", "scripts", "web"):
            # With what Python compiled of the same files here: no deploy has to begin with that.
            shutil.copytree(PROJECT / name, self.project / name, ignore=shutil.ignore_patterns(".terraform"))
        shutil.copy(PROJECT / "requirements.txt", self.project)
        # The installed environment, which a first run would spend minutes on.
        (self.project / ".venv").symlink_to(PROJECT / ".venv")
        self.describe(DEPLOYMENT)
        bin = folder / "bin"
        bin.mkdir()
        _install_gcloud(bin / "gcloud")
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("HOMTHU_")},
            **environ,
            "PATH": f"{bin}:{os.environ['PATH']}",
            "STUB_FOLDER": str(self.memory),
            "TF_CLI_CONFIG_FILE": os.devnull,
            "HOMTHU_MAIL": "smtp+starttls://u:mat-khau-that@mail.example.vn:587",
        }

    def describe(self, text: str) -> None:
        (self.project / "infra" / "deployments" / f"{ID}.toml").write_text(text)

    def deploy(self, *arguments: str, answer: str = "", **environ: str) -> "subprocess.CompletedProcess[str]":
        command = [str(self.project / ".venv" / "bin" / "python"), str(self.project / "scripts" / "deploy")]
        return subprocess.run(
            [*command, "--project", ID, *arguments],
            env={**self.environ, **environ},
            input=answer,
            capture_output=True,
            text=True,
            timeout=300,
        )

    @property
    def log(self) -> str:
        path = self.memory / "gcloud.log"
        return path.read_text() if path.exists() else ""


def _install_gcloud(path: Path) -> None:
    """The stub, begun by this Python itself and without its packages: a deploy calls it dozens of times."""
    _, _, body = (Path(__file__).parent / "bin" / "gcloud").read_text("utf-8").partition("\n")
    path.write_text(f"#!{sys.executable} -SE\n{body}", "utf-8")
    path.chmod(0o755)


@contextlib.contextmanager
def serving(data: Path, **environ: str) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, str(PROJECT / "scripts" / "serve"), "--examples"]
    command += [f"--port={port}", f"--data={data}"]
    clean = {k: v for k, v in os.environ.items() if not k.startswith("HOMTHU_")}
    log = data.with_name(f"{data.name}.log")
    with log.open("wb") as sink:
        server = subprocess.Popen(command, stdout=sink, stderr=sink, env={**clean, **environ})
    try:
        wait_for(f"http://127.0.0.1:{port}/")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)
    Watch().assert_nothing_leaked(log, data)


def wait_for(url: str) -> str:
    """What stands at an address as soon as it answers."""
    for _ in range(300):
        try:
            with urlopen(Request(url, headers=HEADERS), timeout=5) as answer:
                text: str = answer.read().decode()
                return text
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")
