"""What the services need from outside, as protocols, and the errors these may raise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from homthu.domain.errors import HomThuError
from homthu.ports.cases import Cases as Cases
from homthu.ports.desk import Reviews as Reviews
from homthu.ports.desk import TypedWeeks as TypedWeeks
from homthu.ports.desk import UnitMails as UnitMails
from homthu.ports.desk import VerdictIntake as VerdictIntake
from homthu.ports.desk import Verdicts as Verdicts
from homthu.record import record

if TYPE_CHECKING:
    # For types only: importing the clock must not load what reports are made with.
    from collections.abc import Iterable, Iterator, Sequence

    from homthu.domain.cases.desk_term import DeskTerm
    from homthu.domain.cases.link_mail import LinkMail
    from homthu.domain.reports.edition import Edition
    from homthu.domain.reports.ledger import Delivery, FrozenReport, Head
    from homthu.domain.submissions.paper_batch import PaperBatch
    from homthu.domain.submissions.receipt import Receipt, Unassigned
    from homthu.domain.submissions.submission import Flag, StoredSubmission, Submission, SubmissionStatus
    from homthu.domain.week import Week

#: Tells the time: an aware datetime in UTC.
Clock = Callable[[], datetime]
#: Gives this many unpredictable bytes.
RandomBytes = Callable[[int], bytes]


class Access(StrEnum):
    """What opening a store may do to it. Only `CREATE` makes a store where there is none.

    A store opened to `READ` is never changed, not even migrated: its server may run the version
    before. Where there is none, `StoreUnavailable("missing")`.
    """

    READ = "read"
    WRITE = "write"
    CREATE = "create"


class StoreUnavailable(HomThuError):
    """The store did not answer, was full, locked or refused; nothing is known to be stored.

    Trying again is safe. `reason` is a short code for the log; scripts/commands/running.py words it.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class IdTaken(HomThuError):
    """Something is stored under this id already; `digest` is that of its payload."""

    def __init__(self, digest: str) -> None:
        super().__init__(digest)
        self.digest = digest


class Conflict(HomThuError):
    """What was to be replaced has changed since it was read, or what was to be created exists."""


class SubmissionIntake(Protocol):
    """All that `submit` may do with the store: create, and get one."""

    def add(self, id: str, submission: Submission, digest: str) -> None:
        """Store durably, dated by the store's clock. Raise `IdTaken` or `StoreUnavailable`."""

    def digest(self, id: str) -> str | None:
        """The digest stored under this id, or None. Raise `StoreUnavailable`."""


class SubmissionArchive(Protocol):
    """What the report reads, and the week it assigns. Every method may raise `StoreUnavailable`."""

    def oldest_without_week(self, ward: str) -> datetime | None:
        """When the oldest submission without a week was received (UTC), or None."""

    def receipts(self, ward: str, week: Week) -> Iterator[Receipt]:
        """Where and when those without a week came, received before this week's end, streamed."""

    def flag(self, ids: Iterable[str], flag: Flag) -> Iterator[int]:
        """Add a flag to each of these submissions that does not bear it, and yield as `assign_week` does."""

    def has_received_after(self, ward: str, instant: datetime) -> bool:
        """Whether one without a week was received after an instant: of the future, a clock was wrong."""

    def unassigned(self, ward: str, week: Week, *, limit: int) -> list[Unassigned]:
        """The first of those of which `receipts` tells, whole."""

    def assign_known(self, week: Week, known: Sequence[Unassigned]) -> Iterator[int]:
        """Assign those that are still as they were read, and yield as `assign_week` does."""

    def assign_week(self, ward: str, week: Week) -> Iterator[int]:
        """Assign to the week every unassigned submission received before its end; yield each chunk's size.

        Each gets `week` and `received_on` (the day in Viet Nam) and loses its time of receipt; one that
        somebody else assigned meanwhile is left as it is. The caller may stop between two chunks.
        """

    def without_week(self, ward: str) -> Iterator[StoredSubmission]:
        """The submissions without a week, streamed. Their order may tell when they came."""

    def in_week(self, ward: str, week: Week) -> Iterator[StoredSubmission]:
        """The submissions of a week in the order of their ids, streamed."""

    def page_of_week(self, ward: str, week: Week, *, after: str, limit: int) -> list[StoredSubmission]:
        """The first of them behind an id; empty for the very first ones."""

    def count_in_week(self, ward: str, week: Week) -> int:
        """How many submissions carry this week."""

    def everything(self, ward: str) -> Iterator[StoredSubmission]:
        """All submissions of a ward, assigned or not, in the order of their ids, streamed."""

    def wards_with_submissions(self) -> list[str]:
        """The codes of all wards that have any, sorted: also of those that no box file names any more."""


