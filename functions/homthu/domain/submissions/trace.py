"""A trace: all that the answer to a citizen's question about their own submission needs to know."""

from dataclasses import dataclass
from datetime import date

from homthu.domain.week import Week


@dataclass(frozen=True, kw_only=True, slots=True)
class Trace:
    """Where a submission belongs and whether its week is closed; none of its words or answers."""

    ward: str
    week: Week
    received_on: date
    is_stamped: bool
    erased_on: date | None = None
