"""Paper: each batch of slips as a stratum of its own, so that a leaked code shows."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperStratum:
    """A batch with slips typed in this week: how many slips it has, and how many were typed so far."""

    label: str
    slips: int
    typed: int
    typed_in_all: int
    is_revoked: bool

    @property
    def is_vouched(self) -> bool:
        """Whether the office's code still stands for them."""
        return not self.is_revoked and self.typed_in_all <= self.slips
