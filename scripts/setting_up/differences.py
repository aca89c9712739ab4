"""What a save would change in a file, value by value, in the words of the pages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from homthu.render.texts import Texts


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One value: what it is called, what it was and what it will be; empty where there is none."""

    label: str
    before: str
    after: str


def differences(before: Mapping[str, Any], after: Mapping[str, Any], texts: Texts) -> list[Difference]:
    """Everything that is not the same, in the order of the file."""
    old, new = dict(_values(before, texts)), dict(_values(after, texts))
    found = [
        Difference(label=label, before=old.get(label, ""), after=new.get(label, ""))
        for label in dict.fromkeys([*old, *new])
    ]
    return [one for one in found if one.before != one.after]


def _values(table: Mapping[str, Any], texts: Texts, path: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        here = f"{path}.{key}" if path else key
        if isinstance(value, Mapping):
            yield from _values(value, texts, here)
        elif isinstance(value, list) and value and all(isinstance(row, Mapping) for row in value):
            yield from _rows(here, value, texts)
        else:
            yield name_of(here, texts), _said(value, texts)


def _rows(path: str, rows: Sequence[Mapping[str, Any]], texts: Texts) -> Iterator[tuple[str, str]]:
    """A row's key: a place's code, a recipient's address."""
    for number, row in enumerate(rows, 1):
        known = next((str(row[key]) for key in ("code", "email", "id", "name") if row.get(key)), str(number))
        told = (_said(value, texts) for key, value in row.items() if key != "code")
        yield f"{name_of(path, texts)}: {known}", ", ".join(filter(None, told))


def name_of(path: str, texts: Texts) -> str:
    """What a value is called; the path for a value that no page asks for."""
    key = f"setup.field.{path}"
    return texts(key) if key in texts else path


def _said(value: Any, texts: Texts) -> str:
    if isinstance(value, list):
        return "; ".join(_said(item, texts) for item in value)
    if isinstance(value, Mapping):
        return ", ".join(_said(item, texts) for item in value.values())
    key = f"setup.choice.{value}"
    return texts(key) if key in texts else str(value)
