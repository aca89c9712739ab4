"""Where everything of a box is on a server, below a root that a test may choose."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

USER = "hom-thu"
DEFAULT_PORT = "8080"


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of an installed box. The program is root's, the data the service's alone."""

    root: Path = Path("/")

    @property
    def program(self) -> Path:
        """The releases, and which of them is served."""
        return self.root / "opt/hom-thu"

    @property
    def releases(self) -> Path:
        """One folder a version, whole, with its own packages."""
        return self.program / "releases"

    @property
    def current(self) -> Path:
        """A link to the release that is served."""
        return self.program / "current"

    @property
    def settings(self) -> Path:
        """The settings, the box files and the office's own commands."""
        return self.root / "etc/hom-thu"

    @property
    def env(self) -> Path:
        """The settings, in the format of systemd."""
        return self.settings / "hom-thu.env"

    @property
    def boxes(self) -> Path:
        """The box files: outside the program, so that no update touches them and no example is served."""
        return self.settings / "boxes"

    @property
    def commands(self) -> Path:
        """What the office may change: how an alarm is rung, how a backup is copied."""
        return self.settings / "commands"

    @property
    def data(self) -> Path:
        """The database, the secrets, the outbox."""
        return self.root / "var/lib/hom-thu"

    @property
    def files(self) -> Path:
        """What the operator's commands write, such as an export: the service's alone."""
        return self.data / "files"

    @property
    def backups(self) -> Path:
        """The encrypted backups."""
        return self.root / "var/backups/hom-thu"

    @property
    def units(self) -> Path:
        """systemd's own units of this machine."""
        return self.root / "etc/systemd/system"

    @property
    def wrapper(self) -> Path:
        """What the operator types."""
        return self.root / "usr/local/bin/hom-thu"

    def user(self) -> tuple[int, int]:
        """The service's user and group. Raise `LookupError` if there is no such user below this root."""
        if self.root == Path("/"):
            found = pwd.getpwnam(USER)
            return found.pw_uid, found.pw_gid
        for line in (self.root / "etc/passwd").read_text("utf-8").splitlines():
            name, _, uid, gid, *_ = line.split(":")
            if name == USER:
                return int(uid), int(gid)
        raise LookupError(USER)


def program_environment(data: Path) -> dict[str, str]:
    """What every program of the service finds in its environment beside the settings."""
    kept = ("LANG", "LC_ALL", "LC_CTYPE", "TERM", "TZ", "RUNTIME_DIRECTORY", "HOMTHU_TRACEBACK")
    return {
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": os.fspath(data),
        **{name: os.environ[name] for name in kept if name in os.environ},
    }
