"""Run the tests, side by side in several processes; anything after the options goes to pytest.

  scripts/test          what every change must pass
  scripts/test --all    everything, each test once: the same with what takes minutes among it, and
                        then, one at a time, what must have the machine to itself
  scripts/test tests/unit/domain/test_week.py -x

The first run installs the test tools into .venv. What cannot be run on this machine (the Firestore
emulator without Java, the pages without Chromium) is named at the end, and fails when CI=true.
"""

import argparse
import os
import subprocess
import sys

import environment

#: With these a test talks to whoever is at the keyboard, which it cannot from a process of several.
ONE_PROCESS = {"-s", "--capture=no", "--pdb", "--trace"}
#: pytest's status when the tests chosen were none.
NONE_FOUND = 5


def side_by_side(rest: list[str]) -> list[str]:
    """The options that spread the tests over two processes more than there are cores: many only wait."""
    if ONE_PROCESS & set(rest) or any(word.startswith("-n") for word in rest):
        return []
    return ["-n", str((os.cpu_count() or 1) + 2), "--dist", "worksteal"]


def environ() -> dict[str, str]:
    """The settings of this shell, but with bytecode kept.

    Some shells and images forbid it; then each of the hundreds of commands and boxes that the tests start
    would compile all of ours anew, which is most of what such a start costs.
    """
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def main() -> None:
    """Run pytest, twice with --all; the exit status is pytest's, the first that is not 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--all", action="store_true", help="also run what takes minutes")
    arguments, rest = parser.parse_known_args()
    os.chdir(environment.ROOT)
    passes = [["-m", "not long and not alone", *side_by_side(rest)]]
    if arguments.all:
        whole = "--hypothesis-profile=whole"
        passes = [["-m", "not alone", whole, *side_by_side(rest)], ["-m", "alone", whole]]
    statuses = [
        subprocess.run(
            [sys.executable, "-m", "pytest", *options, *rest], env=environ(), check=False
        ).returncode
        for options in passes
    ]
    found = [status for status in statuses if status != NONE_FOUND]
    sys.exit(next((status for status in found if status), 0) if found else NONE_FOUND)
