"""Sentences as they are compared: words in lower case, abbreviations expanded, with or without diacritics.

What is written with tone marks is compared with them («vì tiện» is not «ví tiền»), what is written without is
compared without.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from homthu.domain.text import fold, spelling
from homthu.record import record

#: Stands for any number.
NUMBER = "#"
#: A clause counts as written without diacritics if fewer words than one in this many have them.
_ONE_IN = 6
_PARTS = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[,.!?;:\n()«»“”\"…]")
#: Abbreviations used on phones; after a number some are sums.
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


@record
class Sentence:
    """The words of one sentence, numbers as `#`, and whether it is written with diacritics."""

    words: Sequence[str]
    bears_marks: bool

    @property
    def keys(self) -> list[str]:
        """The words as they are compared."""
        return [key(word, self.bears_marks) for word in self.words]


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a text. Where the way of writing changes at a comma, a sentence ends there."""
    words: list[str] = []
    clause: list[str] = []
    bears_marks = False
    for part in (*_PARTS.findall(text.casefold()), "."):
        if part[0].isalnum():
            clause.append(part)
            continue
        if clause:
            if _bears_marks(clause) is not bears_marks:
                if words:
                    yield Sentence(words=words, bears_marks=bears_marks)
                    words = []
                bears_marks = not bears_marks
            words += _in_full(clause)
            clause = []
        if part != "," and words:
            yield Sentence(words=words, bears_marks=bears_marks)
            words = []


def _bears_marks(clause: Sequence[str]) -> bool:
    return sum(not word.isascii() for word in clause) * _ONE_IN >= len(clause)


def _in_full(clause: Sequence[str]) -> Iterator[str]:
    """The words with abbreviations expanded, and numbers as `#`."""
    after_number = False
    for word in clause:
        if word[0].isdigit():
            yield NUMBER
        else:
            full = _SUMS.get(word) if after_number else None
            yield from (full or _SHORT.get(word) or word).split()
        after_number = word[0].isdigit()


@lru_cache(maxsize=20_000)
def key(word: str, bears_marks: bool) -> str:
    """A word as it is compared: «hoà» equals «hòa», «fong» equals «phong», and without diacritics «tiền»
    equals «tien».
    """
    if word == NUMBER:
        return word
    if word[0] == "f":
        word = f"ph{word[1:]}"
    if len(word) > 1:
        word = word.replace("j", "i")
    return spelling(word) if bears_marks else fold(word)
