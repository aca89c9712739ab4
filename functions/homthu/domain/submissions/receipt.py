"""A receipt: where and when a submission came, as long as its week is not closed; none of what it says."""

from dataclasses import dataclass, field
from datetime import datetime

from homthu.domain.submissions.submission import StoredSubmission


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """The receipt of one submission.

    `mark` is the beginning of the ten minutes, or stands for a day whose time is unknown. `is_vouched` says
    that it is a paper slip with the office's code, typed in from a pile.
    """

    id: str
    place: str
    is_vouched: bool
    mark: datetime
    batch: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unassigned:
    """A submission of a week that is not closed, whole, with its receipt.

    With it a small week is read only once when it is closed. `revision` is the store's own, by which it knows
    whether the submission is still as it was read.
    """

    receipt: Receipt
    stored: StoredSubmission
    revision: object = field(default=None, compare=False)