class Ledger(Protocol):
    """What the report remembers. Every method may raise `StoreUnavailable`.

    Nothing here is a transaction: what must happen once is a `create` that fails when the thing
    exists, or a `replace` that fails when it has changed.
    """

    def head(self, ward: str) -> Head | None:
        """How far the ward has got, or None if it never had a report."""

    def create_head(self, head: Head) -> Head:
        """Store the first head of a ward. Raise `Conflict` if there is one."""

    def replace_head(self, old: Head, new: Head) -> Head:
        """Store `new` if the stored head is still `old`, else raise `Conflict`."""

    def save_content(self, name: str, content: bytes) -> None:
        """Keep a rendered message under a name derived from its digest; saving it again changes nothing."""

    def content(self, name: str) -> bytes:
        """The message under this name. Raise `LookupError` if it is missing or damaged."""

    def freeze(self, report: FrozenReport) -> None:
        """Store a report. Raise `Conflict` if the ward has this edition of that week."""

    def report(self, ward: str, week: Week, edition: Edition = ...) -> FrozenReport | None:
        """The ward's report for a week, or another edition of it, or None."""

    def reports(self, ward: str, since: Week) -> Iterator[FrozenReport]:
        """The ward's reports of every edition from a week on, oldest week first."""

    def reports_of_week(self, ward: str, week: Week) -> list[FrozenReport]:
        """The ward's reports of every edition of one week."""

    def first_week(self, ward: str) -> Week | None:
        """The week of the ward's oldest report, or None."""

    def wards_with_reports(self) -> list[str]:
        """The codes of all wards that have, or should have, a report, sorted, whatever the box files say."""

    def owe(self, delivery: Delivery) -> None:
        """Store a delivery; one with this id that is there already stays as it is."""

    def replace_delivery(self, old: Delivery, new: Delivery) -> Delivery:
        """Store `new` if the stored delivery is still `old`, else raise `Conflict`."""

    def deliveries(self, ward: str, week: Week) -> list[Delivery]:
        """The deliveries of a week's reports, of every edition, in the order of their ids."""

    def owed(self, ward: str) -> list[Delivery]:
        """The deliveries that are neither sent nor bounced, oldest week first."""


class SubmissionFinder(Protocol):
    """Single submissions by their ids. Every method may raise `StoreUnavailable`."""

    def submission_status(self, id: str) -> SubmissionStatus | None:
        """Where a submission belongs, read without its words and answers; None if there is none."""

    def submission(self, id: str) -> StoredSubmission | None:
        """The submission under this id if its week is closed, else None."""

    def place_in_week(self, ward: str, week: Week, id: str) -> int:
        """The position of this submission among the ward's of a week in the order of ids, from 1."""


class LinkMails(Protocol):
    """When links to the desk were mailed. Every method may raise `StoreUnavailable`.

    An expired record may disappear at any time: it means no more than none.
    """

    def link_mail(self, id: str) -> LinkMail | None:
        """The last mail under this id, or None."""

    def create_link_mail(self, mail: LinkMail) -> LinkMail:
        """Store the first. Raise `Conflict` if there is one."""

    def replace_link_mail(self, old: LinkMail, new: LinkMail) -> LinkMail:
        """Store `new` if what is stored is still `old`, else raise `Conflict`."""


class BatchFinder(Protocol):
    """All that `submit` may know of paper batches: the one whose code was typed."""

    def paper_batch(self, id: str) -> PaperBatch | None:
        """The batch under this id, or None. Raise `StoreUnavailable`."""


