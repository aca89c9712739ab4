"""Phrases: words as they follow each other, and where they are found.

`…` stands for up to four words between, `#` for a number, `a|b` for one or the other, and `_` joins the
words of one alternative: `đưa|kẹp … phong_bì|tiền`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from homthu.domain.submissions.sentences import key
from homthu.record import record

GAP = "…"
#: The most words in a gap.
MOST_BETWEEN = 4
#: Stands where a phrase was taken out: no other phrase matches across it.
EDGE = ""
_ALTERNATIVE = r"(?:[^\W\d_]+|#)(?:_(?:[^\W\d_]+|#))*"
_PART = rf"{_ALTERNATIVE}(?:\|{_ALTERNATIVE})*"
_PHRASE = re.compile(rf"{_PART}(?: (?:… )?{_PART})*")


def is_phrase(text: str) -> bool:
    """Whether a text, with words separated by single spaces, can be read as a phrase."""
    return _PHRASE.fullmatch(text) is not None


@record
class _Part:
    """One part of a phrase: its alternatives by their first words, and whether a gap precedes it."""

    by_first: Mapping[str, Sequence[Sequence[str]]]
    is_behind_gap: bool


_Phrase = Sequence[_Part]


@record
class Phrases:
    """Phrases by their first words, as sentences with marks are compared, or those without."""

    by_first: Mapping[str, Sequence[_Phrase]]

    @classmethod
    def of(cls, phrases: Iterable[str], *, bears_marks: bool) -> "Phrases":
        """Index valid phrases by their first words."""
        found: dict[str, list[_Phrase]] = {}
        for phrase in phrases:
            parts = tuple(_parts(phrase, bears_marks))
            for first in parts[0].by_first:
                found.setdefault(first, []).append(parts)
        return cls(by_first=found)

    def are_in(self, keys: Sequence[str]) -> bool:
        """Whether the words of a sentence contain one of them."""
        return any(True for _ in self._found(keys))

    def length_in(self, keys: Sequence[str]) -> int:
        """How many words of a sentence they cover, counting each where it begins."""
        return sum(end - start for start, end in self._found(keys))

    def taken_out(self, keys: Sequence[str]) -> Sequence[str]:
        """The words with a barrier in the place of each word of a phrase."""
        left = list(keys)
        for start, end in self._found(keys):
            left[start:end] = [EDGE] * (end - start)
        return left

    def _found(self, keys: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Where each match begins and ends: the longest of those that begin at the same word."""
        for start, word in enumerate(keys):
            if phrases := self.by_first.get(word):
                end = max(_end(keys, start, phrase, 0) for phrase in phrases)
                if end >= 0:
                    yield start, end


def _parts(phrase: str, bears_marks: bool) -> Iterator[_Part]:
    is_behind_gap = False
    for part in phrase.split():
        if part != GAP:
            by_first: dict[str, list[list[str]]] = {}
            for alternative in part.split("|"):
                words = [key(word, bears_marks) for word in alternative.split("_")]
                by_first.setdefault(words[0], []).append(words[1:])
            yield _Part(by_first=by_first, is_behind_gap=is_behind_gap)
        is_behind_gap = part == GAP


def _end(keys: Sequence[str], at: int, phrase: _Phrase, number: int) -> int:
    """The furthest end of a phrase whose part of this number begins here; -1 if there is none."""
    if number == len(phrase):
        return at
    part, furthest = phrase[number], -1
    for start in range(at, at + 1 + MOST_BETWEEN * part.is_behind_gap):
        if start >= len(keys) or keys[start] == EDGE:
            break
        for rest in part.by_first.get(keys[start], ()):
            end = start + 1 + len(rest)
            if keys[start + 1 : end] == rest:
                furthest = max(furthest, _end(keys, end, phrase, number + 1))
    return furthest
