"""What the services need of a store to remember cases, and to find them by where they stand.

Nothing here reads a ward's whole past: what a page or a report asks for costs the same in the tenth year
as in the first. What a case is found by is derived from its history when it is stored
(`domain.cases.case_index`); a change of that rule takes a new version of the store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from homthu.domain.cases.case import Case
    from homthu.domain.week import Week


class Cases(Protocol):
    """What the desk remembers of suggestions. Every method may raise `StoreUnavailable`."""

    def create_case(self, case: Case) -> Case:
        """Store a new case. Raise `Conflict` if the submission has one."""

    def replace_case(self, old: Case, new: Case) -> Case:
        """Store `new` if the stored case is still `old`, else raise `Conflict`."""

    def change_cases(self, changes: Sequence[tuple[Case | None, Case]]) -> list[Case]:
        """Replace the first case of each pair by the second, or create it: all or none, at most some
        hundreds. Raise `Conflict` if one has changed, or exists where it is to be new.
        """

    def case(self, id: str) -> Case | None:
        """The case of a submission, or None."""

    def cases_of_week(self, ward: str, week: Week) -> Iterator[Case]:
        """The cases made of a week's submissions, in the order of their ids, which are random."""

    def open_cases(self, ward: str) -> Iterator[Case]:
        """The cases in which the ward still owes something, or has promised something, whose day may lie
        ahead; by the day they were opened on, and ids.
        """

    def cases_changed_since(self, ward: str, day: date, *, before: date | None = None) -> Iterator[Case]:
        """The cases whose newest step is of this day or later, but before another, by day and ids."""

    def over_cases(self, ward: str, *, before: date) -> Iterator[Case]:
        """The cases that the ward is done with since a day before this one, by that day and ids. What is
        dealt with in one of them is among those that it gathered, and what was erased is nowhere.
        """

    def has_case_unchanged_since(self, ward: str, day: date) -> bool:
        """Whether there is a case whose newest step is of an earlier day."""

    def answered_cases(self, ward: str, *, limit: int) -> list[Case]:
        """The cases whose answer everyone may read, the newest answer first."""

    def count_owed(self, ward: str, day: date) -> int:
        """How many of the cases that `open_cases` gives are owed something on a day: all but those whose
        promised day lies ahead.
        """

    def count_over(self, ward: str, *, first: date, before: date) -> int:
        """How many matters are over since a day: this one or a later, but before another. What is dealt with
        in one of them counts with it, and what was erased nowhere."""

    def count_answered(self, ward: str) -> int:
        """How many cases have an answer that everyone may read."""
