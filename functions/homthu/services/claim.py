"""Claim: one worker at a time on a ward's reports, by a lease in the ledger.

The lease is short and renewed while work continues, so that a report of any size is made by the worker that
began it, and the work of a dead one is soon taken up.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from homthu.domain.errors import HomThuError
from homthu.domain.reports.ledger import LEASE, Head
from homthu.ports import Clock, Conflict, Ledger


class WardBusy(HomThuError):
    """Another worker holds the ward; `until` says when its lease runs out."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


class LeaseLost(HomThuError):
    """Somebody else took over the ward, since this worker was not heard of for too long."""


@dataclass(slots=True)
class Claim:
    """A ward held by this worker. Every step forward replaces the head it was given, so a worker
    that lost its lease cannot move anything."""

    ledger: Ledger
    clock: Clock
    head: Head
    lease: timedelta = LEASE

    def check(self) -> None:
        """Renew the lease once half of it has passed; raise `LeaseLost` if the ward is somebody else's.

        What counts is that nobody has replaced the head: however late it is by the clock, which may have
        jumped, an untouched lease is still ours.
        """
        until = self.head.lease_until
        if until is None or not self.lease / 2 < until - self.clock() <= self.lease:
            self.advance(lambda head: head)

    def advance(self, change: Callable[[Head], Head]) -> None:
        """Replace the head and renew the lease; raise `LeaseLost` if it is no longer ours."""
        if self.head.lease_until is None:
            raise LeaseLost(self.head.ward)
        new = replace(change(self.head), lease_until=self.clock() + self.lease)
        try:
            self.head = self.ledger.replace_head(self.head, new)
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
    if head is not None and head.lease_until is not None and head.is_held(now):
        raise WardBusy(head.lease_until)
    taken = replace(head or Head(ward=ward), owner=owner, lease_until=now + lease)
    try:
        stored = ledger.create_head(taken) if head is None else ledger.replace_head(head, taken)
    except Conflict as conflict:
        raise WardBusy(now + lease) from conflict
    return Claim(ledger, clock, stored, lease)
