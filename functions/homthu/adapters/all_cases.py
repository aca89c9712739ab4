"""Cases held in memory, found as the port finds them: for a store without an index of cases."""

from collections.abc import Iterable, Iterator
from datetime import date

from homthu.domain.cases.case import Case
from homthu.domain.cases.case_index import CaseIndex
from homthu.domain.week import Week


class AllCases:
    """The cases of one ward, each with its index."""

    def __init__(self, cases: Iterable[Case]) -> None:
        self._cases = [(CaseIndex.of(case), case) for case in sorted(cases, key=lambda case: case.id)]

    def of_week(self, week: Week) -> Iterator[Case]:
        """The cases made of a week's submissions."""
        return iter([case for _, case in self._cases if case.week == week])

    def open(self) -> Iterator[Case]:
        """The cases that the ward is not done with, the oldest first."""
        return iter(_by_day((by.open_since, case) for by, case in self._cases if by.open_since))

    def changed_since(self, day: date, before: date | None = None) -> Iterator[Case]:
        """The cases by the day of their newest step."""
        first, end = str(day), str(before or "~")
        found = ((by.changed_on, case) for by, case in self._cases if first <= by.changed_on < end)
        return iter(_by_day(found))

    def over(self, before: date) -> Iterator[Case]:
        """The cases that the ward is done with, by the day since when."""
        found = ((by.over_since, case) for by, case in self._cases if "" < by.over_since < str(before))
        return iter(_by_day(found))

    def has_unchanged_since(self, day: date) -> bool:
        """Whether the newest step of any case is of an earlier day."""
        return any(by.changed_on < str(day) for by, _ in self._cases)

    def answered(self, *, limit: int) -> list[Case]:
        """The cases with a public answer, the newest answer first."""
        found = _by_day((by.answered_on, case) for by, case in self._cases if by.answered_on)
        return found[::-1][:limit]

    def count_owed(self, day: date) -> int:
        """How many cases the ward owes something in on a day."""
        return sum(case.is_owed(day) for _, case in self._cases)

    def count_over(self, first: date, before: date) -> int:
        """Those with which the ward is done since one of these days."""
        return sum(str(first) <= by.over_since < str(before) for by, _ in self._cases)

    def count_answered(self) -> int:
        """How many cases have an answer that everyone may read."""
        return sum(bool(by.answered_on) for by, _ in self._cases)


def _by_day(found: Iterable[tuple[str, Case]]) -> list[Case]:
    return [case for _, case in sorted(found, key=lambda one: (one[0], one[1].id))]
