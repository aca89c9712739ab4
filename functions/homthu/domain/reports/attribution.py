"""Attribution: beside which words of citizens their place or their service may stand.

Only where that place, or service, brought ten forms that week: a text from a place with two forms is
one of two people's, and what is not quoted there tells who complained. The day and the rating never
stand beside a text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from homthu.domain.releases.series import MIN_GROUP
from homthu.domain.reports.tally import Fact, Tally
from homthu.domain.week import Week


@dataclass(frozen=True, kw_only=True, slots=True)
class Attribution:
    """The places and services that brought many forms, by week. Forms of machines are no company."""

    places: frozenset[tuple[Week, str]] = frozenset()
    services: frozenset[tuple[Week, str]] = frozenset()

    @classmethod
    def of(cls, weeks: Mapping[Week, Tally]) -> Self:
        """What the newest counts of some weeks allow; of other weeks nothing is."""
        return cls(places=_many(weeks, Fact.PERSONS_PLACE), services=_many(weeks, Fact.PERSONS_SERVICE))

    def place(self, week: Week, code: str) -> str:
        """The place, or nothing."""
        return code if (week, code) in self.places else ""

    def service(self, week: Week, id: str) -> str:
        """The service, or nothing."""
        return id if (week, id) in self.services else ""


#: Where nothing is known of how many came, nothing is named.
NOBODY = Attribution()


def _many(weeks: Mapping[Week, Tally], fact: Fact) -> frozenset[tuple[Week, str]]:
    return frozenset(
        (week, name)
        for week, tally in weeks.items()
        for name, count in tally.split(fact).items()
        if count >= MIN_GROUP
    )
