"""The messages of Terraform's plugin protocol, version 6, as dictionaries: only the fields used here.

A protocol-buffer compiler and its output would be longer than this table.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import msgpack

Fields = Mapping[str, tuple[int, str]]

_VALUE = "DynamicValue"
#: {message: {field: (number, kind)}}; `*` before a kind marks a repeated field.
MESSAGES: dict[str, Fields] = {
    _VALUE: {"msgpack": (1, "bytes"), "json": (2, "bytes")},
    "RawState": {"json": (1, "bytes")},
    "Step": {"attribute_name": (1, "str"), "element_key_int": (3, "int")},
    "Path": {"steps": (1, "*Step")},
    "Diagnostic": {
        "severity": (1, "int"),
        "summary": (2, "str"),
        "detail": (3, "str"),
        "attribute": (4, "Path"),
    },
    "Schema": {"version": (1, "int"), "block": (2, "Block")},
    "Block": {"attributes": (2, "*Attribute"), "block_types": (3, "*NestedBlock")},
    "Attribute": {
        "name": (1, "str"),
        "type": (2, "bytes"),
        "required": (4, "int"),
        "optional": (5, "int"),
        "computed": (6, "int"),
        "sensitive": (7, "int"),
    },
    "NestedBlock": {
        "type_name": (1, "str"),
        "block": (2, "Block"),
        "nesting": (3, "int"),
        "min_items": (4, "int"),
        "max_items": (5, "int"),
    },
    "Entry": {"key": (1, "str"), "value": (2, "Schema")},
    "Capabilities": {"plan_destroy": (1, "int")},
    "Imported": {"type_name": (1, "str"), "state": (2, _VALUE)},
}
#: {procedure: (fields of the request, fields of the response)}
PROCEDURES: dict[str, tuple[Fields, Fields]] = {
    "GetProviderSchema": (
        {},
        {
            "provider": (1, "Schema"),
            "resource_schemas": (2, "*Entry"),
            "data_source_schemas": (3, "*Entry"),
            "server_capabilities": (6, "Capabilities"),
        },
    ),
    "ValidateProviderConfig": ({}, {}),
    "ConfigureProvider": ({}, {}),
    "StopProvider": ({}, {}),
    "GetFunctions": ({}, {}),
    "ValidateResourceConfig": (
        {"type_name": (1, "str"), "config": (2, _VALUE)},
        {"diagnostics": (1, "*Diagnostic")},
    ),
    "ValidateDataResourceConfig": ({}, {}),
    "UpgradeResourceState": ({"raw_state": (3, "RawState")}, {"upgraded_state": (1, _VALUE)}),
    "ReadResource": (
        {"type_name": (1, "str"), "current_state": (2, _VALUE)},
        {"new_state": (1, _VALUE)},
    ),
    "PlanResourceChange": (
        {"type_name": (1, "str"), "prior_state": (2, _VALUE), "proposed_new_state": (3, _VALUE)},
        {"planned_state": (1, _VALUE), "requires_replace": (2, "*Path"), "legacy_type_system": (5, "int")},
    ),
    "ApplyResourceChange": (
        {"type_name": (1, "str"), "prior_state": (2, _VALUE), "planned_state": (3, _VALUE)},
        {"new_state": (1, _VALUE), "diagnostics": (3, "*Diagnostic"), "legacy_type_system": (4, "int")},
    ),
    "ImportResourceState": (
        {"type_name": (1, "str"), "id": (2, "str")},
        {"imported_resources": (1, "*Imported")},
    ),
    "ReadDataSource": ({"type_name": (1, "str"), "config": (2, _VALUE)}, {"state": (1, _VALUE)}),
}


class Unknown:
    """A value that will be known after the apply."""

    def __repr__(self) -> str:
        return "(unknown)"


UNKNOWN = Unknown()


def decode(value: Mapping[str, bytes]) -> Any:
    """What a DynamicValue holds."""
    if value.get("msgpack"):
        return msgpack.unpackb(value["msgpack"], ext_hook=lambda code, data: UNKNOWN, strict_map_key=False)
    return json.loads(value["json"]) if value.get("json") else None


def encode(value: Any) -> dict[str, bytes]:
    """A DynamicValue."""
    return {"msgpack": msgpack.packb(value, default=lambda _: msgpack.ExtType(0, b"\0"))}


def dump(fields: Fields, values: Mapping[str, Any]) -> bytes:
    """The encoding of a message."""
    return b"".join(
        _field(number, kind.lstrip("*"), one)
        for name, (number, kind) in fields.items()
        if not _is_default(name, kind, values.get(name))
        for one in (values[name] if kind.startswith("*") else [values[name]])
    )


def _is_default(name: str, kind: str, value: Any) -> bool:
    # The first element of a list is 0, which has to be said.
    return value is None or (value in (0, False, "") and kind in ("int", "str") and name != "element_key_int")


def _field(number: int, kind: str, value: Any) -> bytes:
    if kind == "int":
        return _varint(number << 3) + _varint(int(value))
    if kind == "str":
        value = value.encode()
    elif kind != "bytes":
        value = dump(MESSAGES[kind], value)
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def load(fields: Fields, data: bytes) -> dict[str, Any]:
    """The fields we know of an encoded message."""
    names = {number: (name, kind) for name, (number, kind) in fields.items()}
    found = {}
    for number, value in _pairs(data):
        name, kind = names.get(number, ("", ""))
        if name:
            found[name] = _plain(kind, value)
    return found


def _plain(kind: str, value: Any) -> Any:
    if kind in ("int", "bytes"):
        return value
    return value.decode() if kind == "str" else load(MESSAGES[kind], value)


def _pairs(data: bytes) -> Iterator[tuple[int, Any]]:
    at = 0

    def number() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7

    while at < len(data):
        tag = number()
        length = number()
        if tag & 7 == 2:
            yield tag >> 3, data[at : at + length]
            at += length
        else:
            yield tag >> 3, length
