"""Cases in Firestore, each document with the fields of `CaseIndex` that queries find it by."""

from collections.abc import Iterator, Sequence
from datetime import date

from homthu.adapters.all_cases import AllCases
from homthu.adapters.case_records import case_of, case_record, index_record
from homthu.adapters.chunks import chunks
from homthu.adapters.firestore.documents import FirestoreDocuments, Patch
from homthu.adapters.firestore.queries import (
    ABOUT,
    CASES,
    RECORDS,
    answered_cases,
    cases,
    cases_changed_since,
    cases_of_week,
    cases_over,
    cases_unchanged_since,
    everything,
    open_cases,
    promised_cases,
)
from homthu.adapters.firestore.records import FirestoreRecords
from homthu.adapters.firestore.values import Document
from homthu.domain.cases.case import Case
from homthu.domain.week import Week

#: Since these versions of the records every case carries what it is found by, the day that it promises, and
#: the day since when it is over.
_FOUND, _PROMISED, _OVER = 7, 12, 14
#: So many documents are written by one call.
_CHUNK = 200


class FirestoreCases(FirestoreRecords):
    """The cases of every ward.

    Until the first report of this version has brought those of an earlier one up to date, all of a ward's
    are read: a query does not find a document that lacks its field.
    """

    def __init__(self, documents: FirestoreDocuments) -> None:
        super().__init__(documents)
        self._version = 0

    def create_case(self, case: Case) -> Case:
        """Store a new case. Raise `Conflict` if the submission has one."""
        record = case_record(case)
        return case_of(case.id, record, self._create(CASES, case.id, record))

    def replace_case(self, old: Case, new: Case) -> Case:
        """Store `new` if the stored case is still `old`, else raise `Conflict`."""
        record = case_record(new)
        return case_of(old.id, record, self._replace(CASES, old.id, record, old.revision))

    def change_cases(self, changes: Sequence[tuple[Case | None, Case]]) -> list[Case]:
        """Replace or create each case, in one commit. Raise `Conflict` if any has changed."""
        written = [(new.id, case_record(new), old.revision if old else None) for old, new in changes]
        revisions = self._change_all(CASES, written)
        return [case_of(id, record, to) for (id, record, _), to in zip(written, revisions, strict=True)]

    def case(self, id: str) -> Case | None:
        """The case of a submission, or None."""
        document = self._documents.get(CASES, id)
        return _case(document) if document else None

    def cases_of_week(self, ward: str, week: Week) -> Iterator[Case]:
        """The cases opened from a week's submissions."""
        return map(_case, self._documents.stream(cases_of_week(ward, week)))

    def open_cases(self, ward: str) -> Iterator[Case]:
        """The cases that the ward still has to deal with, oldest first."""
        if all_cases := self._not_found_yet(ward):
            return all_cases.open()
        return map(_case, self._documents.stream(open_cases(ward)))

    def cases_changed_since(self, ward: str, day: date, *, before: date | None = None) -> Iterator[Case]:
        """The cases whose latest event is on `day` or later, and earlier than `before` if that is given."""
        if all_cases := self._not_found_yet(ward):
            return all_cases.changed_since(day, before)
        return map(_case, self._documents.stream(cases_changed_since(ward, day, before)))

    def over_cases(self, ward: str, *, before: date) -> Iterator[Case]:
        """Those with which the ward is done, by the day since when."""
        if not self._carry(_OVER):
            return AllCases(map(_case, self._documents.stream(cases(ward)))).over(before)
        return map(_case, self._documents.stream(cases_over(ward, date.min, before)))

    def has_case_unchanged_since(self, ward: str, day: date) -> bool:
        """Whether any case had its latest event before this day."""
        if all_cases := self._not_found_yet(ward):
            return all_cases.has_unchanged_since(day)
        return bool(self._documents.find(cases_unchanged_since(ward, day), 1))

    def answered_cases(self, ward: str, *, limit: int) -> list[Case]:
        """The cases with a public answer, newest answer first."""
        if all_cases := self._not_found_yet(ward):
            return all_cases.answered(limit=limit)
        return [_case(one) for one in self._documents.find(answered_cases(ward), limit)]

    def count_owed(self, ward: str, day: date) -> int:
        """How many cases await the ward, not counting those it has promised for a later day."""
        if not self._carry(_PROMISED):
            return sum(case.is_owed(day) for case in self.open_cases(ward))
        promised = self._documents.count(promised_cases(ward, day))
        return self._documents.count(open_cases(ward)) - promised

    def count_over(self, ward: str, *, first: date, before: date) -> int:
        """How many cases were finished on `first` or later, and earlier than `before`."""
        if not self._carry(_OVER):
            return AllCases(self.cases_changed_since(ward, first)).count_over(first, before)
        return self._documents.count(cases_over(ward, first, before))

    def count_answered(self, ward: str) -> int:
        """How many cases have a public answer."""
        if all_cases := self._not_found_yet(ward):
            return all_cases.count_answered()
        return self._documents.count(answered_cases(ward))

    def _derive_index(self) -> None:
        """Add the fields of `CaseIndex` to cases of an earlier version; one changed meanwhile has them."""
        stale = (
            Patch(id=one.id, record=derived, removed=(), revision=one.revision)
            for one in self._documents.stream(everything(CASES))
            if {**one.record, **(derived := index_record(one.record))} != one.record
        )
        for chunk in chunks(stale, lambda _: 1, most=_CHUNK, most_bytes=_CHUNK):
            self._documents.patch_each(CASES, chunk)

    def _not_found_yet(self, ward: str) -> AllCases | None:
        """All cases of a ward, as long as some lack the fields to be found by; a new store has none."""
        if self._carry(_FOUND):
            return None
        return AllCases(map(_case, self._documents.stream(cases(ward))))

    def _carry(self, since: int) -> bool:
        """Whether every case has the fields that came with a version; once seen to be so, it stays so."""
        if self._version < since:
            mark = self._documents.get(ABOUT, RECORDS)
            self._version = mark.record["version"] if mark else 0
        return self._version >= since


def _case(document: Document) -> Case:
    return case_of(document.id, document.record, document.revision)
