"""Texts set apart: what may be a complaint or a denunciation is counted in a report, never quoted.

Luật Tố cáo 2018 (articles 22 to 25) keeps a denouncer's identity and words from spreading; this
only points such texts out for a person to read, and would rather point out one too many.
"""

import re

from homthu.domain.boxes.questionnaire import ASKED_FOR_MONEY, HARASSED
from homthu.domain.submissions.submission import Submission
from homthu.domain.text import fold

#: Whoever answered so and wrote a text most likely wrote about just that.
_SERIOUS = frozenset({ASKED_FOR_MONEY, HARASSED})

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


def is_set_apart(submission: Submission) -> bool:
    """Whether its text is not to be quoted: its author asks so, answered so, or wrote in such words."""
    if not submission.text:
        return False
    return (
        submission.do_not_quote
        or not _SERIOUS.isdisjoint(submission.answers.values())
        or looks_like_petition(submission.text)
    )


def looks_like_petition(text: str) -> bool:
    """Whether the text uses the words of a complaint or denunciation, with or without diacritics."""
    return _PATTERN.search(re.sub(r"\s+", " ", fold(text))) is not None
