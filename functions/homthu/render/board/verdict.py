"""The input of the verdict form where it is given back, or of the page that confirms it."""

from dataclasses import dataclass
from enum import StrEnum

from homthu.domain.cases.verdict import VerdictKind
from homthu.render.page.options import PageOptions


class VerdictFault(StrEnum):
    """Why a verdict was not accepted; the value is the key of its sentence."""

    REQUIRED = "required"
    TOO_LONG = "too_long"
    PERSONAL = "personal"
    GONE = "gone"
    BUSY = "busy"

    @property
    def can_be_sent_again(self) -> bool:
        """Whether the form is shown again."""
        return self is not VerdictFault.GONE


@dataclass(frozen=True, kw_only=True, slots=True)
class VerdictPage:
    """A verdict given back as it was filled in, or the accepted one."""

    permit: str
    kind: str
    words: str
    fault: VerdictFault | None
    given: VerdictKind | None
    options: PageOptions
    base_url: str
