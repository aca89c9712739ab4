"""What the version before wrote is taken up by this one: its file, its documents, its backup.

`tests/data/version-3/make.sh` made the data with that version's own commands: two weeks, the end of a
round and of a year, an erasure and its correction, forms of a week that is open, a case, a mailed link.
"""

import gzip
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from fakes.memory_backup import MemoryBackup
from fakes.memory_store import MemoryStore
from homthu.adapters.firestore.backup import FirestoreBackup
from homthu.adapters.firestore.client import FirestoreClient
from homthu.adapters.firestore.documents import FirestoreDocuments
from homthu.adapters.firestore.ledger import FirestoreLedger
from homthu.adapters.firestore.queries import ABOUT, RECORDS
from homthu.adapters.firestore.store import FirestoreStore
from homthu.adapters.sqlite.backup import SqliteBackup
from homthu.adapters.sqlite.store import SqliteStore
from homthu.adapters.store_records import VERSION
from homthu.domain.backup import Entry, Kind, entry_of, in_todays_form, read_line
from homthu.domain.reports.edition import Edition
from homthu.domain.week import Week
from homthu.ports import Access, Store, StoreUnavailable
from homthu.ports.backup import Backup
from homthu.services.backup import back_up, restore
from homthu.services.verify import verify_reports
from local.backup_file import lines_of
from report_harness import ReportHarness, monday
from samples import now
from shell import run, succeed

DATA = Path(__file__).parents[1] / "data" / "version-3"
WARD = "07207"
W51, W52 = Week(2025, 51), Week(2025, 52)
EDITIONS = [
    (W51, "week", 1),
    (W51, "correction.1", 5),
    (W52, "week", 2),
    (W52, "round.2025-dot-4", 3),
    (W52, "year.2025", 4),
]
KINDS = ["sqlite", pytest.param("firestore", marks=pytest.mark.emulator)]
Open = Callable[[str], tuple[Store, Backup]]


def old_file(folder: Path) -> Path:
    folder.mkdir()
    path = folder / "hom-thu.db"
    path.write_bytes(gzip.decompress((DATA / "hom-thu.db.gz").read_bytes()))
    return path


def old_entries() -> list[Entry]:
    """The records of the backup as that version wrote them into Firestore: there every report had its id."""
    _, *lines, _ = lines_of(DATA / "backup.gz")
    entries = [entry_of(read_line(line)) for line in lines]
    brought = {
        (one.record["week"], one.record["edition"]): one.id
        for one in in_todays_form(entries, 1)
        if one.kind is Kind.REPORTS
    }
    return [
        replace(one, id=brought[one.record["week"], one.record["edition"]])
        if one.kind is Kind.REPORTS
        else one
        for one in entries
    ]


def write_old_documents(project: str) -> None:
    client = FirestoreClient(project, "(default)")
    documents = FirestoreDocuments(client)
    for entry in old_entries():
        if entry.kind is Kind.CONTENTS:
            FirestoreLedger(documents).save_content(entry.id, entry.record["bytes"])
        else:
            documents.create(entry.kind.value, entry.id, dict(entry.record))
    client.close()


