"""Finding the line of a key, held against what tomllib reads."""

import tomllib

import pytest
from box_editing import SHIPPED
from homthu.adapters.box_files.lines import Lines

TOML = r'''
# a comment = "with a key" and [a header]
plain = 1
"quoted \"key\"" = "a # and ] and } in a text"
'literal key' = 'C:\path'  # tail = 1
dotted . "keys" . here = true
spread = [ # comment ]
  "one",

  "two, with a comma", 'three ] four',
  [ 1, [ 2 ] ],
]
long = """
first = "no key"
[no.table]
""quotes"" \""" inside
"""
edge = """ends with quotes"""""
raw = \'\'\'
not = 'a key' # nor a comment
\'\'\'
when = 1979-05-27 07:32:00
inline = { a = 1, "b c" = [ { d.e = "x" }, { d = "}" } ] }
empty = []
none = {}

[table]
key = "value"
  [table.sub.deep]
  key = 2
[[list]]
name = "first"
[list.child]
deep = 1
[[list.inner]]
x = 1
[[list.inner]]
x = 2

[["list"]] # second
name = "second"
[[list.inner]]
x = 3
'''.replace(r"\'", "'")


def paths_of(value: object, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    """Every path of a parsed table."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return {path} - {()} | {p for key, item in items for p in paths_of(item, (*path, key))}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("plain",), "plain = 1"),
        (('quoted "key"',), '"quoted '),
        (("literal key",), "'literal key'"),
        (("dotted", "keys", "here"), "dotted ."),
        (("spread",), "spread ="),
        (("spread", 0), '"one"'),
        (("spread", 1), '"two'),
        (("spread", 2), '"two'),
        (("spread", 3, 1, 0), "[ 1, [ 2 ]"),
        (("long",), "long ="),
        (("edge",), "edge ="),
        (("raw",), "raw ="),
        (("when",), "when ="),
        (("inline", "b c", 1, "d"), "inline ="),
        (("table",), "[table]"),
        (("table", "key"), 'key = "value"'),
        (("table", "sub"), "  [table.sub"),
        (("table", "sub", "deep", "key"), "  key = 2"),
        (("list",), "[[list]]"),
        (("list", 0), "[[list]]"),
        (("list", 0, "child", "deep"), "deep = 1"),
        (("list", 0, "inner", 1, "x"), "x = 2"),
        (("list", 1), '[["list"]]'),
        (("list", 1, "name"), 'name = "second"'),
        (("list", 1, "inner", 0, "x"), "x = 3"),
    ],
    ids=str,
)
def test_a_key_is_found_where_it_is_written(path: tuple[str | int, ...], text: str) -> None:
    # A text that begins a line is meant there, even where it occurs within another before.
    at = TOML.index(f"\n{text}") + 1 if f"\n{text}" in TOML else TOML.index(text)
    assert Lines(TOML).of(path) == TOML.count("\n", 0, at) + 1


def test_what_is_missing_is_looked_for_in_what_is_around_it() -> None:
    lines = Lines(TOML)
    assert lines.of(("list", 1, "nothing")) == lines.of(("list", 1))
    assert lines.of(("table", "sub", "deep", "nothing", 3)) == lines.of(("table", "sub", "deep"))
    assert lines.of(("nothing",)) == 1
    assert Lines("").of(()) == 1


@pytest.mark.parametrize(
    "source",
    [
        TOML,
        TOML.replace("\n", "\r\n"),
        *(path.read_text("utf-8") for path in sorted(SHIPPED.rglob("*.toml"))),
    ],
    ids=["sample", "sample with CRLF", *(path.name for path in sorted(SHIPPED.rglob("*.toml")))],
)
def test_exactly_the_keys_that_tomllib_reads_are_found(source: str) -> None:
    assert Lines(source).paths == paths_of(tomllib.loads(source))


def test_thousands_of_entries_are_counted() -> None:
    source = "".join(f'[[places]]\ncode = "p{i}"\n' for i in range(3000))
    assert Lines(source).of(("places", 2999, "code")) == 6000
