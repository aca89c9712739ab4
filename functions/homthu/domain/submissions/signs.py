"""Signs: the phrases by which a text may be a complaint or a denunciation, and those that make it harmless.

A phrase is words as they follow each other. `…` stands for up to four words between, `#` for a number,
`a|b` for one or the other, and `_` joins the words of one alternative: `đưa|kẹp … phong_bì|tiền`. A
sentence that is written with tone marks is compared with them («vì tiện» is not «ví tiền»), one that is
written without is compared without. No phrase reaches from one sentence into the next.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product

from homthu.domain.text import fold, spelling

GAP, NUMBER = "…", "#"
#: So many words may lie between.
MOST_BETWEEN = 4
#: A phrase stands for so many at most, once its alternatives are written out.
MOST_READINGS = 500
#: In the place of a harmless phrase: nothing reaches across it.
_EDGE = ""
#: A sentence in which fewer words than one in so many bear marks is written without.
_ONE_IN = 6
_PARTS = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[.!?;:\n()«»“”\"…]")
_PHRASE = re.compile(r"(?:[^\W\d_]+|#)(?:_[^\W\d_]+)*(?:\|(?:[^\W\d_]+|#)(?:_[^\W\d_]+)*)*")
#: How words are written on a phone; behind a number some are sums.
_SHORT = {
    **dict.fromkeys(("ko", "k", "kg", "hok", "hong", "hông", "khum", "kô"), "không"),
    **dict.fromkeys(("dc", "đc"), "được"),
    **dict.fromkeys(("ng", "ngta"), "người"),
    "nv": "nhân viên",
    "cb": "cán bộ",
    "pb": "phong bì",
    "hs": "hồ sơ",
    "lm": "làm",
    "vs": "với",
    "j": "gì",
    "trc": "trước",
    "bik": "biết",
    "mún": "muốn",
}
_SUMS = {
    **dict.fromkeys(("k", "ngàn"), "nghìn"),
    **dict.fromkeys(("tr", "củ", "chai"), "triệu"),
    "lít": "trăm",
}

Words = tuple[str, ...]


class BadPhrase(ValueError):
    """Not a phrase: it begins or ends with a gap, holds signs, or stands for too many."""


def readings(phrase: str) -> tuple[Words, ...]:
    """Every run of words, gaps and numbers that a phrase stands for. Raise `BadPhrase`."""
    parts = phrase.split()
    if not parts or GAP in (parts[0], parts[-1]):
        raise BadPhrase(phrase)
    choices: list[list[Words]] = []
    count = 1
    for part in parts:
        if part != GAP and not _PHRASE.fullmatch(part):
            raise BadPhrase(phrase)
        choices.append([tuple(one.split("_")) for one in part.split("|")])
        count *= len(choices[-1])
    if count > MOST_READINGS:
        raise BadPhrase(phrase)
    return tuple(tuple(word for words in chosen for word in words) for chosen in product(*choices))


@dataclass(frozen=True, kw_only=True)
class Signs:
    """The phrases of the files.

    One of `certain` is a sign wherever it stands. Then what is `harmless` is taken out, and what is left
    has a sign where it has one of `signs`, or, in a sentence that is written with marks, one of `marked`.
    """

    certain: tuple[str, ...] = ()
    harmless: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    marked: tuple[str, ...] = ()

    def are_in(self, text: str) -> bool:
        """Whether the text has one."""
        return any(self._has(sentence) for sentence in _sentences(text))

    def _has(self, sentence: Sequence[str]) -> bool:
        bears_marks = _bears_marks(sentence)
        index = self._with_marks if bears_marks else self._without
        words = [_key(word, bears_marks) for word in _in_full(sentence)]
        if index.certain.is_in(words):
            return True
        return index.signs.is_in(index.harmless.taken_out(words))

    @cached_property
    def _with_marks(self) -> "_Indices":
        return _Indices.of(self.certain, self.harmless, (*self.signs, *self.marked), bears_marks=True)

    @cached_property
    def _without(self) -> "_Indices":
        return _Indices.of(self.certain, self.harmless, self.signs, bears_marks=False)


@dataclass(frozen=True, slots=True)
class _Index:
    """Phrases by their first word."""

    by_first: Mapping[str, Sequence[Words]]

    @classmethod
    def of(cls, phrases: Iterable[str], *, bears_marks: bool) -> "_Index":
        found: dict[str, dict[Words, None]] = {}
        for phrase in phrases:
            for words in readings(phrase):
                key = tuple(one if one in (GAP, NUMBER) else _key(one, bears_marks) for one in words)
                found.setdefault(key[0], {})[key] = None
        # The longest first: it takes out the most.
        return cls({first: sorted(keys, key=len, reverse=True) for first, keys in found.items()})

    def is_in(self, words: Sequence[str]) -> bool:
        return any(True for _ in self._ends(words))

    def taken_out(self, words: Sequence[str]) -> list[str]:
        """The words with an edge in the place of every phrase."""
        left = list(words)
        for start, end in self._ends(words):
            left[start:end] = [_EDGE] * (end - start)
        return left

    def _ends(self, words: Sequence[str]) -> Iterator[tuple[int, int]]:
        for start, word in enumerate(words):
            for phrase in self.by_first.get(word, ()):
                if (end := _end(words, start + 1, phrase, 1)) >= 0:
                    yield start, end
                    break


def _end(words: Sequence[str], at: int, phrase: Words, part: int) -> int:
    """Where the rest of a phrase ends that goes on here; -1 if it does not."""
    while part < len(phrase) and phrase[part] != GAP:
        if at >= len(words) or words[at] != phrase[part]:
            return -1
        at, part = at + 1, part + 1
    if part == len(phrase):
        return at
    for skipped in range(MOST_BETWEEN + 1):
        if (end := _end(words, at + skipped, phrase, part + 1)) >= 0:
            return end
        if at + skipped >= len(words) or words[at + skipped] == _EDGE:
            return -1
    return -1


@dataclass(frozen=True, slots=True)
class _Indices:
    certain: _Index
    harmless: _Index
    signs: _Index

    @classmethod
    def of(
        cls, certain: Iterable[str], harmless: Iterable[str], signs: Iterable[str], *, bears_marks: bool
    ) -> "_Indices":
        return cls(*(_Index.of(each, bears_marks=bears_marks) for each in (certain, harmless, signs)))


def _sentences(text: str) -> Iterator[list[str]]:
    """The words of each sentence, in lower case."""
    words: list[str] = []
    for part in _PARTS.findall(text.casefold()):
        if part[0].isalnum():
            words.append(part)
        elif words:
            yield words
            words = []
    if words:
        yield words


def _bears_marks(sentence: Sequence[str]) -> bool:
    return sum(not word.isascii() for word in sentence) * _ONE_IN >= len(sentence)


def _in_full(sentence: Sequence[str]) -> Iterator[str]:
    """The words of a sentence without the short ways of a phone, numbers as `#`."""
    after_number = False
    for word in sentence:
        if word[0].isdigit():
            yield NUMBER
        else:
            full = _SUMS.get(word) if after_number else None
            yield from (full or _SHORT.get(word) or word).split()
        after_number = word[0].isdigit()


@lru_cache(maxsize=20_000)
def _key(word: str, bears_marks: bool) -> str:
    """A word as it is compared: «hoà» and «hòa» meet, «fong» and «phong», without marks «tiền» and «tien»."""
    if word in ("", NUMBER):
        return word
    if word[0] == "f":
        word = f"ph{word[1:]}"
    if len(word) > 1:
        word = word.replace("j", "i")
    return spelling(word) if bears_marks else fold(word)
