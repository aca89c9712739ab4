"""Releases: the one door. Figures about answers are taken from here and nowhere else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from homthu.domain.boxes.round import OUTSIDE
from homthu.domain.releases.change import Change
from homthu.domain.releases.figure import Figure
from homthu.domain.releases.release import Release
from homthu.domain.releases.series import WARD, Asked, Series, SeriesKind
from homthu.domain.week import Week

#: So many weeks are set against as many before.
WEEKS_COMPARED = 4


@dataclass(frozen=True, slots=True)
class NewForms:
    """How many forms a report counted for the first time, of one week, round and place.

    `is_kept` is False for those counted before joint numbers were kept: no figure here is about them.
    """

    number: int
    week: Week
    round: str
    place: str
    forms: int
    is_kept: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """Forms of which nothing is told yet, and the first week that they came in."""

    forms: int
    since: Week


@dataclass(frozen=True, kw_only=True)
class Releases:
    """Everything told of a ward's answers, each with the number of the report that told it.

    `newest` is the number of the newest report of a week; `closed` says in which one a round ended.
    """

    told: tuple[tuple[int, Release], ...] = ()
    newest: int = -1
    new_forms: tuple[NewForms, ...] = ()
    closed: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def _by_series(self) -> Mapping[tuple[Series, Asked], list[tuple[int, Release]]]:
        found: dict[tuple[Series, Asked], list[tuple[int, Release]]] = {}
        for number, release in self.told:
            found.setdefault((release.series, release.asked), []).append((number, release))
        return found

    @property
    def asked(self) -> tuple[Asked, ...]:
        """Every question of which anything was told."""
        return tuple(sorted({release.asked for _, release in self.told}))

    @property
    def has_news(self) -> bool:
        """Whether the newest report tells anything at all."""
        return any(number == self.newest for number, _ in self.told)

    def new(self, series: Series, asked: Asked) -> Figure | None:
        """What the newest report tells of a series for the first time."""
        return self._told_by(self.newest, series, asked)

    def last(self, series: Series, asked: Asked) -> Figure | None:
        """The last that was told of a series, up to the newest report."""
        numbers = self._numbers(series, asked)
        return self._told_by(numbers[-1], series, asked) if numbers else None

    def change(self, series: Series, asked: Asked) -> Change | None:
        """The last that was told of a series, set against what had been told before it."""
        numbers = self._numbers(series, asked)
        if len(numbers) < 2:
            return None
        before, now = (self._told_by(number, series, asked) for number in numbers[-2:])
        return Change(before=before, now=now) if now and before else None

    def weeks_change(self, week: Week, series: Series, asked: Asked) -> Change | None:
        """What was told within the last four weeks, set against the four before."""
        middle, start = week.shift(-WEEKS_COMPARED), week.shift(-2 * WEEKS_COMPARED)
        now = self.within(middle.shift(1), week, series, asked)
        before = self.within(start.shift(1), middle, series, asked)
        # Of weeks that were only begun to be told there is nothing to compare.
        is_whole = before is not None and before.first <= start.shift(2)
        return Change(before=before, now=now) if now and before and is_whole else None

    def rounds_change(self, round_: str, earlier: str, series: Series, asked: Asked) -> Change | None:
        """A round as a whole, set against another."""
        now, before = self.of_round(round_, series, asked), self.of_round(earlier, series, asked)
        return Change(before=before, now=now) if now and before else None

    def years_change(self, year: int, earlier: int, series: Series, asked: Asked) -> Change | None:
        """A year as a whole, set against another."""
        now, before = self.of_year(year, series, asked), self.of_year(earlier, series, asked)
        return Change(before=before, now=now) if now and before else None

    def within(self, first: Week, last: Week, series: Series, asked: Asked) -> Figure | None:
        """The sum of all runs that end between two weeks, both included."""
        return _figure(one for one in self.runs(series, asked) if first <= one.last <= last)

    def of_round(self, round_: str, series: Series, asked: Asked) -> Figure | None:
        """The sum of a round's runs."""
        return _figure(one for one in self.runs(series, asked) if one.round == round_)

    def of_year(self, year: int, series: Series, asked: Asked) -> Figure | None:
        """The sum of the runs that end in an ISO year."""
        return _figure(one for one in self.runs(series, asked) if one.last.year == year)

    def runs(self, series: Series, asked: Asked) -> tuple[Release, ...]:
        """Every run of a series, oldest first."""
        return tuple(one for _, one in self._by_series.get((series, asked), ()))

    def members(self, kind: SeriesKind) -> tuple[Series, ...]:
        """Every series of a kind of which anything was told."""
        return tuple(sorted({one.series for _, one in self.told if one.series.kind is kind}))

    def waiting(self, series: Series, asked: Asked) -> Waiting | None:
        """The forms of the ward or of a place that no figure answers this question for yet.

        They are counted as forms and not as answers, since who gave none would be told by the difference.
        """
        last = {one.round: number for number, one in self._by_series.get((series, asked), ())}
        found = [
            one
            for one in self.new_forms
            if one.is_kept
            and series in (WARD, Series(SeriesKind.PLACE, one.place))
            and one.number > last.get(one.round, -1)
            and self._is_open(one)
        ]
        if not found:
            return None
        return Waiting(forms=sum(one.forms for one in found), since=min(one.week for one in found))

    @property
    def begun(self) -> Week | None:
        """The first week told by these rules, if earlier ones that were told by others are known."""
        kept = [one.week for one in self.new_forms if one.is_kept]
        is_old = any(not one.is_kept for one in self.new_forms)
        return min(kept) if kept and is_old else None

    def _is_open(self, one: NewForms) -> bool:
        closed = self.closed.get(one.round)
        # Between rounds one gap follows another; what comes late for a round waits in vain.
        return closed is None or (one.round == OUTSIDE and one.number > closed)

    def _numbers(self, series: Series, asked: Asked) -> list[int]:
        """The reports up to the newest that told something of a series."""
        told = self._by_series.get((series, asked), ())
        return sorted({number for number, _ in told if number <= self.newest})

    def _told_by(self, report: int, series: Series, asked: Asked) -> Figure | None:
        return _figure(one for number, one in self._by_series.get((series, asked), ()) if number == report)


def _figure(releases: Iterable[Release]) -> Figure | None:
    parts = tuple(releases)
    return Figure(parts) if parts else None
