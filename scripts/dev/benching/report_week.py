"""A week of 100,000 submissions: the report's time over a bare streamed read, and its peak memory.

`measure()` gives the rows for scripts/bench. Each step runs in a process of its own, so that its
peak memory is its own; the read is of the very same documents, through the same store. Run by hand:

    .venv/bin/python scripts/dev/benching/report_week.py [SUBMISSIONS]
"""

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).parents[3]
if __name__ == "__main__":
    sys.path[:0] = [str(ROOT / "functions"), str(ROOT / "scripts")]

from homthu.adapters.sqlite.backup import SqliteBackup
from homthu.adapters.sqlite.store import SqliteStore
from homthu.adapters.store_records import submission_record
from homthu.bootstrap.start import start
from homthu.domain.backup import Entry, Kind
from homthu.domain.boxes.box import Box
from homthu.domain.submissions.inclusion import commitment_of
from homthu.domain.submissions.submission import Channel, Submission
from homthu.domain.week import Week
from homthu.services.run_reports import report_ward

from dev.benching.figure import Figure

WARD, WEEK = "07210", Week(2026, 47)
SUBMISSIONS = 100_000
#: The least memory that a function of the cloud has, and how many times a bare read the report may take: it
#: reads twice, counts some forty facts of every submission, compares its words, masks, and writes two files.
LIMIT_MIB, LIMIT_RATIO = 256.0, 30.0
#: So many commitments tell what those of a list take.
_COMMITTED = 200
_WORDS = (
    "cán bộ phường hồ sơ chứng thực đất đai đường ngõ đèn hỏng sửa chậm nhanh tốt giờ mở cửa bàn lấy"
    " số giấy hẹn trả kết quả khai sinh lệ phí niêm yết nhà văn hóa tổ trưởng hướng dẫn thái độ chờ"
)


def measure(submissions: int = SUBMISSIONS) -> Iterator[Figure]:
    """Seed a week, read it, report on it; half of it tells whether memory grows with its size."""
    small, large = (run(count) for count in (max(1, submissions // 2), submissions))
    peak, seconds, read = large["peak_mib"], large["report_seconds"], large["read_seconds"]
    half = small["peak_mib"]
    yield Figure(
        name="report_week_over_bare_read", ours=seconds, limit=read * LIMIT_RATIO, ratio=seconds / read
    )
    yield Figure(name="report_week_peak_mib", ours=peak, limit=LIMIT_MIB, ratio=peak / LIMIT_MIB)
    yield Figure(name="report_week_peak_over_half", ours=peak, limit=half * 1.15, ratio=peak / half)


def run(count: int) -> dict[str, float]:
    """Seed a week with this many forms, report on it and read it; return what that took."""
    with tempfile.TemporaryDirectory() as folder:
        _step("seed", folder, count)
        # Reported first, for that assigns the week; then read as it is stored for good.
        reported = _step("report", folder, count)
        return {**reported, **_step("read", folder, count)}


def _step(name: str, folder: str, count: int) -> dict[str, float]:
    command = [sys.executable, str(Path(__file__).resolve()), name, folder, str(count)]
    environ = {**os.environ, "PYTHONPATH": str(ROOT / "functions")}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environ)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _environ(folder: Path) -> dict[str, str]:
    (folder / "secret").write_text("a" * 64 + "\n")
    return {
        "HOMTHU_SECRET_DESK": f"{folder}/secret",
        "HOMTHU_STORE": f"sqlite://{quote(str(folder))}/box.db",
        "HOMTHU_MAIL": f"outbox:{folder}/outbox",
        "HOMTHU_BASE_URL": "http://127.0.0.1:8080",
        "HOMTHU_SENDER": "hom-thu@example.org",
    }


def _seed(folder: Path, count: int) -> dict[str, float]:
    chance = random.Random(1)
    box = start("report", _environ(folder)).boxes.by_ward[WARD]
    received = {"received_at": WEEK.begins_at + timedelta(days=2)}

    def entries() -> Iterator[Entry]:
        for number in range(count):
            id = chance.randbytes(16).hex()
            record = submission_record(_one(box, chance), "digest")
            yield Entry(kind=Kind.SUBMISSIONS, id=id, record={**record, **received})
            if number % 10_000 == 0:
                _progress(f"{number} forms written")

    # As a restore brings them back: far sooner than one after the other, as citizens send them.
    backup = SqliteBackup(folder / "box.db")
    backup.load(entries())
    backup.close()
    return {}


def _one(box: Box, chance: random.Random) -> Submission:
    asked, words = box.questionnaire, _WORDS.split()
    return Submission(
        ward=WARD,
        place=chance.choice(box.places).code,
        channel=chance.choice(list(Channel)),
        assisted=chance.random() < 0.2,
        questionnaire=asked.version,
        round="2026-dot-4",
        answers={q.id: chance.choice(q.options).id for q in asked.questions if q.options},
        text=" ".join(chance.choices(words, k=chance.randint(3, 60))) if chance.random() < 0.45 else "",
        service=chance.choice(asked.services).id,
    )


def _read(folder: Path, _: int) -> dict[str, float]:
    store = SqliteStore(folder / "box.db", lambda: WEEK.ends_at)
    begun = time.perf_counter()
    read = sum(1 for _ in store.in_week(WARD, WEEK))
    return {"read_seconds": time.perf_counter() - begun, "read": float(read)}


def _report(folder: Path, count: int) -> dict[str, float]:
    now = WEEK.ends_at + timedelta(hours=7)
    parts = start("report", _environ(folder), clock=lambda: now, progress=_progress)
    begun, worked = time.perf_counter(), time.process_time()
    box = parts.boxes.by_ward[WARD]
    outcome = report_ward(parts.context, parts.mailer, parts.sender, box, owner="bench")
    seconds, processor = time.perf_counter() - begun, time.process_time() - worked
    if not outcome.is_done or outcome.closed[0].tally.total != count:
        sys.exit(f"the report failed: {outcome.problem}")
    begun = time.process_time()
    for _ in range(_COMMITTED):
        commitment_of("0" * 64)
    # The forms have no seed: the published list takes the same for each, and would take most of the time.
    listed = (time.process_time() - begun) / _COMMITTED * count
    largest = max(path.stat().st_size for path in (folder / "outbox").glob("*.eml"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "report_seconds": seconds,
        "report_cpu_seconds": processor,
        "list_cpu_seconds": listed,
        "peak_mib": peak,
        "mail_bytes": float(largest),
    }


def _progress(line: str) -> None:
    print(f"\r{line:<60}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 4:
        steps = {"seed": _seed, "read": _read, "report": _report}
        print(json.dumps(steps[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))))
    else:
        for row in measure(*map(int, sys.argv[1:])):
            print(json.dumps(row))
