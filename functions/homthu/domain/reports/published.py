"""What a ward's frozen reports say to everyone: periods that no small week can be worked out from.

A week with one submission would publish one person's answers. So weeks are published in runs that
hold at least five submissions together, and every sum is a sum of whole runs: no difference of
published figures, today's or an older page's, is about fewer people than five. How many submissions
a week brought is told at once; that names nobody.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby
from operator import add

from homthu.domain.boxes.round import Round
from homthu.domain.reports.figures import MIN_FOR_CELL
from homthu.domain.reports.ledger import FrozenReport
from homthu.domain.reports.tally import Fact, Tally
from homthu.domain.week import Week


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """One or more weeks whose figures are published together."""

    first: Week
    last: Week
    tally: Tally


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """The periods, oldest first; the weeks of which only the number of submissions is told yet."""

    periods: tuple[Period, ...]
    waiting: tuple[FrozenReport, ...]
    reports: tuple[FrozenReport, ...]

    @property
    def last_week(self) -> Week | None:
        """The newest week that has a report."""
        return self.reports[-1].week if self.reports else None

    def since(self, week: Week) -> Tally:
        """The sum of the periods that end in this week or later."""
        return _sum(period.tally for period in self.periods if period.last >= week)

    def in_year(self, year: int) -> Tally:
        """The sum of the periods that end in this year."""
        return _sum(period.tally for period in self.periods if period.last.year == year)

    def received_in_year(self, year: int) -> int:
        """How many submissions the reports of a year hold, those waiting too."""
        return sum(report.tally.total for report in self.reports if report.week.year == year)

    def received_in_round(self, held: Round) -> int:
        """How many submissions of a round the reports hold, those waiting too."""
        return sum(report.tally.count(Fact.ROUND, held.id) for report in self.reports)


def publish(reports: Sequence[FrozenReport]) -> Published:
    """Gather the weeks, oldest first, into periods; a week without submissions may stand alone.

    Every year begins afresh, so that the periods are the same whichever earlier years were read;
    what is left over at a year's end is told as a number only.
    """
    periods: list[Period] = []
    waiting: list[FrozenReport] = []
    for _, of_year in groupby(reports, key=lambda report: report.week.year):
        run: list[FrozenReport] = []
        for report in of_year:
            run.append(report)
            tally = _sum(one.tally for one in run)
            if tally.total >= MIN_FOR_CELL or (len(run) == 1 and not tally.total):
                periods.append(Period(first=run[0].week, last=report.week, tally=tally))
                run = []
        waiting += run
    return Published(periods=tuple(periods), waiting=tuple(waiting), reports=tuple(reports))


def _sum(tallies: Iterable[Tally]) -> Tally:
    return reduce(add, tallies, Tally())
