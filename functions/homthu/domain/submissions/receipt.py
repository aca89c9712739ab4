"""A receipt: where and when a submission came, as long as its week is not closed; none of what it says."""

from dataclasses import dataclass
from datetime import datetime


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
