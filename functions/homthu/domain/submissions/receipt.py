"""A receipt: where and when a submission came, while its week is not closed; none of what it says."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """`mark` is the beginning of the ten minutes, or stands for a day of which the time is not known.

    `is_vouched` says that it is a paper slip with the office's code, typed in from a pile.
    """

    id: str
    place: str
    is_vouched: bool
    mark: datetime
    batch: str = ""
