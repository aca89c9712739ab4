"""What grows with wards, years, the forms of a week, and pages: each point in a process of its own.

`measure()` gives the points for scripts/bench. Run by hand, it draws the picture of tests/README.md from
the lines that were printed:

    scripts/bench growth > growth.jsonl
    scripts/bench growth --curve monday --at 3321
    .venv/bin/python scripts/dev/benching/growth.py growth.jsonl > infra/pictures/growth.svg
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parents[3]
if __name__ == "__main__":
    sys.path[:0] = [str(ROOT / "functions"), str(ROOT / "scripts")]

from flask import Request
from homthu.adapters.box_files.index import COMPILED
from homthu.adapters.box_files.index_writer import index_files
from homthu.adapters.mail.outbox import OutboxMailer
from homthu.adapters.sqlite.backup import SqliteBackup
from homthu.adapters.sqlite.store import SqliteStore
from homthu.adapters.traffic import Traffic
from homthu.bootstrap.start import start
from homthu.domain.reports.suggestion import Suggestion
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.domain.week import Week
from homthu.http.page_cache import PageCache
from homthu.http.prerender import Prerendered
from werkzeug.test import EnvironBuilder

from dev.benching import monday, report_week
from dev.benching.curve import Point, curve, picture
from dev.benching.old_ward import WEEKS_A_YEAR, OldWard
from dev.benching.reads import OldWardReads, context_over
from dev.benching.wards import ALL, write_wards

WARDS = (1, 100, 1_000, ALL)
YEARS = (1, 2, 4, 7, 10)
FORMS = (100, 1_000, 10_000, 100_000, 1_000_000)
PAGES = (1, 100, 2_000, 20_000)
#: What a page of the form takes, plain and in both encodings.
_PAGE_BYTES = 57_000
_CACHE_BYTES = 32 * 2**20
Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class _Curve:
    """What grows, from where to where, and how a point of it is measured."""

    name: str
    points: tuple[int, ...]
    measure: Callable[[Iterable[int]], Iterator[tuple[float, Figures]]]


def measure(chosen: Iterable[str] = (), at: Iterable[int] = ()) -> Iterator[Point]:
    """The points of every curve, or of those chosen of `CURVES`, as they are measured; `at` asks for other
    points than the curve's own, beside its first one, to which each is compared."""
    for name in tuple(chosen) or CURVES:
        one = CURVES[name]
        points = (one.points[0], *at) if at else one.points
        yield from curve(one.name, one.measure(dict.fromkeys(points)))


def _alone(step: str, count: int) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(Path(__file__).resolve()), step, folder, str(count)]
        found = subprocess.run(command, check=True, stdout=subprocess.PIPE, env={**os.environ}).stdout
    figures: Figures = json.loads(found.splitlines()[-1])
    return figures


def _each(measure: Callable[[int], Figures]) -> Callable[[Iterable[int]], Iterator[tuple[float, Figures]]]:
    return lambda points: ((count, measure(count)) for count in points)


def _week(count: int) -> Figures:
    found = report_week.run(count)
    names = {
        "report_seconds": "report s",
        "report_cpu_seconds": "report cpu s",
        "list_cpu_seconds": "list cpu s",
        "peak_mib": "peak MiB",
        "mail_bytes": "mail bytes",
    }
    return {shown: found[name] for name, shown in names.items()}


def _wards(folder: Path, count: int) -> Figures:
    """Start `form` with this many wards, compiled as the deploy does, and find the last one's box."""
    boxes = write_wards(folder / "boxes", count)
    served = folder / "served"
    (served / COMPILED).mkdir(parents=True)
    for name, content in index_files(boxes).items():
        (served / COMPILED / name).write_bytes(content)
    # What compiling took in memory is not what starting takes.
    command = [sys.executable, str(Path(__file__).resolve()), "start", str(served), str(count)]
    figures: Figures = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return figures


