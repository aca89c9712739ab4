"""Real mail servers on loopback, begun for a test and ended with it: Postfix with Dovecot, and Exim.

They serve the domain of the sample box of ward 07207 and know its `MAILBOXES`. `USERNAME` logs in with
`PASSWORD` and may send as `SENDER` only. Their certificate is that of the test's own authority.
"""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from fakes.mail_server import HOST
from mail_programs import environment

DOMAIN = "example.org"
USERNAME, PASSWORD = "hop-thu", "mat-khau-dai"
SENDER = f"hom-thu-gop-y@{DOMAIN}"
OPERATOR = f"van-hanh.ngo-quyen@{DOMAIN}"
RECIPIENTS = tuple(f"{name}.ngo-quyen@{DOMAIN}" for name in ("bcd-qcdc", "thuong-truc", "dan-van", "doan-tn"))
MAILBOXES = (SENDER, OPERATOR, *RECIPIENTS)
CHAIR = RECIPIENTS[0]
STRANGER = "ai-do@noi-khac.example"
SMALL_BYTES = 20_000
#: A word that the servers' filters refuse in a subject.
FORBIDDEN = "KHUYEN-MAI"
#: Accounts that Debian has and nothing here uses.
MAIL_OWNER, MAILBOX_OWNER, SETGID_GROUP = "list", "games", "irc"
_START_SECONDS = 60


class DidNotStart(Exception):
    """A server is not there in time; the message holds its log."""


@dataclass(frozen=True, kw_only=True)
class Ports:
    """Where a server listens, by what it does there."""

    #: STARTTLS and a login.
    submission: int
    #: TLS from the first byte on, and a login.
    submissions: int
    #: STARTTLS and no login: for its own domain only.
    relay: int
    #: STARTTLS, a login, and no mail beyond `SMALL_BYTES`.
    small: int = 0
    #: No TLS at all.
    plain: int = 0


@contextmanager
def running(
    command: list[str], log: Path, is_there: Callable[[], bool], more: dict[str, str] | None = None
) -> Iterator[None]:
    """A server in a process group of its own, from when it is there until the end."""
    with log.open("ab") as said:
        server = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            env={**environment(), **(more or {})},
            start_new_session=True,
        )
    try:
        _wait_for(server, is_there, log)
        yield
    finally:
        _end(server)


def _end(server: subprocess.Popen[bytes]) -> None:
    """End the server and all that it began: one that still writes would make its folder anew."""
    for signal_, seconds in ((signal.SIGTERM, 10), (signal.SIGKILL, 10)):
        end = time.monotonic() + seconds
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal_)
            while time.monotonic() < end:
                server.poll()
                os.killpg(server.pid, 0)
                time.sleep(0.05)
            continue
        return


def _wait_for(server: subprocess.Popen[bytes], is_there: Callable[[], bool], log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    while not is_there():
        if server.poll() is not None or time.monotonic() > end:
            raise DidNotStart(log.read_text("utf-8", "replace")[-2000:])
        time.sleep(0.1)


def answers(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True
