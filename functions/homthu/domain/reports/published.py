"""What a ward's frozen reports say to everyone: numbers of forms week by week, and what was told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from homthu.domain.releases.history import History
from homthu.domain.releases.releases import Releases
from homthu.domain.reports.forms import WeekForms
from homthu.domain.reports.ledger import FrozenReport, newest_counts
from homthu.domain.reports.tally import Fact
from homthu.domain.week import Week


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """The weeks that have a report, oldest first, the forms of each round, and the releases."""

    weeks: tuple[WeekForms, ...] = ()
    by_round: Mapping[str, int] = field(default_factory=dict)
    releases: Releases = field(default_factory=Releases)

    @classmethod
    def of(cls, reports: Iterable[FrozenReport]) -> Self:
        """What these reports say, in whatever order they come."""
        known = list(reports)
        newest = sorted(newest_counts(known).items())
        by_round: dict[str, int] = {}
        for _, report in newest:
            for round_, count in report.tally.split(Fact.ROUND).items():
                by_round[round_] = by_round.get(round_, 0) + count
        return cls(
            weeks=tuple(
                WeekForms(week=week, received=report.tally.total, texts=report.tally.count(Fact.TEXT))
                for week, report in newest
            ),
            by_round=by_round,
            releases=History.of(known).releases(),
        )

    @property
    def last_week(self) -> Week | None:
        """The newest week that has a report."""
        return self.weeks[-1].week if self.weeks else None

    def received_in_year(self, year: int) -> int:
        """How many forms the reports of a year hold."""
        return sum(one.received for one in self.weeks if one.week.year == year)
