"""What the form that an answer is judged with is made from, where it comes back or was taken."""

from dataclasses import dataclass
from enum import StrEnum

from homthu.domain.cases.verdict import VerdictKind
from homthu.render.page.options import PageOptions


class VerdictFault(StrEnum):
    """Why a verdict was not taken; the value is the key of its sentence."""

    REQUIRED = "required"
    TOO_LONG = "too_long"
    PERSONAL = "personal"
    GONE = "gone"
    BUSY = "busy"

    @property
    def can_be_sent_again(self) -> bool:
        """Whether the form comes back."""
        return self is not VerdictFault.GONE


@dataclass(frozen=True, kw_only=True, slots=True)
class VerdictPage:
    """A verdict that comes back as it was filled in, or the one that stands."""

    permit: str
    kind: str
    words: str
    fault: VerdictFault | None
    given: VerdictKind | None
    options: PageOptions
    base_url: str
