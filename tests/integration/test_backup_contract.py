"""What a backup may rely on, whatever the store it is made from and whatever it is brought into."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from backups import KINDS, Open, lines_from
from homthu.adapters.sqlite.backup import SqliteBackup
from homthu.adapters.sqlite.store import SqliteStore
from homthu.domain.backup import Entry, Kind, NotABackup, Sum, entry_line, header, trailer
from homthu.domain.reports.ledger import Head, report_id
from homthu.domain.submissions.receipt_mark import mark_of_day
from homthu.domain.week import Week, local_date
from homthu.ports import Conflict, StoreUnavailable
from homthu.services.backup import NotEmpty, ReportRunning, back_up, restore, sums_of
from samples import (
    A_BATCH,
    A_TYPED_WEEK,
    A_UNIT_MAIL,
    A_VERDICT,
    EDITIONS,
    FUTURE,
    W46,
    WARD,
    a_delivery,
    a_submission,
    fill,
    furnish,
    now,
)

#: A move to the cloud and back, and a restore where one was: any other pair is tried by --all.
_TELLING = {("sqlite", "firestore"), ("firestore", "sqlite"), ("sqlite", "sqlite")}


def _marks(pair: tuple[str, str]) -> list[pytest.MarkDecorator]:
    needs = [pytest.mark.emulator] if "firestore" in pair else []
    return needs if pair in _TELLING else [*needs, pytest.mark.long]


PAIRS = pytest.mark.parametrize(
    ("source", "target"),
    [
        pytest.param(*pair, marks=_marks(pair))
        for pair in product(("memory", "sqlite", "firestore"), repeat=2)
    ],
)
#: After so many entries a page ends: of Firestore, of SQLite.
PAGE_ENDS = (300, 500)
#: Where the number of forms is not the point.
FEW = 10


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
    assert other.count_in_week(WARD, this) == 0, "its week is not closed by a restore"
    assert sum(other.assign_week(WARD, this.shift(-1))) == 0
    assert sum(other.assign_week(WARD, this)) == 2
    assert {one.received_on for one in other.in_week(WARD, this)} == {local_date(now())}


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
    assert sum(other.assign_week(WARD, Week(2026, 47))) == 1


@PAIRS
def test_a_store_is_the_same_in_another(opened: Open, source: str, target: str) -> None:
    store, backup = opened(source)
    furnish(store)
    lines = lines_from(backup)
    other, into = opened(target)
    restored = restore(into, lambda: lines)
    assert restored.written == 354 + 2 + 2 + len(EDITIONS) + 1 + 2 + 1 + 1 + 1 + 1 + 1 + 1
    assert trailer(sums_of(into)) == trailer(sums_of(backup)) == lines[-1]
    assert list(other.paper_batches(WARD)) == [A_BATCH]
    # And it works on: what the report asks gives the same answers.
    assert other.count_in_week(WARD, FUTURE) == 350
    assert list(other.everything(WARD)) == list(store.everything(WARD))
    oldest = store.oldest_without_week(WARD)
    assert oldest is not None
    assert other.oldest_without_week(WARD) == mark_of_day(local_date(oldest))
    assert other.head(WARD) == store.head(WARD)
    assert other.content("9f86d081") == store.content("9f86d081")
    for report in EDITIONS:
        assert other.report(WARD, report.week, report.edition) == report
    assert [one.number for one in other.reports(WARD, W46)] == [one.number for one in EDITIONS]
    assert list(other.open_cases(WARD)) == list(store.open_cases(WARD)) != []
    assert other.owed(WARD) == store.owed(WARD)
    assert other.owed_unit_mails(WARD) == [A_UNIT_MAIL]
    assert other.verdict(A_VERDICT.id) == A_VERDICT
    assert list(other.typed_weeks(WARD, 2026)) == [A_TYPED_WEEK]
    assert other.digest("z1") == store.digest("z1")


@pytest.mark.parametrize("kind", KINDS)
def test_a_restored_ledger_can_be_worked_with(opened: Open, kind: str) -> None:
    store, backup = opened(kind)
    furnish(store, FEW)
    lines = lines_from(backup)
    other, into = opened(kind)
    restore(into, lambda: lines)
    head = other.head(WARD)
    assert head is not None
    assert other.replace_head(head, Head(ward=WARD, last_number=13)).last_number == 13
    (delivery, *_) = other.owed(WARD)
    assert other.replace_delivery(delivery, a_delivery(delivery.id, attempts=9)).attempts == 9


@pytest.mark.parametrize("kind", KINDS)
def test_a_store_with_anything_else_in_it_is_not_touched(opened: Open, kind: str) -> None:
    store, backup = opened(kind)
    furnish(store, FEW)
    lines = lines_from(backup)
    other, into = opened(kind)
    other.add("a000", a_submission(text="Một ý kiến khác"), "another digest")
    other.close()
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


@PAIRS
def test_the_reports_of_many_wards_are_all_there_wherever_a_page_ends(
    opened: Open, source: str, target: str
) -> None:
    """Seven a ward, and of the first five: so each page ends between two of one week."""
    store, backup = opened(source)
    wards = [f"{ward:05d}" for ward in range(1, 74)]
    reports = [replace(one, ward=ward) for ward in wards for one in EDITIONS][2:]
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(store.freeze, reports))
    ids = [entry.id for entry in backup.dump(Kind.REPORTS)]
    assert ids == sorted({report_id(one.ward, one.week, one.edition) for one in reports})
    for end in PAGE_ENDS:
        assert ids[end - 1].split("_")[:2] == ids[end].split("_")[:2]
    assert backup.count(Kind.REPORTS) == len(ids) == len(reports) == 509
    lines = lines_from(backup)
    other, into = opened(target)
    assert restore(into, lambda: lines).written == 509
    assert restore(into, lambda: lines).written == 0
    assert [one for ward in wards for one in other.reports(ward, W46)] == reports


@pytest.mark.parametrize("target", KINDS)
@pytest.mark.parametrize("told_apart", [False, True])
def test_a_backup_of_the_version_before_is_restored(opened: Open, target: str, told_apart: bool) -> None:
    """From SQLite its reports of one week had one id, in the order of their editions; from Firestore not."""
    store, backup = opened("sqlite")
    furnish(store, FEW)
    entries = [entry for kind in Kind for entry in backup.dump(kind)]
    if not told_apart:
        entries = [
            replace(one, id=f"{one.record['ward']}_{one.record['week']}") if one.kind is Kind.REPORTS else one
            for one in sorted(entries, key=_as_version_1)
        ]
    sums = {kind: Sum() for kind in Kind}
    lines = [header(now()).replace('"homthu_backup":2', '"homthu_backup":1')]
    for entry in entries:
        lines.append(entry_line(entry))
        sums[entry.kind].add(lines[-1])
    lines.append(trailer(sums))
    other, into = opened(target)
    assert restore(into, lambda: lines).written == len(entries)
    assert restore(into, lambda: lines).written == 0
    assert list(other.reports(WARD, W46)) == EDITIONS


def _as_version_1(entry: Entry) -> tuple[object, ...]:
    is_report = entry.kind is Kind.REPORTS
    own = (entry.record["ward"], entry.record["week"], entry.record["edition"]) if is_report else (entry.id,)
    return list(Kind).index(entry.kind), *own


def test_nothing_is_restored_into_a_box_that_is_running(opened: Open, tmp_path: Path) -> None:
    store, backup = opened("sqlite")
    furnish(store, FEW)
    lines = lines_from(backup)
    running, into = opened("sqlite")
    running.check()
    with pytest.raises(StoreUnavailable, match="in_use"):
        restore(into, lambda: lines)
    running.close()
    assert restore(into, lambda: lines).written
    with into.alone(), pytest.raises(StoreUnavailable, match="in_use"):
        running.check()
    running.check()


def test_a_box_put_aside_while_it_runs_still_keeps_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "box.db"
    with closing(SqliteStore(path, now)) as running:
        fill(running, ["a"])
        for one in tmp_path.glob("box.db*"):
            one.rename(tmp_path / f"aside-{one.name}")
        into = SqliteBackup(path)
        with pytest.raises(StoreUnavailable, match="in_use"):
            restore(into, list)
        assert not path.exists()


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


def resealed(entries: list[str]) -> list[str]:
    """A file with these lines whose end says that they are right."""
    sums = {kind: Sum() for kind in Kind}
    for line in entries:
        sums[Kind.SUBMISSIONS].add(line)
    return [header(now()), *entries, trailer(sums)]


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda lines: lines[:-1], "cut_off"),
        (lambda lines: lines[:3], "cut_off"),
        (lambda lines: [lines[0], *lines[2:]], "changed"),
        (lambda lines: [line.replace("nhiệt tình", "thờ ơ") for line in lines], "changed"),
        (lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], "disorder"),
        (lambda lines: lines[1:], "no_header"),
        (lambda lines: [], "no_header"),
        (lambda lines: [lines[0], "{}", *lines[1:]], "no_entry"),
        (lambda lines: ["not a backup"], "not_json"),
        (lambda lines: [lines[0].replace('"homthu_backup":2', '"homthu_backup":3'), *lines[1:]], "no_header"),
        (lambda lines: [*lines[:-1], '{"sums":{}}'], "changed"),
        (lambda lines: [*lines[:-1], '{"sums":[]}'], "changed"),
        (lambda lines: [*lines[:-1], lines[-1].replace('"cases":', '"others":')], "changed"),
        (lambda lines: resealed([lines[2], lines[1]]), "disorder"),
        (lambda lines: resealed([lines[1], lines[1]]), "disorder"),
        (lambda lines: resealed([lines[1].replace('"id":"a"', '"id":7')]), "no_entry"),
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
