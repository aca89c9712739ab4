"""A box whose socket outlives it, as systemd holds it: sd_listen_fds(3), without systemd."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: Only who is named by its number may take the socket, which is always the third.
_HAND_OVER = 'export LISTEN_PID=$$ LISTEN_FDS=1; exec 3<&"$1"; shift; exec "$@"'


class HeldBox:
    """A box behind a socket of ours: begun, stopped, begun again, while whoever asks waits."""

    def __init__(self, data: Path) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port: int = self._socket.getsockname()[1]
        serve = [
            sys.executable,
            str(ROOT / "scripts/serve"),
            "--examples",
            "--port",
            "8080",
            "--data",
            str(data),
        ]
        self._command = ["bash", "-c", _HAND_OVER, "bash", str(self._socket.fileno()), *serve]
        self._log = data.with_name("log")
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Serve; who waits at the socket is answered when it is up."""
        with self._log.open("ab") as sink:
            self._process = subprocess.Popen(
                self._command, pass_fds=[self._socket.fileno()], stdout=sink, stderr=sink
            )

    def stop(self) -> None:
        """Stop as systemd does."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)
            self._process = None

    def close(self) -> None:
        """Stop, and let go of the socket."""
        self.stop()
        self._socket.close()


@contextmanager
def held(data: Path) -> Iterator[HeldBox]:
    """A box that is served on a socket that is kept."""
    box = HeldBox(data)
    try:
        box.begin()
        yield box
    finally:
        box.close()
