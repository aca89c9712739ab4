"""gunicorn as it serves a box on one machine: no client named in a log, and no slow phone blocks others."""

from collections.abc import Callable, Iterable
from typing import Any

import gunicorn.app.base
from gunicorn.glogging import Logger

from local.patient_worker import MOST_UNDER_WAY, PatientWorker

#: The number of requests answered at once; none of them waits for its sender.
THREADS = 64


class Server(gunicorn.app.base.BaseApplication):  # type: ignore[misc]
    """One worker of several threads, so that there is one writer to the database."""

    def __init__(self, site: Callable[..., Iterable[bytes]], options: dict[str, Any]) -> None:
        self._site = site
        self._options = {
            "workers": 1,
            "threads": THREADS,
            "worker_class": PatientWorker,
            # More than are gathered at once: if there are too many, the oldest is dropped, not the newest.
            "worker_connections": 2 * MOST_UNDER_WAY,
            "logger_class": DiscreetLogger,
            "loglevel": "warning",
            # Behind a proxy on this machine a stranger's header would otherwise choose the path.
            "forwarder_headers": "",
            "graceful_timeout": 10,
            # It would be created in the user's home, and nothing here uses it.
            "control_socket_disable": True,
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
    """Drops what gunicorn says about requests: it quotes their sender's address and their words."""

    def warning(self, message: str, *arguments: Any, **options: Any) -> None:
        """Keep only what is not about a request."""
        if not message.startswith("Invalid request"):
            super().warning(message, *arguments, **options)

    def exception(self, message: str, *arguments: Any, **options: Any) -> None:
        """Say that something failed, without the address asked for and the error's own words."""
        super().error("gunicorn: %s", message.partition("%")[0].strip() or "error")
