"""Reads phrases: those of the signs, and the words that a theme is known by."""

from collections.abc import Sequence

from homthu.adapters.box_files.reader import Reader
from homthu.domain.submissions.phrases import is_phrase

_MOST, _LONGEST = 2_000, 300


def read_phrases(root: Reader, key: str) -> Sequence[str]:
    """The phrases of a list; invalid and repeated ones are noted."""
    phrases = root.texts(key, most=_MOST, longest=_LONGEST, is_optional=True)
    first: dict[str, int] = {}
    for position, phrase in enumerate(phrases):
        where = (*root.path, key, position)
        if phrase and not is_phrase(phrase):
            root.notes.add(where, "bad_phrase", value=phrase)
        if phrase and first.setdefault(phrase.casefold(), position) != position:
            line = root.notes.line((*root.path, key, first[phrase.casefold()]))
            root.notes.add(where, "duplicate", value=phrase, line=line)
    return [phrase.casefold() for phrase in phrases]
