"""Arrivals: where far more submissions came than a place's own usual week brings.

Who stuffs a box slowly makes no surge. That one culture house had 261 forms after weeks of a dozen is
then what a reader has to know beside the ratings; whether a meeting or a script brought them is not
for a program to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

from homthu.domain.reports.tally import Fact, Tally
from homthu.domain.week import Week

#: A usual week is the median of so many weeks before, so that one odd week does not become the rule.
WEEKS = 8
#: A place's week is far more than usual from so many times its usual number on, and
TIMES = 3
#: above so many forms.
ABOVE = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """A place's submissions of a week, and the median of the weeks before."""

    place: str
    received: int
    usual: int


def unusual_arrivals(tally: Tally, earlier: Mapping[Week, Tally]) -> tuple[Arrival, ...]:
    """The places with far more than usual, those with most first. Without earlier weeks none."""
    before = [earlier[week] for week in sorted(earlier)[-WEEKS:]]
    if not before:
        return ()
    found = (
        Arrival(
            place=place,
            received=received,
            usual=round(median(one.count(Fact.PLACE, place) for one in before)),
        )
        for place, received in tally.split(Fact.PLACE).items()
    )
    odd = [one for one in found if one.received > max(ABOVE, TIMES * one.usual)]
    return tuple(sorted(odd, key=lambda one: (-one.received, one.place)))
