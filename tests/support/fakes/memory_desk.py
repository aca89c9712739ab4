"""What the desk keeps, in memory: cases, reviews, mailed links, batches of slips, terms of lists."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from homthu.adapters.all_cases import AllCases
from homthu.domain.cases.case import Case
from homthu.domain.cases.desk_term import DeskTerm
from homthu.domain.cases.link_mail import LinkMail
from homthu.domain.cases.review import Review
from homthu.domain.submissions.paper_batch import PaperBatch
from homthu.domain.week import Week
from homthu.ports import Conflict

from fakes.memory_units import MemoryUnits


class MemoryDesk(MemoryUnits):
    """The desk's side of a store over dictionaries and one lock."""

    def __init__(self) -> None:
        super().__init__()
        self.opened_cases: dict[str, Case] = {}
        self._link_mails: dict[str, LinkMail] = {}
        self._desk_terms: dict[str, DeskTerm] = {}
        self.batches: dict[str, PaperBatch] = {}
        self.kept_reviews: dict[str, Review] = {}

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

    def over_cases(self, ward: str, *, before: date) -> Iterator[Case]:
        return self._cases(ward).over(before)

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
