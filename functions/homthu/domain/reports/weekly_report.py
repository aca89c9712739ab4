"""The weekly report: what a committee is told about one week, as figures not yet worded.

The rules of the figures stand in `figures`; this says which of them belong to what.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from homthu.domain.boxes.box import Box, Place
from homthu.domain.boxes.questionnaire import Option, Questionnaire
from homthu.domain.boxes.round import OUTSIDE, Round
from homthu.domain.reports.disclosure import hidden_cells
from homthu.domain.reports.doubts import Doubts
from homthu.domain.reports.figures import Satisfaction, satisfaction
from homthu.domain.reports.handling import Handling
from homthu.domain.reports.paper import PaperStratum
from homthu.domain.reports.period import Correction as Correction
from homthu.domain.reports.period import Period as Period
from homthu.domain.reports.rated import rated
from homthu.domain.reports.rows import (
    ChoiceFigures,
    GroupFigures,
    PlaceColumn,
    PlaceFigures,
    RatingFigures,
    WeekFigures,
)
from homthu.domain.reports.suggestion import SelectedSuggestions as SelectedSuggestions
from homthu.domain.reports.suggestion import Suggestion as Suggestion
from homthu.domain.reports.suggestion import SuggestionSelector as SuggestionSelector
from homthu.domain.reports.tally import Fact, Tally
from homthu.domain.submissions.mode import CollectionMode as Mode
from homthu.domain.week import Week


@dataclass(frozen=True, kw_only=True)
class WeeklyReport:
    """One week of one ward. `round` is the newest that touches the week; `previous` the week before.

    `round_tally` and `year_tally` run from the round's or the year's first week to this one. A round
    begins and ends in mid-week, so what belongs to it is told by the submissions' own round.
    `earlier` holds the weeks before of the same round and year, each as it was last counted. With a
    `period`, `tally` is the period's, `week` the one at whose close it was made, `earlier` holds its
    weeks, and `withheld` the (place, question) that its weeks forbid to show.
    """

    box: Box
    questionnaires: Mapping[str, Questionnaire]
    week: Week
    number: int
    made_on: date
    round: Round | None
    tally: Tally
    previous: Tally | None
    round_tally: Tally
    year_tally: Tally
    suggestions: SelectedSuggestions = field(default_factory=SelectedSuggestions)
    correction: Correction | None = None
    earlier: Mapping[Week, Tally] = field(default_factory=dict)
    period: Period | None = None
    withheld: frozenset[tuple[str, str]] = frozenset()
    handling: Handling = field(default_factory=Handling)
    paper: tuple[PaperStratum, ...] = ()

    @property
    def first_day(self) -> date:
        """The first day that is reported on."""
        return self.period.first if self.period else self.week.monday

    @property
    def last_day(self) -> date:
        """The last day that is reported on."""
        return self.period.last if self.period else self.week.sunday

    @property
    def received(self) -> int:
        """Submissions of the week, or of the period."""
        return self.tally.total

    @property
    def received_before(self) -> int | None:
        """Submissions of the week before; None if it was not counted."""
        return self.previous.total if self.previous else None

    @property
    def late(self) -> int:
        """Submissions received in an earlier week, after that one had been closed."""
        return self.tally.count(Fact.LATE)

    @property
    def doubts(self) -> Doubts:
        """Which submissions may not be one person writing once."""
        return Doubts(tally=self.tally, sources=self._overall_sources(self.tally))

    @property
    def petitions(self) -> int:
        """Suggestions that look like a complaint or a denunciation."""
        return self.tally.count(Fact.PETITION)

    @property
    def readable(self) -> int:
        """Suggestions that are there to be read: all but the petitions."""
        return self.tally.count(Fact.TEXT) - self.petitions

    @property
    def in_round(self) -> int:
        """Submissions of the round up to this week; 0 when no round touches it."""
        return self._in_round(Fact.ROUND)

    @property
    def outside_round(self) -> int:
        """Submissions accepted while no round was open."""
        return self.tally.count(Fact.ROUND, OUTSIDE)

    @property
    def versions(self) -> tuple[Questionnaire, ...]:
        """The questionnaires answered this week, or the box's own when nobody answered."""
        found = [self.questionnaire(version) for version in self._versions(self.tally)]
        return tuple(asked for asked in found if asked) or (self.box.questionnaire,)

    @property
    def unknown_versions(self) -> tuple[str, ...]:
        """Versions answered this week that nothing describes any more: counted, but not tabled."""
        return tuple(version for version in self._versions(self.tally) if not self.questionnaire(version))

    @property
    def overall(self) -> Satisfaction:
        """The overall rating of the week, over every version."""
        return self._overall(self.tally, Fact.ANSWER)

    @property
    def overall_before(self) -> Satisfaction:
        """The overall rating of the week before; empty if it was not counted."""
        return self._overall(self.previous or Tally(), Fact.ANSWER)

    def questionnaire(self, version: str) -> Questionnaire | None:
        """The questionnaire of this version, or None."""
        own = self.box.questionnaire
        return own if version == own.version else self.questionnaires.get(version)

    def ratings(self, asked: Questionnaire) -> tuple[RatingFigures, ...]:
        """The rating questions of one version, in its order."""
        previous = self.previous or Tally()
        return tuple(
            RatingFigures(
                question=question,
                now=satisfaction(self.tally.split(Fact.ANSWER, asked.version, question.id)),
                before=satisfaction(previous.split(Fact.ANSWER, asked.version, question.id)),
            )
            for question in asked.ratings
        )

    def choices(self, asked: Questionnaire) -> tuple[ChoiceFigures, ...]:
        """The choice questions of one version, in its order; options as the question has them."""
        return tuple(
            ChoiceFigures(
                question=question,
                by_option={option.id: 0 for option in question.options}
                | self.tally.split(Fact.ANSWER, asked.version, question.id),
            )
            for question in asked.choices
        )

    def by_service(self) -> tuple[GroupFigures, ...]:
        """The services named this week, in the order of the questionnaire, then any unknown one."""
        return self._groups(Fact.SERVICE, Fact.SERVICE_ANSWER, [service.id for service in self.services])

    @property
    def without_service(self) -> int:
        """Submissions that named no service."""
        return self.received - sum(self.tally.split(Fact.SERVICE).values())

    @property
    def overall_without_service(self) -> Satisfaction:
        """The overall rating of the submissions that named no service."""
        counts = Counter(self.overall.by_rating)
        for service in self.by_service():
            counts.subtract(service.overall.by_rating)
        return satisfaction(counts)

    def by_mode(self) -> tuple[GroupFigures, ...]:
        """Every mode, those without submissions too."""
        return tuple(self._group(Fact.MODE, Fact.MODE_ANSWER, mode) for mode in Mode)

    @property
    def weeks(self) -> tuple[WeekFigures, ...]:
        """Every counted week of the round and the year up to this one, oldest first."""
        return tuple(
            WeekFigures(
                week=week,
                received=tally.total,
                texts=tally.count(Fact.TEXT),
                by_mode={mode: tally.count(Fact.MODE, mode) for mode in Mode},
                overall=self._overall(tally, Fact.ANSWER),
            )
            for week, tally in sorted(self._counted_weeks().items())
        )

    def service(self, id: str) -> Option | None:
        """The service with this id in any version, the box's own first."""
        return next((service for service in self.services if service.id == id), None)

    @property
    def services(self) -> tuple[Option, ...]:
        """The services of every version, the box's own first and in its order."""
        others = [asked for _, asked in sorted(self.questionnaires.items())]
        by_id = {s.id: s for asked in (*reversed(others), self.box.questionnaire) for s in asked.services}
        own = [service.id for service in self.box.questionnaire.services]
        return tuple(by_id[id] for id in (*own, *sorted(by_id.keys() - set(own))))

    @property
    def place_columns(self) -> tuple[PlaceColumn, ...]:
        """The columns of the table place × question, the overall rating first."""
        overall = PlaceColumn(
            question=None, sources=tuple((asked.version, asked.overall) for asked in self.versions)
        )
        others = (
            PlaceColumn(question=question, sources=((asked.version, question.id),))
            for asked in self.versions
            for question in asked.ratings
            if question.id != asked.overall
        )
        return (overall, *others)

    def by_place(self) -> tuple[PlaceFigures, ...]:
        """Every place of the box, then every code in the counts that the box no longer has."""
        codes = self._place_codes()
        columns = self.place_columns
        cells = {
            (code, at): self.cell(code, column)
            for code in codes
            # A place from which nothing came has nothing to hide, and hides nothing for others.
            if self.tally.count(Fact.PLACE, code)
            for at, column in enumerate(columns)
        }
        hidden = hidden_cells(
            {cell: figures.valid for cell, figures in cells.items()},
            [[cell for cell in cells if cell[1] == at] for at in range(len(columns))],
            also={(code, at) for code, at in cells if (code, columns[at].question_id) in self.withheld},
        )
        shown = {cell: figures for cell, figures in cells.items() if cell not in hidden}
        return tuple(
            PlaceFigures(
                code=code,
                place=self.box.place(code),
                received=self.tally.count(Fact.PLACE, code),
                before=self.previous.count(Fact.PLACE, code) if self.previous else None,
                in_round=self._in_round(Fact.ROUND_PLACE, code),
                in_year=self.year_tally.count(Fact.PLACE, code),
                cells=tuple(shown.get((code, at)) for at in range(len(columns))),
            )
            for code in codes
        )

    @property
    def rated_places(self) -> frozenset[str]:
        """The codes of the places whose overall rating may be shown, beside a suggestion too.

        Elsewhere the suggestions would give away one by one what the table hides.
        """
        return frozenset(figures.code for figures in self.by_place() if figures.overall)

    @property
    def silent_places(self) -> tuple[Place, ...]:
        """The places of the box from which nothing came this week."""
        return tuple(place for place in self.box.places if not self.tally.count(Fact.PLACE, place.code))

    def _counted_weeks(self) -> Mapping[Week, Tally]:
        return self.earlier if self.period else {**self.earlier, self.week: self.tally}

    def _in_round(self, fact: Fact, *rest: str) -> int:
        return self.round_tally.count(fact, self.round.id, *rest) if self.round else 0

    def _versions(self, tally: Tally) -> list[str]:
        """The versions answered in a tally, by whatever, the box's own first."""
        found = {fact[1] for fact in tally.counts if fact[0] in (Fact.ANSWER, Fact.AUTOMATIC_ANSWER)}
        return sorted(found, key=lambda version: (version != self.box.questionnaire.version, version))

    def _place_codes(self) -> list[str]:
        own = [place.code for place in self.box.places]
        tallies = (self.tally, self.previous or Tally(), self.round_tally, self.year_tally)
        counted = {code for tally in tallies for code in tally.split(Fact.PLACE)}
        return [*own, *sorted(counted - set(own))]

    def cell(self, code: str, column: PlaceColumn) -> Satisfaction:
        """What came from a place in answer to a column's question, shown or not."""
        return rated(self.tally, Fact.PLACE_ANSWER, [(code, *source) for source in column.sources])

    def _groups(self, fact: Fact, answer: Fact, known: list[str]) -> tuple[GroupFigures, ...]:
        counted = self.tally.split(fact)
        ids = [*(id for id in known if id in counted), *sorted(counted.keys() - set(known))]
        return tuple(self._group(fact, answer, id) for id in ids)

    def _group(self, fact: Fact, answer: Fact, id: str) -> GroupFigures:
        return GroupFigures(
            id=id, received=self.tally.count(fact, id), overall=self._overall(self.tally, answer, id)
        )

    def _overall(self, tally: Tally, fact: Fact, *group: str) -> Satisfaction:
        return rated(tally, fact, [(*group, *source) for source in self._overall_sources(tally)])

    def _overall_sources(self, tally: Tally) -> tuple[tuple[str, str], ...]:
        """Where a tally's overall ratings stand: the (version, question) of every version we know."""
        found = (self.questionnaire(version) for version in self._versions(tally))
        return tuple((asked.version, asked.overall) for asked in found if asked)
