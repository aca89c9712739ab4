"""The columns of each table of the box's SQLite file, and how its rows become records.

Instants are whole microseconds since 1970, lists and maps are JSON.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from homthu.adapters.store_records import Record

SUBMISSION = (
    "id", "ward", "place", "channel", "assisted", "questionnaire", "round", "answers", "text",
    "service", "flags", "digest", "received_at", "week", "received_on", "batch",
    "erased_on", "text_kind", "do_not_quote", "seed",
)  # fmt: skip
HEAD = (
    "ward", "last_week", "last_year", "last_number", "last_digest", "pending", "owner", "lease_until",
    "revision",
)  # fmt: skip
REPORT = (
    "ward", "week", "edition", "year", "number", "frozen_on", "recipients", "tally", "content",
    "previous_digest", "digest", "versions", "counted",
)  # fmt: skip
DELIVERY = (
    "id", "ward", "week", "edition", "recipient", "state", "attempts", "not_before", "lease_until", "reason",
    "revision",
)  # fmt: skip
CASE = (
    "id", "ward", "place", "service", "week", "is_petition", "number", "history", "open_since",
    "changed_on", "answered_on", "promised_by", "over_since", "revision",
)  # fmt: skip
LINK_MAIL = ("id", "sent_at", "revision")
PAPER_BATCH = ("id", "ward", "label", "slips", "made_on", "is_revoked", "revision")
REVIEW = ("id", "ward", "week", "number", "changed", "only_theme", "history", "revision")
UNIT_MAIL = (
    "id", "ward", "unit", "recipient", "kind", "made_on", "tasks", "state", "attempts", "not_before",
    "lease_until", "reason", "revision",
)  # fmt: skip
VERDICT = ("id", "ward", "case_id", "kind", "given_on", "week", "words", "revision")
TYPED_WEEK = ("id", "ward", "target", "week", "year", "history", "revision")
DESK_TERM = ("ward", "people", "name", "revision")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_JSON = {"answers", "flags", "recipients", "history", "tasks"}
_INSTANTS = {"received_at", "not_before", "lease_until", "sent_at"}
_BOOLEANS = {"assisted", "is_petition", "is_revoked", "do_not_quote", "only_theme"}


def microseconds(instant: datetime) -> int:
    """An instant as it is stored: microseconds since 1970."""
    return (instant - _EPOCH) // _MICROSECOND


def instant(microseconds: int) -> datetime:
    """A stored instant, in UTC."""
    return _EPOCH + timedelta(microseconds=microseconds)


def insert(table: str, columns: Sequence[str]) -> str:
    """A statement that inserts a row with these columns, unless its key exists."""
    names, values = ", ".join(columns), ", ".join(f":{column}" for column in columns)
    return f"INSERT INTO {table} ({names}) VALUES ({values}) ON CONFLICT DO NOTHING"


def update(table: str, columns: Sequence[str], where: str) -> str:
    """A statement that sets these columns of the rows that meet a condition."""
    return f"UPDATE {table} SET {', '.join(f'{column} = :{column}' for column in columns)} WHERE {where}"


def select(table: str, columns: Sequence[str], where: str) -> str:
    """A statement that reads these columns of the rows that meet a condition."""
    return f"SELECT {', '.join(columns)} FROM {table} WHERE {where}"


def row_of(record: Record) -> Record:
    """A record as the parameters of a statement."""
    return {column: _stored(value) for column, value in record.items()}


def record_of(columns: Iterable[str], row: Iterable[Any]) -> Record:
    """A row as a record."""
    return {column: _plain(column, value) for column, value in zip(columns, row, strict=True)}


def _stored(value: Any) -> Any:
    match value:
        case datetime():
            return microseconds(value)
        case dict() | list():
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        case _:
            return value


def _plain(column: str, value: Any) -> Any:
    if value is None:
        return None
    if column in _JSON:
        return json.loads(value)
    if column in _INSTANTS:
        return instant(value)
    return bool(value) if column in _BOOLEANS else value