def _start(folder: Path, count: int) -> Figures:
    environ = _environ(folder.parent, boxes=str(folder))
    begun = time.process_time()
    parts = start("form", {name: environ[name] for name in environ if "STORE" not in name})
    started = time.process_time() - begun
    peak = _peak_mib()
    begun = time.process_time()
    # As the form looks for the ward of a place.
    last = f"{count:05}"
    assert parts.boxes.by_ward[last].ward.code == last
    return {"start s": started, "peak MiB": peak, "last ward ms": 1000 * (time.process_time() - begun)}


def _peak_mib() -> float:
    """The most that this program held. What the kernel tells its parent begins with the parent's own."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _years(folder: Path, count: int) -> Figures:
    """What each page and job reads of a ward after this many years, and how long it takes."""
    parts = start("report", _environ(folder))
    clock: list[datetime] = []
    traffic, path = Traffic(), folder / "box.db"
    backup, store = SqliteBackup(path), SqliteStore(path, lambda: clock[-1], traffic=traffic)
    box = parts.boxes.by_ward[report_week.WARD]
    asked = parts.boxes.questionnaires
    old = OldWard(box=box, questionnaires=asked, last=Week(2026, 48), weeks=count * WEEKS_A_YEAR)
    backup.load(old.entries())
    backup.close()
    old_ward_reads = OldWardReads(
        old=old,
        store=store,
        traffic=traffic,
        context=replace(context_over(store, parts.context), render=_render),
        mailer=OutboxMailer(folder / "outbox"),
        turn=clock.append,
    )
    return {name: float(reads) for name, reads in old_ward_reads.all()}


def _render(report: WeeklyReport, suggestions: Iterable[Suggestion]) -> bytes:
    """A mail of few words: making a real one reads nothing more."""
    return f"Subject: {report.week}\r\n\r\n{sum(1 for _ in suggestions)}".encode()


def _pages(_: Path, count: int) -> Figures:
    """The memory and time that it takes to request this many different pages."""
    cache = PageCache(_CACHE_BYTES)
    now = datetime(2026, 11, 26, tzinfo=UTC)

    def ask(number: int) -> None:
        plain = number.to_bytes(4) * (_PAGE_BYTES // 4)
        page = Prerendered(plain=plain, status=200, until=None, etag=f"{number}", headers=())
        request = Request(EnvironBuilder(path=f"/g/{number}").get_environ())
        cache.answer(number, request, now, lambda: page)

    # The first one loads what it needs.
    ask(count)
    begun = time.process_time()
    for number in range(count):
        ask(number)
    seconds = time.process_time() - begun
    peak = _peak_mib()
    return {"process MiB": peak, "ms a page": 1000 * seconds / count}


def _environ(folder: Path, *, boxes: str = "") -> dict[str, str]:
    (folder / "secret").write_text("a" * 64 + "\n")
    secrets = {f"HOMTHU_SECRET_{name}": f"{folder}/secret" for name in ("DESK", "RECEIPTS")}
    return {
        **secrets,
        **({"HOMTHU_BOXES": boxes} if boxes else {}),
        "HOMTHU_STORE": f"sqlite://{folder}/unused.db",
        "HOMTHU_MAIL": f"outbox:{folder}/outbox",
        "HOMTHU_BASE_URL": "http://127.0.0.1:8080",
        "HOMTHU_SENDER": "hom-thu@example.org",
    }


_STEPS: dict[str, Callable[[Path, int], Figures]] = {
    "wards": _wards,
    "start": _start,
    "years": _years,
    "pages": _pages,
}

#: The curves, by the names that `scripts/bench growth --curve` takes.
CURVES = {
    "wards": _Curve("wards in one deployment", WARDS, _each(partial(_alone, "wards"))),
    "years": _Curve("years of a ward", YEARS, _each(partial(_alone, "years"))),
    "week": _Curve("forms in a week", FORMS, _each(_week)),
    "pages": _Curve("pages asked for", PAGES, _each(partial(_alone, "pages"))),
    "monday": _Curve("wards on a Monday", monday.WARDS, monday.measure),
}

if __name__ == "__main__":
    if len(sys.argv) == 4:
        print(json.dumps(_STEPS[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))))
    else:
        lines = Path(sys.argv[1]).read_text("utf-8").splitlines()
        print(picture(Point.of(line) for line in lines if '"curve"' in line), end="")
