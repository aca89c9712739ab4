"""Runs a command of the office's own: one that alerts somebody, or one that copies a backup away.

It gets its subject as an argument, and none of our settings: one of them holds a password.
"""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

_RING_SECONDS = 60.0


def ring(command: Path, line: str, text: str) -> str:
    """Alert somebody: one line as the argument, the whole text on standard input. Return
    "" or why it failed.
    """
    return run(command, [line], text=text, seconds=_RING_SECONDS)


def run(command: Path, arguments: Sequence[str], *, text: str = "", seconds: float) -> str:
    """Run it for at most this many seconds; return "" or a short code of why it failed."""
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
