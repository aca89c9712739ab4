"""Fetches public pages of other deployments: bounded in time and size, one by one and in all, and never
following a redirect."""

import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from email.message import Message
from http.client import HTTPException
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import IO

#: For one page; for all of one peer, of which a province's may have some ten thousand; for all peers.
SECONDS, MOST_BYTES = 10.0, 2_000_000
PEER_SECONDS, PEER_BYTES = 900.0, 1_000_000_000
RUN_SECONDS, RUN_BYTES = 3600.0, 4_000_000_000


class Unreachable(Exception):
    """No usable answer; `code` names the sentence in `register.reason`, `detail` fills it."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


#: Gives the body behind a URL, or raises `Unreachable`.
Fetch = Callable[[str], bytes]


class _StayThere(urllib.request.HTTPRedirectHandler):
    """A register or a form that sends its reader elsewhere is just what is being looked for."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        """Follow nothing."""
        fp.close()
        raise Unreachable("redirect")


def fetch(url: str, *, within: float = SECONDS) -> bytes:
    """The body of a page. The scheme has been checked: https, or http on this machine.

    The socket's own timeout is per read: a server that sends a byte now and then never exceeds it.
    So the whole of it, looking the name up included, runs in a thread that is not waited for any longer.
    """
    bodies: SimpleQueue[bytes | Unreachable] = SimpleQueue()
    Thread(target=lambda: bodies.put(_caught(url, within)), name="fetch", daemon=True).start()
    try:
        found = bodies.get(timeout=within)
    except Empty:
        raise Unreachable("timeout") from None
    if isinstance(found, Unreachable):
        raise found
    return found


class Allowance:
    """What all peers together may take of time and of bytes, from now on."""

    def __init__(self, *, seconds: float = RUN_SECONDS, most_bytes: int = RUN_BYTES) -> None:
        self.ends = time.monotonic() + seconds
        self._left = most_bytes
        self._lock = Lock()

    def take(self, count: int) -> None:
        """Count this many bytes as taken."""
        with self._lock:
            self._left -= count

    @property
    def is_spent(self) -> bool:
        """Whether nothing more may be fetched."""
        return self._left <= 0 or time.monotonic() >= self.ends


class PeerFetch:
    """Fetches of one peer, of which none and not all together hold up those of the others.

    Raise `Unreachable("spent")` once the peer, or all of them, have had their share.
    """

    def __init__(
        self, run: Allowance, *, seconds: float = PEER_SECONDS, most_bytes: int = PEER_BYTES
    ) -> None:
        self._run = run
        self._own = Allowance(seconds=seconds, most_bytes=most_bytes)

    def __call__(self, url: str) -> bytes:
        """The body of a page."""
        if self._own.is_spent or self._run.is_spent:
            raise Unreachable("spent")
        left = min(self._own.ends, self._run.ends) - time.monotonic()
        body = fetch(url, within=max(min(SECONDS, left), 0.01))
        self._own.take(len(body))
        self._run.take(len(body))
        return body


def _caught(url: str, within: float) -> "bytes | Unreachable":
    try:
        return _read(url, within)
    except Unreachable as unreachable:
        return unreachable
    except (ValueError, UnicodeError) as error:
        return Unreachable("network", type(error).__name__)


def _read(url: str, within: float) -> bytes:
    opener = urllib.request.build_opener(_StayThere)
    try:
        with opener.open(url, timeout=within) as answer:
            body: bytes = answer.read(MOST_BYTES + 1)
    except urllib.error.HTTPError as error:
        error.close()
        raise Unreachable("status", str(error.code)) from None
    except OSError as error:
        raise _reason(error) from None
    except HTTPException as error:
        raise Unreachable("network", type(error).__name__) from None
    if len(body) > MOST_BYTES:
        raise Unreachable("too_large")
    return body


def _reason(error: OSError) -> Unreachable:
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, TimeoutError):
        return Unreachable("timeout")
    if isinstance(cause, ssl.SSLError):
        return Unreachable("certificate")
    return Unreachable("network", str(cause))
