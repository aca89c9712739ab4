"""Take one protection away at a time, and show that a test turns red.

Each entry of tests/mutations/*.toml is an edit of a file (`old` becomes `new`) and the tests that must
fail after it. The edit is made in a temporary copy of the tree. The exit status is 1 if one is missed.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

import environment

LISTS = environment.ROOT / "tests" / "mutations"
#: Removals tried side by side, each in a copy of its own.
AT_ONCE = os.cpu_count() or 1
COPIED = ("functions", "infra", "scripts", "tests", "web", "README.md", "requirements.txt", ".pytest.ini")
#: The least that the tests of one removal may take; on a slow machine, what all took together before it.
LIMIT_SECONDS = 240
#: pytest's status when tests ran and some failed; any other says that they could not run at all.
TESTS_FAILED = 1


@dataclass(frozen=True, kw_only=True)
class Sabotage:
    """One removal: what it takes away, where, and the tests that must notice."""

    name: str
    file: str
    old: str
    new: str
    tests: list[str]


def read(folder: Path = LISTS) -> list[Sabotage]:
    """Every entry of every list."""
    return [
        Sabotage(**entry)
        for path in sorted(folder.glob("*.toml"))
        for entry in tomllib.loads(path.read_text("utf-8"))["sabotage"]
    ]


def copied(place: Path) -> Path:
    """A copy of the tree that may be modified."""
    # Named like ours, since the environment notes under its name what is installed.
    tree = place / environment.ROOT.name
    tree.mkdir(parents=True)
    (tree / ".venv").symlink_to(environment.VENV)
    for name in COPIED:
        source = environment.ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy2
        copy(source, tree / name)
    return tree


def run(tests: Iterable[str], tree: Path, seconds: float | None = None) -> "subprocess.CompletedProcess[str]":
    """Run these tests in the copy, until the first that fails, or for so long."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
    command += ["-m", "not long and not alone", "--hypothesis-profile=whole"]
    return subprocess.run(
        [*command, *tests],
        cwd=tree,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


def is_caught(sabotage: Sabotage, tree: Path, seconds: float) -> str:
    """Empty if a test turned red; else why it counts as missed."""
    path = tree / sabotage.file
    whole = path.read_text("utf-8")
    if whole.count(sabotage.old) != 1:
        return f"`old` stands {whole.count(sabotage.old)} times in {sabotage.file}"
    path.write_text(whole.replace(sabotage.old, sabotage.new), "utf-8")
    try:
        done = run(sabotage.tests, tree, seconds)
    except subprocess.TimeoutExpired:
        return f"no test was red within {seconds:.0f} s"
    finally:
        path.write_text(whole, "utf-8")
    if done.returncode == TESTS_FAILED:
        return ""
    return (
        "every test stayed green" if done.returncode == 0 else f"pytest could not run: {done.stdout[-300:]}"
    )


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--only", default="", metavar="TEXT", help="only those whose name holds this text")
    arguments = parser.parse_args()
    chosen = [one for one in read() if arguments.only in one.name]
    if not chosen:
        parser.error(f"{arguments.only}: no removal has this in its name")
    missed = 0
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(AT_ONCE) as pool:
        trees: Queue[Path] = Queue()
        for number in range(AT_ONCE):
            trees.put(copied(Path(folder, str(number))))

        def attempt(sabotage: Sabotage) -> tuple[Sabotage, str]:
            tree = trees.get()
            try:
                return sabotage, is_caught(sabotage, tree, limit)
            finally:
                trees.put(tree)

        # A test that is red without a sabotage would seem to catch it.
        print("→ all tests concerned, with nothing taken away (some minutes)", flush=True)
        begun = time.monotonic()
        before = run(sorted({test for one in chosen for test in one.tests}), trees.queue[0])
        limit = max(LIMIT_SECONDS, time.monotonic() - begun)
        if before.returncode:
            sys.exit(f"the tests are red before anything is taken away:\n{before.stdout[-1000:]}")
        for sabotage, why in pool.map(attempt, chosen):
            missed += bool(why)
            print(f"{'MISSED' if why else 'caught'}  {sabotage.name}{': ' + why if why else ''}", flush=True)
    print(f"{len(chosen) - missed} of {len(chosen)} caught")
    sys.exit(1 if missed else 0)
