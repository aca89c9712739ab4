"""A restore that breaks off and goes on, and a backup or store that does not hold what it counts."""

from collections.abc import Iterable, Iterator

import pytest
from backups import KINDS, Open, lines_from
from homthu.domain.backup import Entry, Kind, NotABackup, trailer
from homthu.domain.reports.ledger import Head
from homthu.ports.backup import Backup
from homthu.services.backup import NotAllRead, NotRestored, back_up, restore, sums_of
from samples import (
    EDITIONS,
    WARD,
    fill,
    furnish,
    now,
)


@pytest.mark.parametrize("kind", KINDS)
def test_a_restore_that_broke_off_goes_on(opened: Open, kind: str) -> None:
    store, backup = opened(kind)
    furnish(store, 40)
    lines = lines_from(backup)
    _, into = opened(kind)
    entries = [entry for one in Kind for entry in backup.dump(one)]
    # In the middle of the forms.
    into.load(entries[:30])
    assert restore(into, lambda: lines).written == len(entries) - 30
    assert restore(into, lambda: lines).written == 0


class Short:
    """A store that gives one entry less than it counts."""

    def __init__(self, real: Backup) -> None:
        self._real = real

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)

    def dump(self, kind: Kind) -> Iterator[Entry]:
        entries = list(self._real.dump(kind))
        yield from entries[:-1] if kind is Kind.REPORTS else entries


def test_a_backup_that_lacks_something_that_the_store_counts_is_none(opened: Open) -> None:
    store, backup = opened("sqlite")
    furnish(store, 10)
    lines: list[str] = []
    with pytest.raises(NotAllRead, match="reports"):
        back_up(Short(backup), now(), lines.append)
    with pytest.raises(NotABackup, match="cut_off"):
        restore(opened("sqlite")[1], lambda: lines)


def test_a_restore_whose_store_counts_something_else_says_so(opened: Open) -> None:
    store, backup = opened("sqlite")
    furnish(store, 10)
    lines = lines_from(backup)
    _, into = opened("sqlite")
    with pytest.raises(NotRestored):
        restore(Short(into), lambda: lines)


@pytest.mark.parametrize("kind", KINDS)
def test_a_restore_cut_off_after_any_entry_goes_on(opened: Open, kind: str) -> None:
    store, backup = opened("memory")
    for report in EDITIONS:
        store.freeze(report)
    store.create_head(Head(ward=WARD))
    fill(store, ["a", "b"])
    lines = lines_from(backup)
    entries = [entry for one in Kind for entry in backup.dump(one)]
    _, into = opened(kind)
    for number, entry in enumerate(entries):
        assert into.load([entry]) == 1
        into.close()
        assert trailer(sums_of(into)) != lines[-1] or number == len(entries) - 1
        with pytest.raises(_CutOff):
            restore(_Cut(into), lambda: lines)
    assert restore(into, lambda: lines).written == 0


class _CutOff(Exception):
    pass


class _Cut:
    """A store that is gone before anything more is written."""

    def __init__(self, real: Backup) -> None:
        self._real = real

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)

    def load(self, entries: Iterable[Entry]) -> int:
        raise _CutOff
