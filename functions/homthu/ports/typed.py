"""The port for ticks of rows that were typed into another system."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from homthu.domain.rekeying.typed import TypedWeek


class TypedWeeks(Protocol):
    """The ticks, one record per ward, target and week. Every method may raise `StoreUnavailable`."""

    def typed_weeks(self, ward: str, year: int) -> Iterator[TypedWeek]:
        """The ticks of a ward in the weeks of a year, for every target, in order of id."""

    def create_typed_week(self, typed: TypedWeek) -> TypedWeek:
        """Store the first ticks of a week. Raise `Conflict` if it has any."""

    def replace_typed_week(self, old: TypedWeek, new: TypedWeek) -> TypedWeek:
        """Store `new` if the stored week is still `old`, else raise `Conflict`."""
