"""What each page of the board is made from: plain values that the edge hands over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from homthu.domain.boxes.box import Box
from homthu.domain.boxes.directory import Listing
from homthu.domain.boxes.questionnaire import Questionnaire
from homthu.domain.boxes.retention import USUAL_RETENTION
from homthu.domain.boxes.round import Round
from homthu.domain.cases.case import Answer, Case
from homthu.domain.cases.review import Review
from homthu.domain.cases.verdict import Verdict
from homthu.domain.reports.published import Published
from homthu.domain.submissions.inclusion import Inclusion
from homthu.domain.submissions.submission import SubmissionStatus
from homthu.render.page.options import PageOptions


@dataclass(frozen=True, kw_only=True, slots=True)
class WardListPage:
    """The wards of the deployment, to choose whose results to see."""

    listing: Listing
    options: PageOptions
    base_url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ResultsPage:
    """What a ward has published. `answers` come with the service they are about, newest first;
    `answered` counts them all. `round` is the one that is open or was last, if the box has any;
    `digest` is that of the newest report."""

    box: Box
    questionnaires: Mapping[str, Questionnaire]
    published: Published
    round: Round | None
    answers: Sequence[tuple[Answer, str]]
    answered: int
    in_hand: int
    digest: str
    today: date
    options: PageOptions
    base_url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StatusPage:
    """The field for a reference: empty, with what was typed when nothing was found, or while busy."""

    options: PageOptions
    base_url: str
    typed: str = ""
    is_unknown: bool = False
    is_busy: bool = False
    #: A report is being made, so that nothing is erased for some minutes.
    is_reporting: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundPage:
    """Where a submission stands. `box` is None if its ward has left the deployment."""

    box: Box | None
    submission_status: SubmissionStatus
    case: Case | None
    review: Review | None
    today: date
    options: PageOptions
    base_url: str
    inclusion: Inclusion | None = None
    #: What the answer can be judged with, if it can; and how it was judged.
    permit: str = ""
    verdict: Verdict | None = None

    @property
    def is_expired(self) -> bool:
        """Whether what is gone of it had expired, and was not erased on request."""
        status = self.submission_status
        rule = self.box.retention if self.box else USUAL_RETENTION
        return status.erased_on is not None and rule.is_expiry(status.week, status.erased_on)

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was withdrawn, and nothing is left: a part may have expired before."""
        return self.submission_status.erased_on is not None and not self.is_expired


@dataclass(frozen=True, kw_only=True, slots=True)
class WithdrawalPage:
    """A submission before and after it was withdrawn. Before, `typed` is its reference, to be sent once more;
    after, `mailed` are the reports that quoted it: number, year, day, and to how many they went."""

    found: FoundPage
    typed: str = ""
    is_done: bool = False
    mailed: tuple[tuple[int, int, date, int], ...] = ()
