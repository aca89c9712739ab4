"""Paper: each batch of slips as a stratum of its own, so that a code that leaked shows."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperStratum:
    """A batch of which slips were typed in this week: how many it has, and how many were typed by now."""

    label: str
    slips: int
    typed: int
    typed_in_all: int
    is_revoked: bool

    @property
    def is_vouched(self) -> bool:
        """Whether the office's code still stands for them."""
        return not self.is_revoked and self.typed_in_all <= self.slips
