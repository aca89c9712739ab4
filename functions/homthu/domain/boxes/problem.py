"""A problem: one mistake in a file that an office edits, told so that the edge can word it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """What is wrong, and where.

    `key` is the path of the key, entries counted from one as people count: `places[2].code`. It
    is empty, and `line` is 0, where the file as a whole is meant. `data` fills the sentence that
    belongs to `code`.
    """

    file: str
    line: int
    key: str
    code: str
    data: Mapping[str, str | int]
