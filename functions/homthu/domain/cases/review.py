"""A review: what the readers of words decided about one text, told by its history of decisions.

Nothing is kept beside the history but which text it is about. A decision carries its day, and the newest
holds; a text without a decision waits, and is passed to nobody.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Self

from homthu.domain.boxes.box import Reads
from homthu.domain.errors import HomThuError
from homthu.domain.submissions.personal_data import MASK
from homthu.domain.week import Week

#: Readers who decide more often than this about one text should talk to each other.
MAX_DECISIONS = 30
_MASKS = re.compile(r"(?:\[\s*(?:…|\.{2,})\s*\]\s*)+")
_ERASED = "erased"


class ReviewKind(StrEnum):
    """What a reader of words can decide."""

    PASS = "pass"  # noqa: S105 - a decision
    MASK = "mask"
    WITHHOLD = "withhold"
    THANK = "thank"
    #: What the text is about: it says nothing of whether it is passed on.
    THEME = "theme"


class WithholdReason(StrEnum):
    """Why a text is not passed on; its author is told this, and no more."""

    PERSONAL = "personal"
    INSULT = "insult"
    UNRELATED = "unrelated"
    UNCLEAR = "unclear"


class NotReviewable(HomThuError):
    """The text is set apart, or was decided about too often, or was erased."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What is decided. `text` is the masked version that is let pass; a withheld one has its `reason`, and
    `theme` is what it is said to be about."""

    kind: ReviewKind
    text: str = ""
    reason: WithholdReason | None = None
    theme: str = ""

    @property
    def passes(self) -> bool:
        """Whether the text goes to those who read figures."""
        return self.kind in (ReviewKind.PASS, ReviewKind.MASK)


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewEvent:
    """A decision that was made: by whom (the name in the box), on which day, with which form."""

    decision: Decision
    who: str
    on: date
    idempotency_key: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """The decisions about one submission's text, under the submission's id.

    `week` and `number` are the submission's. `revision` is the store's own: a replacement succeeds only
    while it is unchanged.
    """

    id: str
    ward: str
    week: Week
    number: int
    history: tuple[ReviewEvent, ...]
    revision: object = field(default=None, compare=False)

    @property
    def newest(self) -> ReviewEvent:
        """What was decided last, by whom and when."""
        return self.history[-1]

    @property
    def decision(self) -> Decision | None:
        """The decision about passing the text on that holds; None where nobody decided more than a theme."""
        decisions = (one.decision for one in reversed(self.history))
        return next((one for one in decisions if one.kind is not ReviewKind.THEME), None)

    @property
    def passes(self) -> bool:
        """Whether the text goes to those who read figures."""
        return self.decision is not None and self.decision.passes

    @property
    def theme(self) -> str:
        """What a reader last said that it is about; empty if nobody did."""
        themes = (one.decision.theme for one in reversed(self.history))
        return next(filter(None, themes), "")

    @property
    def changed(self) -> Week:
        """The week of the newest decision."""
        return Week.of(self.newest.on)

    @property
    def is_erased(self) -> bool:
        """Whether its words were erased, so that nothing more can be decided."""
        return self.newest.idempotency_key == _ERASED

    def as_of(self, day: date) -> Self | None:
        """As it stood at the end of a day; None if nothing was decided yet."""
        events = tuple(event for event in self.history if event.on <= day)
        return replace(self, history=events) if events else None

    def has(self, idempotency_key: str, decision: Decision) -> bool:
        """Whether this very form was processed already."""
        return any(
            one.idempotency_key == idempotency_key and one.decision == decision for one in self.history
        )

    def after(self, event: ReviewEvent) -> Self:
        """With one more decision. Raise `NotReviewable`."""
        if self.is_erased or len(self.history) >= MAX_DECISIONS:
            raise NotReviewable(self.id)
        return replace(self, history=(*self.history, event))

    @property
    def named_until(self) -> date | None:
        """The newest day for which it still says who decided; None if there is none."""
        return max((one.on for one in self.history if one.who), default=None)

    def without_names(self) -> Self:
        """What was decided on which day, and no longer by whom."""
        return replace(self, history=tuple(replace(one, who="") for one in self.history))

    def erased(self, *, on: date) -> Self:
        """Without any words of the citizen's, and let pass no more; who decided what stays."""
        if self.is_erased:
            return self
        emptied = tuple(replace(one, decision=replace(one.decision, text="")) for one in self.history)
        end = ReviewEvent(decision=Decision(kind=ReviewKind.WITHHOLD), who="", on=on, idempotency_key=_ERASED)
        return replace(self, history=(*emptied, end))


def may_read(reads: frozenset[Reads], *, is_set_apart: bool, is_passed: bool) -> bool:
    """Whether somebody with these readings may be shown a text."""
    if is_set_apart:
        return Reads.PETITIONS in reads
    return Reads.WORDS in reads or is_passed


class MaskFault(StrEnum):
    """Why a masked version cannot be taken."""

    #: It says something that the text does not.
    CHANGED = "changed"
    NOTHING_MASKED = "nothing_masked"
    ALL_MASKED = "all_masked"


def masked_as(typed: str) -> str:
    """A masked version as it is stored: every mask as `[…]`, and adjacent ones merged."""
    return _MASKS.sub(lambda found: MASK + (" " if found[0][-1].isspace() else ""), typed).strip()


def mask_fault(masked: str, said: str) -> MaskFault | None:
    """What is wrong with a masked version of a text: it may differ only by […] in the place of words.

    Line breaks and repeated spaces do not count. A mask stands for at least one character, and begins and
    ends at a word boundary.
    """
    text, pattern = " ".join(masked_as(said).split()), " ".join(masked_as(masked).split())
    if text == pattern:
        return MaskFault.NOTHING_MASKED
    pieces = pattern.split(MASK)
    if not any(re.search(r"\w", piece) for piece in pieces):
        return MaskFault.ALL_MASKED
    return None if _fits(pieces, text) else MaskFault.CHANGED


def _fits(pieces: list[str], text: str) -> bool:
    """Whether the text consists of these pieces in this order with something between each two.

    For a piece in the middle the first match will do: whatever fits after a later match fits after it, too.
    """
    first, *middle = pieces
    if not middle or not text.startswith(first) or not _is_edge(text, len(first)):
        return False
    last, at = middle.pop(), len(first)
    for piece in middle:
        if (at := _find(piece, text, at)) < 0:
            return False
    start = len(text) - len(last)
    return start > at and text.endswith(last) and _is_edge(text, start)


def _find(piece: str, text: str, after: int) -> int:
    """Where the first match of a piece ends that leaves room for a mask before it; -1 if there is none."""
    start = text.find(piece, after + 1)
    while start >= 0:
        if _is_edge(text, start) and _is_edge(text, start + len(piece)):
            return start + len(piece)
        start = text.find(piece, start + 1)
    return -1


def _is_edge(text: str, at: int) -> bool:
    """Whether this position is a word boundary."""
    return not (0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum())