@pytest.fixture
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens a store of a kind as version 3 left it."""
    closing_: list[Store | Backup] = []

    def open(kind: str, *, is_empty: bool = False) -> tuple[Store, Backup]:
        store: Store
        backup: Backup
        if kind == "sqlite":
            folder = tmp_path / uuid4().hex
            path = folder / "hom-thu.db" if is_empty else old_file(folder)
            store, backup = SqliteStore(path, now), SqliteBackup(path)
        else:
            request.getfixturevalue("firestore_project")
            project = f"test-{uuid4().hex[:12]}"
            if not is_empty:
                write_old_documents(project)
            store, backup = FirestoreStore(project, "(default)"), FirestoreBackup(project, "(default)")
        closing_.extend([store, backup])
        return store, backup

    yield open
    for one in closing_:
        one.close()


def is_what_version_3_left(store: Store) -> None:
    found = {(one.week, str(one.edition), one.number) for one in store.reports(WARD, W51)}
    assert found == set(EDITIONS)
    verdict = verify_reports(store, store, WARD)
    assert (verdict.fault, verdict.holds) == ("", 5)
    assert store.report(WARD, W51).tally.total == 12
    assert store.report(WARD, W51, Edition.parse("correction.1")).tally.total == 11
    assert store.count_in_week(WARD, W51) == 11
    assert len(list(store.everything(WARD))) == 16
    assert store.owed(WARD) == []
    assert len(store.deliveries(WARD, W52)) == 12
    [case] = store.cases_of_week(WARD, W51)
    assert (case.week, case.history[0].who) == (W51, "A")
    assert list(store.cases_changed_since(WARD, date.min)) == [case]
    assert [*store.open_cases(WARD), *store.answered_cases(WARD, limit=1)] == [case]
    assert store.submission(case.id) is not None
    head = store.head(WARD)
    assert (head.last_week, head.last_year, head.last_number) == (W52, 2025, 5)


@pytest.mark.parametrize("kind", KINDS)
def test_a_store_of_version_3_is_taken_up_whole(opened: Open, kind: str) -> None:
    store, _ = opened(kind)
    store.check()
    store.bring_up_to_date()
    is_what_version_3_left(store)


@pytest.mark.emulator
def test_cases_of_an_earlier_version_are_found_before_the_first_report(firestore_project: str) -> None:
    """The desk and the board are of this version from the deploy on, and the report comes on Monday."""
    write_old_documents(firestore_project)
    with closing(FirestoreStore(firestore_project, "(default)")) as store:
        is_what_version_3_left(store)
        assert len(list(store.open_cases(WARD))) + store.count_answered(WARD) == 1
        store.bring_up_to_date()
    with closing(FirestoreStore(firestore_project, "(default)")) as store:
        is_what_version_3_left(store)
        assert len(list(store.open_cases(WARD))) + store.count_answered(WARD) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_box_of_version_3_closes_its_next_week_and_the_chain_goes_on(opened: Open, kind: str) -> None:
    store, _ = opened(kind)
    harness = ReportHarness()
    harness.box = replace(harness.box, ward=replace(harness.box.ward, code=WARD))
    harness.store = store
    store.bring_up_to_date()
    (report,) = harness.report(monday(Week(2026, 1))).closed
    assert (report.week, report.number, report.tally.total) == (Week(2026, 1), 1, 5)
    assert verify_reports(store, store, WARD).holds == 6
    assert {one.recipient for one in store.deliveries(WARD, Week(2026, 1))} == {
        one.email for one in harness.box.recipients
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_backup_that_version_3_made_is_restored(opened: Open, kind: str) -> None:
    store, backup = opened(kind, is_empty=True)
    assert restore(backup, lambda: lines_of(DATA / "backup.gz")).written == 48
    is_what_version_3_left(store)
    store.close()
    assert restore(backup, lambda: lines_of(DATA / "backup.gz")).written == 0


@pytest.mark.emulator
def test_the_same_box_gives_the_same_backup_from_its_file_its_documents_and_its_backup(opened: Open) -> None:
    ends = set()
    for kind in ("sqlite", "firestore"):
        lines: list[str] = []
        back_up(opened(kind)[1], now(), lines.append)
        ends.add(lines[-1])
    memory = MemoryBackup(MemoryStore(now))
    restore(memory, lambda: lines_of(DATA / "backup.gz"))
    lines = []
    back_up(memory, now(), lines.append)
    assert ends == {lines[-1]}


@pytest.mark.parametrize("kind", KINDS)
def test_what_records_have_gained_since_is_kept_and_is_none_in_a_file_where_there_is_none(
    opened: Open, kind: str
) -> None:
    store, backup = opened(kind)
    [old] = store.cases_of_week(WARD, W51)
    other = next(one for one in store.everything(WARD) if one.id != old.id)
    store.create_case(replace(old, id=other.id, number=7))
    lines: list[str] = []
    back_up(backup, now(), lines.append)
    assert [line.count('"number":') for line in lines if '"kind":"cases"' in line].count(0) == 1
    copy, into = opened(kind, is_empty=True)
    restore(into, lambda: lines)
    assert {one.id: one.number for one in copy.cases_changed_since(WARD, date.min)} == {
        old.id: 0,
        other.id: 7,
    }


def test_the_commands_take_up_a_box_of_version_3(tmp_path: Path) -> None:
    data = old_file(tmp_path / "box").parent
    refused = run("verify-reports", "--data", data, "--ward", WARD)
    assert (refused.returncode, "(older_schema)" in refused.stderr) == (1, True), refused.stderr
    succeed("report", "--data", data, "--ward", WARD, "--as-of", "2026-01-05T07:00+07:00")
    assert "6 báo cáo, chuỗi nguyên vẹn" in succeed("verify-reports", "--data", data, "--ward", WARD)
    restored = succeed("restore", DATA / "backup.gz", "--data", tmp_path / "other")
    assert "5 báo cáo, chuỗi nguyên vẹn" in restored


# The mark of a Firestore database.


def mark_of(project: str) -> object:
    client = FirestoreClient(project, "(default)")
    mark = FirestoreDocuments(client).get(ABOUT, RECORDS)
    client.close()
    return mark.record if mark else None


def set_mark(project: str, version: int) -> None:
    client = FirestoreClient(project, "(default)")
    FirestoreDocuments(client).create(ABOUT, RECORDS, {"version": version})
    client.close()


@pytest.mark.emulator
def test_the_report_notes_the_version_that_writes_and_looking_does_not(firestore_project: str) -> None:
    with closing(FirestoreStore(firestore_project, "(default)")) as store:
        store.check()
        assert mark_of(firestore_project) is None
        for _ in range(2):
            store.bring_up_to_date()
            assert mark_of(firestore_project) == {"version": VERSION}


@pytest.mark.emulator
@pytest.mark.parametrize("access", Access)
def test_what_a_later_version_wrote_is_refused(firestore_project: str, access: Access) -> None:
    write_old_documents(firestore_project)
    set_mark(firestore_project, VERSION + 1)
    with closing(FirestoreStore(firestore_project, "(default)", access=access)) as store:
        for act in (store.check, store.bring_up_to_date):
            with pytest.raises(StoreUnavailable, match="newer_schema"):
                act()
    assert mark_of(firestore_project) == {"version": VERSION + 1}


@pytest.mark.emulator
def test_an_earlier_mark_is_raised(firestore_project: str) -> None:
    set_mark(firestore_project, VERSION - 1)
    with closing(FirestoreStore(firestore_project, "(default)")) as store:
        store.check()
        store.bring_up_to_date()
    assert mark_of(firestore_project) == {"version": VERSION}
