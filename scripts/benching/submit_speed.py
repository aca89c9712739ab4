"""How many forms `submit` takes a second, over a bare loop that creates the same document.

Sixteen clients hand in valid forms over HTTP, each with a key of its own, and count what leads to a receipt;
in the end the store must hold as many. They carry no stamp: it costs the phone and not the server. Each
client keeps its connection, as Google's front end does. A function that reads the same forms and stores
nothing is measured with it: what the framework and HTTP leave to be reached on this machine.
"""

import json
import os
import secrets
import selectors
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from environment import ROOT
from homthu.bootstrap import start
from homthu.domain.boxes.box import Box
from homthu.domain.boxes.round import moment_at
from homthu.domain.submissions.answers import SERVICE_FIELD, TEXT_FIELD
from homthu.http.form import is_taking

from benching.figure import Figure
from benching.functions import serving, unpack

_CLIENTS = 16
#: The threads of a deployed `submit` (infra/functions.tf).
_THREADS = 20
_ROUNDS, _SECONDS = 5, 3.0
_STORES_NOTHING = """
from flask import Response
def bare(request):
    request.stream.read()
    return Response(status=303, headers={"Location": "/da-gui?p=x"})
"""
_TEXT = "Cán bộ hướng dẫn tận tình, nhưng bảng niêm yết lệ phí ở quầy số 3 đã cũ, đề nghị phường thay. "


def measure(folder: Path, environ: dict[str, str]) -> Iterator[Figure]:
    """One figure a store; Firestore's emulator is left out, and said to be, where it cannot run."""
    place = folder / "submit"
    place.mkdir()
    (place / "main.py").write_text(_STORES_NOTHING)
    path = place / "box.db"
    on_sqlite = {**environ, "HOMTHU_STORE": f"sqlite://{path}"}
    yield from _figures("SQLite, WAL and FULL", 0.7, place, on_sqlite, ["sqlite", str(path)])
    with _emulator() as address:
        if address:
            project = f"bench-{secrets.token_hex(6)}"
            on_firestore = {
                **environ,
                "HOMTHU_STORE": f"firestore://{project}/(default)",
                "FIRESTORE_EMULATOR_HOST": address,
            }
            yield from _figures("Firestore's emulator", 0.6, place, on_firestore, ["firestore", project])


@contextmanager
def _emulator() -> Iterator[str]:
    sys.path.append(str(ROOT / "tests"))
    import emulator

    if reason := emulator.missing():
        print(f"NOT MEASURED: submit over Firestore. {reason}", file=sys.stderr)
        yield ""
        return
    with emulator.running() as address:
        yield address


def _figures(
    store: str, goal: float, place: Path, environ: dict[str, str], bare: list[str]
) -> Iterator[Figure]:
    parts = start("submit", environ)
    boxes, now = parts.boxes.by_ward.values(), parts.clock()
    box = next(box for box in boxes if is_taking(box, moment_at(box.rounds, now, box.closing_hours)))
    with (
        serving("submit", unpack(place), "/gui", environ, threads=_THREADS) as ours,
        serving("bare", place / "main.py", "/gui", environ, threads=_THREADS) as idle,
    ):
        _hand_in(idle.port, box, 0.5)
        accepted, _ = _hand_in(ours.port, box, 0.5)
        rounds = []
        for _ in range(_ROUNDS):
            count, rate = _hand_in(ours.port, box, _SECONDS)
            accepted += count
            rounds.append((rate, _bare_rate(bare, environ), _hand_in(idle.port, box, _SECONDS)[1]))
    if (stored := _stored(environ)) != accepted:
        sys.exit(f"submit: {accepted} receipts, {stored} stored")
    rates, loops, idles = zip(*rounds, strict=True)
    yield _over(f"submit accepted/s over a bare create() loop, {store} (at least {goal})", rates, loops)
    yield _over(f"a function that stores nothing, requests/s over the same loop, {store}", idles, loops)


def _over(name: str, ours: Sequence[float], theirs: Sequence[float]) -> Figure:
    """Medians of both, and the median of the rounds' ratios."""
    ratio = statistics.median(one / other for one, other in zip(ours, theirs, strict=True))
    return Figure(name=name, ours=statistics.median(ours), limit=statistics.median(theirs), ratio=ratio)


def _bare_rate(bare: list[str], environ: dict[str, str]) -> float:
    command = [sys.executable, str(Path(__file__).with_name("bare_create.py")), *bare, str(_SECONDS)]
    done = subprocess.run(
        command, env={**os.environ, **environ}, stdout=subprocess.PIPE, text=True, check=True
    )
    return float(done.stdout)


def _stored(environ: dict[str, str]) -> int:
    """How many submissions there are, as `scripts/export` counts them."""
    data = Path(environ["HOMTHU_SECRET"]).parent
    command = [sys.executable, str(ROOT / "scripts" / "export"), "--format", "json", "--data", str(data)]
    done = subprocess.run(command, env={**os.environ, **environ}, stdout=subprocess.PIPE, check=True)
    return len(json.loads(done.stdout))


def _requests(box: Box) -> Iterator[bytes]:
    """Forms as the page sends them, whole and valid, without end."""
    asked = box.questionnaire
    fields = {
        "place": box.places[0].code,
        "questionnaire": asked.version,
        **{question.id: question.options[0].id for question in asked.questions if question.options},
        TEXT_FIELD: _TEXT * 2,
        SERVICE_FIELD: asked.services[0].id,
    }
    body = urlencode(fields)
    head = "POST /gui HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    while True:
        form = f"{body}&key={secrets.token_hex(16)}".encode()
        yield f"{head}Content-Length: {len(form)}\r\n\r\n".encode() + form


def _hand_in(port: int, box: Box, seconds: float) -> tuple[int, float]:
    """Let the clients hand in for so long; how many got their receipt, and how many a second.

    Any other answer ends the program.
    """
    forms, count, begun = _requests(box), 0, time.perf_counter()
    ends = begun + seconds
    with selectors.DefaultSelector() as clients:
        for _ in range(_CLIENTS):
            line = socket.create_connection(("127.0.0.1", port))
            clients.register(line, selectors.EVENT_READ)
            line.sendall(next(forms))
        while clients.get_map():
            for key, _ in clients.select():
                line = key.fileobj  # type: ignore[assignment]
                if b"\r\nLocation: /da-gui?p=" not in (answer := line.recv(65_536)):
                    sys.exit(f"submit: {answer[:300]!r}")
                count += 1
                if time.perf_counter() < ends:
                    line.sendall(next(forms))
                else:
                    clients.unregister(line)
                    line.close()
    return count, count / (time.perf_counter() - begun)
