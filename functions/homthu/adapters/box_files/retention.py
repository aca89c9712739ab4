"""Reads how long a box keeps what was written to it."""

from dataclasses import fields

from homthu.adapters.box_files.reader import Reader
from homthu.domain.boxes.retention import LEAST_MONTHS, MOST_MONTHS, USUAL, Retention

_KEYS = tuple(field.name for field in fields(Retention))


def read_retention(root: Reader) -> Retention:
    """Every limit in the file, in months; the defaults for the others."""
    if not root.has("retention"):
        return USUAL
    reader = root.table("retention", _KEYS)
    written = [name for name in _KEYS if reader.has(name)]
    return Retention(**{name: reader.whole(name, low=LEAST_MONTHS, high=MOST_MONTHS) for name in written})
