"""Asks an advisory service for known vulnerabilities of packages, through pip-audit."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: Answers in the format of OSV (https://ossf.github.io/osv-schema/).
OSV = "https://api.osv.dev/v1/query"
#: Known against it since 2019 (CVE-2019-10906): a service that does not say so knows nothing.
CANARY = "jinja2==2.10"


@dataclass(frozen=True, kw_only=True)
class Hole:
    """A known vulnerability of one version of a package; `mended_in` is empty if no version fixes it."""

    package: str
    version: str
    id: str
    aliases: tuple[str, ...]
    mended_in: tuple[str, ...]


class Blind(Exception):
    """The service was not asked about everything, or did not answer; its message says why."""


def sees_the_canary(service: str) -> bool:
    """Whether the service knows of a vulnerability that everybody knows of. Raise `Blind`."""
    with tempfile.TemporaryDirectory() as folder:
        canary = Path(folder, "canary.txt")
        canary.write_text(CANARY + "\n")
        return any(f"{hole.package}=={hole.version}" == CANARY for hole in holes_in([canary], 1, service))


def holes_in(locks: Sequence[Path], expected: int, service: str) -> list[Hole]:
    """Every known vulnerability of the packages in these locks, `expected` in number. Raise `Blind`."""
    answers = _ask(locks, service)
    audited = [one for one in answers if "vulns" in one and "skip_reason" not in one]
    if len(audited) != expected or len(answers) != expected:
        raise Blind(f"{len(audited)} of {expected} packages were audited")
    return [hole for one in audited for hole in _holes(one)]


def _ask(locks: Sequence[Path], service: str) -> list[dict[str, Any]]:
    """The answers of pip-audit, one per package. Its exit status does not distinguish findings from errors; a
    file does.
    """
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "answers.json")
        command = [
            *(sys.executable, "-m", "pip_audit", "--strict", "--vulnerability-service", "osv"),
            *("--osv-url", service, "--no-deps", "--disable-pip", "--progress-spinner", "off"),
            *("--aliases", "on", "--desc", "off", "--format", "json", "--output", str(out)),
            *(f"--requirement={lock}" for lock in locks),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if not out.exists():
            raise Blind(done.stderr.strip().rpartition("\n")[2] or f"pip-audit ended with {done.returncode}")
        answers: list[dict[str, Any]] = json.loads(out.read_text("utf-8"))["dependencies"]
        return answers


def _holes(answer: dict[str, Any]) -> Iterator[Hole]:
    for one in answer["vulns"]:
        yield Hole(
            package=answer["name"],
            version=answer["version"],
            id=one["id"],
            aliases=tuple(sorted(one["aliases"])),
            mended_in=tuple(one["fix_versions"]),
        )
