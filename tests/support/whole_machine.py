"""A whole machine with systemd of its own: this one's files under a layer that is thrown away.

Debian's systemd-nspawn boots it. Its network is its own, so its ports meet nobody's.
"""

import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_BOOT_SECONDS = 60
#: Debian's own programs, whatever this process has first.
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class Machine:
    """A machine that is up. `root` is its file system as it is seen from here."""

    root: Path
    pid: int

    def run(
        self, *command: str, environ: Mapping[str, str] | None = None, seconds: int = 300, given: str = ""
    ) -> "subprocess.CompletedProcess[str]":
        """Run a command in it as root."""
        clean = {"PATH": PATH, "HOME": "/root", "LANG": "C.UTF-8", **(environ or {})}
        return subprocess.run(
            ["nsenter", "-t", str(self.pid), "-m", "-u", "-i", "-n", "-p", "--", *command],
            env=clean,
            input=given,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    def succeed(self, *command: str, environ: Mapping[str, str] | None = None, seconds: int = 300) -> str:
        """Run a command that must succeed; give what it printed."""
        done = self.run(*command, environ=environ, seconds=seconds)
        assert done.returncode == 0, (command, done.stdout[-4000:], done.stderr[-4000:])
        return done.stdout


@contextmanager
def booted(folder: Path) -> Iterator[Machine]:
    """Boot a machine whose changes lie in this folder, and turn it off in the end."""
    for name in ("upper", "work", "root"):
        (folder / name).mkdir(parents=True)
    root = folder / "root"
    layers = f"lowerdir=/,upperdir={folder / 'upper'},workdir={folder / 'work'}"
    subprocess.run(["mount", "-t", "overlay", "overlay", "-o", layers, str(root)], check=True)
    try:
        with (folder / "console").open("wb") as console:
            nspawn = subprocess.Popen(
                [
                    *("systemd-nspawn", "--quiet", "--boot", "--register=no", "--keep-unit"),
                    *("--private-network", "--resolv-conf=off", "--timezone=off", "--link-journal=no"),
                    *("--machine", f"homthu-{os.getpid()}", "--directory", str(root)),
                    *("systemd.unit=basic.target", "systemd.mask=systemd-networkd.service"),
                ],
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
            )
        try:
            machine = Machine(root, _leader(nspawn, folder / "console"))
            machine.succeed("ip", "link", "set", "lo", "up")
            yield machine
            machine.run("systemctl", "--no-block", "poweroff")
            nspawn.wait(60)
        finally:
            if nspawn.poll() is None:
                nspawn.kill()
                nspawn.wait()
    finally:
        subprocess.run(["umount", "--lazy", str(root)], check=True)


def _leader(nspawn: "subprocess.Popen[bytes]", console: Path) -> int:
    """The machine's first process, once systemd answers in it."""
    until = time.monotonic() + _BOOT_SECONDS
    while time.monotonic() < until:
        assert nspawn.poll() is None, console.read_text("utf-8", "replace")[-3000:]
        listed = subprocess.run(
            ["ps", "-o", "pid=,comm=", "--ppid", str(nspawn.pid)], capture_output=True, text=True, check=False
        )
        for line in listed.stdout.splitlines():
            pid, _, name = line.strip().partition(" ")
            if "systemd" in name:
                asked = ["nsenter", "-t", pid, "-m", "-p", "systemctl", "is-system-running"]
                said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
                if said in ("running", "degraded"):
                    return int(pid)
        time.sleep(0.3)
    raise TimeoutError(console.read_text("utf-8", "replace")[-3000:])
