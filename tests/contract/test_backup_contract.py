"""What a backup may rely on, whatever the store it is made from and whatever it is brought into."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from contract.samples import FUTURE, OTHER_WARD, WARD, a_delivery, a_report, a_submission, fill, now
from homthu.adapters.firestore.backup import FirestoreBackup
from homthu.adapters.firestore.ledger import PART_BYTES
from homthu.adapters.firestore.store import FirestoreStore
from homthu.adapters.sqlite.backup import SqliteBackup
from homthu.adapters.sqlite.store import SqliteStore
from homthu.domain.backup import Entry, Kind, NotABackup, Sum, entry_line, header, trailer
from homthu.domain.reports.ledger import Head
from homthu.domain.submissions.receipt_mark import mark_of_day
from homthu.domain.week import Week, local_date
from homthu.ports import Backup, Conflict, Store
from homthu.services.backup import NotEmpty, ReportRunning, back_up, restore, sums_of

KINDS = ["sqlite", pytest.param("firestore", marks=pytest.mark.emulator)]
Open = Callable[[str], tuple[Store, Backup]]


@pytest.fixture
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens an empty store of a kind, and the way into it that a backup has."""
    closing: list[Store | Backup] = []

    def open(kind: str) -> tuple[Store, Backup]:
        store: Store
        backup: Backup
        if kind == "sqlite":
            path = tmp_path / f"{uuid4().hex}.db"
            store, backup = SqliteStore(path, now), SqliteBackup(path)
        else:
            request.getfixturevalue("firestore_project")  # leads to the emulator
            project = f"test-{uuid4().hex[:12]}"
            store, backup = FirestoreStore(project, "(default)"), FirestoreBackup(project, "(default)")
        closing.extend([store, backup])
        return store, backup

    yield open
    for one in closing:
        one.close()


