"""Cases in SQLite, each row with the columns of `CaseIndex` that queries find it by."""

from collections.abc import Iterator, Sequence
from datetime import date

from homthu.adapters.case_records import case_of, case_record
from homthu.adapters.sqlite.records import SqliteRecords
from homthu.adapters.sqlite.rows import CASE, insert, select
from homthu.adapters.store_records import Record
from homthu.domain.cases.case import Case
from homthu.domain.week import Week
from homthu.ports import Conflict

_ONE = select("cases", CASE, "id = ?")
_OF_WEEK = select("cases", CASE, "ward = ? AND week = ? ORDER BY id")
_OPEN = select("cases", CASE, "ward = ? AND open_since > '' ORDER BY open_since, id")
#: After every day.
_NEVER = "~"
_CHANGED = select("cases", CASE, "ward = ? AND changed_on >= ? AND changed_on < ? ORDER BY changed_on, id")
_OVER = select("cases", CASE, "ward = ? AND over_since > '' AND over_since < ? ORDER BY over_since, id")
_UNCHANGED = select("cases", ("id",), "ward = ? AND changed_on < ? LIMIT 1")
_ANSWERED = select("cases", CASE, "ward = ? AND answered_on > '' ORDER BY answered_on DESC, id DESC LIMIT ?")
_COUNT = ("count(*)",)
_COUNT_OPEN = select("cases", _COUNT, "ward = ? AND open_since > ''")
#: As it is indexed: those that promise something, and of these the ones of a later day.
_COUNT_PROMISED = select("cases", _COUNT, "ward = ? AND promised_by > '' AND promised_by > ?")
_COUNT_OVER = select("cases", _COUNT, "ward = ? AND over_since > '' AND over_since >= ? AND over_since < ?")
_COUNT_ANSWERED = select("cases", _COUNT, "ward = ? AND answered_on > ''")


class SqliteCases(SqliteRecords):
    """The cases of every ward."""

    def create_case(self, case: Case) -> Case:
        """Store a new case. Raise `Conflict` if the submission has one."""
        record = case_record(case)
        if not self._write(insert("cases", CASE), {**record, "id": case.id, "revision": 1}):
            raise Conflict(case.id)
        return case_of(case.id, record, 1)

    def replace_case(self, old: Case, new: Case) -> Case:
        """Store `new` if the stored case is still `old`, else raise `Conflict`."""
        record = case_record(new)
        return case_of(old.id, record, self._replace("cases", "id", old.id, record, old.revision))

    def change_cases(self, changes: Sequence[tuple[Case | None, Case]]) -> list[Case]:
        """Replace or create each case, in one transaction. Raise `Conflict` if any has changed."""
        rows = [(new.id, case_record(new), old.revision if old else None) for old, new in changes]
        revisions = self._change_all("cases", CASE, rows)
        return [case_of(id, record, to) for (id, record, _), to in zip(rows, revisions, strict=True)]

    def case(self, id: str) -> Case | None:
        """The case of a submission, or None."""
        return next(self._cases(_ONE, id), None)

    def cases_of_week(self, ward: str, week: Week) -> Iterator[Case]:
        """The cases opened from a week's submissions."""
        return self._cases(_OF_WEEK, ward, str(week))

    def open_cases(self, ward: str) -> Iterator[Case]:
        """The cases that the ward still has to deal with, oldest first."""
        return self._cases(_OPEN, ward)

    def cases_changed_since(self, ward: str, day: date, *, before: date | None = None) -> Iterator[Case]:
        """The cases whose latest event is on `day` or later, and earlier than `before` if that is given."""
        return self._cases(_CHANGED, ward, str(day), str(before) if before else _NEVER)

    def over_cases(self, ward: str, *, before: date) -> Iterator[Case]:
        """Those with which the ward is done, by the day since when."""
        return self._cases(_OVER, ward, str(before))

    def has_case_unchanged_since(self, ward: str, day: date) -> bool:
        """Whether any case had its latest event before this day."""
        return bool(self._read(_UNCHANGED, ("id",), ward, str(day)))

    def answered_cases(self, ward: str, *, limit: int) -> list[Case]:
        """The cases with a public answer, newest answer first."""
        return list(self._cases(_ANSWERED, ward, limit))

    def count_owed(self, ward: str, day: date) -> int:
        """How many cases await the ward, not counting those it has promised for a later day."""
        return self._count(_COUNT_OPEN, ward) - self._count(_COUNT_PROMISED, ward, str(day))

    def count_over(self, ward: str, *, first: date, before: date) -> int:
        """How many cases were finished on `first` or later, and earlier than `before`."""
        return self._count(_COUNT_OVER, ward, str(first), str(before))

    def count_answered(self, ward: str) -> int:
        """How many cases have a public answer."""
        return self._count(_COUNT_ANSWERED, ward)

    def _cases(self, query: str, *parameters: str | int) -> Iterator[Case]:
        return map(_case, self._read(query, CASE, *parameters))

    def _count(self, query: str, *parameters: str) -> int:
        [record] = self._read(query, _COUNT, *parameters)
        count: int = record["count(*)"]
        return count


def _case(record: Record) -> Case:
    return case_of(record["id"], record, record["revision"])
