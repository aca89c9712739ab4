"""Reads the time limits of a box: its deadlines with the days off, and how long it keeps what was written."""

from dataclasses import fields

from homthu.adapters.box_files.reader import Reader
from homthu.adapters.box_files.rounds import read_day
from homthu.domain.boxes.deadlines import USUAL_DEADLINES, Deadlines
from homthu.domain.boxes.retention import LEAST_MONTHS, MOST_MONTHS, USUAL_RETENTION, Retention
from homthu.domain.working_days import Day, WorkingDays

_DEADLINES = ("assign", "answer", "holidays")
_RETENTION = tuple(field.name for field in fields(Retention))
_MOST_DAYS = 120


def read_deadlines(root: Reader, key: str) -> Deadlines:
    """The deadlines in the file, or the defaults for a file without any."""
    if not root.has(key):
        return USUAL_DEADLINES
    reader = root.table(key, _DEADLINES)
    assign = reader.whole("assign", low=1, high=_MOST_DAYS)
    answer = reader.whole("answer", low=1, high=_MOST_DAYS)
    if answer < assign and not (reader.is_noted("assign") or reader.is_noted("answer")):
        reader.note("answer", "answers_before_assigning", assign=assign, answer=answer)
    return Deadlines(assign=assign, answer=answer, calendar=WorkingDays(holidays=_read_days(reader)))


def _read_days(reader: Reader) -> tuple[Day, ...]:
    texts = reader.texts("holidays", most=200, longest=40)
    path = (*reader.path, "holidays")
    days = [read_day(text, reader.notes, (*path, at)) for at, text in enumerate(texts) if text]
    return tuple(day for day in days if day)


def read_retention(root: Reader) -> Retention:
    """Every limit in the file, in months; the defaults for the others."""
    if not root.has("retention"):
        return USUAL_RETENTION
    reader = root.table("retention", _RETENTION)
    written = [name for name in _RETENTION if reader.has(name)]
    return Retention(**{name: reader.whole(name, low=LEAST_MONTHS, high=MOST_MONTHS) for name in written})
