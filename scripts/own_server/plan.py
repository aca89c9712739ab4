"""Steps that bring a machine into its desired state: each is done only where needed, and printed."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from own_server.layout import USER, Layout

#: A folder of the whole world's to read, one of its owner's alone, and the settings, which hold a password.
PUBLIC, OWN, SECRET = 0o755, 0o700, 0o640


class Plan:
    """What is done to a machine; `dry` only prints. `changes` counts what was, or would be, changed."""

    def __init__(self, layout: Layout, *, dry: bool) -> None:
        self.layout = layout
        self.dry = dry
        self.changes = 0

    @property
    def is_whole_machine(self) -> bool:
        """Whether this is the machine itself and not a folder that stands for one."""
        return self.layout.root == Path("/")

    def tell(self, what: str) -> bool:
        """Print what is changed; whether to do it."""
        self.changes += 1
        print(f"{'  sẽ / would: ' if self.dry else '→ '}{what}", flush=True)
        return not self.dry

    def user(self) -> None:
        """The user of the service, who can log in nowhere."""
        try:
            self.layout.user()
        except (LookupError, FileNotFoundError):
            if self.tell(f"tạo người dùng / make the user {USER}"):
                prefix = [] if self.is_whole_machine else ["--prefix", os.fspath(self.layout.root)]
                home = ["--home-dir", "/var/lib/hom-thu", "--shell", "/usr/sbin/nologin"]
                self.run(["useradd", *prefix, "--system", "--user-group", "--no-create-home", *home, USER])

    def folder(self, path: Path, mode: int = PUBLIC, *, of_service: bool = False) -> None:
        """A folder with this mode, root's or the service's."""
        uid, gid = self._owner(of_service)
        if path.is_dir() and self._is_so(path, mode, uid, gid):
            return
        if self.tell(f"thư mục / folder {path}"):
            path.mkdir(parents=True, exist_ok=True)
            self._make_so(path, mode, uid, gid)

    def file(self, path: Path, content: bytes, mode: int = 0o644, *, keep: bool = False) -> None:
        """A file of root's; one that is there stays as the office left it if it is to `keep`."""
        # The settings may be read by the service's group, and by nobody else.
        uid, gid = self._owner(False)[0], self._owner(mode == SECRET)[1]
        is_same = path.is_file() and (keep or path.read_bytes() == content)
        if is_same and self._is_so(path, mode, uid, gid):
            return
        if self.tell(f"tệp / file {path}"):
            if not is_same:
                part = path.with_name(f".{path.name}.part")
                part.write_bytes(content)
                part.replace(path)
            self._make_so(path, mode, uid, gid)

    def link(self, path: Path, target: Path) -> None:
        """A symbolic link, changed in one step."""
        if path.is_symlink() and path.readlink() == target:
            return
        if self.tell(f"{path} → {target}"):
            part = path.with_name(f".{path.name}.part")
            part.unlink(missing_ok=True)
            part.symlink_to(target)
            part.replace(path)

    def run(self, command: Sequence[str], *, quiet: bool = False) -> None:
        """Run a program; exit with its output if it fails."""
        done = subprocess.run(command, capture_output=quiet, text=True, check=False)
        if done.returncode:
            said = f": {done.stderr.strip()}" if quiet else ""
            sys.exit(f"✗ {' '.join(command)}: {done.returncode}{said}")

    def systemctl(self, *arguments: str) -> None:
        """Call systemd; below another root, only for what it does to files."""
        if shutil.which("systemctl") is None:
            sys.exit("✗ máy này không có systemd / this machine has no systemd")
        where = [] if self.is_whole_machine else [f"--root={self.layout.root}"]
        self.run(["systemctl", *where, *arguments], quiet=True)

    def _owner(self, of_service: bool) -> tuple[int, int]:
        if os.geteuid() != 0:
            return os.geteuid(), os.getegid()
        try:
            return self.layout.user() if of_service else (0, 0)
        except (LookupError, FileNotFoundError):
            # Printed only: in a real run the user is made first.
            return 0, 0

    def _is_so(self, path: Path, mode: int, uid: int, gid: int) -> bool:
        found = path.stat()
        return (found.st_mode & 0o7777, found.st_uid, found.st_gid) == (mode, uid, gid)

    def _make_so(self, path: Path, mode: int, uid: int, gid: int) -> None:
        os.chown(path, uid, gid)
        path.chmod(mode)
