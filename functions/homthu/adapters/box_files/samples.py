"""Finds values of the examples that are still in box files, and must not be when citizens come.

They are no mistake: a box may be tried with them. But reports to `@example.org` reach nobody, and a poster
with `0204 000 0000` sends people nowhere.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from homthu.adapters.box_files.key_path import KeyPath
from homthu.adapters.box_files.toml_file import read_toml, toml_files
from homthu.domain.boxes.problem import Problem

#: Names that lead nowhere on purpose: https://www.rfc-editor.org/rfc/rfc2606
_NO_HOST = r"(?:[\w-]+\.)*(?:example\.(?:org|com|net|edu)|[\w-]+\.(?:example|test|invalid|localhost))"
#: The values of an example; the first that matches is noted. Left to be filled in are …, ..., ___, xx/xx,
#: ???, [ghi rõ] and <tên>.
_SAMPLES = (
    (re.compile(rf"@{_NO_HOST}\b|@example\b", re.IGNORECASE), "sample_address"),
    (re.compile(rf"^https?://{_NO_HOST}(?:[:/]|$)", re.IGNORECASE), "sample_link"),
    (re.compile(r"…|\.{3}|_{2,}|\?{2,}|\b[xX]{2,}/|\bxxx|^\s*[\[<].*[\]>]\s*$"), "sample_blank"),
)
#: Numbers that no subscriber has: six zeros, seven equal digits, or digits counted up.
_NO_NUMBER = re.compile(r"0{6,}|(\d)\1{6,}|1234567|9876543")
_PHONE = re.compile(r"[0-9+(][0-9 ().-]{6,}")


def find_samples(folder: Path) -> tuple[Problem, ...]:
    """Every value in the folder's box files that must be replaced before real use, though it is valid."""
    found: list[Problem] = []
    for path in toml_files(folder):
        table, notes = read_toml(path, path.name)
        for where, text in _texts(table, ()):
            if is_sample_phone(text):
                notes.add(where, "sample_phone", value=text)
            elif code := next((code for looks, code in _SAMPLES if looks.search(text)), ""):
                notes.add(where, code, value=text)
        if _says_nobody_reads(table):
            notes.add(("recipients",), "reads_undecided")
        found += sorted(notes.problems, key=lambda problem: problem.line)
    return tuple(found)


def _says_nobody_reads(table: object) -> bool:
    """Whether a file says of nobody what they read, so that everybody reads everything."""
    recipients = table.get("recipients") if isinstance(table, Mapping) else None
    return isinstance(recipients, list) and not any(
        isinstance(one, Mapping) and "reads" in one for one in recipients
    )


def is_sample_address(text: str) -> bool:
    """Whether a mail address reaches nobody."""
    return bool(_SAMPLES[0][0].search(text))


def is_sample_phone(text: str) -> bool:
    """Whether a telephone number is nobody's."""
    return bool(_PHONE.fullmatch(text) and _NO_NUMBER.search(re.sub(r"\D", "", text)))


def _texts(value: object, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    """Every text in a table, with where it stands."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, (*path, str(key)))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from _texts(inner, (*path, position))
