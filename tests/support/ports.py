"""Ports of this machine, such that tests side by side do not take each other's."""

import itertools
import os
import socket
from collections.abc import Iterator
from random import Random

HOST = "127.0.0.1"
#: Below those that the system gives to connections, one of which might come before the server does.
_FIRST, _LAST = 10_000, 32_000
#: Every process walks through them from a place of its own.
_BEGIN = Random(os.getpid()).randrange(_FIRST, _LAST)
_PORTS: Iterator[int] = itertools.cycle([*range(_BEGIN, _LAST), *range(_FIRST, _BEGIN)])


def free_port() -> int:
    """A port that nothing listens on, and that this process has not given out lately."""
    return next(port for port in _PORTS if _is_free(port))


def _is_free(port: int) -> bool:
    try:
        socket.create_server((HOST, port)).close()
    except OSError:
        return False
    return True
