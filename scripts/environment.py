"""The project's own Python environment: made on first use, with exactly the locked packages.

Every command is a module with a `main`: of `commands` what an office or an operator types, of `dev` what
only developers do. The executable of its name ends with `environment.command(__file__)`.
"""

import hashlib
import importlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
#: Windows has its programs elsewhere, and no `exec` that keeps the process.
IS_WINDOWS = os.name == "nt"
PYTHON = VENV / "Scripts" / "python.exe" if IS_WINDOWS else VENV / "bin" / "python"
RUNTIME_LOCK = ROOT / "requirements.txt"
TEST_LOCK = ROOT / "tests" / "requirements.txt"
POSTER_LOCK = ROOT / "scripts" / "posters" / "requirements.txt"
SERVER_LOCK = ROOT / "scripts" / "own_server" / "requirements.txt"
SET_UP_LOCK = ROOT / "scripts" / "setting_up" / "requirements.txt"
#: Written by the install of a server (scripts/own_server), whose folders are no clones.
VERSION_FILE = ROOT / "VERSION"
#: The versions that the locks are made for.
SUPPORTED = ((3, 11), (3, 12), (3, 13))
#: Which process switched Python, and how often: its number survives `exec`, but not a child.
_SWITCHES = "HOMTHU_PYTHON_SWITCHES"
#: Once to a supported Python, once into `.venv`.
_MOST_SWITCHES = 2


def command(
    script: str,
    *,
    package: str = "commands",
    tests: bool = False,
    posters: bool = False,
    server: bool = False,
    setting_up: bool = False,
) -> NoReturn:
    """Run the module of `package` that has this script's name, and end with its exit status."""
    enter(script, tests=tests, posters=posters, server=server, setting_up=setting_up)
    running = importlib.import_module("commands.running")
    module = importlib.import_module(f"{package}.{Path(script).resolve().name.replace('-', '_')}")
    sys.exit(running.run(module.main))


def enter(
    script: str,
    *,
    tests: bool = False,
    posters: bool = False,
    server: bool = False,
    setting_up: bool = False,
) -> None:
    """Continue this script inside `.venv`, which is installed or updated first."""
    wanted = [(RUNTIME_LOCK, "gói chạy / run-time packages")]
    if tests:
        wanted.append((TEST_LOCK, "gói kiểm thử / test packages"))
    if posters:
        wanted.append((POSTER_LOCK, "gói in ấn / print packages"))
    if server:
        wanted.append((SERVER_LOCK, "gói máy chủ / packages of a server"))
    if setting_up:
        wanted.append((SET_UP_LOCK, "gói thiết lập / packages for setting up"))
    if not _is_inside():
        _require_supported_python(script)
        if not PYTHON.exists():
            _create()
        for lock, what in wanted:
            _install(lock, what)
        _go_on_with(str(PYTHON), script)
    for lock, what in wanted[1:]:
        _install(lock, what)
    sys.path.insert(0, str(ROOT / "functions"))


def install_for_setting_up() -> None:
    """Install what only the set-up page needs, for a command that finds out late that it opens one."""
    _install(POSTER_LOCK, "gói in ấn / print packages")
    _install(SET_UP_LOCK, "gói thiết lập / packages for setting up")


def go_on(script: str, options: Sequence[str]) -> NoReturn:
    """Start this script again with other options, in place of the running process."""
    _replace([sys.executable, script, *options])


def _replace(command: list[str]) -> NoReturn:
    """Continue as another program: in this process, or on Windows in a child that is waited for."""
    if not IS_WINDOWS:
        os.execv(command[0], command)
    try:
        sys.exit(subprocess.run(command, check=False).returncode)
    except KeyboardInterrupt:
        # The child got it too, and has said so.
        sys.exit(130)


def version() -> str:
    """Which version this is: as the install named it, or as git does; `dev` for neither."""
    if VERSION_FILE.exists():
        return VERSION_FILE.read_text("utf-8").strip()
    git = ["git", "-C", str(ROOT), "describe", "--always", "--tags", "--dirty"]
    try:
        said = subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "dev"
    return said or "dev"


def _is_inside() -> bool:
    """Whether this Python is `.venv`'s: the same folder, however it is written or linked to."""
    try:
        return os.path.samefile(sys.prefix, VENV)
    except OSError:
        return False


def _go_on_with(python: str, script: str) -> NoReturn:
    """Replace this process; end with a sentence where that has not helped before."""
    pid, _, count = os.environ.get(_SWITCHES, "").partition(":")
    switches = int(count) + 1 if pid == str(os.getpid()) else 1
    if switches > _MOST_SWITCHES:
        sys.exit(
            f"{python} không chạy trong {VENV} mà trong {sys.prefix}: bỏ PYTHONHOME nếu có đặt, xóa thư mục "
            f".venv rồi chạy lại.\n{python} runs in {sys.prefix}, not in {VENV}: unset PYTHONHOME if it is "
            "set, remove the folder .venv and run this again."
        )
    os.environ[_SWITCHES] = f"{os.getpid()}:{switches}"
    _replace([python, script, *sys.argv[1:]])


def _require_supported_python(script: str) -> None:
    """Switch to a supported interpreter if this one is not; end with a clear sentence if none is."""
    if sys.version_info[:2] in SUPPORTED or PYTHON.exists():
        return
    for version in reversed(SUPPORTED):
        if found := shutil.which(f"python{version[0]}.{version[1]}"):
            _go_on_with(found, script)
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
    # Not named after the root, which depends on the clone.
    mark = VENV / f".installed-{'runtime' if lock == RUNTIME_LOCK else lock.parent.name}"
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
