"""Check style, types, shell and Terraform; say what could not be checked."""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

import environment

BIN = Path(sys.executable).parent
PYTHON_FOLDERS = ("functions", "scripts", "tests")


def shell_scripts() -> list[str]:
    """Every committed file that a shell runs."""
    listed = subprocess.run(
        ["git", "ls-files", ".ci", "scripts", "infra"], capture_output=True, text=True, check=True
    ).stdout.split()
    return [
        path for path in listed if Path(path).read_bytes().startswith((b"#!/bin/sh", b"#!/usr/bin/env bash"))
    ]


def steps(*, fix: bool) -> list[tuple[str, list[str]]]:
    """What is run, by name."""
    typed = [str(path) for room in ("scripts", "tests/support") for path in sorted(Path(room).rglob("*.py"))]
    found = [
        ("ruff", [str(BIN / "ruff"), "check", *(["--fix"] if fix else []), *PYTHON_FOLDERS]),
        ("ruff format", [str(BIN / "ruff"), "format", *([] if fix else ["--check"]), *PYTHON_FOLDERS]),
        ("mypy", [str(BIN / "mypy"), "functions/main.py", "functions/homthu", *typed]),
    ]
    if shells := shell_scripts():
        found.append(("shellcheck", [str(BIN / "shellcheck"), *shells]))
    if workflows := sorted(str(path) for path in Path(".github", "workflows").glob("*.yml")):
        # Neither asks anybody: GitHub's schema comes with the one, and the other is told to stay offline.
        schema = ["--builtin-schema", "vendor.github-workflows"]
        found.append(("workflows", [str(BIN / "check-jsonschema"), *schema, *workflows]))
        found.append(("zizmor", [str(BIN / "zizmor"), "--offline", "--no-progress", "--quiet", *workflows]))
    if list(Path("infra").glob("*.tf")):
        found.append(("terraform fmt", ["terraform", "fmt", "-check", "-recursive", "infra"]))
    return found


def main() -> None:
    """Run every step, even after one failed; the exit status is 0 when all passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fix", action="store_true", help="mend what can be mended")
    arguments = parser.parse_args()
    os.chdir(environment.ROOT)
    failed = []
    for name, command in steps(fix=arguments.fix):
        if command[0] in os.environ.get("CI_WITHOUT", "").split():
            print(f"→ {name}: NOT CHECKED, {command[0]} is not installed")
            continue
        if shutil.which(command[0]) is None:
            print(f"✗ {name}: {command[0]} is not installed")
            failed.append(name)
            continue
        print(f"→ {name}", flush=True)
        if subprocess.run(command, check=False).returncode:
            failed.append(name)
    if failed:
        sys.exit("lint: " + ", ".join(failed))
    print("lint: ok")
