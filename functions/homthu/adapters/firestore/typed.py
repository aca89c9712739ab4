"""Ticks of rows typed into another system, in Firestore."""

from collections.abc import Iterator

from homthu.adapters.firestore.queries import TYPED_WEEKS, typed_weeks
from homthu.adapters.firestore.records import FirestoreRecords
from homthu.adapters.typed_records import typed_week_of, typed_week_record
from homthu.domain.rekeying.typed import TypedWeek


class FirestoreTyped(FirestoreRecords):
    """One record for each ward, target and week."""

    def typed_weeks(self, ward: str, year: int) -> Iterator[TypedWeek]:
        """The ticks of a ward in the weeks of a year, for every target, in order of id."""
        for document in self._documents.stream(typed_weeks(ward, year)):
            yield typed_week_of(document.record, document.revision)

    def create_typed_week(self, typed: TypedWeek) -> TypedWeek:
        """Store the first ticks of a week. Raise `Conflict` if it has any."""
        record = typed_week_record(typed)
        return typed_week_of(record, self._create(TYPED_WEEKS, typed.id, record))

    def replace_typed_week(self, old: TypedWeek, new: TypedWeek) -> TypedWeek:
        """Store `new` if the stored week is still `old`, else raise `Conflict`."""
        record = typed_week_record(new)
        return typed_week_of(record, self._replace(TYPED_WEEKS, old.id, record, old.revision))
