"""Runs a command of the office's own: one that rings somebody, one that copies a backup away.

It gets what it is about as its argument, and none of our settings: one of them holds a password.
"""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

_RING_SECONDS = 60.0


def ring(command: Path, line: str, text: str) -> str:
    """Ring somebody: one line as the argument, all of it on standard input. Give "" or why it failed."""
    return run(command, [line], text=text, seconds=_RING_SECONDS)


def run(command: Path, arguments: Sequence[str], *, text: str = "", seconds: float) -> str:
    """Run it for at most so many seconds; give "" or a short code of why it failed."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("HOMTHU_")}
    try:
        done = subprocess.run(
            [os.fspath(command), *arguments],
            input=text.encode(),
            env=environ,
            timeout=seconds,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "timeout"
    except OSError as error:
        return type(error).__name__
    return f"exit_{done.returncode}" if done.returncode else ""
