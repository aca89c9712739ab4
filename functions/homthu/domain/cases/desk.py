"""The desk: what a member of the committee is shown of closed weeks and of the cases made from them."""

from dataclasses import dataclass
from datetime import date

from homthu.domain.cases.case import MOVES, ActionKind, Case
from homthu.domain.cases.review import Decision, Review, ReviewKind
from homthu.domain.week import Week

#: The most cases listed in hand, and done.
MAX_IN_HAND = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class ClosedWeek:
    """A week that has its report, and how many suggestions and petitions it holds."""

    week: Week
    readable: int
    petitions: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One suggestion as the desk shows it to a member who may read it: masked, with its case and review.

    Until somebody has taken it in hand, which leaves a name in its history, place and service are empty
    where few forms came from there, and always of what is set apart. `name` is what it is called, empty
    for cases of old. `text` is what the member may read of it, `passed` what those who read no words may.
    `do_not_quote`: its author asks so.
    """

    id: str
    name: str
    place: str
    service: str
    week: Week
    text: str
    is_petition: bool
    do_not_quote: bool
    case: Case | None
    review: Review | None = None
    passed: str = ""
    #: Whether its author said recently that the answer settled nothing.
    is_denied: bool = False
    #: The day of the mail to its unit that came back, where the unit has still to do it.
    returned_on: date | None = None
    #: Whether its author calls it praise.
    is_praise: bool = False

    @property
    def waits(self) -> bool:
        """Whether somebody still has to take it in hand: nobody has, and no reader has settled it. Praise
        waits only once a reader found that there is more to it.
        """
        if self.case is not None or (self.review and self.review.is_erased):
            return False
        decision = self._decision
        return decision.passes if decision else not self.is_praise

    @property
    def can_join(self) -> bool:
        """Whether it can become one matter with others."""
        is_free = self.case is None or not (self.case.joined_to or self.case.is_erased)
        return is_free and not (self.is_petition or self.do_not_quote)

    @property
    def is_thanked(self) -> bool:
        """Whether it is praise, or was thanked for, and nothing else came of it."""
        if self.case is not None or self.is_petition:
            return False
        decision = self._decision
        return decision.kind is ReviewKind.THANK if decision else self.is_praise

    @property
    def _decision(self) -> Decision | None:
        return self.review.decision if self.review else None

    @property
    def moves(self) -> frozenset[ActionKind]:
        """The ways in which it can be moved: anyone who may read it may move it, and is recorded. What its
        author asked not to be quoted is never moved back.
        """
        if self.case is None:
            found = frozenset({ActionKind.SET_BACK if self.is_petition else ActionKind.SET_APART})
        elif self.case.joined_to:
            found = frozenset({ActionKind.SET_APART})
        else:
            found = self.case.possible & MOVES
        return found - {ActionKind.SET_BACK} if self.do_not_quote else found


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """One page of the desk, in three columns of attention. `weeks` can be chosen, the newest first; `week`
    is None before the first report.

    Of the week's texts `new` and `petitions` wait for somebody; `praise` is for nobody to do, `others` were
    dealt with before or elsewhere. `in_hand` are the cases in which the ward owes something, the most urgent
    first, `done` those that were answered or closed this week. Each holds what the member may read and asked
    for; the counts are of all: `open_count` and `overdue` cases, `done_count` cases, `unread` texts of the
    week that wait to be decided about. `units` have open cases. The next page of the week begins behind the
    suggestion `next_after`, which is empty on the last.
    """

    weeks: tuple[Week, ...]
    week: ClosedWeek | None
    new: tuple[Item, ...]
    petitions: tuple[Item, ...]
    praise: tuple[Item, ...]
    others: tuple[Item, ...]
    in_hand: tuple[Item, ...]
    done: tuple[Item, ...]
    next_after: str
    open_count: int
    overdue: int
    done_count: int
    units: tuple[str, ...]
    unread: int = 0
