"""One Monday of many wards on the Firestore emulator: what each costs in calls, reads, writes and time.

Every ward has a week of few forms, a real report for every kind of reader, and its mails written to a folder.
As many work at once as `wards_at_once` of infra/deployments/example.toml; the emulator takes processor time
of its own, which the cloud's database does not.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from uuid import uuid4

ROOT = Path(__file__).parents[3]
if __name__ == "__main__":
    sys.path[:0] = [str(ROOT / "functions"), str(ROOT / "scripts")]

from homthu.adapters.firestore.store import FirestoreStore
from homthu.adapters.traffic import Traffic
from homthu.bootstrap.start import start
from homthu.domain.boxes.box import Box
from homthu.domain.boxes.questionnaire import Questionnaire
from homthu.domain.week import Week
from homthu.services.run_reports import report_ward

from dev.benching.old_ward import OldWard
from dev.benching.reads import context_over
from dev.benching.wards import ALL, write_wards

WARDS = (10, 100, 1_000, ALL)
AT_ONCE = 5
FORMS = 10
WEEK = Week(2026, 47)
#: The emulator goes through all documents of a project's collection for each query, which Firestore's indexes
#: spare: with all wards in one it alone takes both processors from the thousandth on.
_WARDS_A_PROJECT = 20
_COUNTED = ("reads", "writes", "calls", "cpu s")


def measure(wards: Iterable[int] = WARDS) -> Iterator[tuple[float, dict[str, float]]]:
    """For each number of wards: hours for all, and what one ward takes."""
    # What the tests have for it; only who measures needs it.
    sys.path.append(str(ROOT / "tests" / "support"))
    from emulator import running

    for count in wards:
        # A new one each time: it keeps everything in memory.
        with running() as address:
            yield count, _monday(count, address)


def _monday(count: int, address: str) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        done = Path(folder) / "done"
        done.touch()
        write_wards(Path(folder) / "boxes", count)
        (Path(folder) / "secret").write_text("a" * 64 + "\n")
        environ = {
            **os.environ,
            "FIRESTORE_EMULATOR_HOST": address,
            "HOMTHU_BOXES": f"{folder}/boxes",
            "HOMTHU_SECRET_DESK": f"{folder}/secret",
            "HOMTHU_STORE": f"firestore://monday-{uuid4().hex[:8]}/(default)",
            "HOMTHU_MAIL": f"outbox:{folder}/outbox",
            "HOMTHU_BASE_URL": "http://127.0.0.1:8080",
            "HOMTHU_SENDER": "hom-thu@example.org",
        }
        command = [sys.executable, str(Path(__file__).resolve()), str(done)]
        begun = time.perf_counter()
        workers = [
            subprocess.Popen([*command, str(part), str(count)], env=environ, stdout=subprocess.PIPE)
            for part in range(min(AT_ONCE, count))
        ]
        while any(worker.poll() is None for worker in workers):
            time.sleep(1)
            print(f"\r{done.stat().st_size} of {count} wards   ", end="", file=sys.stderr, flush=True)
        found = [json.loads(worker.communicate()[0].splitlines()[-1]) for worker in workers]
        seconds = time.perf_counter() - begun
    of_one = {f"{name} a ward": sum(one[name] for one in found) / count for name in _COUNTED}
    return {"hours for all": seconds / 3600, **of_one}


def _work(done: Path, part: int, count: int) -> dict[str, float]:
    """Every fifth ward from this one on: its forms arrive, and on Monday it is reported on; then `done` gets
    a byte more."""
    clock = [WEEK.begins_at + timedelta(days=2)]

    def now() -> datetime:
        return clock[0]

    traffic = Traffic()
    parts = start("report", clock=now)
    project, database = os.environ["HOMTHU_STORE"].removeprefix("firestore://").split("/")
    mine = [f"{number:05}" for number in range(1, count + 1)][part::AT_ONCE]
    spent = dict.fromkeys(_COUNTED, 0.0)
    for first in range(0, len(mine), _WARDS_A_PROJECT):
        store = FirestoreStore(f"{project}-{mine[first]}", database, now, traffic=traffic)
        context = context_over(store, parts.context)
        for ward in mine[first : first + _WARDS_A_PROJECT]:
            box = parts.boxes.by_ward[ward]
            clock[0] = WEEK.begins_at + timedelta(days=2)
            _add_forms(store, parts.boxes.questionnaires, box)
            clock[0] = WEEK.ends_at + timedelta(hours=7)
            before = (traffic.reads, traffic.writes, traffic.calls, time.process_time())
            outcome = report_ward(context, parts.mailer, parts.sender, box, owner=f"bench-{part}")
            if not outcome.is_done:
                sys.exit(f"{ward}: {outcome.problem}")
            after = (traffic.reads, traffic.writes, traffic.calls, time.process_time())
            for name, one, other in zip(_COUNTED, before, after, strict=True):
                spent[name] += other - one
            with done.open("ab") as counted:
                counted.write(b".")
        store.close()
    return spent


def _add_forms(store: FirestoreStore, questionnaires: Mapping[str, Questionnaire], box: Box) -> None:
    ward = box.ward.code
    old = OldWard(box=box, questionnaires=questionnaires, last=WEEK, weeks=0, forms=FORMS)
    chance = Random(ward)
    for number in range(FORMS):
        store.add(f"{ward}{number:027x}", old.form(chance, number), "digest")


if __name__ == "__main__":
    print(json.dumps(_work(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
