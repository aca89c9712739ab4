"""A store in memory: what the contract suite holds it to, tests of the services may rely on."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from homthu.adapters.all_cases import AllCases
from homthu.domain.cases.case import Case
from homthu.domain.cases.desk_term import DeskTerm
from homthu.domain.cases.link_mail import LinkMail
from homthu.domain.cases.review import Review
from homthu.domain.reports.edition import WEEKLY, Edition
from homthu.domain.reports.ledger import Delivery, FrozenReport, Head
from homthu.domain.submissions.paper_batch import PaperBatch
from homthu.domain.submissions.receipt import Receipt, Unassigned
from homthu.domain.submissions.receipt_mark import mark_of
from homthu.domain.submissions.submission import Channel, Flag, StoredSubmission, Submission, SubmissionStatus
from homthu.domain.week import Week, local_date
from homthu.ports import Clock, Conflict, IdTaken

from fakes.memory_units import MemoryUnits

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
        day = self.received_on or local_date(self.received_at)
        week = self.week or Week.of(day)
        return StoredSubmission(
            id=id, submission=self.submission, week=week, received_on=day, erased_on=self.erased_on
        )


class MemoryStore(MemoryUnits):
    """All ports over dictionaries and one lock."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self.rows: dict[str, Row] = {}
        self.heads: dict[str, Head] = {}
        self.contents: dict[str, bytes] = {}
        self.frozen: dict[tuple[str, Week, Edition], FrozenReport] = {}
        self.owed_mails: dict[str, Delivery] = {}
        self.opened_cases: dict[str, Case] = {}
        self._link_mails: dict[str, LinkMail] = {}
        self._desk_terms: dict[str, DeskTerm] = {}
        self.batches: dict[str, PaperBatch] = {}
        self.kept_reviews: dict[str, Review] = {}

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

    def assign_week(self, ward: str, week: Week, known: Sequence[Unassigned] = ()) -> Iterator[int]:
        if known:
            yield sum(
                self._assign_one(one.stored.id, week)
                for one in known
                if self.rows[one.stored.id] == one.revision
            )
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

    def create_case(self, case: Case) -> Case:
        with self._lock:
            if case.id in self.opened_cases:
                raise Conflict(case.id)
            self.opened_cases[case.id] = replace(case, revision=next(self._revisions))
            return self.opened_cases[case.id]

    def replace_case(self, old: Case, new: Case) -> Case:
        with self._lock:
            stored = self.opened_cases.get(old.id)
            if stored is None or stored.revision != old.revision:
                raise Conflict(old.id)
            self.opened_cases[old.id] = replace(new, revision=next(self._revisions))
            return self.opened_cases[old.id]

    def change_cases(self, changes: Sequence[tuple[Case | None, Case]]) -> list[Case]:
        with self._lock:
            for old, new in changes:
                stored = self.opened_cases.get(new.id)
                if (stored and stored.revision) != (old and old.revision):
                    raise Conflict(new.id)
            for _, new in changes:
                self.opened_cases[new.id] = replace(new, revision=next(self._revisions))
            return [self.opened_cases[new.id] for _, new in changes]

    def case(self, id: str) -> Case | None:
        with self._lock:
            return self.opened_cases.get(id)

    def cases_of_week(self, ward: str, week: Week) -> Iterator[Case]:
        return self._cases(ward).of_week(week)

    def open_cases(self, ward: str) -> Iterator[Case]:
        return self._cases(ward).open()

    def cases_changed_since(self, ward: str, day: date, *, before: date | None = None) -> Iterator[Case]:
        return self._cases(ward).changed_since(day, before)

    def has_case_unchanged_since(self, ward: str, day: date) -> bool:
        return self._cases(ward).has_unchanged_since(day)

    def answered_cases(self, ward: str, *, limit: int) -> list[Case]:
        return self._cases(ward).answered(limit=limit)

    def count_owed(self, ward: str, day: date) -> int:
        return self._cases(ward).count_owed(day)

    def count_over(self, ward: str, *, first: date, before: date) -> int:
        return self._cases(ward).count_over(first, before)

    def count_answered(self, ward: str) -> int:
        return self._cases(ward).count_answered()

    def _cases(self, ward: str) -> AllCases:
        with self._lock:
            return AllCases([case for case in self.opened_cases.values() if case.ward == ward])

    def create_review(self, review: Review) -> Review:
        with self._lock:
            if review.id in self.kept_reviews:
                raise Conflict(review.id)
            self.kept_reviews[review.id] = replace(review, revision=next(self._revisions))
            return self.kept_reviews[review.id]

    def replace_review(self, old: Review, new: Review) -> Review:
        with self._lock:
            stored = self.kept_reviews.get(old.id)
            if stored is None or stored.revision != old.revision:
                raise Conflict(old.id)
            self.kept_reviews[old.id] = replace(new, revision=next(self._revisions))
            return self.kept_reviews[old.id]

    def review(self, id: str) -> Review | None:
        with self._lock:
            return self.kept_reviews.get(id)

    def reviews_of(self, ward: str, week: Week, *, first: str = "", last: str = "~") -> Iterator[Review]:
        return iter([one for one in self._reviews(ward) if one.week == week and first <= one.id <= last])

    def count_reviews(self, ward: str, week: Week) -> int:
        return sum(one.decision is not None for one in self.reviews_of(ward, week))

    def reviews_since(self, ward: str, week: Week) -> Iterator[Review]:
        found = [one for one in self._reviews(ward) if one.changed >= week]
        return iter(sorted(found, key=lambda one: (one.changed, one.id)))

    def link_mail(self, id: str) -> LinkMail | None:
        with self._lock:
            return self._link_mails.get(id)

    def create_link_mail(self, mail: LinkMail) -> LinkMail:
        with self._lock:
            if mail.id in self._link_mails:
                raise Conflict(mail.id)
            self._link_mails[mail.id] = replace(mail, revision=next(self._revisions))
            return self._link_mails[mail.id]

    def replace_link_mail(self, old: LinkMail, new: LinkMail) -> LinkMail:
        with self._lock:
            stored = self._link_mails.get(old.id)
            if stored is None or stored.revision != old.revision:
                raise Conflict(old.id)
            self._link_mails[old.id] = replace(new, revision=next(self._revisions))
            return self._link_mails[old.id]

    def paper_batch(self, id: str) -> PaperBatch | None:
        with self._lock:
            return self.batches.get(id)

    def paper_batches(self, ward: str) -> Iterator[PaperBatch]:
        with self._lock:
            return iter([one for _, one in sorted(self.batches.items()) if one.ward == ward])

    def create_paper_batch(self, batch: PaperBatch) -> PaperBatch:
        with self._lock:
            if batch.id in self.batches:
                raise Conflict(batch.id)
            self.batches[batch.id] = replace(batch, revision=next(self._revisions))
            return self.batches[batch.id]

    def replace_paper_batch(self, old: PaperBatch, new: PaperBatch) -> PaperBatch:
        with self._lock:
            stored = self.batches.get(old.id)
            if stored is None or stored.revision != old.revision:
                raise Conflict(old.id)
            self.batches[old.id] = replace(new, revision=next(self._revisions))
            return self.batches[old.id]

    def desk_term(self, ward: str) -> DeskTerm | None:
        with self._lock:
            return self._desk_terms.get(ward)

    def create_desk_term(self, term: DeskTerm) -> DeskTerm:
        with self._lock:
            if term.ward in self._desk_terms:
                raise Conflict(term.ward)
            self._desk_terms[term.ward] = replace(term, revision=next(self._revisions))
            return self._desk_terms[term.ward]

    def replace_desk_term(self, old: DeskTerm, new: DeskTerm) -> DeskTerm:
        with self._lock:
            stored = self._desk_terms.get(old.ward)
            if stored is None or stored.revision != old.revision:
                raise Conflict(old.ward)
            self._desk_terms[old.ward] = replace(new, revision=next(self._revisions))
            return self._desk_terms[old.ward]

    def forget_link_mail(self, id: str) -> None:
        """Sweep one that has expired, as a store may at any time."""
        with self._lock:
            del self._link_mails[id]

    def _reviews(self, ward: str) -> list[Review]:
        with self._lock:
            return [one for _, one in sorted(self.kept_reviews.items()) if one.ward == ward]

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
