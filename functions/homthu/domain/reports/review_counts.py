"""Review counts: how many texts readers decided about in a report's time, and how."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from homthu.domain.cases.review import WithholdReason


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewCounts:
    """Texts let pass, thanked for, and withheld by reason."""

    passed: int = 0
    thanked: int = 0
    withheld: Mapping[WithholdReason, int] = field(default_factory=dict)

    @property
    def all_withheld(self) -> int:
        """Texts withheld for any reason."""
        return sum(self.withheld.values())

    @property
    def total(self) -> int:
        """Texts decided about."""
        return self.passed + self.thanked + self.all_withheld
