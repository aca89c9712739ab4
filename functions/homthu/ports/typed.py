"""What the services need of a store to remember what was typed into another system."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from homthu.domain.rekeying.typed import TypedWeek


class TypedWeeks(Protocol):
    """The ticks, a record for each week of a ward and target. Every method may raise `StoreUnavailable`."""

    def typed_weeks(self, ward: str, year: int) -> Iterator[TypedWeek]:
        """A ward's, of the weeks of a year and of every target, in the order of their ids."""

    def create_typed_week(self, typed: TypedWeek) -> TypedWeek:
        """Store a week's first. Raise `Conflict` if it has any."""

    def replace_typed_week(self, old: TypedWeek, new: TypedWeek) -> TypedWeek:
        """Store `new` if what is stored is still `old`, else raise `Conflict`."""