def furnish(store: Store) -> None:
    """Something of everything: stamped and not, two wards, a content of several documents."""
    fill(store, [f"a{number:03d}" for number in range(350)])
    list(store.stamp(WARD, FUTURE))
    fill(store, ["z1", "z2"], text="Chưa chốt tuần: «ổn»\nxuống dòng", answers={}, flags=())
    fill(store, ["other"], ward=OTHER_WARD)
    head = store.create_head(Head(ward=WARD))
    done = Head(ward=WARD, last_week=Week(2026, 47), last_number=12, last_digest="60303ae2")
    store.replace_head(head, done)
    store.create_head(Head(ward=OTHER_WARD, owner="x", lease_until=now() - timedelta(hours=1)))
    store.save_content("9f86d081", bytes(range(256)) * (PART_BYTES // 256 + 1))
    store.save_content("empty", b"")
    store.freeze(a_report())
    store.freeze(a_report(ward=OTHER_WARD, week=Week(2027, 1)))
    store.owe(a_delivery("d1"))
    store.owe(a_delivery("d2", not_before=now(), attempts=3, reason="busy"))


def lines_from(backup: Backup) -> list[str]:
    lines: list[str] = []
    back_up(backup, now(), lines.append)
    return lines


@pytest.mark.parametrize("kind", KINDS)
def test_no_backup_holds_a_time_of_receipt_and_what_is_restored_closes_in_its_week(
    opened: Open, kind: str
) -> None:
    store, backup = opened(kind)
    fill(store, ["a1", "a2"])
    lines = lines_from(backup)
    held = [line for line in lines if '"kind":"submissions"' in line]
    assert len(held) == 2
    assert not any("$at" in line or "received_at" in line for line in held)
    other, into = opened(kind)
    restore(into, lambda: lines)
    assert lines_from(into)[1:] == lines[1:]
    this = Week.at(now())
    assert other.count_stamped(WARD, this) == 0, "its week is not closed by a restore"
    assert sum(other.stamp(WARD, this.shift(-1))) == 0
    assert sum(other.stamp(WARD, this)) == 2
    assert {one.received_on for one in other.stamped(WARD, this)} == {local_date(now())}


@pytest.mark.parametrize("kind", KINDS)
def test_a_backup_from_before_there_were_marks_is_restored_without_its_instants(
    opened: Open, kind: str
) -> None:
    store, backup = opened("sqlite")
    fill(store, ["a1"])
    (entry,) = backup.dump(Kind.SUBMISSIONS)
    exact = replace(entry, record={**entry.record, "received_at": datetime(2026, 11, 22, 16, 59, 59, 7, UTC)})
    sums = {one: Sum() for one in Kind}
    sums[Kind.SUBMISSIONS].add(entry_line(exact))
    lines = [header(now()), entry_line(exact), trailer(sums)]
    other, into = opened(kind)
    assert restore(into, lambda: lines).written == 1
    assert restore(into, lambda: lines).written == 0
    assert "16:59" not in "".join(lines_from(into))
    assert sum(other.stamp(WARD, Week(2026, 47))) == 1


@pytest.mark.parametrize("source", KINDS)
@pytest.mark.parametrize("target", KINDS)
def test_a_store_is_the_same_in_another(opened: Open, source: str, target: str) -> None:
    store, backup = opened(source)
    furnish(store)
    lines = lines_from(backup)
    other, into = opened(target)
    restored = restore(into, lambda: lines)
    assert restored.written == 353 + 2 + 2 + 2 + 2
    assert trailer(sums_of(into)) == trailer(sums_of(backup)) == lines[-1]
    # And it works on: what the report asks gives the same answers.
    assert other.count_stamped(WARD, FUTURE) == 350
    assert list(other.everything(WARD)) == list(store.everything(WARD))
    oldest = store.oldest_unstamped(WARD)
    assert oldest is not None
    assert other.oldest_unstamped(WARD) == mark_of_day(local_date(oldest))
    assert other.head(WARD) == store.head(WARD)
    assert other.content("9f86d081") == store.content("9f86d081")
    assert other.report(WARD, Week(2026, 47)) == a_report()
    assert other.owed(WARD) == store.owed(WARD)
    assert other.digest("z1") == store.digest("z1")


@pytest.mark.parametrize("kind", KINDS)
def test_a_restored_ledger_can_be_worked_with(opened: Open, kind: str) -> None:
    store, backup = opened(kind)
    furnish(store)
    lines = lines_from(backup)
    other, into = opened(kind)
    restore(into, lambda: lines)
    head = other.head(WARD)
    assert head is not None
    assert other.replace_head(head, Head(ward=WARD, last_number=13)).last_number == 13
    (delivery, *_) = other.owed(WARD)
    assert other.replace_delivery(delivery, a_delivery(delivery.id, attempts=9)).attempts == 9


@pytest.mark.parametrize("kind", KINDS)
def test_a_restore_that_broke_off_goes_on(opened: Open, kind: str) -> None:
    store, backup = opened(kind)
    furnish(store)
    lines = lines_from(backup)
    _, into = opened(kind)
    entries = [entry for one in Kind for entry in backup.dump(one)]
    into.load(entries[:100])
    assert restore(into, lambda: lines).written == len(entries) - 100
    assert restore(into, lambda: lines).written == 0


@pytest.mark.parametrize("kind", KINDS)
def test_a_store_with_anything_else_in_it_is_not_touched(opened: Open, kind: str) -> None:
    store, backup = opened(kind)
    furnish(store)
    lines = lines_from(backup)
    other, into = opened(kind)
    other.add("a000", a_submission(text="Một ý kiến khác"), "another digest")
    with pytest.raises(NotEmpty) as raised:
        restore(into, lambda: lines)
    assert raised.value.entry.id == "a000"
    assert sums_of(into)[Kind.HEADS].count == 0


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_there_is_not_stored_over(opened: Open, kind: str) -> None:
    store, backup = opened(kind)
    fill(store, ["a"])
    (entry,) = backup.dump(Kind.SUBMISSIONS)
    changed = Entry(kind=entry.kind, id=entry.id, record={**entry.record, "text": "đã sửa"})
    with pytest.raises(Conflict):
        backup.load([changed])
    assert list(backup.dump(Kind.SUBMISSIONS)) == [entry]


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_store_has_a_backup(opened: Open, kind: str) -> None:
    _, backup = opened(kind)
    lines = lines_from(backup)
    assert len(lines) == 2
    assert restore(backup, lambda: lines).written == 0


def test_there_is_no_backup_while_a_report_runs(opened: Open) -> None:
    store, backup = opened("sqlite")
    store.create_head(Head(ward=WARD, owner="x", lease_until=now() + timedelta(minutes=5)))
    with pytest.raises(ReportRunning):
        lines_from(backup)


def test_a_report_that_ran_meanwhile_spoils_the_backup(opened: Open) -> None:
    """The ledger would be that of before, and the submissions those of after."""
    store, backup = opened("sqlite")
    fill(store, ["a"])
    head = store.create_head(Head(ward=WARD))
    lines: list[str] = []

    def write(line: str) -> None:
        nonlocal head
        if not lines:
            head = store.replace_head(head, Head(ward=WARD, last_week=Week(2026, 47), last_number=1))
        lines.append(line)

    with pytest.raises(ReportRunning):
        back_up(backup, now(), write)
    _, into = opened("sqlite")
    with pytest.raises(NotABackup, match="cut_off"):
        restore(into, lambda: lines)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda lines: lines[:-1], "cut_off"),
        (lambda lines: lines[:3], "cut_off"),
        (lambda lines: [lines[0], *lines[2:]], "changed"),
        (lambda lines: [line.replace("nhiệt tình", "thờ ơ") for line in lines], "changed"),
        (lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], "changed"),
        (lambda lines: lines[1:], "no_header"),
        (lambda lines: [], "no_header"),
        (lambda lines: [lines[0], "{}", *lines[1:]], "no_entry"),
        (lambda lines: ["not a backup"], "not_json"),
        (lambda lines: [lines[0].replace('"homthu_backup":1', '"homthu_backup":2'), *lines[1:]], "no_header"),
    ],
)
def test_a_damaged_file_is_refused_before_anything_is_written(
    opened: Open, spoil: Callable[[list[str]], list[str]], reason: str
) -> None:
    store, backup = opened("sqlite")
    fill(store, ["a", "b", "c"])
    spoilt = spoil(lines_from(backup))
    _, into = opened("sqlite")
    with pytest.raises(NotABackup) as raised:
        restore(into, lambda: spoilt)
    assert raised.value.reason == reason
    assert sums_of(into)[Kind.SUBMISSIONS].count == 0
