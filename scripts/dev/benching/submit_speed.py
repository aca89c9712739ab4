"""How many forms `submit` takes a second, over bare loops that create the same document.

All take turns in one run, each on one processor: `submit` over each store, which in the end must hold
as many submissions as there were receipts; a loop that creates the same document in each store; `submit`
over a port that keeps nothing; and a function that reads the forms and does nothing. The last two tell
what a store costs, and what the framework and HTTP leave to be reached. What each is held to, and
why: infra/decisions/0016-what-submit-is-measured-against.md.
"""

import json
import os
import secrets
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from urllib.parse import quote

from environment import ROOT
from homthu.bootstrap.start import start
from homthu.domain.boxes.box import Box
from homthu.domain.boxes.round import moment_at
from homthu.http.form import is_taking

from dev.benching.clients import hand_in
from dev.benching.figure import Figure
from dev.benching.functions import THREADS, on_one_processor, serving, unpack

_ROUNDS, _SECONDS = 7, 3.0
#: The emulator is slow for its first thousands of calls, until Java has compiled what they need.
_WARM_ROUNDS = 2
_DOES_NOTHING = """
from flask import Response
def submit(request):
    request.stream.read()
    return Response(status=303, headers={"Location": "/da-gui?p=x"})
"""
_KEEPS_NOTHING = """
import sys
sys.path.insert(0, FUNCTIONS)
from flask import current_app
from homthu.bootstrap.start import start
from homthu.http.framework import adopt
from homthu.http.submit import make

class Nowhere:
    def add(self, id, submission, digest):
        pass
    def digest(self, id):
        return None

class Parts:
    intake = Nowhere()
    def __init__(self, parts):
        self._parts = parts
    def __getattr__(self, name):
        return getattr(self._parts, name)

submit = make(Parts(start("submit")))
adopt(current_app, submit)
"""
_SQLITE, _FIRESTORE = "SQLite, WAL and FULL", "Firestore's emulator"
_KEPT_NOWHERE, _BARE = "kept nowhere", "bare function"
#: Something that takes its turn: how many a second it manages.
Turn = Callable[[], float]


def measure(folder: Path, environ: dict[str, str]) -> Iterator[Figure]:
    """The figures; Firestore's are left out, and said to be, where the emulator cannot run."""
    place = folder / "submit"
    place.mkdir()
    turns: dict[str, Turn] = {}
    with ExitStack() as running:
        on_sqlite = {**environ, "HOMTHU_STORE": f"sqlite://{quote(str(place / 'box.db'))}"}
        archive = unpack(place)
        nowhere = _source(place / "nowhere", _KEEPS_NOTHING.replace("FUNCTIONS", repr(str(archive.parent))))
        stores = {_SQLITE: _Store(running, archive, on_sqlite, ["sqlite", str(place / "box.db")])}
        if address := _emulator(running):
            project = f"bench-{secrets.token_hex(6)}"
            on_firestore = {
                **environ,
                "HOMTHU_STORE": f"firestore://{project}/(default)",
                "FIRESTORE_EMULATOR_HOST": address,
            }
            stores[_FIRESTORE] = _Store(running, archive, on_firestore, ["firestore", project])
        for name, store in stores.items():
            turns[name], turns[_loop(name)] = store.submit, store.create
        box = stores[_SQLITE].box
        turns[_KEPT_NOWHERE] = _requests(running, nowhere, on_sqlite, box)
        turns[_BARE] = _requests(running, _source(place / "bare", _DOES_NOTHING), environ, box)
        for _ in range(_WARM_ROUNDS):
            _round(turns)
        rounds = [_round(turns) for _ in range(_ROUNDS)]
        for store in stores.values():
            store.verify()
    yield from _figures(rounds)


def _round(turns: dict[str, Turn]) -> dict[str, float]:
    return {name: turn() for name, turn in turns.items()}


def _loop(store: str) -> str:
    return f"create() loop, {store}"


def _figures(rounds: list[dict[str, float]]) -> Iterator[Figure]:
    over = partial(_over, rounds)
    if _FIRESTORE in rounds[0]:
        yield over("submit accepted/s, Firestore's emulator (at least 0.65)", _FIRESTORE, _loop(_FIRESTORE))
        yield over("submit accepted/s, SQLite (at least 0.85)", _SQLITE, _loop(_FIRESTORE))
    yield over("submit accepted/s, SQLite (at least 0.75)", _SQLITE, _KEPT_NOWHERE)
    yield over("submit accepted/s, SQLite", _SQLITE, _loop(_SQLITE))
    yield over("a function that does nothing, requests/s", _BARE, _loop(_SQLITE))


def _over(rounds: list[dict[str, float]], name: str, ours: str, limit: str) -> Figure:
    """Medians of both, and the median of the rounds' ratios."""
    return Figure(
        name=f"{name}, over: {limit}",
        ours=statistics.median(rates[ours] for rates in rounds),
        limit=statistics.median(rates[limit] for rates in rounds),
        ratio=statistics.median(rates[ours] / rates[limit] for rates in rounds),
    )


class _Store:
    """`submit` over one store, and the loop beside it."""

    def __init__(self, running: ExitStack, archive: Path, environ: dict[str, str], loop: list[str]) -> None:
        parts = start("submit", environ)
        boxes, now = parts.boxes.by_ward.values(), parts.clock()
        self.box = next(b for b in boxes if is_taking(b, moment_at(b.rounds, now, b.closing_hours)))
        self._environ = environ
        self._loop = loop
        self._port = running.enter_context(serving("submit", archive, "/gui", environ, threads=THREADS)).port
        self._receipts = 0

    def submit(self) -> float:
        """Forms accepted a second."""
        count, rate = hand_in(self._port, self.box, _SECONDS)
        self._receipts += count
        return rate

    def create(self) -> float:
        """Documents created a second by the loop."""
        command = [
            sys.executable,
            str(Path(__file__).with_name("bare_create.py")),
            *self._loop,
            str(_SECONDS),
        ]
        done = subprocess.run(
            command,
            env={**os.environ, **self._environ},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            preexec_fn=on_one_processor,
        )
        return float(done.stdout)

    def verify(self) -> None:
        """End the program unless the store holds a submission for every receipt, and no more."""
        data = Path(self._environ["HOMTHU_SECRET_REFERENCES"]).parent
        command = [sys.executable, str(ROOT / "scripts" / "export"), "--format", "json", "--data", str(data)]
        env = {**os.environ, **self._environ}
        done = subprocess.run(command, env=env, stdout=subprocess.PIPE, check=True)
        if (stored := len(json.loads(done.stdout))) != self._receipts:
            sys.exit(f"submit: {self._receipts} receipts, {stored} stored")


def _requests(running: ExitStack, source: Path, environ: dict[str, str], box: Box) -> Turn:
    port = running.enter_context(serving("submit", source, "/gui", environ, threads=THREADS)).port
    return lambda: hand_in(port, box, _SECONDS)[1]


def _source(folder: Path, text: str) -> Path:
    folder.mkdir()
    (folder / "main.py").write_text(text)
    return folder / "main.py"


def _emulator(running: ExitStack) -> str:
    """Its address, or nothing."""
    sys.path.append(str(ROOT / "tests" / "support"))
    import emulator

    if reason := emulator.missing():
        print(f"NOT MEASURED: submit over Firestore. {reason}", file=sys.stderr)
        return ""
    address: str = running.enter_context(emulator.running())
    return address
