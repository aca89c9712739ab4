"""Runs other programs: quietly for their output, or visibly so that a person can follow."""

import subprocess
from collections.abc import Mapping

from deploying.failures import ToolFailed

#: How much of a program's output is kept to explain a failure.
_LAST_LINES = 60


def answer(command: list[str], environ: Mapping[str, str], *, given: bytes | None = None) -> str:
    """The output of the program. Raise `ToolFailed`."""
    done = subprocess.run(command, env=dict(environ), input=given, capture_output=True, check=False)
    if done.returncode:
        raise ToolFailed(command, done.stderr.decode(errors="replace"))
    return done.stdout.decode().strip()


def aloud(command: list[str], environ: Mapping[str, str], *, right: tuple[int, ...] = (0,)) -> int:
    """Run it, show every line, indented, and return the exit status. Raise `ToolFailed` for a wrong one."""
    lines: list[str] = []
    with subprocess.Popen(
        command,
        env=dict(environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(f"      {line}", end="", flush=True)
            lines = [*lines[-_LAST_LINES:], line]
    if process.returncode not in right:
        raise ToolFailed(command, "".join(lines))
    return process.returncode
