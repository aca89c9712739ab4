"""History: what a ward's reports brought and told, in the order in which they were frozen.

What was told is read from the reports that told it; it is never worked out again, so that neither a
newer program nor a changed box tells it otherwise.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from homthu.domain.releases.disclosure import Disclosure
from homthu.domain.releases.new_answers import NewAnswers, RoundQuestion, new_answers
from homthu.domain.releases.release import Release, releases_in
from homthu.domain.releases.releases import NewForms, Releases
from homthu.domain.reports.ledger import FrozenReport, chain_order
from homthu.domain.reports.tally import Fact, Tally
from homthu.domain.week import Week


@dataclass(frozen=True, slots=True)
class _Report:
    week: Week
    new_answers: NewAnswers
    told: tuple[Release, ...]


@dataclass(slots=True)
class History:
    """Grows report by report; `releases` is all that may be seen of it."""

    _reports: list[_Report] = field(default_factory=list)
    _counted: dict[Week, Tally] = field(default_factory=dict)
    #: The number of the report that ended a round; what is older takes no further part.
    _closed: dict[str, int] = field(default_factory=dict)
    _new_forms: list[NewForms] = field(default_factory=list)

    @classmethod
    def of(cls, reports: Iterable[FrozenReport]) -> "History":
        """The history of these reports, in whatever order they come."""
        history = cls()
        for report in sorted(reports, key=chain_order):
            if report.edition.counts_the_week:
                history.add(report.week, report.tally)
        return history

    def add(self, week: Week, tally: Tally) -> None:
        """Take the next report of a week's count into account: its own, or a correction."""
        before = self._counted.get(week)
        number = len(self._reports)
        told = {fact[1:]: count for fact, count in tally.counts.items() if fact[0] == Fact.RELEASED}
        self._reports.append(_Report(week, new_answers(tally, before), releases_in(told, week)))
        # Sorted: a store gives a tally's facts back in an order of its own.
        for fact, count in sorted(tally.counts.items()):
            if fact[0] == Fact.ROUND_PLACE and (new := count - (before.count(*fact) if before else 0)) > 0:
                round_, place = fact[1:]
                is_kept = bool(tally.count(Fact.JOINT_KEPT))
                self._new_forms.append(NewForms(number, week, round_, place, new, is_kept=is_kept))
        for round_ in tally.split(Fact.CLOSED):
            self._closed[round_] = number
        self._counted[week] = tally

    def decide(self, week: Week, tally: Tally, *, running: Collection[str], ending: Collection[str]) -> Tally:
        """What the report of this week tells, as facts to be frozen with its tally.

        `running` are the rounds that this history has from their beginning, `ending` those of them that
        end in this week. What comes late for another round is told as a number of forms.
        """
        new = new_answers(tally, None)
        facts: dict[tuple[str, ...], int] = {}
        for key in sorted({*self._open_questions(), *new.cells}):
            if key[0] not in running:
                continue
            disclosure = self._disclosure(key)
            disclosure.add(week, new.cells.get(key, {}), new.options.get(key, {}))
            for release in disclosure.tell(week, is_last=key[0] in ending):
                facts.update(((Fact.RELEASED, *rest), count) for rest, count in release.facts())
        facts.update(((Fact.CLOSED, round_), 1) for round_ in ending)
        return Tally(facts)

    def releases(self, week: Week | None = None) -> Releases:
        """All that was told, and how many forms wait to be told of.

        `week` is the one whose own report is the newest, if not the last.
        """
        numbers = [number for number, one in enumerate(self._reports) if week in (None, one.week)]
        newest = numbers[-1 if week is None else 0] if numbers else -1
        return Releases(
            told=tuple((number, release) for number, one in enumerate(self._reports) for release in one.told),
            newest=newest,
            new_forms=tuple(self._new_forms),
            closed=dict(self._closed),
        )

    def _open_questions(self) -> Iterable[RoundQuestion]:
        for number, report in enumerate(self._reports):
            for key in report.new_answers.cells:
                if number > self._closed.get(key[0], -1):
                    yield key

    def _disclosure(self, key: RoundQuestion) -> Disclosure:
        disclosure = Disclosure(*key)
        for report in self._reports[self._closed.get(key[0], -1) + 1 :]:
            if key in report.new_answers.cells:
                disclosure.add(
                    report.week, report.new_answers.cells[key], report.new_answers.options.get(key, {})
                )
            told = [one for one in report.told if (one.round, one.asked) == key]
            for release in sorted(told, key=lambda one: one.series.is_rest):
                disclosure.repeat(release)
        return disclosure
