"""The weekly report: what a committee is told about one week, not yet worded.

It holds numbers of forms and what was told of answers, and no other count of answers: what words it cannot
tell more.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from homthu.domain.boxes.box import Box, Place
from homthu.domain.boxes.questionnaire import Option, Question, Questionnaire
from homthu.domain.boxes.round import Round, rounds_around
from homthu.domain.boxes.target import Target
from homthu.domain.cases.statistics import CaseStatistics
from homthu.domain.releases.change import Change
from homthu.domain.releases.figure import Figure
from homthu.domain.releases.releases import Releases, Waiting
from homthu.domain.releases.series import OVERALL, WARD, Asked, Series, SeriesKind
from homthu.domain.reports.audience import Audience
from homthu.domain.reports.earlier import Earlier
from homthu.domain.reports.edition import EditionKind
from homthu.domain.reports.expiring import Expiring
from homthu.domain.reports.forms import Forms
from homthu.domain.reports.paper import PaperStratum
from homthu.domain.reports.period import Correction as Correction
from homthu.domain.reports.period import Period as Period
from homthu.domain.reports.review_counts import ReviewCounts
from homthu.domain.reports.serious import SeriousSignal, serious_signals
from homthu.domain.reports.suggestion import SelectedSuggestions as SelectedSuggestions
from homthu.domain.reports.themes import ThemeCounts
from homthu.domain.week import Week

#: After this many weeks, a quarter, what was told of a series is no news any more.
RECENT_WEEKS = 13


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """What a report says of a series in answer to a question.

    `figure` is what it tells for the first time, or else the last that was told; in a period's report it is
    the sum, of which nothing is new. `waiting` are forms that nothing is told of yet, `change` compares the
    figure with an earlier one. Any may be missing.
    """

    figure: Figure | None = None
    is_new: bool = False
    waiting: Waiting | None = None
    change: Change | None = None


@dataclass(frozen=True, kw_only=True)
class WeeklyReport:
    """One week of one ward. `round` is the newest that touches the week.

    A round begins and ends in mid-week, so what belongs to it is told by the submissions' own round.
    With a `period` the forms are the period's, and `week` is the one at whose close it was made;
    `compared_with` are the earlier ones that it is set against.
    """

    box: Box
    questionnaires: Mapping[str, Questionnaire]
    week: Week
    number: int
    made_on: date
    round: Round | None
    forms: Forms
    releases: Releases = field(default_factory=Releases)
    suggestions: SelectedSuggestions = field(default_factory=SelectedSuggestions)
    correction: Correction | None = None
    period: Period | None = None
    compared_with: tuple[Earlier, ...] = ()
    case_statistics: CaseStatistics = field(default_factory=CaseStatistics)
    paper: tuple[PaperStratum, ...] = ()
    reviewed: ReviewCounts = field(default_factory=ReviewCounts)
    #: What the texts of a round are about; nothing of a week or a year.
    themes: ThemeCounts = field(default_factory=ThemeCounts)
    #: Whom this version of the report is for; what it quotes is chosen for them.
    audience: Audience = Audience.ALL
    #: Ties the report to the one before it in the chain; empty for a ward's first.
    previous_digest: str = ""
    #: In a week's report, what expires next month.
    expiring: Expiring | None = None
    #: In a week's report, the units whose mails about unfinished tasks bounced.
    untold_units: tuple[str, ...] = ()
    #: The published list of the forms that it counted; empty in a report that counts no week.
    counted_list: bytes = b""
    #: The other system that the ward's figures are typed into, if there is one.
    target: Target | None = None

    @property
    def tells_petitions(self) -> bool:
        """Whether those who get this version read petitions.

        Nobody else is told how many there are: one who answered that they were asked for money has their
        text set apart, and in a week of few forms the number would give the answer away.
        """
        return self.audience.reads_petitions

    @property
    def told_texts(self) -> int:
        """How many texts this version speaks of: all, where it does not separate what is set apart."""
        return self.forms.readable if self.tells_petitions else self.forms.texts

    @property
    def to_read(self) -> int:
        """How many texts the readers of this version have to read, if they read words: all but praise."""
        return self.told_texts - (self.suggestions.praise if self.audience.reads_words else 0)

    @property
    def first_day(self) -> date:
        """The first day of the report's time."""
        return self.period.first if self.period else self.week.monday

    @property
    def last_day(self) -> date:
        """The last day of the report's time."""
        return self.period.last if self.period else self.week.sunday

    @property
    def versions(self) -> tuple[Questionnaire, ...]:
        """The questionnaires answered in the report's time, or the box's own when nobody answered."""
        found = [self.questionnaire(version) for version in self.forms.versions]
        return tuple(asked for asked in found if asked) or (self.box.questionnaire,)

    def questionnaire(self, version: str) -> Questionnaire | None:
        """The questionnaire of this version, or None."""
        own = self.box.questionnaire
        return own if version == own.version else self.questionnaires.get(version)

    @property
    def kind(self) -> EditionKind:
        """What it is about: a week, a round or a year."""
        return self.period.kind if self.period else EditionKind.WEEK

    def change_since(self, earlier: Earlier) -> Change | None:
        """The overall rating of the period compared with an earlier one's; None if either is not told."""
        now, before = self.overall.figure, self._of_period(earlier.period)
        return Change(before=before, now=now) if now and before else None

    def _of_period(self, period: Period) -> Figure | None:
        if period.kind is EditionKind.YEAR:
            return self.releases.of_year(int(period.mark), WARD, OVERALL)
        return self.releases.of_round(period.mark, WARD, OVERALL)

    @property
    def rounds_within(self) -> tuple[Round, ...]:
        """The rounds that were open in the report's time."""
        around = rounds_around(self.box.rounds, self.week.monday)
        return tuple(
            one for one in around if one.opens_on <= self.last_day and one.closes_on >= self.first_day
        )

    @property
    def overall(self) -> Telling:
        """The overall rating of the ward, over every version."""
        return self.tells(WARD, OVERALL)

    def rated(self, version: Questionnaire) -> tuple[tuple[Question, Asked], ...]:
        """The rating questions of a version, in order, each as a question of a release."""
        return tuple(
            (question, OVERALL if question.id == version.overall else Asked(version.version, question.id))
            for question in version.ratings
        )

    @property
    def place_columns(self) -> tuple[tuple[Question | None, Asked], ...]:
        """What is told by place: the overall rating (None) first, then every other rating question."""
        others = [
            (question, asked)
            for version in self.versions
            for question, asked in self.rated(version)
            if asked != OVERALL
        ]
        return ((None, OVERALL), *others)

    def tells(self, series: Series, asked: Asked) -> Telling:
        """What the report says of a series in answer to a question."""
        told, period = self.releases, self.period
        if period and period.kind is EditionKind.YEAR:
            return Telling(
                figure=told.of_year(int(period.mark), series, asked),
                change=told.years_change(int(period.mark), int(period.mark) - 1, series, asked),
            )
        if period:
            return Telling(
                figure=told.of_round(period.mark, series, asked),
                change=self._since_last_year(period.mark, series, asked),
            )
        new, last = told.new(series, asked), told.last(series, asked)
        is_recent = last is not None and last.last > self.week.shift(-RECENT_WEEKS)
        return Telling(
            figure=new or (last if is_recent else None),
            is_new=new is not None,
            waiting=told.waiting(series, asked),
            change=told.change(series, asked) if new else None,
        )

    @property
    def serious(self) -> tuple[SeriousSignal, ...]:
        """The serious signals: in a week's report what it tells for the first time, in a period's the sum."""

        def tell(asked: Asked) -> Figure | None:
            telling = self.tells(WARD, asked)
            return telling.figure if self.period or telling.is_new else None

        return serious_signals(self.versions, tell)

    def members(self, kind: SeriesKind) -> tuple[Series, ...]:
        """The series of a kind for which this report has a figure."""
        return tuple(series for series in self.releases.members(kind) if self.tells(series, OVERALL).figure)

    @property
    def weeks_change(self) -> Change | None:
        """The overall rating of the last four weeks compared with the four before."""
        return None if self.period else self.releases.weeks_change(self.week, WARD, OVERALL)

    @property
    def round_change(self) -> Change | None:
        """The overall rating of the round so far compared with last year's same round."""
        if self.round is None or self.period:
            return None
        return self._since_last_year(self.round.id, WARD, OVERALL)

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
    def silent_places(self) -> tuple[Place, ...]:
        """The places of the box from which nothing came."""
        return self.forms.silent_places

    def _since_last_year(self, round_: str, series: Series, asked: Asked) -> Change | None:
        year, _, code = round_.partition("-")
        if not year.isdecimal():
            return None
        return self.releases.rounds_change(round_, f"{int(year) - 1}-{code}", series, asked)
