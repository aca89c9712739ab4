"""Write every requirements.txt anew, with the hash of every file."""

import argparse
import subprocess
import sys
from pathlib import Path

import environment

SOURCES = {
    "functions/requirements.in": "requirements.txt",
    "tests/requirements.in": "tests/requirements.txt",
    # Last, because they keep to the versions of the two above.
    "scripts/posters/requirements.in": "scripts/posters/requirements.txt",
    "scripts/own_server/requirements.in": "scripts/own_server/requirements.txt",
    "scripts/setting_up/requirements.in": "scripts/setting_up/requirements.txt",
}
#: Of whose packages nothing is installed but themselves.
ALONE = {"scripts/setting_up/requirements.in"}
HEADER = "# Made by scripts/lock from {source}: change that file, then run the script.\n"


def lock(source: str, target: str, *, upgrade: bool) -> None:
    """Resolve one source for the oldest Python we support, so that every later one installs it too."""
    command = [
        str(Path(sys.executable).with_name("uv")),
        *("pip", "compile", source, "--output-file", target),
        *("--generate-hashes", "--no-annotate", "--no-header", "--quiet"),
        *("--python-version", "3.11", "--python-platform", "x86_64-unknown-linux-gnu"),
        *(["--upgrade"] if upgrade else []),
        *(["--no-deps"] if source in ALONE else []),
    ]
    subprocess.run(command, check=True, cwd=environment.ROOT)
    path = environment.ROOT / target
    path.write_text(HEADER.format(source=source) + path.read_text())
    print(f"{target}: {sum('==' in line for line in path.read_text().splitlines())} packages")


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--upgrade", action="store_true", help="take newer versions where there are any")
    arguments = parser.parse_args()
    for source, target in SOURCES.items():
        lock(source, target, upgrade=arguments.upgrade)
