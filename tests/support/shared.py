"""What all tests of a run share, in however many processes they run: one emulator, one Terraform.

The process that began the run makes each thing when a test first asks for it, and puts it away at the end;
the others ask it over a socket.
"""

import contextlib
import threading
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from multiprocessing.connection import Client, Connection, Listener
from typing import Any

Make = Callable[..., AbstractContextManager[Any]]


class NotMade(Exception):
    """It could not be made; the message holds what was said where it was tried."""


class Things:
    """What has been made so far, by what makes it and from what."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._made: dict[tuple[Make, tuple[Any, ...]], Any] = {}
        self._lock = threading.Lock()

    def once(self, make: Make, *arguments: Any) -> Any:
        """What the context manager gives; it is entered by the first who asks."""
        with self._lock:
            if (make, arguments) not in self._made:
                self._made[make, arguments] = self._open.enter_context(make(*arguments))
            return self._made[make, arguments]

    def put_away(self) -> None:
        """Leave every context manager, the last first."""
        with self._lock:
            self._made.clear()
            self._open.close()


#: What is made in this process.
_here = Things()
#: Where the process listens that began the run; None in that process itself.
_elsewhere: str | None = None


def once(make: Make, *arguments: Any) -> Any:
    """What a context manager gives, which is entered once in the whole run and left at its end.

    It is named by its module and takes and gives what can be pickled, for it may be entered in another
    process. Raises `NotMade` if that fails.
    """
    if _elsewhere is None:
        return _here.once(make, *arguments)
    with Client(_elsewhere) as line:
        line.send((make, arguments))
        value, failure = line.recv()
    if failure:
        raise NotMade(failure)
    return value


def ask(address: str) -> None:
    """From now on this process asks another for what is shared."""
    global _elsewhere
    _elsewhere = address


def put_away() -> None:
    """End all that was made in this process."""
    _here.put_away()


def listen() -> str:
    """Make things for other processes too; gives the address where they ask."""
    listener = Listener(family="AF_UNIX")

    def serve() -> None:
        while True:
            line = listener.accept()
            threading.Thread(target=_answer, args=(line,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    return str(listener.address)


def _answer(line: Connection) -> None:
    # Whoever asked may have been ended meanwhile.
    with line, contextlib.suppress(OSError, EOFError):
        make, arguments = line.recv()
        try:
            line.send((_here.once(make, *arguments), ""))
        except Exception:
            line.send((None, traceback.format_exc()))
