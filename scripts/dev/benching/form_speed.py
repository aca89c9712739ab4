"""How fast `form` answers and starts, compared with a bare function of the same bytes, in alternation.

Both run with the threads that are deployed (infra/functions.tf), and clients keep their connections, as
Google's front end does.
"""

import re
import selectors
import socket
import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from dev.benching.clients import CLIENTS
from dev.benching.figure import Figure
from dev.benching.functions import THREADS, Served, serving, write_bare

#: Many short rounds: other load on a shared machine lasts longer, and hits both.
_ROUNDS, _SECONDS, _STARTS = 51, 0.2, 31


def measure(form: Served, folder: Path, environ: dict[str, str]) -> Iterator[Figure]:
    """Requests a second and time to the first answer; medians of rounds that alternate."""
    source = write_bare(folder, form.get(form.path))
    with (
        serving("form", form.source, form.path, environ, threads=THREADS) as ours,
        serving("bare", source, "/", {}, threads=THREADS) as bare,
    ):
        rates = [(_rate(ours), _rate(bare)) for _ in range(_ROUNDS)]
    yield _figure("form requests/s over a bare function (at least 1.5)", rates)
    starts = [
        (_start("form", form.source, form.path, environ), _start("bare", source, "/", {}))
        for _ in range(_STARTS)
    ]
    in_ms = [(ours * 1000, theirs * 1000) for ours, theirs in starts]
    yield _figure("start to first form, ms, over a bare function (at most 1.25)", in_ms)


def _figure(name: str, pairs: Sequence[tuple[float, float]]) -> Figure:
    """Medians, and the median of the ratios: what slows the machine for a while slows both of a pair."""
    ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    return Figure(
        name=name, ours=ours, limit=theirs, ratio=statistics.median(one / other for one, other in pairs)
    )


def _start(target: str, source: Path, path: str, environ: dict[str, str]) -> float:
    with serving(target, source, path, environ, threads=THREADS) as served:
        return served.seconds_to_answer


def _rate(served: Served) -> float:
    """Requests a second over plain sockets, so that what a client does with headers is not measured."""
    lines = (f"GET {served.path} HTTP/1.1", "Host: x", "Accept-Encoding: gzip", "", "")
    request = "\r\n".join(lines).encode()
    count, started = 0, time.perf_counter()
    with selectors.DefaultSelector() as clients:
        for _ in range(CLIENTS):
            line = socket.create_connection(("127.0.0.1", served.port))
            clients.register(line, selectors.EVENT_READ, [line, 0])
            line.sendall(request)
        while clients.get_map():
            for key, _ in clients.select():
                line, left = key.data
                answer = line.recv(65_536)
                # Each answer says its length, and nobody sends the next before this one is whole.
                key.data[1] = left = (left or _length(answer)) - len(answer)
                if left:
                    continue
                count += 1
                if time.perf_counter() - started < _SECONDS:
                    line.sendall(request)
                else:
                    clients.unregister(line)
                    line.close()
    return count / (time.perf_counter() - started)


def _length(answer: bytes) -> int:
    """The bytes of an answer, head and body, by its beginning."""
    head, _, _ = answer.partition(b"\r\n\r\n")
    found = re.search(rb"\r\ncontent-length: (\d+)", head, re.IGNORECASE)
    if found is None:
        raise ValueError(answer[:200])
    return len(head) + 4 + int(found[1])
