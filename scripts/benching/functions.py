"""Starts `form`, and a bare function of the same bytes, each as functions-framework serves it."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from environment import ROOT

BARE = """
from pathlib import Path
from flask import Response
BODY = Path(__file__).with_name("body").read_bytes()
def bare(request):
    return Response(BODY, content_type="text/html; charset=utf-8", headers={"Content-Encoding": "gzip"})
"""
_PATIENCE_SECONDS = 30


@dataclass(frozen=True, kw_only=True)
class Served:
    """A function that answers; `seconds_to_answer` is from its start to its first page."""

    port: int
    path: str
    seconds_to_answer: float

    def get(self, path: str, encoding: str = "gzip") -> bytes:
        """The body as it comes over the wire."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE_SECONDS)
        connection.request("GET", path, headers={"Accept-Encoding": encoding})
        body = connection.getresponse().read()
        connection.close()
        return body


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def write_bare(folder: Path, body: bytes) -> Path:
    """The source of a function that answers every request with these bytes."""
    (folder / "body").write_bytes(body)
    (folder / "main.py").write_text(BARE)
    return folder / "main.py"


@contextmanager
def serving(
    target: str, source: Path, path: str, environ: dict[str, str], *, threads: int = 1
) -> Iterator[Served]:
    """Run one function as the cloud does, with one worker, until the block ends."""
    port = _free_port()
    command = [sys.executable, "-m", "functions_framework", "--target", target, "--source", str(source)]
    env = {**os.environ, **environ, "WORKERS": "1", "THREADS": str(threads)}
    started = time.perf_counter()
    with subprocess.Popen(
        [*command, "--port", str(port), "--host", "127.0.0.1"],
        env=env,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield Served(port=port, path=path, seconds_to_answer=_wait(port, path, started))
        finally:
            process.terminate()
            process.wait()


def _wait(port: int, path: str, started: float) -> float:
    while time.perf_counter() - started < _PATIENCE_SECONDS:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_SECONDS)
            connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
            connection.getresponse().read()
            return time.perf_counter() - started
        except OSError:
            time.sleep(0.002)
    raise TimeoutError(f"no answer on port {port}")
