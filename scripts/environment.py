"""The project's own Python environment: made on first use, with exactly the locked packages.

Every script begins with these lines, and runs under `.venv` from then on:

    sys.path.insert(0, str(Path(__file__).parent))
    import environment
    environment.enter(__file__)
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
RUNTIME_LOCK = ROOT / "requirements.txt"
TEST_LOCK = ROOT / "tests" / "requirements.txt"
POSTER_LOCK = ROOT / "scripts" / "posters" / "requirements.txt"
#: The versions that the locks are made for.
SUPPORTED = ((3, 11), (3, 12), (3, 13))


def enter(script: str, *, tests: bool = False, posters: bool = False) -> None:
    """Go on with this script inside `.venv`, which is installed or brought up to date first."""
    wanted = [(RUNTIME_LOCK, "gói chạy / run-time packages")]
    if tests:
        wanted.append((TEST_LOCK, "gói kiểm thử / test packages"))
    if posters:
        wanted.append((POSTER_LOCK, "gói in ấn / print packages"))
    if Path(sys.prefix) != VENV:
        _require_supported_python(script)
        if not PYTHON.exists():
            _create()
        for lock, what in wanted:
            _install(lock, what)
        os.execv(PYTHON, [str(PYTHON), script, *sys.argv[1:]])
    for lock, what in wanted[1:]:
        _install(lock, what)
    sys.path.insert(0, str(ROOT / "functions"))


def _require_supported_python(script: str) -> None:
    """Switch to a supported interpreter if this one is not; end with a clear sentence if none is."""
    if sys.version_info[:2] in SUPPORTED or PYTHON.exists():
        return
    for version in reversed(SUPPORTED):
        if found := shutil.which(f"python{version[0]}.{version[1]}"):
            os.execv(found, [found, script, *sys.argv[1:]])
    names = ", ".join(f"{major}.{minor}" for major, minor in SUPPORTED)
    sys.exit(
        f"Cần Python {names}; máy này có {sys.version.split()[0]}.\n"
        f"Python {names} is needed; this machine has {sys.version.split()[0]}."
    )


def _create() -> None:
    print("→ tạo môi trường Python trong .venv / making .venv", file=sys.stderr)
    try:
        venv.create(VENV, with_pip=True, clear=True)
    except subprocess.CalledProcessError:
        shutil.rmtree(VENV, ignore_errors=True)
        sys.exit(
            "Không tạo được môi trường Python. Trên Debian/Ubuntu: sudo apt install python3-venv\n"
            "Cannot make a virtual environment. On Debian or Ubuntu: sudo apt install python3-venv"
        )


def _install(lock: Path, what: str) -> None:
    """Install a lock file unless that very file is installed already."""
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    mark = VENV / f".installed-{lock.parent.name}"
    if mark.exists() and mark.read_text() == digest:
        return
    print(f"→ cài {what} (vài phút trong lần đầu / minutes the first time)", file=sys.stderr)
    pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    hashed = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", str(lock)]
    if subprocess.run([*pip, *hashed], check=False).returncode:
        sys.exit(
            f"Không cài được {what}: xem thông báo của pip ở trên, kiểm tra mạng rồi chạy lại lệnh này.\n"
            f"Installing failed: see pip's message above, check the network and run this command again."
        )
    mark.write_text(digest)
