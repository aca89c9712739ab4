"""How many documents, or rows, each page and job reads for a ward that is some years old."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random

from homthu.adapters.traffic import Traffic
from homthu.domain.boxes.box import Box, Reads
from homthu.domain.week import local_date
from homthu.ports import Mailer, Store
from homthu.services.deliver import Sender
from homthu.services.desk import read_desk
from homthu.services.published import published_results
from homthu.services.rehearse import rehearse_wards
from homthu.services.report_context import ReportContext
from homthu.services.run_reports import report_ward
from homthu.services.watch import watch

from dev.benching.old_ward import OldWard

#: What may be read of a ward, whatever its age: fifty forms a week, each read once, a year of reports.
LIMITS = {"results": 150, "desk": 120, "desk, second page": 95, "rehearsal": 235, "monday": 250, "watch": 14}
SENDER = Sender(email="hom-thu@example.org", host="example.org")


@dataclass(frozen=True, kw_only=True)
class OldWardReads:
    """Counts what each page and job reads of an old ward, on a `store` that counts its traffic.

    `turn` sets the store's clock.
    """

    old: OldWard
    store: Store
    traffic: Traffic
    context: ReportContext
    mailer: Mailer
    turn: Callable[[datetime], None]

    def all(self) -> Iterator[tuple[str, int]]:
        """Each page and job with its reads; last the Monday, which changes the ward."""
        box, ward = self.old.box, self.old.ward
        now = self.old.last.ends_at + timedelta(days=2)
        week = self.old.last.shift(1)
        self._receive(now)
        yield self._reads("results", lambda: published_results(self.store, self.store, ward=ward, now=now))
        behind = self._desk(now)
        yield self._reads("desk", lambda: self._desk(now))
        yield self._reads("desk, second page", lambda: self._desk(now, behind))
        context = replace(self.context, clock=lambda: now)
        yield self._reads("rehearsal", lambda: _rehearse(context, box))
        monday = week.ends_at + timedelta(hours=7)
        self.turn(monday)
        context = replace(self.context, clock=lambda: monday)
        yield self._reads("monday", lambda: self._report(context))
        yield self._reads("watch", lambda: watch(self.store, self.store, self.store, lambda: monday, box))

    def _reads(self, name: str, act: Callable[[], object]) -> tuple[str, int]:
        before = self.traffic.reads
        act()
        return name, self.traffic.reads - before

    def _receive(self, at: datetime) -> None:
        self.turn(at)
        chance = Random(1)
        for number in range(self.old.forms):
            id = sha256(f"{self.old.ward} new {number}".encode()).hexdigest()[:32]
            self.store.add(id, self.old.form(chance, number), "digest")

    def _desk(self, now: datetime, after: str = "") -> str:
        one = self.store
        return read_desk(
            one,
            one,
            one,
            one,
            one,
            self.context.signs,
            ward=self.old.ward,
            reads=frozenset(Reads),
            today=local_date(now),
            week=None,
            after=after,
            verdicts=one,
            unit_mails=one,
        ).next_after

    def _report(self, context: ReportContext) -> None:
        outcome = report_ward(context, self.mailer, SENDER, self.old.box, owner="bench")
        assert (outcome.is_done, len(outcome.closed)) == (True, 1), outcome.problem


def context_over(store: Store, context: ReportContext) -> ReportContext:
    """The report context of another store."""
    return replace(
        context,
        archive=store,
        ledger=store,
        cases=store,
        finder=store,
        reviews=store,
        verdicts=store,
        typed_weeks=store,
        unit_mails=store,
        batches=store,
    )


def _rehearse(context: ReportContext, box: Box) -> None:
    [one] = rehearse_wards(context, SENDER, [box], check_store=lambda: None)
    assert not one.problem, one.problem
