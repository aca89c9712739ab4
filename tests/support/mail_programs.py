"""Postfix, Exim and Dovecot as Debian ships them, unpacked into a folder of the tests' own.

As packages they exclude each other and would start services; so nothing is installed. apt says which
packages they need beside what this machine has, downloads them, and they are run from where they lie.
"""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

#: Outside of what is committed; what was downloaded once is there for the next run.
FOLDER = Path(__file__).parents[2] / ".mail-programs"
ROOT = FOLDER / "root"
#: Each is asked for by itself, since together they conflict. The last gives Exim the account it looks for.
_PACKAGES = ("postfix", "exim4-daemon-light", "dovecot-core", "libnss-wrapper")
_LIBRARIES = (
    *("usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu", "usr/lib/postfix"),
    *("usr/lib/dovecot", "usr/lib/dovecot/modules", "usr/lib/dovecot/modules/old-stats"),
)
_SECONDS = 300


@cache
def missing() -> str:
    """Why they cannot be run here, as a sentence; empty once they lie in their folder."""
    if os.geteuid() != 0:
        return (
            "Postfix, Exim and Dovecot give up root's rights by themselves, and so must be begun with them."
        )
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        return "Postfix, Exim and Dovecot are taken from Debian's packages; there is no apt-get here."
    try:
        _fetch()
    except subprocess.SubprocessError as error:
        said = getattr(error, "stderr", b"") or b""
        return f"Postfix, Exim and Dovecot could not be downloaded: {said.decode()[-200:] or error}"
    return ""


def environment() -> dict[str, str]:
    """What a program from the folder needs to find its libraries."""
    return {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "LD_LIBRARY_PATH": ":".join(str(ROOT / folder) for folder in _LIBRARIES),
    }


def _fetch() -> None:
    whole = FOLDER / "whole"
    if whole.exists():
        return
    archives = FOLDER / "archives"
    (archives / "partial").mkdir(parents=True, exist_ok=True)
    for package in _PACKAGES:
        try:
            _download(package, archives)
        except subprocess.CalledProcessError:
            # Images of containers often come without apt's lists: these are our own, too.
            _apt("update", *_own_lists())
            _download(package, archives, *_own_lists())
    for archive in sorted(archives.glob("*.deb")):
        _run(["dpkg", "-x", str(archive), str(ROOT)])
    whole.touch()


def _download(package: str, archives: Path, *options: str) -> None:
    here = ("-o", f"Dir::Cache::archives={archives}", "-o", "Debug::NoLocking=1", *options)
    _apt("install", "--download-only", "--no-install-recommends", "-y", *here, package)


def _own_lists() -> tuple[str, ...]:
    lists = FOLDER / "lists"
    (lists / "partial").mkdir(parents=True, exist_ok=True)
    return ("-o", f"Dir::State::lists={lists}", "-o", f"Dir::Cache={FOLDER / 'cache'}")


def _apt(*words: str) -> None:
    _run(["apt-get", "-qq", *words])


def _run(command: list[str]) -> None:
    subprocess.run(
        command,
        check=True,
        capture_output=True,
        timeout=_SECONDS,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    )
