"""What reports are made with."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from homthu.domain.boxes.questionnaire import Questionnaire
from homthu.domain.reports.suggestion import Suggestion
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.ports import Cases, Clock, Ledger, PaperBatches, SubmissionArchive, SubmissionFinder

#: Makes the mail of a report, complete but for recipient and Message-ID. The second argument
#: streams every suggestion of the week that may be quoted.
RenderReport = Callable[[WeeklyReport, Iterable[Suggestion]], bytes]
#: Is told what is being done, for a person who watches.
Progress = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Office:
    """Everything that closing a week needs but the ward itself."""

    archive: SubmissionArchive
    ledger: Ledger
    cases: Cases
    finder: SubmissionFinder
    batches: PaperBatches
    questionnaires: Mapping[str, Questionnaire]
    render: RenderReport
    clock: Clock
    progress: Progress
