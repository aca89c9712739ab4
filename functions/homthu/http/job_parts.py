"""What the scheduled functions are built from, which answer nobody's browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # Types alone: importing what reports are made with would slow the start of `form`.

    from homthu.domain.boxes.box import Boxes
    from homthu.ports import (
        Clock,
        DeskTerms,
        Ledger,
        Mailer,
        RandomBytes,
        SubmissionArchive,
        UnitMails,
        WardQueue,
    )
    from homthu.services.clerk_mails import ClerkPost
    from homthu.services.deliver import Sender
    from homthu.services.erase import ClosableEraser
    from homthu.services.erase_records import Wording
    from homthu.services.report_context import ReportContext
    from homthu.services.retain import ForgetMails
    from homthu.services.unit_mails import UnitPost
    from homthu.services.watch import WriteAlarm


class JobParts(Protocol):
    """A job goes through all wards, or through the one that the queue names, and sends mail."""

    @property
    def boxes(self) -> Boxes:
        """The wards."""

    @property
    def queue(self) -> WardQueue | None:
        """Has the job called for every ward by itself; None on one machine, where they take turns."""

    @property
    def mailer(self) -> Mailer:
        """Sends mails."""

    @property
    def sender(self) -> Sender:
        """Who they come from."""


class ReportParts(JobParts, Protocol):
    """`report` reads submissions, keeps the ledger and sends mail."""

    @property
    def context(self) -> ReportContext:
        """What reports are made with."""

    @property
    def unit_post(self) -> UnitPost:
        """Mails units what is assigned to them."""

    @property
    def clerk_post(self) -> ClerkPost:
        """Mails clerks what there is to be typed."""

    @property
    def random_bytes(self) -> RandomBytes:
        """Names this worker."""

    @property
    def desk_terms(self) -> DeskTerms:
        """Since when the wards' lists of recipients stand."""

    @property
    def eraser(self) -> ClosableEraser:
        """Takes away what was kept long enough."""

    def wording(self, why: str) -> Wording:
        """What stands where it was."""

    @property
    def forget_mails(self) -> ForgetMails:
        """Removes old mails from an outbox."""

    def bring_store_up_to_date(self) -> None:
        """Take up what an earlier version wrote; raise `StoreUnavailable`."""

    def check_store(self) -> None:
        """See that the store can be used; raise `StoreUnavailable`."""


class WatchParts(JobParts, Protocol):
    """`watch` reads, and writes to the operator."""

    @property
    def archive(self) -> SubmissionArchive:
        """Counts submissions."""

    @property
    def ledger(self) -> Ledger:
        """What the reports remember."""

    @property
    def unit_mails(self) -> UnitMails:
        """What is owed to units."""

    @property
    def clock(self) -> Clock:
        """The time."""

    @property
    def write_alarm(self) -> WriteAlarm:
        """Words an alarm."""
