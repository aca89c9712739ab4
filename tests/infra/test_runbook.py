"""infra/OPERATE.md, «At eleven at night»: every command in it is one that works."""

import json
import re
import shlex
import subprocess

import pytest
from infra.laptop import DEPLOYMENT, ID, QUICK, Laptop
from infra.roots import PROJECT
from infra.test_emergency import is_locked, lock

pytestmark = [pytest.mark.terraform, pytest.mark.long]
PAGE = (PROJECT / "infra" / "OPERATE.md").read_text("utf-8")
RUNBOOK = PAGE[PAGE.index("## At eleven at night") : PAGE.index("## What tells you")]
#: What stands by itself in a line, and the one command in a sentence that is run as it stands.
COMMANDS = [
    *re.findall(r"^ {7}(\S.*)$", RUNBOOK, re.M),
    *re.findall(r"`(scripts/deploy [^`]*--drift)`", RUNBOOK),
]


def run(laptop: Laptop, command: str, *more: str) -> "subprocess.CompletedProcess[str]":
    """A command of the page, on the maintainer's machine."""
    program, *words = shlex.split(command.replace(" ID", f" {ID}"))
    if program == "scripts/deploy":
        assert words[:2] == ["--project", ID], command
        return laptop.deploy(*words[2:], *more)
    return subprocess.run([program, *words], env=laptop.environ, capture_output=True, text=True)


def found(part: str) -> str:
    (command,) = (one for one in COMMANDS if part in one)
    return command


def test_every_command_at_eleven_at_night_works_in_its_order(laptop: Laptop, box: str, storage: str) -> None:
    assert laptop.deploy(*QUICK, box).returncode == 0
    (laptop.project / "web" / "assets" / "new.svg").write_text("<svg/>")
    assert laptop.deploy(*QUICK, box).returncode == 0
    look = ("--without-trial", "--look-at", box)
    left = set(COMMANDS)

    def works(part: str, *more: str) -> str:
        command = found(part)
        left.discard(command)
        done = run(laptop, command, *more)
        assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}{done.stderr}"
        return done.stdout

    assert "no drift" in works("--drift")
    assert "serving" in works("--rollback", *look)
    works("logs read homthu-submit")
    works("logs read homthu-report")
    works("jobs run homthu-report")
    number = lock(storage)
    command = found("force-unlock")
    left.discard(command)
    freed = run(laptop, command.replace("NUMBER", number))
    assert freed.returncode == 0, freed.stdout[-2000:] + freed.stderr
    assert not is_locked(storage)
    laptop.describe('mode = "paused"\n' + DEPLOYMENT)
    works("--without-trial", "--look-at", box)
    variables = json.loads((laptop.project / ".deploy" / ID / "variables.tfvars.json").read_text())
    assert variables["mode"] == "paused"
    assert left == set(), "a command of the page was not run"
