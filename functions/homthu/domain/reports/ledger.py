"""What reporting leaves behind: how far a ward has got, each frozen report, each delivery owed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from homthu.domain.reports.audience import Audience
from homthu.domain.reports.edition import WEEKLY, Edition
from homthu.domain.reports.tally import Tally
from homthu.domain.week import Week

#: How long a lease lasts unless it is renewed: longer than any step between two renewals takes, so that an
#: expired lease means a dead worker.
LEASE = timedelta(minutes=15)


def is_running(lease_until: datetime | None, now: datetime) -> bool:
    """Whether a lease still holds.

    An end further away than that of any new lease comes from a clock ahead of this one. Such a lease is not
    waited for: its holder loses it at the next step.
    """
    return lease_until is not None and now < lease_until <= now + 2 * LEASE


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """How far a ward's reports have got, and who is working on them now.

    `last_number` counts in `last_year`. `pending` names the report being frozen, so that after a
    crash the chain goes on behind it. `revision` is the store's own: a replacement succeeds only
    while it is unchanged.
    """

    ward: str
    last_week: Week | None = None
    last_year: int = 0
    last_number: int = 0
    last_digest: str = ""
    pending: str = ""
    owner: str = ""
    lease_until: datetime | None = None
    revision: object = field(default=None, compare=False)

    def is_held(self, now: datetime) -> bool:
        """Whether somebody is at work, as far as the lease says."""
        return is_running(self.lease_until, now)


@dataclass(frozen=True, kw_only=True, slots=True)
class MailVersion:
    """The mail as one kind of reader gets it; `content` names it in the ledger."""

    audience: Audience
    content: str
    recipients: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FrozenReport:
    """A report as it was made. It never changes; a correction is another report.

    `week` is the week it counts, or in whose closing it was made; `number` counts in `year`.
    `digest` covers the content and the digest before it, so that an edit anywhere in the chain
    shows. `content` names the rendered message in the ledger; where not everybody reads the same,
    `versions` name one for each kind of reader, and `content` is the first. `counted` names the list of the
    forms that it counted, of a report that counts a week and was made since there are such lists.
    """

    ward: str
    week: Week
    edition: Edition = WEEKLY
    year: int
    number: int
    frozen_on: date
    recipients: tuple[str, ...]
    tally: Tally
    content: str
    previous_digest: str
    digest: str
    versions: tuple[MailVersion, ...] = ()
    counted: str = ""

    @property
    def contents(self) -> tuple[str, ...]:
        """The name of every rendered message, in the order of the versions."""
        return tuple(one.content for one in self.versions) or (self.content,)

    def content_for(self, recipient: str) -> str | None:
        """The message that a recipient gets, or None if the report is not for them."""
        if recipient not in self.recipients:
            return None
        if not self.versions:
            return self.content
        return next((one.content for one in self.versions if recipient in one.recipients), None)


def report_id(ward: str, week: Week, edition: Edition = WEEKLY) -> str:
    """The id of a report: a ward has one report per edition and week, and its ids sort by week."""
    return f"{ward}_{week}" if edition == WEEKLY else f"{ward}_{week}_{edition}"


class DeliveryState(StrEnum):
    """Where the mail to one recipient stands.

    `unknown`: it may or may not have been accepted. `blocked`: the set-up must be fixed first, ours or the
    mail server's. `bounced`: this very address was refused. `withdrawn`: it was blocked, and its address has
    left the box file since.
    """

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    BOUNCED = "bounced"
    UNKNOWN = "unknown"
    BLOCKED = "blocked"
    WITHDRAWN = "withdrawn"

    @property
    def is_owed(self) -> bool:
        """Whether something remains to be done."""
        return self not in (DeliveryState.SENT, DeliveryState.BOUNCED, DeliveryState.WITHDRAWN)


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """A mail owed to one recipient. `reason` is the cause of the last failure, and the server's code."""

    id: str
    ward: str
    week: Week
    edition: Edition = WEEKLY
    recipient: str
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    not_before: datetime | None = None
    lease_until: datetime | None = None
    reason: str = ""
    revision: object = field(default=None, compare=False)


def by_state(deliveries: list[Delivery]) -> Mapping[DeliveryState, int]:
    """How many deliveries are in each state."""
    return {state: sum(d.state is state for d in deliveries) for state in DeliveryState}


def newest_counts(reports: Iterable[FrozenReport]) -> dict[Week, FrozenReport]:
    """The newest report for each week among those that count a week itself: a correction replaces it."""
    newest: dict[Week, FrozenReport] = {}
    for report in sorted(reports, key=chain_order):
        if report.edition.counts_the_week:
            newest[report.week] = report
    return newest


def chain_order(report: FrozenReport) -> tuple[int, int]:
    """The sort key of a report in its ward's chain."""
    return report.year, report.number
