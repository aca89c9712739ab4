"""Compile: put together what a report tells, from a week's submissions and the reports before it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial, reduce
from operator import add

from homthu.domain.boxes.box import Box, Reads, Recipient
from homthu.domain.boxes.round import OUTSIDE, Round, rounds_around
from homthu.domain.cases.review import Review
from homthu.domain.cases.sorting import Sorting
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
from homthu.domain.submissions.inclusion import counted_list
from homthu.domain.submissions.submission import StoredSubmission
from homthu.domain.week import Week, local_date
from homthu.services.case_statistics import FindSubmission, read_case_statistics
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
    sorting = sorting_of(context, box.ward.code)
    # A correction is about a week that was told already.
    past = _Past.of(context, box, week.shift(1) if correction else week)
    find = lru_cache(MOST_REMEMBERED)(context.finder.submission)
    reviewed = Reviewed.between(context.reviews, box.ward.code, week.monday, week.sunday)
    each_sorted = remembered(lambda: sorting.sorted(submissions()))
    words = _Words(submissions=each_sorted, reviewed=reviewed, sorting=sorting)
    seeds: list[str] = []
    each = _noting(seeds, words.counted())
    tally = count(each) if count else count_submissions(each, context.questionnaires)
    counted_forms = counted_list(seeds)
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
        box=box,
        questionnaires=context.questionnaires,
        week=week,
        number=number,
        previous_digest=_previous_digest(context, box),
        made_on=local_date(context.clock()),
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
        reviewed=reviewed.counts,
        case_statistics=_case_statistics(
            context,
            box,
            week.monday,
            week.sunday,
            attribution,
            find=find,
            reviewed=reviewed,
            verdicts=verdicts,
        ),
        paper=tuple(paper_strata(paper_desk(context), box.ward.code, week, tally)),
        expiring=expiring(context, box),
        untold_units=() if correction else _untold_units(context, box),
        counted_list=counted_forms,
        target=context.targets.get(box.target),
    )

    def passed() -> Iterator[StoredSubmission]:
        return reviewed.passed(find, sorting)

    return tally, _mails(context, report, attribution, words, passed), counted_forms


def _noting(seeds: list[str], submissions: Iterable[StoredSubmission]) -> Iterator[StoredSubmission]:
    for one in submissions:
        seeds.append(one.submission.seed)
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
    sorting = sorting_of(context, box.ward.code)
    find = lru_cache(MOST_REMEMBERED)(context.finder.submission)
    reviewed = Reviewed.between(context.reviews, box.ward.code, period.first, week.sunday)
    each_sorted = remembered(lambda: sorting.sorted(submissions()))
    words = _Words(submissions=each_sorted, reviewed=reviewed, sorting=sorting)
    is_round = period.kind is EditionKind.ROUND
    themes = ThemeCounter(box.questionnaire.themes if is_round else (), reviewed.themes)
    tally = count_submissions(themes.watched(words.counted()), context.questionnaires)
    round_ = next((r for r in rounds_around(box.rounds, period.last) if r.id == period.mark), None)
    report = WeeklyReport(
        box=box,
        questionnaires=context.questionnaires,
        week=week,
        number=number,
        previous_digest=_previous_digest(context, box),
        made_on=local_date(context.clock()),
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
        reviewed=reviewed.counts,
        themes=themes.result(),
        case_statistics=_case_statistics(
            context, box, period.first, period.last, attribution, find=find, reviewed=reviewed
        ),
        target=context.targets.get(box.target),
    )

    def passed() -> Iterator[StoredSubmission]:
        found = reviewed.passed(find, sorting)
        return (one for one in found if not is_round or one.submission.round == period.mark)

    return tally, _mails(context, report, attribution, words, passed)


class _Words:
    """What people wrote in a report's time, but for what was withheld: streamed to be counted, and again."""

    def __init__(self, *, submissions: Submissions, reviewed: Reviewed, sorting: Sorting) -> None:
        self._submissions = submissions
        self._withheld = reviewed.withheld
        self.new_selector = partial(SuggestionSelector, case_of=sorting.case_of, thanked=reviewed.thanked)
        self.selector = self.new_selector()

    def counted(self) -> Iterator[StoredSubmission]:
        """All submissions, from among which the mail's quotations are chosen on the way."""
        for one in self._submissions():
            if one.id not in self._withheld:
                self.selector.add(one)
            yield one

    def __call__(self) -> Iterator[StoredSubmission]:
        """Those that may be quoted to readers of words."""
        return (one for one in self._submissions() if one.id not in self._withheld)


def _mails(
    context: ReportContext, report: WeeklyReport, attribution: Attribution, words: _Words, passed: Submissions
) -> Mails:
    """The mail for each kind of reader that the box has."""
    mails, passed = {}, remembered(passed)
    for audience in by_audience(report.box.recipients):
        if audience.reads_words:
            texts: Submissions = words
            selector, cases = words.selector, report.case_statistics
        else:
            texts = passed
            selector, cases = words.new_selector(), report.case_statistics.without_words()
            for one in passed():
                selector.add(one)
        selected = selector.result(attribution)
        version = replace(report, audience=audience, suggestions=selected, case_statistics=cases)
        if not version.tells_petitions:
            version = replace(version, case_statistics=version.case_statistics.without_petitions())
        mails[audience] = context.render(version, suggestions_in(texts(), attribution, selected))
    return mails


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


def _previous_digest(context: ReportContext, box: Box) -> str:
    """That of the chain's last report so far: it is entered in the head before the next one is made."""
    head = context.ledger.head(box.ward.code)
    return head.last_digest if head else ""


def _case_statistics(
    context: ReportContext,
    box: Box,
    first: date,
    last: date,
    attribution: Attribution,
    *,
    find: FindSubmission,
    reviewed: Reviewed,
    verdicts: Sequence[Verdict] = (),
) -> CaseStatistics:
    def review_of(id: str) -> Review | None:
        return reviewed.newest.get(id) or context.reviews.review(id)

    return read_case_statistics(
        context.cases,
        find,
        ward=box.ward.code,
        first=first,
        last=last,
        attribution=attribution,
        deadlines=box.deadlines,
        verdicts=verdicts,
        review_of=review_of if not all(map(_reads_words, box.recipients)) else None,
    )


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
