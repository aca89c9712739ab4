"""What the services need of a store to keep what citizens say of the answers they got."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from homthu.domain.cases.verdict import Verdict
    from homthu.domain.week import Week


class VerdictIntake(Protocol):
    """All that taking a verdict may do with the store. Every method may raise `StoreUnavailable`."""

    def create_verdict(self, verdict: Verdict) -> Verdict:
        """Store a new one. Raise `Conflict` if its submission has one."""

    def verdict(self, id: str) -> Verdict | None:
        """The verdict of a submission, or None."""


class Verdicts(VerdictIntake, Protocol):
    """What else is done with verdicts. Every method may raise `StoreUnavailable`."""

    def verdicts_of(self, ward: str, week: Week) -> Iterator[Verdict]:
        """The verdicts given in a week, in the order of their ids."""

    def replace_verdict(self, old: Verdict, new: Verdict) -> Verdict:
        """Store `new` if the stored verdict is still `old`, else raise `Conflict`."""
