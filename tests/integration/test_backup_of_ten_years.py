"""Ten years of a ward go from one kind of store to the other and back, and are the same in the end."""

import gzip
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import box
from dev.benching.old_ward import WEEKS_A_YEAR, OldWard
from homthu.adapters.firestore.backup import FirestoreBackup
from homthu.adapters.sqlite.backup import SqliteBackup
from homthu.domain.backup import Entry, Kind, read_line
from homthu.domain.week import Week
from homthu.ports.backup import Backup
from homthu.services.backup import back_up, restore
from local.backup_file import lines_of
from samples import now

pytestmark = [pytest.mark.long, pytest.mark.emulator]
WEEKS = 10 * WEEKS_A_YEAR
#: A report's mail, of which only those of the last two years keep their bytes apart here.
MAIL_BYTES, MAILS = 190_000, 2 * WEEKS_A_YEAR
#: What a backup may hold at a time: a page of rows and what is made of them, whatever the store's size.
MOST_BYTES = 60_000_000


def everything() -> Iterator[Entry]:
    ward = box()
    asked = {ward.questionnaire.version: ward.questionnaire}
    old = OldWard(
        box=ward, questionnaires=asked, last=Week(2026, 48), weeks=WEEKS, forms=20, weeks_with_forms=WEEKS
    )
    yield from old.entries()
    for number in range(MAILS):
        content = number.to_bytes(4) * (MAIL_BYTES // 4)
        yield Entry(kind=Kind.CONTENTS, id=f"{old.ward}.{number:05}", record={"bytes": content})


def written(store: Backup, path: Path) -> str:
    """Back a store up into a file; its last line, which has the counts and the digests."""
    last = ""
    tracemalloc.start()
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as file:

        def write(line: str) -> None:
            nonlocal last
            last = line
            file.write(f"{line}\n")

        back_up(store, now(), write)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < MOST_BYTES, f"{peak / 1e6:.0f} MB at once"
    return last


def test_ten_years_go_back_and_forth(tmp_path: Path, firestore_project: str) -> None:
    first, last = SqliteBackup(tmp_path / "a" / "box.db"), SqliteBackup(tmp_path / "b" / "box.db")
    cloud = FirestoreBackup(firestore_project, "(default)")
    first.load(everything())
    from_sqlite = written(first, tmp_path / "a.gz")
    restored = restore(cloud, lambda: lines_of(tmp_path / "a.gz"))
    assert restored.written == sum(one.count for one in restored.sums.values())
    assert restore(cloud, lambda: lines_of(tmp_path / "a.gz")).written == 0
    from_firestore = written(cloud, tmp_path / "b.gz")
    restore(last, lambda: lines_of(tmp_path / "b.gz"))
    assert from_sqlite == from_firestore == written(last, tmp_path / "c.gz")
    counts = {kind: one["count"] for kind, one in read_line(from_sqlite)["sums"].items()}
    assert (counts["reports"], counts["cases"], counts["contents"]) == (570, 5200, MAILS)
    for store in (first, last, cloud):
        store.close()
