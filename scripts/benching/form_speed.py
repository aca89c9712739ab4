"""How fast `form` answers and starts, over a bare function of the same bytes, turn and turn about."""

import socket
import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benching.figure import Figure
from benching.functions import Served, serving, write_bare

#: Short turns, many of them: what else a shared machine does lasts longer, and falls on both.
_ROUNDS, _SECONDS, _STARTS = 51, 0.2, 31


def measure(form: Served, folder: Path, environ: dict[str, str]) -> Iterator[Figure]:
    """Requests a second and time to the first answer; medians of rounds that alternate."""
    source = write_bare(folder, form.get(form.path))
    with serving("bare", source, "/", {}) as bare:
        rates = [(_rate(form), _rate(bare)) for _ in range(_ROUNDS)]
    yield _figure("form requests/s over a bare function (at least 0.9)", rates)
    starts = [
        (_start("form", form.source, form.path, environ), _start("bare", source, "/", {}))
        for _ in range(_STARTS)
    ]
    in_ms = [(ours * 1000, theirs * 1000) for ours, theirs in starts]
    yield _figure("start to first form, ms, over a bare function (at most 1.15)", in_ms)


def _figure(name: str, pairs: Sequence[tuple[float, float]]) -> Figure:
    """Medians, and the median of the ratios: what slows the machine for a while slows both of a pair."""
    ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    return Figure(
        name=name, ours=ours, limit=theirs, ratio=statistics.median(one / other for one, other in pairs)
    )


def _start(target: str, source: Path, path: str, environ: dict[str, str]) -> float:
    with serving(target, source, path, environ) as served:
        return served.seconds_to_answer


def _rate(served: Served) -> float:
    """Requests a second over plain sockets, so that what a client does with headers is not measured."""
    lines = (f"GET {served.path} HTTP/1.1", "Host: x", "Accept-Encoding: gzip", "Connection: close", "", "")
    request = "\r\n".join(lines).encode()
    count, started = 0, time.perf_counter()
    while time.perf_counter() - started < _SECONDS:
        with socket.create_connection(("127.0.0.1", served.port)) as connection:
            connection.sendall(request)
            while connection.recv(65_536):
                pass
        count += 1
    return count / _SECONDS