class PaperBatches(BatchFinder, Protocol):
    """The batches of paper slips. Every method may raise `StoreUnavailable`."""

    def paper_batches(self, ward: str) -> Iterator[PaperBatch]:
        """The ward's batches in the order of their ids."""

    def create_paper_batch(self, batch: PaperBatch) -> PaperBatch:
        """Store a new one. Raise `Conflict` if its id is taken."""

    def replace_paper_batch(self, old: PaperBatch, new: PaperBatch) -> PaperBatch:
        """Store `new` if what is stored is still `old`, else raise `Conflict`."""


class DeskTerms(Protocol):
    """Since when the wards' lists of recipients stand. Every method may raise `StoreUnavailable`."""

    def desk_term(self, ward: str) -> DeskTerm | None:
        """The ward's term, or None if its list was never seen."""

    def create_desk_term(self, term: DeskTerm) -> DeskTerm:
        """Store a ward's first. Raise `Conflict` if there is one."""

    def replace_desk_term(self, old: DeskTerm, new: DeskTerm) -> DeskTerm:
        """Store `new` if what is stored is still `old`, else raise `Conflict`."""


class DeskMemory(LinkMails, DeskTerms, PaperBatches, Protocol):
    """What is remembered of links, lists and batches."""


class Store(
    SubmissionIntake,
    SubmissionArchive,
    SubmissionFinder,
    Ledger,
    Cases,
    Reviews,
    DeskMemory,
    UnitMails,
    Verdicts,
    TypedWeeks,
    Protocol,
):
    """A store as a whole; each function is given only the side it needs."""

    def check(self) -> None:
        """Open it and see whether it can be used as intended. Raise `StoreUnavailable`."""

    def bring_up_to_date(self) -> None:
        """Migrate what an earlier version wrote, before anything of ours is written.

        Raise `StoreUnavailable("newer_schema")` for what a later version wrote: a program that was rolled
        back must not report from what it cannot read.
        """

    def close(self) -> None:
        """Release it; nothing that was acknowledged is lost if this is never called."""


class MailError(HomThuError):
    """A mail was not certainly sent.

    `reason` begins with the cause and may name the server's code. `said` is what the server said, without
    addresses, for the log. `for_all`: every other mail would fail in the same way now.
    """

    def __init__(self, reason: str, *, said: str = "", for_all: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.said = said
        self.for_all = for_all


class MailNotSent(MailError):
    """Not accepted, and worth another try later: busy, throttled, unreachable. It passes by itself."""


class MailBlocked(MailError):
    """Not accepted because of the set-up, ours or the server's: stays owed until a person fixes it."""


class MailRefused(MailError):
    """Refused because of this very address: no such mailbox. Trying again changes nothing."""


class MailUnknown(MailError):
    """Handed over, but no answer came: the mail may or may not be on its way."""


class Mailer(Protocol):
    """Sends one finished message to one recipient, once, without retries of its own."""

    def check(self, *, sender: str, recipients: Sequence[str], size_bytes: int) -> None:
        """Exercise the delivery of a mail of this size without sending it: the server is told each of
        `recipients`, which are then withdrawn. Raise `MailError`."""

    def send(self, message: bytes, *, sender: str, recipient: str) -> None:
        """Hand the message over. Raise a `MailError`: one of the four, which say what to do next."""


class QueueUnavailable(HomThuError):
    """A ward could not be put into the queue; `reason` is a short code for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class WardQueue(Protocol):
    """Has a job called for one ward at a time, so that a slow ward delays no other."""

    def put(self, ward: str, *, url: str, path: str) -> None:
        """Have this path of a function at `url` called with the ward until it answers 200. Raise
        `QueueUnavailable`."""


@record
class Unsealed:
    """What a sealed token held, and how long ago it was made."""

    values: tuple[str, ...]
    age: timedelta


class Seal(Protocol):
    """Seals short texts that travel through the browser and come back unread and unchanged."""

    def seal(self, purpose: str, values: Sequence[str]) -> str:
        """A URL-safe token."""

    def open(self, purpose: str, token: str, max_age: timedelta) -> Unsealed | None:
        """What a token of this purpose holds, or None if it is forged, another's or too old."""
