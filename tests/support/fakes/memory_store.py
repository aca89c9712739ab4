"""A store in memory: what the contract suite holds it to, tests of the services may rely on."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from homthu.domain.reports.edition import WEEKLY, Edition
from homthu.domain.reports.ledger import Delivery, FrozenReport, Head
from homthu.domain.submissions.receipt import Receipt, Unassigned
from homthu.domain.submissions.receipt_mark import mark_of
from homthu.domain.submissions.submission import Channel, Flag, StoredSubmission, Submission, SubmissionStatus
from homthu.domain.week import Week, local_date
from homthu.ports import Clock, Conflict, IdTaken

from fakes.memory_desk import MemoryDesk

CHUNK = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A submission as it is kept."""

    submission: Submission
    digest: str
    received_at: datetime | None
    week: Week | None = None
    received_on: date | None = None
    erased_on: date | None = None

    def stored(self, id: str) -> StoredSubmission:
        day = self.received_on
        if day is None:
            assert self.received_at, "one of the two is always kept"
            day = local_date(self.received_at)
        week = self.week or Week.of(day)
        return StoredSubmission(
            id=id, submission=self.submission, week=week, received_on=day, erased_on=self.erased_on
        )


class MemoryStore(MemoryDesk):
    """All ports over dictionaries and one lock."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self.rows: dict[str, Row] = {}
        self.heads: dict[str, Head] = {}
        self.contents: dict[str, bytes] = {}
        self.frozen: dict[tuple[str, Week, Edition], FrozenReport] = {}
        self.owed_mails: dict[str, Delivery] = {}

    def check(self) -> None:
        """There is nothing that could be wrong."""

    def bring_up_to_date(self) -> None:
        """It is of today."""

    def close(self) -> None:
        """There is nothing to let go of."""

    def add(self, id: str, submission: Submission, digest: str) -> None:
        with self._lock:
            if taken := self.rows.get(id):
                raise IdTaken(taken.digest)
            self.rows[id] = Row(submission=submission, digest=digest, received_at=mark_of(self._clock()))

    def digest(self, id: str) -> str | None:
        with self._lock:
            row = self.rows.get(id)
        return row.digest if row else None

    def oldest_without_week(self, ward: str) -> datetime | None:
        return min((at for at, _ in self._unassigned(ward)), default=None)

    def receipts(self, ward: str, week: Week) -> Iterator[Receipt]:
        for mark, id in self._unassigned(ward):
            one = self.rows[id].submission
            is_vouched = one.channel is Channel.PAPER and Flag.UNVOUCHED not in one.flags
            if mark < week.ends_at:
                yield Receipt(id=id, place=one.place, is_vouched=is_vouched, mark=mark, batch=one.batch)

    def flag(self, ids: Iterable[str], flag: Flag) -> Iterator[int]:
        for id in list(ids):
            with self._lock:
                row = self.rows[id]
                flags = row.submission.flags
                if flag in flags:
                    continue
                self.rows[id] = replace(row, submission=replace(row.submission, flags=(*flags, flag)))
            yield 1

    def has_received_after(self, ward: str, instant: datetime) -> bool:
        return any(at > instant for at, _ in self._unassigned(ward))

    def unassigned(self, ward: str, week: Week, *, limit: int) -> list[Unassigned]:
        found = [
            Unassigned(receipt=one, stored=self.rows[one.id].stored(one.id), revision=self.rows[one.id])
            for one in self.receipts(ward, week)
        ]
        return found[:limit]

    def assign_known(self, week: Week, known: Sequence[Unassigned]) -> Iterator[int]:
        same = [one.stored.id for one in known if self.rows[one.stored.id] == one.revision]
        if known:
            yield sum(self._assign_one(id, week) for id in same)

    def assign_week(self, ward: str, week: Week) -> Iterator[int]:
        while chunk := [id for at, id in self._unassigned(ward) if at < week.ends_at][:CHUNK]:
            yield sum(self._assign_one(id, week) for id in chunk)

    def without_week(self, ward: str) -> Iterator[StoredSubmission]:
        return (self.rows[id].stored(id) for _, id in self._unassigned(ward))

    def in_week(self, ward: str, week: Week) -> Iterator[StoredSubmission]:
        return (one for one in self.everything(ward) if self.rows[one.id].week == week)

    def page_of_week(self, ward: str, week: Week, *, after: str, limit: int) -> list[StoredSubmission]:
        return [one for one in self.in_week(ward, week) if one.id > after][:limit]

    def count_in_week(self, ward: str, week: Week) -> int:
        return sum(1 for _ in self.in_week(ward, week))

    def everything(self, ward: str) -> Iterator[StoredSubmission]:
        with self._lock:
            rows = sorted(self.rows.items())
        return (row.stored(id) for id, row in rows if row.submission.ward == ward)

    def wards_with_submissions(self) -> list[str]:
        with self._lock:
            return sorted({row.submission.ward for row in self.rows.values()})

    def wards_with_reports(self) -> list[str]:
        with self._lock:
            return sorted({*self.heads, *(ward for ward, _, _ in self.frozen)})

    def head(self, ward: str) -> Head | None:
        with self._lock:
            return self.heads.get(ward)

    def create_head(self, head: Head) -> Head:
        with self._lock:
            if head.ward in self.heads:
                raise Conflict(head.ward)
            self.heads[head.ward] = replace(head, revision=next(self._revisions))
            return self.heads[head.ward]

    def replace_head(self, old: Head, new: Head) -> Head:
        with self._lock:
            stored = self.heads.get(old.ward)
            if stored is None or stored.revision != old.revision:
                raise Conflict(old.ward)
            self.heads[old.ward] = replace(new, revision=next(self._revisions))
            return self.heads[old.ward]

    def save_content(self, name: str, content: bytes) -> None:
        with self._lock:
            self.contents.setdefault(name, content)

    def content(self, name: str) -> bytes:
        with self._lock:
            if name not in self.contents:
                raise LookupError(name)
            return self.contents[name]

    def freeze(self, report: FrozenReport) -> None:
        with self._lock:
            key = report.ward, report.week, report.edition
            if key in self.frozen:
                raise Conflict(f"{report.ward} {report.week} {report.edition}")
            self.frozen[key] = report

    def report(self, ward: str, week: Week, edition: Edition = WEEKLY) -> FrozenReport | None:
        with self._lock:
            return self.frozen.get((ward, week, edition))

    def reports(self, ward: str, since: Week) -> Iterator[FrozenReport]:
        with self._lock:
            found = [one for one in self.frozen.values() if one.ward == ward and one.week >= since]
        return iter(sorted(found, key=lambda report: (report.week, report.year, report.number)))

    def reports_of_week(self, ward: str, week: Week) -> list[FrozenReport]:
        return [one for one in self.reports(ward, week) if one.week == week]

    def first_week(self, ward: str) -> Week | None:
        return next((one.week for one in self.reports(ward, Week(2000, 1))), None)

    def owe(self, delivery: Delivery) -> None:
        with self._lock:
            self.owed_mails.setdefault(delivery.id, replace(delivery, revision=next(self._revisions)))

    def replace_delivery(self, old: Delivery, new: Delivery) -> Delivery:
        with self._lock:
            stored = self.owed_mails.get(old.id)
            if stored is None or stored.revision != old.revision:
                raise Conflict(old.id)
            self.owed_mails[old.id] = replace(new, revision=next(self._revisions))
            return self.owed_mails[old.id]

    def deliveries(self, ward: str, week: Week) -> list[Delivery]:
        return [one for one in self._of_ward(ward) if one.week == week]

    def owed(self, ward: str) -> list[Delivery]:
        owed = (one for one in self._of_ward(ward) if one.state.is_owed)
        return sorted(owed, key=lambda delivery: delivery.week)

    def submission_status(self, id: str) -> SubmissionStatus | None:
        with self._lock:
            row = self.rows.get(id)
        if row is None:
            return None
        one = row.stored(id)
        return SubmissionStatus(
            ward=one.submission.ward,
            week=one.week,
            received_on=one.received_on,
            is_closed=row.week is not None,
            erased_on=row.erased_on,
        )

    def submission(self, id: str) -> StoredSubmission | None:
        with self._lock:
            row = self.rows.get(id)
        return row.stored(id) if row and row.week else None

    def place_in_week(self, ward: str, week: Week, id: str) -> int:
        return sum(one.id <= id for one in self.in_week(ward, week))

    def _of_ward(self, ward: str) -> list[Delivery]:
        with self._lock:
            return [one for _, one in sorted(self.owed_mails.items()) if one.ward == ward]

    def _unassigned(self, ward: str) -> list[tuple[datetime, str]]:
        with self._lock:
            return sorted(
                (row.received_at, id)
                for id, row in self.rows.items()
                if row.received_at and row.submission.ward == ward
            )

    def _assign_one(self, id: str, week: Week) -> bool:
        with self._lock:
            row = self.rows[id]
            if row.received_at is None:
                return False
            day = local_date(row.received_at)
            self.rows[id] = replace(row, received_at=None, week=week, received_on=day)
            return True
