"""Translates records into Firestore's values and back."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from homthu.adapters.store_records import Record

#: Firestore keeps such names for itself, and a question's id may be one (Firestore, "Constraints on field
#: names"). It is told apart by a sign that no id holds.
_RESERVED, _MARK = re.compile(r"__.*__"), "~"
_SCALARS = {bool: "boolean_value", int: "integer_value", str: "string_value", bytes: "bytes_value"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A document as it was read; `revision` is the time of its last change."""

    id: str
    record: Record
    revision: object


def document_of(message: Any) -> Document:
    """Read a document of the API."""
    return Document(
        id=message.name.rpartition("/")[2],
        record={name: decode(value) for name, value in message.fields.items()},
        revision=message.update_time,
    )


def write_fields(record: Record, message: Any) -> None:
    """Put a record into a document of the API."""
    for name, value in record.items():
        encode(value, message.fields[name])


def encode(plain: object, value: Any) -> None:
    """Put a plain value into an empty value of the API."""
    match plain:
        case None:
            value.null_value = 0
        case datetime():
            value.timestamp_value.FromDatetime(plain.astimezone(UTC))
        case dict():
            value.map_value.SetInParent()
            for name, part in plain.items():
                encode(part, value.map_value.fields[name + _MARK if _RESERVED.fullmatch(name) else name])
        case list():
            value.array_value.SetInParent()
            for part in plain:
                encode(part, value.array_value.values.add())
        case _:
            setattr(value, _SCALARS[type(plain)], plain)


def decode(value: Any) -> Any:
    """The plain value that a value of the API holds."""
    kind = value.WhichOneof("value_type")
    match kind:
        case "null_value":
            return None
        case "timestamp_value":
            return value.timestamp_value.ToDatetime(UTC)
        case "map_value":
            return {name.removesuffix(_MARK): decode(part) for name, part in value.map_value.fields.items()}
        case "array_value":
            return [decode(part) for part in value.array_value.values]
        case _:
            return getattr(value, kind)
