"""What reports are made with."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from homthu.domain.boxes.questionnaire import Questionnaire
from homthu.domain.boxes.target import Target
from homthu.domain.cases.case import Case
from homthu.domain.cases.sorting import Sorting
from homthu.domain.reports.suggestion import Suggestion
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.domain.submissions.receipt import Receipt
from homthu.domain.submissions.signs import Signs
from homthu.domain.submissions.submission import StoredSubmission
from homthu.domain.week import Week
from homthu.ports import (
    Cases,
    Clock,
    Ledger,
    PaperBatches,
    RandomBytes,
    Reviews,
    SubmissionArchive,
    SubmissionFinder,
    TypedWeeks,
    UnitMails,
    Verdicts,
)
from homthu.services.claim import Claim
from homthu.services.deliver import OwnLinks
from homthu.services.remembered import remembered

#: Makes the mail of a report for its audience, complete but for recipient and Message-ID, with marks around
#: what it quotes. The second argument streams every suggestion that may be quoted to them.
RenderReport = Callable[[WeeklyReport, Iterable[Suggestion]], bytes]
#: Streams, on each call, where and when the unassigned submissions of a week came.
Receipts = Callable[[], Iterator[Receipt]]
#: Called with what is being done, for a person who watches.
Progress = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportContext:
    """Everything that closing a week needs but the ward itself."""

    archive: SubmissionArchive
    ledger: Ledger
    cases: Cases
    finder: SubmissionFinder
    reviews: Reviews
    verdicts: Verdicts
    typed_weeks: TypedWeeks
    unit_mails: UnitMails
    batches: PaperBatches
    questionnaires: Mapping[str, Questionnaire]
    signs: Signs
    render: RenderReport
    links: OwnLinks
    clock: Clock
    random_bytes: RandomBytes
    progress: Progress
    targets: Mapping[str, Target] = field(default_factory=dict)


def sorting_of(context: ReportContext, ward: str) -> Sorting:
    """The sorting of a ward's texts; using it may raise `StoreUnavailable`."""

    def cases_of(week: Week) -> Iterator[Case]:
        return context.cases.cases_of_week(ward, week)

    return Sorting(signs=context.signs, cases_of=cases_of)


def receipts_of(context: ReportContext, ward: str, week: Week) -> Receipts:
    """The receipts of a week, read only once if they are few."""
    return remembered(lambda: context.archive.receipts(ward, week))


def in_week(context: ReportContext, claim: Claim, week: Week) -> Iterator[StoredSubmission]:
    """Stream a week's submissions, numbered, with a progress line now and then; raise `LeaseLost` when the
    ward is another worker's.
    """
    ward = claim.head.ward
    for number, submission in enumerate(context.archive.in_week(ward, week), 1):
        if number % 1000 == 0:
            claim.check()
            context.progress(f"{ward} {week}: {number} read")
        yield replace(submission, number=number)
