"""Our commands, run as a person types them, without a setting of this machine."""

import os
import subprocess
import sys
from pathlib import Path

SCRIPTS = Path(__file__).parents[2] / "scripts"


def run(script: str, *arguments: str | Path, **environ: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOMTHU_")}
    return subprocess.run(
        [sys.executable, str(SCRIPTS / script), *map(str, arguments)],
        env={**kept, **environ},
        capture_output=True,
        text=True,
    )


def succeed(script: str, *arguments: str | Path, **environ: str) -> str:
    done = run(script, *arguments, **environ)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
