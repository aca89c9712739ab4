"""Compile: put together what a report tells, from a week's submissions and the tallies before it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import reduce
from operator import add

from homthu.domain.boxes.box import Box
from homthu.domain.boxes.round import Round, rounds_around
from homthu.domain.reports.clusters import count_submissions
from homthu.domain.reports.edition import EditionKind
from homthu.domain.reports.handling import Handling
from homthu.domain.reports.ledger import newest_counts
from homthu.domain.reports.period import Period
from homthu.domain.reports.suggestion import SuggestionSelector, suggestions_in
from homthu.domain.reports.tally import Tally
from homthu.domain.reports.weekly_report import Correction, WeeklyReport
from homthu.domain.reports.withheld import withheld_cells
from homthu.domain.submissions.submission import StoredSubmission
from homthu.domain.week import Week, local_date
from homthu.services.mark_paper import paper_desk, paper_strata
from homthu.services.office import Office
from homthu.services.read_handling import read_handling

#: Streams the same submissions from their beginning, each time it is called.
Submissions = Callable[[], Iterator[StoredSubmission]]


def compile_week(
    office: Office,
    box: Box,
    week: Week,
    number: int,
    submissions: Submissions,
    correction: Correction | None = None,
) -> tuple[Tally, bytes]:
    """The week's tally and mail. The submissions are streamed twice: to count, and to quote."""
    ward = box.ward.code
    selector = SuggestionSelector(office.questionnaires)
    tally = count_submissions(_each(submissions(), selector.add), office.questionnaires)
    round_ = round_of(box, week)
    year_start = Week(week.year, 1)
    round_start = Week.of(round_.opens_on) if round_ else week
    since = min(year_start, round_start, week.shift(-1))
    earlier = {
        past: report.tally
        for past, report in newest_counts(office.ledger.reports(ward, since)).items()
        if past < week
    }

    def from_week(start: Week) -> Tally:
        return reduce(add, (counted for past, counted in earlier.items() if past >= start), tally)

    report = WeeklyReport(
        box=box,
        questionnaires=office.questionnaires,
        week=week,
        number=number,
        made_on=local_date(office.clock()),
        round=round_,
        tally=tally,
        previous=earlier.get(week.shift(-1)),
        round_tally=from_week(round_start),
        year_tally=from_week(year_start),
        suggestions=selector.result(),
        correction=correction,
        earlier={past: counted for past, counted in earlier.items() if past >= min(year_start, round_start)},
        handling=_handling(office, box, week.monday, week.sunday),
        paper=tuple(paper_strata(paper_desk(office), ward, week, tally)),
    )
    return tally, office.render(report, suggestions_in(submissions(), office.questionnaires))


def compile_period(
    office: Office, box: Box, week: Week, number: int, period: Period, submissions: Submissions
) -> tuple[Tally, bytes]:
    """The tally and the mail of a round or of a year, at the close of its last week."""
    selector = SuggestionSelector(office.questionnaires)
    tally = count_submissions(_each(submissions(), selector.add), office.questionnaires)
    first = min(Week.of(period.first), Week(week.year, 1))
    newest = newest_counts(office.ledger.reports(box.ward.code, first))
    counted = {past: report.tally for past, report in newest.items() if past <= week}
    own = {past: one for past, one in counted.items() if past in {*period.weeks, week}}
    is_round = period.kind is EditionKind.ROUND
    round_ = next((r for r in rounds_around(box.rounds, period.last) if r.id == period.mark), None)
    report = WeeklyReport(
        box=box,
        questionnaires=office.questionnaires,
        week=week,
        number=number,
        made_on=local_date(office.clock()),
        round=round_ if is_round else None,
        tally=tally,
        previous=None,
        round_tally=tally,
        year_tally=reduce(add, (one for past, one in counted.items() if past.year == week.year), Tally()),
        suggestions=selector.result(),
        earlier=own,
        period=period,
        handling=_handling(office, box, period.first, period.last),
    )
    report = replace(report, withheld=withheld_cells(report, own, report.round))
    return tally, office.render(report, suggestions_in(submissions(), office.questionnaires))


def _handling(office: Office, box: Box, first: date, last: date) -> Handling:
    return read_handling(office.cases, office.finder, ward=box.ward.code, first=first, last=last)


def round_of(box: Box, week: Week) -> Round | None:
    """The newest round that touches the week, for one that ends on a Wednesday is still reported on."""
    touching = [
        round_
        for round_ in rounds_around(box.rounds, week.sunday)
        if round_.opens_on <= week.sunday and round_.closes_on >= week.monday
    ]
    return touching[-1] if touching else None


def _each(
    submissions: Iterator[StoredSubmission], look: Callable[[StoredSubmission], None]
) -> Iterator[StoredSubmission]:
    for submission in submissions:
        look(submission)
        yield submission
