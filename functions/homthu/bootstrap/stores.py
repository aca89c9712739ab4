"""The stores of a running function: one store, seen through each of its ports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from homthu.bootstrap.swappable import make_backup, make_eraser, make_probe

if TYPE_CHECKING:
    from homthu.adapters.sqlite.probe import SqliteProbe
    from homthu.bootstrap.swappable import StoreEraser
    from homthu.config import Settings
    from homthu.lazy import Lazy
    from homthu.ports import (
        Cases,
        DeskTerms,
        Ledger,
        LinkMails,
        PaperBatches,
        Reviews,
        Store,
        SubmissionArchive,
        SubmissionFinder,
        SubmissionIntake,
        TypedWeeks,
        UnitMails,
        Verdicts,
    )
    from homthu.ports.backup import Backup


class Stores:
    """Each port is a property of its own, so that a function is given no more of the store than it needs."""

    _settings: Settings
    _reading: bool
    _store: Lazy[Store]

    @property
    def intake(self) -> SubmissionIntake:
        """Where submissions go."""
        return self._store()

    @property
    def archive(self) -> SubmissionArchive:
        """Where submissions are read from."""
        return self._store()

    @property
    def finder(self) -> SubmissionFinder:
        """Where single submissions are found."""
        return self._store()

    @property
    def cases(self) -> Cases:
        """What became of suggestions."""
        return self._store()

    @property
    def reviews(self) -> Reviews:
        """What readers decided about texts."""
        return self._store()

    @property
    def verdicts(self) -> Verdicts:
        """What citizens say of the answers they got."""
        return self._store()

    @property
    def ledger(self) -> Ledger:
        """What the reports remember."""
        return self._store()

    @property
    def typed_weeks(self) -> TypedWeeks:
        """What was typed into another system."""
        return self._store()

    @property
    def unit_mails(self) -> UnitMails:
        """What is owed to units."""
        return self._store()

    @property
    def link_mails(self) -> LinkMails:
        """When links to the desk were mailed."""
        return self._store()

    @property
    def paper_batches(self) -> PaperBatches:
        """The batches of paper slips."""
        return self._store()

    @property
    def desk_terms(self) -> DeskTerms:
        """Since when the wards' lists of recipients stand."""
        return self._store()

    @property
    def backup(self) -> Backup:
        """Everything in the store: for the scripts, never for a function."""
        return make_backup(self._settings.store, reading=self._reading)

    @property
    def eraser(self) -> StoreEraser:
        """What takes words out of the store, with a connection of its own to be closed."""
        return make_eraser(self._settings.store)

    @property
    def probe(self) -> SqliteProbe | None:
        """What tries whether the store takes anything, where that is asked: for who serves one machine."""
        return make_probe(self._settings.store)

    def bring_store_up_to_date(self) -> None:
        """Before a report: take up what an earlier version wrote, or raise `StoreUnavailable`."""
        self._store().bring_up_to_date()

    def check_store(self) -> None:
        """Open the store if that is cheap and telling; raise `StoreUnavailable`."""
        self._store().check()

    def close_store(self) -> None:
        """Leave the store in order: SQLite's log is moved into its one file."""
        self._store().close()
