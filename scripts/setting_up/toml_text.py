"""Writes values into a TOML text and keeps the rest as its owner wrote it: comments, order, blank lines.

The one module that knows tomlkit, which keeps the comment above a header at the end of the table
before. Such an end stays where it is, whatever rows come and go around it.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

import tomlkit
from tomlkit.container import Container, OutOfOrderTableProxy
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Array, Comment, InlineTable, Table, Whitespace

#: The keys that identify a row of a list: a row with the same value keeps its comments.
_NAMES = ("code", "id", "email", "name")
#: A list with more items than this, or a longer line, is written one item per line.
_MOST_IN_A_LINE, _LONGEST_LINE = 3, 90
#: The blank lines that removed rows leave behind.
_BLANKS = re.compile(r"\n{3,}")
_Tail = list[Any]


def write_toml(values: Mapping[str, Any], text: str) -> str:
    """The text changed so that `tomllib` reads back exactly `values`.

    Comments are kept. A text that values cannot be written into, such as one that is not TOML, is replaced.
    """
    try:
        document = tomlkit.parse(text)
        _put(document, values)
        written = tomlkit.dumps(document)
        for candidate in (_BLANKS.sub("\n\n", written), written):
            if tomllib.loads(candidate) == values:
                return candidate
    except (TOMLKitError, tomllib.TOMLDecodeError, ValueError, KeyError, IndexError):
        pass
    return tomlkit.dumps(_simple_first(values))


def _simple_first(values: Mapping[str, Any]) -> dict[str, Any]:
    """Ordered so that no value falls into the table before it."""
    return dict(sorted(values.items(), key=lambda pair: _is_table(pair[1]) or _is_rows(pair[1])))


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping)


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, Mapping) for item in value)


def _put(target: Any, values: Mapping[str, Any]) -> None:
    tail = _take_tail(target)
    for key in [str(key) for key in target if key not in values]:
        _remove(target, key)
    for key, value in values.items():
        if key not in target:
            target[key] = _made(value, is_inline=isinstance(target, InlineTable))
        elif _plain(target[key]) != value:
            _change(target, key, value)
    _give_tail(target, tail)


def _plain(item: Any) -> Any:
    return item.unwrap() if hasattr(item, "unwrap") else item


def _change(target: Any, key: str, value: Any) -> None:
    item = target[key]
    if _is_table(value) and isinstance(item, Table | InlineTable | Container | OutOfOrderTableProxy):
        _put(item, value)
    elif isinstance(item, AoT) and _is_rows(value):
        target[key] = _rows(item, value)
    elif isinstance(item, Array) and isinstance(value, list) and not _is_rows(value):
        _edit(item, value)
    elif isinstance(item, AoT):
        _remove(target, key)
        target[key] = _made(value)
    else:
        target[key] = _made(value, is_inline=isinstance(item, Array | InlineTable))


def _remove(target: Any, key: str) -> None:
    """Remove a key; comments at the end of its rows move to the end of what precedes it."""
    item = target[key]
    tail = [entry for row in item for entry in _take_tail(row)] if isinstance(item, AoT) else _take_tail(item)
    before = None
    if isinstance(target, Container):
        for name, one in target.body:
            if name is not None and name.key == key:
                break
            before = one if isinstance(one, Table | AoT) else before
    target.remove(key)
    if tail and before is not None:
        last = before[-1] if isinstance(before, AoT) else before
        _give_tail(last, [*_take_tail(last), *tail])


def _rows(old: AoT, values: Sequence[Mapping[str, Any]]) -> AoT:
    """Rebuild the rows: each keeps its comments; comments of removed rows come at the end."""
    waiting: dict[str, tuple[Table, _Tail]] = {}
    ends: list[tuple[str, _Tail]] = []
    for position, row in enumerate(old):
        name, tail = _name_of(row) or f"#{position}", _take_tail(row)
        waiting.setdefault(name, (row, tail))
        ends.append((name, tail))
    kept = {_name_of(value) for value in values}
    last = ends[-1][1] if ends else []
    lost = [entry for name, tail in ends[:-1] if name not in kept for entry in _comments(tail)]
    made = tomlkit.aot()
    for position, value in enumerate(values):
        row, tail = waiting.pop(_name_of(value) or f"#{position}", (tomlkit.table(), []))
        _put(row, value)
        is_last = position == len(values) - 1
        inner = [] if tail is last else tail
        _give_tail(row, [*inner, *lost, *last] if is_last else inner or [(None, tomlkit.nl())])
        made.append(row)
    return made


def _name_of(row: Mapping[str, Any]) -> str:
    return next((f"{key}={row[key]}" for key in _NAMES if row.get(key)), "")


def _comments(tail: _Tail) -> _Tail:
    return [entry for entry in tail if isinstance(entry[1], Comment)]


def _take_tail(target: Any) -> _Tail:
    """Cut off the blank lines and comments after the last key, which a new key would otherwise follow."""
    body = _body(target)
    if body is None or not any(key is not None for key, _ in body):
        return []
    at = len(body)
    while at and body[at - 1][0] is None and isinstance(body[at - 1][1], Comment | Whitespace):
        at -= 1
    tail = body[at:]
    del body[at:]
    return list(tail)


def _give_tail(target: Any, tail: _Tail) -> None:
    body = _body(target)
    if body is not None:
        body.extend(tail)


def _body(target: Any) -> Any:
    """The body of a table that has lines of its own."""
    return target.value.body if isinstance(target, Table) else None


def _edit(array: Array, values: Sequence[Any]) -> None:
    """Change a list item by item, so that what is written between its items is kept."""
    before = list(array.unwrap())
    if not before:
        for value in values:
            array.append(value)
        array.multiline(_is_long(values))
        return
    matcher = SequenceMatcher(
        a=[repr(one) for one in before], b=[repr(one) for one in values], autojunk=False
    )
    for kind, a1, a2, b1, b2 in reversed(matcher.get_opcodes()):
        if kind == "equal":
            continue
        common = min(a2 - a1, b2 - b1)
        for offset in range(common):
            array[a1 + offset] = values[b1 + offset]
        for position in reversed(range(a1 + common, a2)):
            del array[position]
        for offset in range(common, b2 - b1):
            array.insert(a1 + offset, values[b1 + offset])


def _made(value: Any, *, is_inline: bool = False) -> Any:
    if _is_rows(value) and not is_inline:
        rows = tomlkit.aot()
        for item in value:
            rows.append(_table(item))
        return rows
    if isinstance(value, list):
        array = tomlkit.array()
        for item in value:
            array.append(_inline(item) if isinstance(item, Mapping) else item)
        return array.multiline(_is_long(value))
    if isinstance(value, Mapping):
        return _inline(value) if is_inline else _table(value)
    return tomlkit.item(value)


def _is_long(values: Sequence[Any]) -> bool:
    is_wide = sum(len(repr(value)) + 2 for value in values) > _LONGEST_LINE
    return len(values) > _MOST_IN_A_LINE or is_wide or any(isinstance(one, Mapping) for one in values)


def _table(values: Mapping[str, Any]) -> Table:
    table = tomlkit.table()
    for key, value in _simple_first(values).items():
        table[key] = _made(value)
    return table


def _inline(values: Mapping[str, Any]) -> InlineTable:
    table = tomlkit.inline_table()
    for key, value in values.items():
        table[key] = _made(value, is_inline=True)
    return table
