"""Suggestions that may be a complaint or a denunciation: counted in a report, never quoted.

Luật Tố cáo 2018 (articles 22 to 25) keeps a denouncer's identity and words from spreading; this
only points such texts out for a person to read, and would rather point out one too many.
"""

import re

from homthu.domain.text import fold

_WORDS = (
    "to cao",
    "to giac",
    "khieu nai",
    "khieu kien",
    "hoi lo",
    "dua tien",
    "nhan tien",
    "vi tien",
    "phong bi",
    "lot tay",
    "tham nhung",
    "tham o",
    "lam tien",
    "doi tien",
    "chay tien",
    "boi duong cho can bo",
    "denounce",
    "bribe",
    "corrupt",
)
_PATTERN = re.compile(r"\b(?:" + "|".join(map(re.escape, _WORDS)) + r")\w*")


def looks_like_petition(text: str) -> bool:
    """Whether the text uses the words of a complaint or denunciation, with or without diacritics."""
    return _PATTERN.search(re.sub(r"\s+", " ", fold(text))) is not None
