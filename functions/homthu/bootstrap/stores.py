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
    """Each port is a property of its own, so that a function sees no more of the store than it needs."""

    _settings: Settings
    _reading: bool
    _store: Lazy[Store]

    @property
    def intake(self) -> SubmissionIntake:
        """Stores submissions."""
        return self._store()

    @property
    def archive(self) -> SubmissionArchive:
        """Reads submissions and assigns them to weeks."""
        return self._store()

    @property
    def finder(self) -> SubmissionFinder:
        """Finds single submissions by id."""
        return self._store()

    @property
    def cases(self) -> Cases:
        """The cases that suggestions became."""
        return self._store()

    @property
    def reviews(self) -> Reviews:
        """What readers decided about texts."""
        return self._store()

    @property
    def verdicts(self) -> Verdicts:
        """What citizens say of the answers that they got."""
        return self._store()

    @property
    def ledger(self) -> Ledger:
        """What reports remember from week to week."""
        return self._store()

    @property
    def typed_weeks(self) -> TypedWeeks:
        """What was typed into another system."""
        return self._store()

    @property
    def unit_mails(self) -> UnitMails:
        """Mails to units and clerks, owed and sent."""
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
        """Since when each ward's list of recipients has been as it is."""
        return self._store()

    @property
    def backup(self) -> Backup:
        """Everything in the store; for scripts, never for a function."""
        return make_backup(self._settings.store, reading=self._reading)

    @property
    def eraser(self) -> StoreEraser:
        """Erases words from the store; it has a connection of its own, to be closed."""
        return make_eraser(self._settings.store)

    @property
    def probe(self) -> SqliteProbe | None:
        """Tries whether the store can be written; None for a store that is not on this machine."""
        return make_probe(self._settings.store)

    def bring_store_up_to_date(self) -> None:
        """Migrate what an earlier version wrote, before a report. Raise `StoreUnavailable`."""
        self._store().bring_up_to_date()

    def check_store(self) -> None:
        """Raise `StoreUnavailable` if the store can be seen to be unusable without much work."""
        self._store().check()

    def close_store(self) -> None:
        """Close the store; SQLite's log is merged into its one file."""
        self._store().close()
