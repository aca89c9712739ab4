"""Compile: put together what a report tells, from a week's submissions and the reports before it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial, reduce
from operator import add
from typing import Any

from homthu.domain.boxes.box import Box, Reads, Recipient
from homthu.domain.boxes.round import OUTSIDE, Round, rounds_around
from homthu.domain.cases.review import Review
from homthu.domain.cases.statistics import CaseStatistics
from homthu.domain.cases.unit_mail import BouncedMails
from homthu.domain.cases.verdict import Verdict
from homthu.domain.releases.history import History
from homthu.domain.reports.arrivals import unusual_arrivals
from homthu.domain.reports.attribution import Attribution
from homthu.domain.reports.audience import by_audience
from homthu.domain.reports.clusters import count_submissions
from homthu.domain.reports.earlier import Earlier, earlier_periods, forms_of
from homthu.domain.reports.edition import EditionKind
from homthu.domain.reports.forms import count_forms
from homthu.domain.reports.judged import JUDGED, ends_with, judged_tally
from homthu.domain.reports.ledger import FrozenReport, newest_counts
from homthu.domain.reports.period import Period, ending_rounds, running_rounds
from homthu.domain.reports.selection import SuggestionSelector
from homthu.domain.reports.suggestion import suggestions_in
from homthu.domain.reports.tally import Tally
from homthu.domain.reports.themes import ThemeCounter
from homthu.domain.reports.weekly_report import Correction, WeeklyReport
from homthu.domain.submissions.inclusion import CountedForms
from homthu.domain.submissions.submission import StoredSubmission
from homthu.domain.week import Week, local_date
from homthu.services.case_statistics import read_case_statistics
from homthu.services.chain import Mails
from homthu.services.expiring import expiring
from homthu.services.mark_paper import paper_desk, paper_strata
from homthu.services.remembered import MOST_REMEMBERED, remembered
from homthu.services.report_context import ReportContext, sorting_of
from homthu.services.reviewed import Reviewed

#: Streams the same submissions from their beginning, each time it is called.
Submissions = Callable[[], Iterator[StoredSubmission]]
#: Counts a week otherwise than by what its submissions hold now; what it has of verdicts is counted with it.
Count = Callable[[Iterable[StoredSubmission]], Tally]


def compile_week(
    context: ReportContext,
    box: Box,
    week: Week,
    number: int,
    submissions: Submissions,
    correction: Correction | None = None,
    count: Count | None = None,
) -> tuple[Tally, Mails, bytes]:
    """The week's tally, with what it tells, its mails, and the list of the forms that it counted.

    The submissions are streamed to count and to quote, and read once if they are few. A correction tells no
    figure: what was told stands, and what it adds waits for the next week's report.
    """
    # A correction is about a week that was told already.
    past = _Past.of(context, box, week.shift(1) if correction else week)
    sources = _Sources(context, box, submissions, first=week.monday, last=week.sunday)
    listed = CountedForms()
    each = _listed(listed, sources.counted())
    tally = count(each) if count else count_submissions(each, context.questionnaires)
    counted_forms = listed.to_bytes()
    verdicts = list(context.verdicts.verdicts_of(box.ward.code, week))
    if correction is None:
        tally += judged_tally(verdicts)
        running = {OUTSIDE, JUDGED, *(one.id for one in running_rounds(box.rounds, week))}
        ending = ending_rounds(box.rounds, box.closing_hours, week) | ({JUDGED} if ends_with(week) else set())
        tally += past.history.decide(week, tally, running=running, ending=ending)
        past.history.add(week, tally)
    round_ = round_of(box, week)
    year_start = Week(week.year, 1)
    round_start = Week.of(round_.opens_on) if round_ else week
    counted = {**past.counted, week: tally}
    attribution = Attribution.of(counted)
    report = WeeklyReport(
        **sources.common(),
        week=week,
        number=number,
        round=round_,
        forms=count_forms(
            box,
            context.questionnaires,
            tally,
            previous=counted.get(week.shift(-1)),
            round_=round_,
            round_tally=_since(counted, round_start),
            year_tally=_since(counted, year_start),
            weeks={past: one for past, one in counted.items() if past >= min(year_start, round_start)},
            unusual=unusual_arrivals(tally, {past: one for past, one in counted.items() if past < week}),
        ),
        releases=past.history.releases(week),
        correction=correction,
        case_statistics=sources.case_statistics(week.monday, week.sunday, attribution, verdicts),
        paper=tuple(paper_strata(paper_desk(context), box.ward.code, week, tally)),
        expiring=expiring(context, box),
        untold_units=() if correction else _untold_units(context, box),
        counted_list=counted_forms,
    )
    return tally, sources.mails(report, attribution), counted_forms


def _listed(counted: CountedForms, submissions: Iterable[StoredSubmission]) -> Iterator[StoredSubmission]:
    for one in submissions:
        counted.add(one.submission.seed)
        yield one


def compile_period(
    context: ReportContext, box: Box, week: Week, number: int, period: Period, submissions: Submissions
) -> tuple[Tally, Mails]:
    """The tally and the mails of a round or of a year, at the close of its last week.

    Its figures are sums of what the weekly reports told; nothing is told of answers but by these.
    """
    earlier = earlier_periods(box.rounds, period)
    since = min(Week.of(one.first) for one in (period, *earlier.values()))
    past = _Past.of(context, box, week.shift(1), since=since)
    before = {kind: forms_of(one, past.counted) for kind, one in earlier.items()}
    attribution = Attribution.of(past.counted)
    sources = _Sources(context, box, submissions, first=period.first, last=week.sunday)
    is_round = period.kind is EditionKind.ROUND
    themes = ThemeCounter(box.questionnaire.themes if is_round else (), sources.reviewed.themes)
    tally = count_submissions(themes.watched(sources.counted()), context.questionnaires)
    round_ = next((r for r in rounds_around(box.rounds, period.last) if r.id == period.mark), None)
    report = WeeklyReport(
        **sources.common(),
        week=week,
        number=number,
        round=round_ if is_round else None,
        forms=count_forms(
            box,
            context.questionnaires,
            tally,
            previous=next(iter(before.values()), None),
            round_=None,
            round_tally=Tally(),
            year_tally=_since(past.counted, Week(week.year, 1)),
            weeks={one: past.counted[one] for one in {*period.weeks, week} if one in past.counted},
        ),
        releases=past.history.releases(),
        period=period,
        compared_with=tuple(
            Earlier(kind=kind, period=one, received=forms.total if (forms := before[kind]) else None)
            for kind, one in earlier.items()
        ),
        themes=themes.result(),
        case_statistics=sources.case_statistics(period.first, period.last, attribution),
    )

    def is_in_period(passed: StoredSubmission) -> bool:
        return not is_round or passed.submission.round == period.mark

    return tally, sources.mails(report, attribution, is_in_period)


class _Sources:
    """What a report is made from: the submissions of its time, what readers decided, and the cases."""

    def __init__(
        self, context: ReportContext, box: Box, submissions: Submissions, *, first: date, last: date
    ) -> None:
        self._context = context
        self._box = box
        self._sorting = sorting = sorting_of(context, box.ward.code)
        self._find = lru_cache(MOST_REMEMBERED)(context.finder.submission)
        self.reviewed = Reviewed.between(context.reviews, box.ward.code, first, last)
        self._submissions = remembered(lambda: sorting.sorted(submissions()))
        self._new_selector = partial(
            SuggestionSelector, case_of=sorting.case_of, thanked=self.reviewed.thanked
        )
        self._selector = self._new_selector()

    def counted(self) -> Iterator[StoredSubmission]:
        """All submissions; the mail's quotations are chosen from them in passing."""
        for one in self._submissions():
            if one.id not in self.reviewed.withheld:
                self._selector.add(one)
            yield one

    def common(self) -> dict[str, Any]:
        """The fields that a report has whatever its time."""
        # That of the chain's last report so far: it is entered in the head before the next one is made.
        head = self._context.ledger.head(self._box.ward.code)
        return {
            "box": self._box,
            "questionnaires": self._context.questionnaires,
            "previous_digest": head.last_digest if head else "",
            "made_on": local_date(self._context.clock()),
            "reviewed": self.reviewed.counts,
            "target": self._context.targets.get(self._box.target),
        }

    def case_statistics(
        self, first: date, last: date, attribution: Attribution, verdicts: Sequence[Verdict] = ()
    ) -> CaseStatistics:
        """How the cases stand at the end of the last day."""
        reviews, newest = self._context.reviews, self.reviewed.newest

        def review_of(id: str) -> Review | None:
            return newest.get(id) or reviews.review(id)

        return read_case_statistics(
            self._context.cases,
            self._find,
            ward=self._box.ward.code,
            first=first,
            last=last,
            attribution=attribution,
            deadlines=self._box.deadlines,
            verdicts=verdicts,
            review_of=review_of if not all(map(_reads_words, self._box.recipients)) else None,
        )

    def mails(
        self,
        report: WeeklyReport,
        attribution: Attribution,
        is_passed_here: Callable[[StoredSubmission], bool] = lambda _: True,
    ) -> Mails:
        """The mail for each kind of reader that the box has; called once all has been counted.

        `is_passed_here` says which of the texts that readers passed belong into this report.
        """
        mails = {}
        passed = remembered(lambda: filter(is_passed_here, self.reviewed.passed(self._find, self._sorting)))
        for audience in by_audience(report.box.recipients):
            if audience.reads_words:
                texts: Submissions = self._quotable
                selector, cases = self._selector, report.case_statistics
            else:
                texts = passed
                selector, cases = self._new_selector(), report.case_statistics.without_words()
                for one in passed():
                    selector.add(one)
            selected = selector.result(attribution)
            version = replace(report, audience=audience, suggestions=selected, case_statistics=cases)
            if not version.tells_petitions:
                version = replace(version, case_statistics=version.case_statistics.without_petitions())
            mails[audience] = self._context.render(version, suggestions_in(texts(), attribution, selected))
        return mails

    def _quotable(self) -> Iterator[StoredSubmission]:
        """The submissions that may be quoted to readers of words."""
        return (one for one in self._submissions() if one.id not in self.reviewed.withheld)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Past:
    """What the reports of the weeks before one say: the newest count of each, and all that was told."""

    counted: Mapping[Week, Tally]
    history: History

    @classmethod
    def of(cls, context: ReportContext, box: Box, week: Week, since: Week | None = None) -> "_Past":
        """Read them from the beginning of every round that runs, of the year, and of last year's round."""
        start = min(_starts(box, week, since or week))
        reports: list[FrozenReport] = [
            one for one in context.ledger.reports(box.ward.code, start) if one.week < week
        ]
        return cls(
            counted={past: report.tally for past, report in newest_counts(reports).items()},
            history=History.of(reports),
        )


