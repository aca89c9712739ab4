"""Figures: what one release says, or several together, and how sure one may be of it.

Adding up needs nothing but what was told. A release that was told in words is taken as what the words
allow: all, or all but one. So a sum tells nothing that its releases do not.
"""

from collections.abc import Collection
from dataclasses import dataclass
from math import sqrt

from homthu.domain.boxes.questionnaire import RATINGS
from homthu.domain.releases.release import DISSATISFIED, NEUTRAL, SATISFIED, Release
from homthu.domain.week import Week

#: The 97.5th percentile of the normal distribution: a 95 % interval.
Z = 1.959963984540054
_RATED = {SATISFIED: ("5", "4"), NEUTRAL: ("3",), DISSATISFIED: ("2", "1")}
_SATISFIED, _DISSATISFIED = frozenset(_RATED[SATISFIED]), frozenset(_RATED[DISSATISFIED])


@dataclass(frozen=True, kw_only=True, slots=True)
class Interval:
    """Bounds of a share, both between 0 and 1."""

    low: float
    high: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Between:
    """A number that is told exactly, or between two: the fewest and the most it can be."""

    least: int
    most: int

    @property
    def is_exact(self) -> bool:
        """Whether it is told exactly."""
        return self.least == self.most

    @property
    def middle(self) -> float:
        """What to take for it."""
        return (self.least + self.most) / 2


@dataclass(frozen=True, slots=True)
class Figure:
    """What some releases of one series tell together; at least one."""

    parts: tuple[Release, ...]

    @property
    def answers(self) -> int:
        """How many answers it is about: ten or more."""
        return sum(part.answers for part in self.parts)

    @property
    def first(self) -> Week:
        """The first week of its runs."""
        return min(part.first for part in self.parts)

    @property
    def last(self) -> Week:
        """The last week of its runs."""
        return max(part.last for part in self.parts)

    @property
    def alike(self) -> str:
        """What almost all said, if every release was told in the same words; else empty."""
        words = {part.alike for part in self.parts}
        return words.pop() if len(words) == 1 else ""

    @property
    def is_exact(self) -> bool:
        """Whether no release in it was told in words."""
        return not any(part.alike for part in self.parts)

    def chose(self, options: Collection[str]) -> Between:
        """How many chose one of these options."""
        parts = [_chose(part, options) for part in self.parts]
        return Between(least=sum(one.least for one in parts), most=sum(one.most for one in parts))

    def share(self, options: Collection[str]) -> float:
        """The share that chose one of these options, from 0 to 1."""
        return self.chose(options).middle / self.answers

    @property
    def satisfied(self) -> Between:
        """How many were satisfied or very satisfied."""
        return self.chose(_SATISFIED)

    @property
    def satisfied_share(self) -> float:
        """The share satisfied, from 0 to 1."""
        return self.satisfied.middle / self.answers

    @property
    def dissatisfied(self) -> Between:
        """How many were dissatisfied or very dissatisfied."""
        return self.chose(_DISSATISFIED)

    @property
    def interval(self) -> Interval:
        """The 95 % interval of the share satisfied, whichever of the possible numbers is the right one."""
        satisfied = self.satisfied
        return Interval(
            low=wilson(satisfied.least, self.answers).low, high=wilson(satisfied.most, self.answers).high
        )

    @property
    def mean(self) -> float | None:
        """The mean rating, from 1 to 5; None where something was told in words."""
        if not self.is_exact:
            return None
        return sum(int(rating) * self.chose({rating}).least for rating in RATINGS) / self.answers


def _chose(release: Release, options: Collection[str]) -> Between:
    if not release.alike:
        exact = sum(release.by_option.get(option, 0) for option in options)
        return Between(least=exact, most=exact)
    alike = _RATED.get(release.alike, (release.alike,))
    within = [option in options for option in alike]
    # Of the ratings that «satisfied» stands for nothing is told one by one.
    return Between(
        least=release.answers - 1 if all(within) else 0, most=release.answers if any(within) else 1
    )


def wilson(successes: float, trials: int) -> Interval:
    """The score interval of a share (E. B. Wilson, 1927), which stays within 0 and 1 for small numbers."""
    share = successes / trials
    spread = Z * sqrt(share * (1 - share) / trials + Z**2 / (4 * trials**2))
    centre = share + Z**2 / (2 * trials)
    scale = 1 + Z**2 / trials
    return Interval(low=max(0.0, (centre - spread) / scale), high=min(1.0, (centre + spread) / scale))
