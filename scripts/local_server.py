"""gunicorn as one machine serves a box: no caller named in a log, no stalled phone in others' way."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import gunicorn.app.base
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import TConn, ThreadWorker

#: Waiting threads cost little; as many phones may stall in mid-upload before others notice.
THREADS = 64
#: The longest that one request may take to arrive. 32 KiB over a poor 2G line need about ten seconds.
READ_SECONDS = 20.0


class Server(gunicorn.app.base.BaseApplication):  # type: ignore[misc]
    """One worker of several threads, so that there is one writer to the database."""

    def __init__(self, site: Callable[..., Iterable[bytes]], options: dict[str, Any]) -> None:
        self._site = site
        self._options = {
            "workers": 1,
            "threads": THREADS,
            "worker_class": PatientWorker,
            "logger_class": DiscreetLogger,
            "loglevel": "warning",
            # Behind a proxy on this machine a stranger's header would otherwise choose the path.
            "forwarder_headers": "",
            "graceful_timeout": 10,
            **options,
        }
        super().__init__()

    def load_config(self) -> None:
        """Take our options and nothing from the command line."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Iterable[bytes]]:
        """The application, built before the fork so that faults show at once."""
        return self._site


class DiscreetLogger(Logger):  # type: ignore[misc]
    """Leaves out what gunicorn says about requests: it quotes their sender's address and their words."""

    def warning(self, message: str, *arguments: Any, **options: Any) -> None:
        """Keep only what is not about a request."""
        if not message.startswith("Invalid request"):
            super().warning(message, *arguments, **options)

    def exception(self, message: str, *arguments: Any, **options: Any) -> None:
        """Say that something failed, without the address asked for and the error's own words."""
        super().error("gunicorn: %s", message.partition("%")[0].strip() or "error")


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """Ends the reading of a request that does not arrive in time.

    gunicorn waits for a body without end: so many phones that lost their line in mid-upload as
    there are threads would stop the box for everybody.
    """

    def init_process(self) -> None:
        """Begin watching in the worker itself: a thread begun before the fork would be lost."""
        self._begun: dict[TConn, float] = {}
        threading.Thread(target=self._watch, name="slow-requests", daemon=True).start()
        super().init_process()

    def handle(self, conn: TConn) -> Any:
        """Note when the request began."""
        self._begun[conn] = time.monotonic()
        try:
            return super().handle(conn)
        finally:
            self._begun.pop(conn, None)

    def _watch(self) -> None:
        while True:
            time.sleep(1)
            late = time.monotonic() - READ_SECONDS
            for conn in [conn for conn, begun in list(self._begun.items()) if begun < late]:
                # Only our reading ends: an answer that is under way still leaves.
                with contextlib.suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RD)
