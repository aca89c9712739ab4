"""Claim: one worker at a time on a ward's reports, by a lease in the ledger."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from homthu.domain.errors import HomThuError
from homthu.domain.reports.ledger import Head
from homthu.ports import Clock, Conflict, Ledger

#: Longer than any run of the report may take, so that a lease that ran out means a dead worker.
LEASE = timedelta(minutes=15)


class WardBusy(HomThuError):
    """Another worker holds the ward; `until` says when its lease runs out."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


class LeaseLost(HomThuError):
    """This worker took longer than its lease, or somebody else took over."""


@dataclass(slots=True)
class Claim:
    """A ward held by this worker. Every step forward replaces the head it was given, so a worker
    that lost its lease cannot move anything."""

    ledger: Ledger
    clock: Clock
    head: Head

    def check(self) -> None:
        """Raise `LeaseLost` once the lease has run out."""
        if self.head.lease_until is None or self.clock() >= self.head.lease_until:
            raise LeaseLost(self.head.ward)

    def advance(self, change: Callable[[Head], Head]) -> None:
        """Replace the head; raise `LeaseLost` if it is no longer ours."""
        self.check()
        try:
            self.head = self.ledger.replace_head(self.head, change(self.head))
        except Conflict as conflict:
            raise LeaseLost(self.head.ward) from conflict

    def release(self) -> None:
        """Let others in; if the lease is lost already there is nothing to release."""
        try:
            self.head = self.ledger.replace_head(self.head, replace(self.head, owner="", lease_until=None))
        except Conflict:
            return


def claim_ward(ledger: Ledger, clock: Clock, *, ward: str, owner: str, lease: timedelta = LEASE) -> Claim:
    """Take the ward, or raise `WardBusy`."""
    now = clock()
    head = ledger.head(ward)
    taken = replace(head or Head(ward=ward), owner=owner, lease_until=now + lease)
    try:
        if head is None:
            return Claim(ledger, clock, ledger.create_head(taken))
        if head.lease_until is not None and now < head.lease_until:
            raise WardBusy(head.lease_until)
        return Claim(ledger, clock, ledger.replace_head(head, taken))
    except Conflict as conflict:
        raise WardBusy(now + lease) from conflict
