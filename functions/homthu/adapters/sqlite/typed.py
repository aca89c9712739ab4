"""Ticks of rows typed into another system, in SQLite."""

from collections.abc import Iterator

from homthu.adapters.sqlite.records import SqliteRecords
from homthu.adapters.sqlite.rows import TYPED_WEEK, insert, select
from homthu.adapters.typed_records import typed_week_of, typed_week_record
from homthu.domain.rekeying.typed import TypedWeek
from homthu.ports import Conflict


class SqliteTyped(SqliteRecords):
    """One record for each ward, target and week."""

    def typed_weeks(self, ward: str, year: int) -> Iterator[TypedWeek]:
        """The ticks of a ward in the weeks of a year, for every target, in order of id."""
        query = select("typed_weeks", TYPED_WEEK, "ward = ? AND year = ? ORDER BY id")
        for record in self._read(query, TYPED_WEEK, ward, year):
            yield typed_week_of(record, record["revision"])

    def create_typed_week(self, typed: TypedWeek) -> TypedWeek:
        """Store the first ticks of a week. Raise `Conflict` if it has any."""
        record = typed_week_record(typed)
        if not self._write(insert("typed_weeks", TYPED_WEEK), {**record, "id": typed.id, "revision": 1}):
            raise Conflict(typed.id)
        return typed_week_of(record, 1)

    def replace_typed_week(self, old: TypedWeek, new: TypedWeek) -> TypedWeek:
        """Store `new` if the stored week is still `old`, else raise `Conflict`."""
        record = typed_week_record(new)
        return typed_week_of(record, self._replace("typed_weeks", "id", old.id, record, old.revision))
