"""A box on a system like Windows: no fork, fcntl, resource or pwd, and locks of bytes. The rest of Windows is
not tried here."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from served_box import served, whole_form
from shell import SCRIPTS, typed

#: Read by Python before anything else. `msvcrt.locking` locks bytes for one handle, as those of an open file
#: description are here; `subprocess` is loaded before, for it takes a system with that module for Windows.
LIKE_WINDOWS = """
import errno, os, struct, subprocess, sys, types
import fcntl as real
def locking(handle, mode, count, F=real.fcntl, SET=real.F_OFD_SETLK, UN=real.F_UNLCK, WR=real.F_WRLCK):
    begin = os.lseek(handle, 0, os.SEEK_CUR)
    kind = UN if mode == 0 else WR
    try:
        F(handle, SET, struct.pack("hhqqi4x", kind, os.SEEK_SET, begin, count, 0))
    except OSError as held:
        raise PermissionError(errno.EACCES, "Permission denied") from held
sys.modules["msvcrt"] = types.SimpleNamespace(locking=locking, LK_UNLCK=0, LK_NBLCK=2)
for name in ("fcntl", "resource", "pwd", "grp", "termios"):
    sys.modules[name] = None
del os.fork
"""
#: Two who use a folder, and who may have it alone.
LOCKS = """
import sys
from pathlib import Path
from homthu.adapters.sqlite.folder_lock import FolderLock
from homthu.ports import StoreUnavailable
one, two, alone = (FolderLock(Path(sys.argv[1])) for _ in range(3))
def refused(what):
    try:
        what()
    except StoreUnavailable as held:
        return held.reason == "in_use"
    return False
one.share(); two.share(); two.share()
assert refused(alone.reserve)
two.release()
assert refused(alone.reserve) and refused(alone.reserve)
one.release()
alone.reserve(); alone.reserve()
assert refused(one.share) and refused(two.reserve)
alone.admit()
one.share()
assert refused(alone.reserve), "and it is still among those who use it"
one.release()
alone.reserve(); alone.release()
two.reserve()
"""


@pytest.fixture
def system(tmp_path: Path) -> Path:
    folder = tmp_path / "system"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(LIKE_WINDOWS)
    return folder


def test_a_box_is_served_where_there_is_no_fork(tmp_path: Path, system: Path) -> None:
    with served(tmp_path, PYTHONPATH=str(system)) as box:
        assert "hòm thư đang chạy" in box.logged()
        assert box.workers() == []
        sent = box.send(whole_form("a" * 32))
        box.reference(sent)
        assert box.get("/suc-khoe").status == 200
        kept = tmp_path / "kept.gz"
        backed_up = typed("backup", "--data", box.data, "--out", kept, PYTHONPATH=str(system))
        assert backed_up.returncode == 0, backed_up.stderr
        refused = typed("restore", kept, "--data", box.data, PYTHONPATH=str(system))
        assert (refused.returncode, "(in_use)" in refused.stderr) == (1, True), refused.stderr
        box.process.send_signal(signal.SIGINT)
        assert box.process.wait(20) == 0
        assert "Traceback" not in box.logged()
    with served(tmp_path) as box:
        assert len(box.exported()) == 1


@pytest.mark.parametrize("path", ["like windows", "as it is"])
def test_a_folder_is_held_by_many_or_by_one_alone_by_either_kind_of_lock(
    path: str, tmp_path: Path, system: Path
) -> None:
    (tmp_path / "data").mkdir()
    functions = SCRIPTS.parent / "functions"
    paths = f"{system}:{functions}" if path == "like windows" else str(functions)
    command = [sys.executable, "-c", LOCKS, str(tmp_path / "data")]
    done = subprocess.run(command, env={"PYTHONPATH": paths}, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert bool(list((tmp_path / "data").iterdir())) == (path == "like windows")
