"""Same text: whether two texts say the same in nearly the same words, as far as a machine may decide it.

Two texts are the same where nothing differs but case, marks, punctuation, spelling variants and words that
say nothing by themselves. Every number, name and negation must agree («ngõ 12» is not «ngõ 21», «đã sửa» not
«chưa sửa»): two lamps taken for one are worse than one lamp told twice, which a reader joins at the desk.
"""

import re
from itertools import groupby

from homthu.domain.text import fold

_WORD = re.compile(r"\d+(?:[.,/]\d+)*|[^\W\d_]+")
#: Three or more of a letter in a row are one, drawn out: «quáááá».
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
#: «kỹ» and «kĩ», but not «máy» and «mái».
_FINAL_Y = re.compile(r"^([^aeiouy]+)y$")
#: Filler words without diacritics: a sentence without them is the same sentence.
_EMPTY = frozenset(
    {
        *("a", "ah", "nhe", "nhi", "xin", "mong", "rat", "kinh", "thua"),
        *("bi", "dang", "van", "lai", "thi", "la", "ma", "roi", "cung", "nua"),
    }
)


def text_key(text: str) -> str:
    """Equal for texts that say the same; empty for a text without words."""
    words = [_spelt(word) for word in _WORD.findall(fold(text))]
    return " ".join(word for word, _ in groupby(words) if word not in _EMPTY)


def names_its_place(key: str) -> bool:
    """Whether the text itself says, by a number, which one of several it is about."""
    return any(sign.isdigit() for sign in key)


def _spelt(word: str) -> str:
    return _FINAL_Y.sub(r"\1i", _DRAWN_OUT.sub(r"\1", word))
