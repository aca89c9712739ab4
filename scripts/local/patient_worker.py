"""gunicorn's worker of threads, made so that nobody who is slow takes a thread from anybody.

gunicorn gives a connection to a thread as soon as something arrives, and the thread then waits for
the rest: as many phones that lost their line in mid-upload as there are threads stop the box for
everybody. Here one loop gathers each request until all of it is there, as nginx does in front of
slow applications, and only then takes a thread. A connection that stays silent, or whose request
does not arrive in time, is closed; of too many the oldest.
"""

import contextlib
import re
import resource
import selectors
import socket
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from ipaddress import ip_address
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

#: The longest that one request may take to arrive. 32 KiB over a poor 2G line need about ten seconds.
READ_SECONDS = 20.0
#: How long a box that stops waits for the first word of a connection: a proxy's comes at once.
STOP_SECONDS = 1.0
#: What is gathered of a request; what says that it is larger is refused from its head alone.
MOST_BYTES = 96 * 1024
#: Requests under way from all, and from one address that is not this machine's (where a proxy is).
MOST_UNDER_WAY = 2000
MOST_OF_A_PEER = 100
#: Files for what else the box has open: the database, the log, what it answers.
_OTHER_FILES = 200
_LENGTH = re.compile(rb"^content-length:[ \t]*([0-9]{1,12})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_CHUNKED = re.compile(rb"^transfer-encoding:", re.IGNORECASE | re.MULTILINE)
_EXPECTS = re.compile(rb"^expect:[ \t]*100-continue", re.IGNORECASE | re.MULTILINE)
_HEAD_END, _CHUNKS_END = b"\r\n\r\n", b"0\r\n\r\n"


def whole_request(gathered: bytes) -> bytes | None:
    """What can be given to a thread: a whole request, or what will be refused by its head; else None.

    What follows it on the line is left out: no browser and no proxy sends a second request before it
    has the answer to the first. A thread that has refused a body must not wait for it.
    """
    head, end, body = gathered.partition(_HEAD_END)
    if not end:
        return gathered if len(gathered) > MOST_BYTES else None
    if _CHUNKED.search(head):
        is_whole = body.startswith(_CHUNKS_END) or body.endswith(b"\r\n" + _CHUNKS_END)
        return gathered if is_whole or len(body) > MOST_BYTES else None
    length = _LENGTH.search(head)
    size = int(length[1]) if length else 0
    if size > MOST_BYTES:
        return head + b"\r\nConnection: close" + _HEAD_END + body
    return head + end + body[:size] if len(body) >= size else None


@dataclass(slots=True, eq=False)
class _UnderWay:
    """A connection whose next request is being gathered."""

    conn: TConn
    until: float
    gathered: bytearray = field(default_factory=bytearray)
    is_told_to_go_on: bool = False

    @property
    def peer(self) -> str:
        """The address, or nothing for this machine: behind a proxy all are one."""
        try:
            host = str(self.conn.client[0])
            return "" if ip_address(host).is_loopback else host
        except (ValueError, IndexError, TypeError):
            return ""


def allow_many_files() -> int:
    """Let this process have as many connections as the system allows; how many may be under way."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_UNDER_WAY + _OTHER_FILES
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(1, min(MOST_UNDER_WAY, soft - _OTHER_FILES))


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """Gathers requests in its loop, and ends those that do not arrive in time."""

    def init_process(self) -> None:
        """Begin watching in the worker itself: a thread begun before the fork would be lost."""
        #: In the order of their ends: all may take equally long.
        self._under_way: dict[_UnderWay, None] = {}
        self._peers: Counter[str] = Counter()
        self._most = allow_many_files()
        self._begun: dict[TConn, float] = {}
        threading.Thread(target=self._watch, name="slow-requests", daemon=True).start()
        super().init_process()

    def accept(self, listener: socket.socket) -> None:
        """Take a connection, and wait for its request without a thread."""
        try:
            client, address = listener.accept()
        except OSError:
            return
        self.nr_conns += 1
        self._gather(TConn(self.cfg, client, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: TConn, client: socket.socket) -> None:
        """The next request of a connection that was kept: gathered like the first."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._gather(conn)

    def murder_pending(self) -> None:
        """Close what did not arrive in time; called by the loop at least once a second."""
        super().murder_pending()
        now = time.monotonic()
        for one in [one for one in self._under_way if one.until <= now]:
            self._give_up(one)

    def _cap_keepalive(self, deadline: float) -> None:
        """On stopping: what a connection that was just taken says is read yet; silence is not waited for."""
        super()._cap_keepalive(deadline)
        now = time.monotonic()
        for one in self._under_way:
            if not one.gathered:
                one.until = min(one.until, now + STOP_SECONDS)

    def _gather(self, conn: TConn) -> None:
        one = _UnderWay(conn, time.monotonic() + READ_SECONDS)
        if len(self._under_way) >= self._most:
            self._give_up(next(iter(self._under_way)))
        if one.peer and self._peers[one.peer] >= MOST_OF_A_PEER:
            self._give_up(next(other for other in self._under_way if other.peer == one.peer))
        self._under_way[one] = None
        self._peers[one.peer] += 1
        conn.sock.setblocking(False)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._take, one))

    def _take(self, one: _UnderWay, client: socket.socket) -> None:
        """Take what has arrived."""
        try:
            part = client.recv(MOST_BYTES)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self._give_up(one)
            return
        one.gathered += part
        request = whole_request(bytes(one.gathered))
        if request is None and not part:
            # No more will come; what there is, gunicorn refuses in its own words.
            request = bytes(one.gathered)
        if request:
            self._hand_over(one, request)
        elif not part:
            self._give_up(one)
        elif not one.is_told_to_go_on and _EXPECTS.search(one.gathered) and _HEAD_END in one.gathered:
            one.is_told_to_go_on = True
            with contextlib.suppress(OSError):
                client.send(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _hand_over(self, one: _UnderWay, request: bytes) -> None:
        self._forget(one)
        conn = one.conn
        conn.sock.setblocking(True)
        conn.init()
        conn.parser.unreader.unread(request)
        conn.data_ready = True
        self.enqueue_req(conn)

    def _give_up(self, one: _UnderWay) -> None:
        self._forget(one)
        self.nr_conns -= 1
        one.conn.close()

    def _forget(self, one: _UnderWay) -> None:
        del self._under_way[one]
        self._peers[one.peer] -= 1
        if not self._peers[one.peer]:
            del self._peers[one.peer]
        with contextlib.suppress(OSError, KeyError, ValueError):
            self.poller.unregister(one.conn.sock)

    def handle(self, conn: TConn) -> Any:
        """Note when a thread took the request."""
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
                # Only our reading ends: an answer in progress is still sent.
                with contextlib.suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RD)
