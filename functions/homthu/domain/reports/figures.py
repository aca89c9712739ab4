"""Figures that can be defended: shares with their base, intervals, and what is too small to show.

Rules: the share satisfied is (4 + 5) / valid answers, «không có ý kiến» left out; below ten valid
answers only counts are given; a place's answers to one question are hidden below five.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from homthu.domain.boxes.questionnaire import RATINGS

#: Below so many valid answers no share is printed, only counts.
MIN_FOR_SHARE = 10
#: Below so many valid answers a cell of place × question is not printed at all.
MIN_FOR_CELL = 5
#: Two weeks are compared only when both have so many valid answers.
MIN_FOR_CHANGE = 30
#: The 97.5th percentile of the normal distribution: a 95 % interval.
_Z = 1.959963984540054


@dataclass(frozen=True, kw_only=True, slots=True)
class Interval:
    """Bounds of a share, both between 0 and 1."""

    low: float
    high: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Satisfaction:
    """What one rating question says: the counts by rating, valid answers and those satisfied."""

    by_rating: Mapping[str, int]
    no_opinion: int

    @property
    def valid(self) -> int:
        """Answers from 1 to 5."""
        return sum(self.by_rating.values())

    @property
    def satisfied(self) -> int:
        """Answers 4 and 5."""
        return self.by_rating["4"] + self.by_rating["5"]

    @property
    def share(self) -> float | None:
        """The share satisfied, from 0 to 1; None when too few answered."""
        return self.satisfied / self.valid if self.valid >= MIN_FOR_SHARE else None

    @property
    def mean(self) -> float | None:
        """The mean rating, from 1 to 5; None when too few answered."""
        if self.valid < MIN_FOR_SHARE:
            return None
        return sum(int(rating) * n for rating, n in self.by_rating.items()) / self.valid

    @property
    def interval(self) -> Interval | None:
        """The 95 % interval of the share; None when too few answered."""
        return wilson(self.satisfied, self.valid) if self.share is not None else None

    @property
    def is_cell_shown(self) -> bool:
        """Whether a place's cell is large enough to be printed."""
        return self.valid >= MIN_FOR_CELL


def satisfaction(counts: Mapping[str, int]) -> Satisfaction:
    """Read the counts of a rating question, option id to number."""
    return Satisfaction(
        by_rating={rating: counts.get(rating, 0) for rating in RATINGS},
        no_opinion=sum(n for option, n in counts.items() if option not in RATINGS),
    )


def change(now: Satisfaction, before: Satisfaction) -> float | None:
    """The change of the share in percentage points; None when either week is too small."""
    if min(now.valid, before.valid) < MIN_FOR_CHANGE or now.share is None or before.share is None:
        return None
    return (now.share - before.share) * 100


def wilson(successes: int, trials: int) -> Interval:
    """The score interval of a share (E. B. Wilson, 1927), which stays within 0 and 1 for small numbers."""
    share = successes / trials
    spread = _Z * sqrt(share * (1 - share) / trials + _Z**2 / (4 * trials**2))
    centre = share + _Z**2 / (2 * trials)
    scale = 1 + _Z**2 / trials
    return Interval(low=max(0.0, (centre - spread) / scale), high=min(1.0, (centre + spread) / scale))
