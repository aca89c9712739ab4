"""The input of each page of the desk: plain values that the edge hands over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from homthu.domain.boxes.box import Box, Reads
from homthu.domain.cases.action_form import ActionProblem
from homthu.domain.cases.case import Case
from homthu.domain.cases.desk import Desk, Item
from homthu.domain.cases.desk_search import DeskSearch
from homthu.domain.cases.review import Review
from homthu.domain.cases.verdict import VerdictKind

#: A form remembers this many pages for the way back; from further on it leads to the first.
MOST_PAGES = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class DeskMember:
    """Who views a page, what they read, and the token that every form on it carries."""

    box: Box
    name: str
    reads: frozenset[Reads]
    until: date
    token: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HomePage:
    """The desk: what is new, in hand and done, as far as it matches `search`.

    `idempotency_key` makes the forms' keys; `decided` is what the member has just decided; `has_moved`, that
    they moved a text away to those who read petitions. `pages` are the suggestions behind which this page and
    those before it begin, but for the first page.
    """

    member: DeskMember
    desk: Desk
    today: date
    idempotency_key: str
    base_url: str
    pages: tuple[str, ...] = ()
    search: DeskSearch = field(default_factory=DeskSearch)
    decided: Review | None = None
    has_moved: bool = False

    @property
    def next_pages(self) -> tuple[str, ...]:
        """The same for the next page; empty on the last."""
        return (*self.pages, self.desk.next_after)[-MOST_PAGES:] if self.desk.next_after else ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemPage:
    """One suggestion, its case, and what can be done.

    After a form was sent, `known` is how many steps its sender knows of, including their own if it was taken;
    the case may have more. `values` is what was typed into a form that is given back.
    """

    member: DeskMember
    item: Item
    today: date
    idempotency_key: str
    base_url: str
    known: int | None = None
    is_done: bool = False
    #: Whether the form was a decision that was not taken, for what is typed or for another's before it.
    is_review: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    problems: Sequence[ActionProblem] = ()
    #: Other suggestions of its matter that the member may read.
    matter: Sequence[Item] = ()
    #: Answered cases that it may bring back, or does.
    earlier: Sequence[Case] = ()
    #: What was said of the answer: of which kind, on which day, and in which words.
    verdicts: Sequence[tuple[VerdictKind, date, str]] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class MatterPage:
    """Suggestions that were marked to be joined; `is_late` if others changed some of them meanwhile."""

    member: DeskMember
    items: Sequence[Item]
    today: date
    idempotency_key: str
    base_url: str
    is_late: bool = False


class DeskMessage(StrEnum):
    """The pages of the desk that say only one thing; the value is the key of its words."""

    ASKED = "asked"
    DENIED = "denied"
    UNIT_DENIED = "unit_denied"
    MISSING = "missing"
    BUSY = "busy"