def _starts(box: Box, week: Week, since: Week) -> Iterator[Week]:
    yield from (since, week.shift(-1), Week(week.shift(-1).year, 1))
    running = running_rounds(box.rounds, week)
    yield from (Week.of(one.opens_on) for one in running)
    codes = {one.id.partition("-")[2] for one in running}
    yield from (
        Week.of(one.opens_on)
        for one in rounds_around(box.rounds, week.sunday)
        if one.opens_on < week.monday and one.id.partition("-")[2] in codes
    )


def _untold_units(context: ReportContext, box: Box) -> tuple[str, ...]:
    """The units whose mails came back and are for something that they have still to do."""
    mails = context.unit_mails.bounced_unit_mails(box.ward.code) if box.units else []
    bounced = BouncedMails.of(mails)
    tasks = {task: mail.unit for mail in mails for task in mail.tasks}
    waiting = {unit for task, unit in tasks.items() if bounced.day_of(context.cases.case(task.case))}
    return tuple(unit.name for unit in box.units if unit.name in waiting)


def _since(counted: Mapping[Week, Tally], start: Week) -> Tally:
    return reduce(add, (one for week, one in counted.items() if week >= start), Tally())


def _reads_words(recipient: Recipient) -> bool:
    return Reads.WORDS in recipient.reads


def round_of(box: Box, week: Week) -> Round | None:
    """The newest round that touches the week, for one that ends on a Wednesday is still reported on."""
    touching = [
        round_
        for round_ in rounds_around(box.rounds, week.sunday)
        if round_.opens_on <= week.sunday and round_.closes_on >= week.monday
    ]
    return touching[-1] if touching else None
