"""What a page or a job reads of a ward does not grow with its years, and stays below a bound.

A ward of fifty forms and ten cases a week, of which six in ten were read by those who read words, and with
every kind of reader: after one year, and after ten with 5,200 cases.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from dev.benching.old_ward import WEEKS_A_YEAR, OldWard
from dev.benching.reads import LIMITS, OldWardReads, context_over
from homthu.adapters.firestore.backup import FirestoreBackup
from homthu.adapters.firestore.store import FirestoreStore
from homthu.adapters.mail.outbox import OutboxMailer
from homthu.adapters.sqlite.backup import SqliteBackup
from homthu.adapters.sqlite.store import SqliteStore
from homthu.adapters.traffic import Traffic
from homthu.bootstrap.start import start
from homthu.domain.week import Week
from report_harness import render

#: The results show last year's reports, which a ward of one year has not; nothing else grows, but for what
#: the cases that go in the month to come are counted by, and every thousand answers that are.
GROWS_BY = {"results": 60}
GROWS_AT_MOST = 1


@pytest.fixture(params=["sqlite", pytest.param("firestore", marks=(pytest.mark.emulator, pytest.mark.long))])
def reads_after(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[int], dict[str, int]]:
    """Fills a ward of so many years into an empty store, and reads everything once."""

    def reads(years: int) -> dict[str, int]:
        folder, clock, traffic = tmp_path / str(years), [], Traffic()
        folder.mkdir()
        (folder / "secret").write_text("a" * 64 + "\n")
        environ = {
            "HOMTHU_SECRET_DESK": f"{folder}/secret",
            "HOMTHU_STORE": f"sqlite://{folder}/unused.db",
            "HOMTHU_MAIL": f"outbox:{folder}/outbox",
            "HOMTHU_BASE_URL": "http://127.0.0.1:8080",
            "HOMTHU_SENDER": "hom-thu@example.org",
        }
        parts = start("report", environ)
        if request.param == "sqlite":
            path = folder / "box.db"
            backup, store = SqliteBackup(path), SqliteStore(path, lambda: clock[-1], traffic=traffic)
        else:
            project = f"{request.getfixturevalue('firestore_project')}-{years}"
            backup = FirestoreBackup(project, "(default)")
            store = FirestoreStore(project, "(default)", traffic=traffic)
        old = OldWard(
            box=parts.boxes.by_ward["07210"],
            questionnaires=parts.boxes.questionnaires,
            last=Week(2026, 48),
            weeks=years * WEEKS_A_YEAR,
        )
        backup.load(old.entries())
        backup.close()
        store.bring_up_to_date()
        old_ward_reads = OldWardReads(
            old=old,
            store=store,
            traffic=traffic,
            # A mail of few words: making a real one reads nothing more.
            context=replace(context_over(store, parts.context), render=render),
            mailer=OutboxMailer(folder / "outbox"),
            turn=clock.append,
        )
        found = dict(old_ward_reads.all())
        store.close()
        return found

    return reads


def test_no_page_and_no_job_reads_more_of_ten_years_than_of_one(
    reads_after: Callable[[int], dict[str, int]],
) -> None:
    first, tenth = reads_after(1), reads_after(10)
    assert {name: count for name, count in tenth.items() if count > LIMITS[name]} == {}
    grown = {name: count - first[name] for name, count in tenth.items()}
    assert {name: more for name, more in grown.items() if more > GROWS_BY.get(name, GROWS_AT_MOST)} == {}
