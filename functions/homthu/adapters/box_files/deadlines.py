"""Reads the deadlines of a box and its days off."""

from homthu.adapters.box_files.reader import Reader
from homthu.adapters.box_files.rounds import read_day
from homthu.domain.boxes.deadlines import USUAL, Deadlines
from homthu.domain.working_days import Day, WorkingDays

KEYS = ("assign", "answer", "holidays")
_MOST_DAYS = 120


def read_deadlines(root: Reader, key: str) -> Deadlines:
    """The deadlines in the file, or the defaults for a file without any."""
    if not root.has(key):
        return USUAL
    reader = root.table(key, KEYS)
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
