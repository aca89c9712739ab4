"""Recurrence: a matter that was answered and comes back within sixty days."""

import re
from datetime import timedelta

from homthu.domain.cases.case import Case
from homthu.domain.text import fold
from homthu.domain.week import Week

#: What comes later is a new matter.
WITHIN = timedelta(days=60)
#: Two texts that share this much of the shorter one may be about the same.
_ALIKE = 0.4


def can_recur(week: Week, earlier: Case) -> bool:
    """Whether a form of a week may say that what an earlier case answered has come back.

    The day of a form is nobody's to know, so its week counts: it must not lie before the answer.
    """
    answer = earlier.public_answer
    return answer is not None and week.sunday >= answer.on and week.monday - answer.on <= WITHIN


def likeness(said: str, earlier: Case) -> float:
    """How much a text and an answer have in common, from 0 to 1: shared words, by the shorter one."""
    answer = earlier.public_answer
    one, other = _words(said), _words(f"{answer.subject} {answer.text}") if answer else frozenset()
    return len(one & other) / max(1, min(len(one), len(other)))


def is_like(said: str, place: str, earlier: Case) -> bool:
    """Whether it is worth asking if the same problem has come back: words or place are alike."""
    return likeness(said, earlier) >= _ALIKE or (bool(place) and place == earlier.place)


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in re.findall(r"\w+", fold(text)) if len(word) > 1)
