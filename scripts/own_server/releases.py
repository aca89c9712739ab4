"""Releases: each version of the program whole in a folder of its own, so that going back is one link."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from environment import SUPPORTED

from own_server.layout import Layout

_COMPLETE = ".complete"
_LOCKS = ("requirements.txt", "scripts/own_server/requirements.txt")
#: Where the system's own programs are, since the installing user may have others first.
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#: The version that is served, the one before, and one more.
_KEPT = 3


def git(*arguments: str, at: Path) -> str:
    """Run git; exit with its output if it fails. Another user may own the clone."""
    command = ["git", "-c", "safe.directory=*", "-C", os.fspath(at), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"✗ git {arguments[0]}: {done.stderr.strip()}")
    return done.stdout.strip()


def version_of(repository: Path, ref: str) -> str:
    """The name of a version: its tag, or the commit behind the last one."""
    return git("describe", "--tags", "--always", "--abbrev=12", f"{ref}^{{commit}}", at=repository)


def make_release(layout: Layout, repository: Path, ref: str) -> Path:
    """Build a version with its packages; a complete one is left alone. May raise `SystemExit`."""
    version = version_of(repository, ref)
    folder = layout.releases / version.replace("/", "-")
    if (folder / _COMPLETE).exists():
        return folder
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    # Whatever the umask: the service must be able to read everything.
    pack = ["git", "-c", "safe.directory=*", "-C", os.fspath(repository), "archive", f"{ref}^{{commit}}"]
    with subprocess.Popen(pack, stdout=subprocess.PIPE) as archive:
        unpack = ["tar", "-x", "--no-same-owner", "--mode=u+rwX,go+rX,go-w", "-C", os.fspath(folder)]
        done = subprocess.run(unpack, stdin=archive.stdout, check=False)
    if done.returncode or archive.returncode:
        sys.exit(f"✗ {folder}: không lấy được bản này / this version could not be laid out")
    (folder / "VERSION").write_text(f"{version}\n", "utf-8")
    _install_packages(layout, folder)
    (folder / _COMPLETE).touch()
    return folder


def served_release(layout: Layout) -> Path | None:
    """The release that is served."""
    return layout.current.resolve() if layout.current.is_symlink() else None


def name_of(release: Path) -> str:
    """The version as it names itself, which a folder's name may spell differently."""
    return (release / "VERSION").read_text("utf-8").strip()


def remove_old(layout: Layout) -> None:
    """Keep the newest few, and always the one that is served."""
    served = served_release(layout)
    folders = sorted(layout.releases.iterdir(), key=lambda one: one.stat().st_mtime, reverse=True)
    for folder in folders[_KEPT:]:
        if folder != served:
            shutil.rmtree(folder)


def _python() -> str:
    """A Python that the service can read: in nobody's home, whatever the installing user has first."""
    names = [*(f"python{major}.{minor}" for major, minor in reversed(SUPPORTED)), "python3"]
    found = [path for name in names if (path := shutil.which(name, path=_PATH))]
    if not found:
        sys.exit("✗ máy không có Python / no Python: apt install python3 python3-venv")
    return found[0]


def _install_packages(layout: Layout, folder: Path) -> None:
    """The locked packages; those of the release before, if it has the very same."""
    served = served_release(layout)
    if served and all((served / lock).read_bytes() == (folder / lock).read_bytes() for lock in _LOCKS):
        shutil.copytree(served / ".venv", folder / ".venv", symlinks=True)
    umask = os.umask(0o022)
    try:
        script, environ = os.fspath(folder / "scripts" / "hom-thu"), {**os.environ, "PATH": _PATH}
        command = [_python(), script, "--help"]
        done = subprocess.run(command, env=environ, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            sys.exit(f"✗ {folder}: không cài được các gói / its packages could not be installed")
        # The service may not write beside the program: what Python would compile is compiled now.
        folders = [os.fspath(folder / name) for name in ("functions", "scripts")]
        compileall = [os.fspath(folder / ".venv/bin/python"), "-m", "compileall", "-q", *folders]
        subprocess.run(compileall, check=False)
    finally:
        os.umask(umask)
