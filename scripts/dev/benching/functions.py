"""Starts `form`, and a bare function of the same bytes, each as functions-framework serves it.

`form` comes from the archive that `scripts/deploy` sends, unpacked.
"""

import http.client
import os
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploying.archive import make_archive
from environment import ROOT

BARE = """
from pathlib import Path
from flask import Response
BODY = Path(__file__).with_name("body").read_bytes()
def bare(request):
    return Response(BODY, content_type="text/html; charset=utf-8", headers={"Content-Encoding": "gzip"})
"""
_PATIENCE_SECONDS = 30
#: The threads of a deployed public function (infra/functions.tf).
THREADS = 20


@dataclass(frozen=True, kw_only=True)
class Served:
    """A function that answers; `seconds_to_answer` is from its start to its first page."""

    source: Path
    port: int
    path: str
    seconds_to_answer: float

    def get(self, path: str, encoding: str = "gzip") -> bytes:
        """The body as it is transmitted."""
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


def on_one_processor() -> None:
    """Keep this process, and what it starts, on one processor: `available_cpu` of infra/functions.tf.

    On two, threads that share Python's lock hand it from one to the other, and a third of a
    function's time goes into that. The cloud gives it no second one.
    """
    if sys.platform == "linux":
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def unpack(folder: Path) -> Path:
    """The source of `form` as the cloud gets it."""
    make_archive(ROOT, folder / "functions.zip")
    with zipfile.ZipFile(folder / "functions.zip") as archive:
        archive.extractall(folder / "archive")
    return folder / "archive" / "functions" / "main.py"


def write_bare(folder: Path, body: bytes) -> Path:
    """The source of a function that answers every request with these bytes."""
    (folder / "body").write_bytes(body)
    (folder / "main.py").write_text(BARE)
    return folder / "main.py"


@contextmanager
def serving(
    target: str, source: Path, path: str, environ: dict[str, str], *, threads: int = 1
) -> Iterator[Served]:
    """Run one function as the cloud does, with one worker on one processor, until the block ends.

    Its log names executions there (infra/functions.tf), which costs every request something.

    Its first start leaves the bytecode of all that it loads, ours and the libraries', as the buildpack
    does; only later ones may be timed.
    """
    port = _free_port()
    command = [sys.executable, "-m", "functions_framework", "--target", target, "--source", str(source)]
    env = {**os.environ, **environ, "WORKERS": "1", "THREADS": str(threads), "LOG_EXECUTION_ID": "true"}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    env["PYTHONPYCACHEPREFIX"] = str(source.parent / "bytecode")
    started = time.perf_counter()
    with subprocess.Popen(
        [*command, "--port", str(port), "--host", "127.0.0.1"],
        env=env,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=on_one_processor,
    ) as process:
        try:
            seconds = _wait(port, path, started)
            yield Served(source=source, port=port, path=path, seconds_to_answer=seconds)
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
