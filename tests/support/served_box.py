"""A whole box served by `scripts/serve` in a process of its own: posted to, killed, and begun again."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from canaries import HEADERS, Watch
from citizen_side import ANSWERS, PLACE, fields_of, spelt
from ports import free_port
from shell import succeed

ROOT = Path(__file__).parents[2]
_REFERENCE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
_START_SECONDS = 40
#: How long a citizen waits at most.
PATIENCE_SECONDS = 8
FORM = "application/x-www-form-urlencoded"


@dataclass
class Answer:
    """One answer: how long it took in seconds, and the form or page it holds."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class ServedBox:
    """A box being served. `data` is its folder, `log` all that it printed."""

    port: int
    data: Path
    log: Path
    process: "subprocess.Popen[bytes]"
    environ: Mapping[str, str] = field(default_factory=dict)
    watch: Watch = field(default_factory=Watch)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send one request on a connection of its own; raise `OSError` or `HTTPException`.

        It carries canaries, but for the headers that are given.
        """
        begun = time.monotonic()
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, {"Connection": "close", **HEADERS, **(headers or {})})
            answer = connection.getresponse()
            content = answer.read()
            return Answer(answer.status, dict(answer.headers), content, time.monotonic() - begun)
        finally:
            connection.close()

    def get(self, path: str) -> Answer:
        return self.request("GET", path)

    def send(self, fields: Mapping[str, str], headers: Mapping[str, str] | None = None) -> Answer:
        """Hand in these fields, as a form does."""
        self.watch.handed_in(fields)
        given = {"Content-Type": FORM, **(headers or {})}
        return self.request("POST", "/gui", urlencode(fields).encode(), given)

    def reference(self, sent: Answer) -> str:
        """The reference on the receipt that an answer leads to."""
        assert sent.status == 303, (sent.status, sent.text[:200])
        receipt = self.get(sent.headers["Location"])
        found = _REFERENCE.search(receipt.text)
        assert found, receipt.text[:200]
        self.watch.shown(found.group())
        return found.group()

    def workers(self) -> list[int]:
        """The processes that answer requests."""
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True, check=False
        )
        return [int(line) for line in listed.stdout.split()]

    def kill_workers(self) -> None:
        """kill -9 what answers requests; its parent begins another."""
        for pid in self.workers():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill(self) -> None:
        """kill -9 everything, parent first, so that nothing is begun again."""
        workers = self.workers()
        self.process.kill()
        for pid in workers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(10)
        # While a worker is dying its port still takes connections, which nobody will answer.
        while any(_is_alive(pid) for pid in workers):
            time.sleep(0.01)

    def begin(self) -> None:
        """Serve the same folder on the same port, after a kill."""
        self.process = _begin(self.port, self.data, self.log, self.environ)
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Return when requests are taken."""
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                self.get("/")
                return
            except (OSError, HTTPException):
                assert self.process.poll() is None, self.log.read_text("utf-8")
                assert time.monotonic() < deadline, self.log.read_text("utf-8")
                time.sleep(0.05)

    def exported(self) -> list[dict[str, Any]]:
        """What is stored, read by the command that an office would use."""
        said = succeed("export", "--raw", "--format", "json", "--data", self.data)
        rows: list[dict[str, Any]] = json.loads(said)
        return rows

    def try_to_begin(self, **environ: str) -> "subprocess.CompletedProcess[str]":
        """Serve the same folder with other settings, where that must end by itself."""
        return _script("serve", "--examples", "--port", str(free_port()), "--data", str(self.data), **environ)

    def logged(self) -> str:
        return self.log.read_text("utf-8", "replace")


def is_honest(answer: Answer, form: Mapping[str, str]) -> None:
    """A page, in time, that says it is not known to be stored, with all that was typed and the key."""
    assert (answer.status, answer.seconds < PATIENCE_SECONDS) == (503, True), (answer.status, answer.seconds)
    assert answer.headers["Retry-After"] == "30"
    assert '<html lang="vi"' in answer.text
    typed, names = fields_of(answer.text), (*ANSWERS, "key")
    assert {name: typed[name] for name in names} == {name: form[name] for name in names}


def whole_form(key: str, **changes: str) -> dict[str, str]:
    """A form as the page sends it, with these fields changed."""
    return {"place": PLACE, "questionnaire": "qcdc-v1", "key": key, **ANSWERS, **spelt(changes)}


@contextmanager
def served(folder: Path, *, under: Sequence[str] = (), **environ: str) -> Iterator[ServedBox]:
    """Serve a box from `folder/data`; stop it and all that it began at the end, and look for leaks.

    `under` is a command that watches another, which it is followed by.
    """
    folder.mkdir(parents=True, exist_ok=True)
    port, data, log = free_port(), folder / "data", folder / "log"
    box = ServedBox(port, data, log, _begin(port, data, log, environ, under), environ)
    try:
        box.wait_until_ready()
        yield box
    finally:
        if box.process.poll() is None:
            box.process.send_signal(signal.SIGTERM)
            try:
                box.process.wait(20)
            except subprocess.TimeoutExpired:
                box.kill()
    box.watch.assert_nothing_leaked(log, data)


def _is_alive(pid: int) -> bool:
    """Whether a process holds anything still; a zombie that nobody fetches does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def _begin(
    port: int, data: Path, log: Path, environ: Mapping[str, str], under: Sequence[str] = ()
) -> "subprocess.Popen[bytes]":
    serve = [sys.executable, str(ROOT / "scripts" / "serve"), "--examples"]
    serve += ["--port", str(port), "--data", str(data)]
    with log.open("ab") as sink:
        return subprocess.Popen([*under, *serve], stdout=sink, stderr=sink, env={**os.environ, **environ})


def _script(name: str, *arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(ROOT / "scripts" / name), *arguments]
    return subprocess.run(
        command, env={**os.environ, **environ}, capture_output=True, text=True, timeout=15, check=False
    )
