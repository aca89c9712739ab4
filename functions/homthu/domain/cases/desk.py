"""The desk: what a member of the committee is shown of closed weeks and of the cases made from them."""

from dataclasses import dataclass

from homthu.domain.cases.case import MOVES, ActionKind, Case
from homthu.domain.cases.review import Review
from homthu.domain.week import Week


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

    @property
    def moves(self) -> frozenset[ActionKind]:
        """The ways it can be moved. What nobody has taken in hand has not been read, so it is no mistake yet;
        and who asked that it be not quoted is not."""
        if self.case is None:
            return frozenset() if self.is_petition else frozenset({ActionKind.SET_APART})
        back = {ActionKind.SET_BACK} if self.do_not_quote else set()
        if self.case.joined_to:
            return frozenset({ActionKind.SET_APART})
        return self.case.possible & MOVES - back


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """One page of the desk. `weeks` can be chosen, the newest first; `week` is None before the first report.

    `overdue` and `in_hand` count all open cases, of which `cases` are the most urgent that the member may
    read; `unread` texts of the week wait to be decided about. The next page begins behind the suggestion
    `next_after`, which is empty on the last.
    """

    weeks: tuple[Week, ...]
    week: ClosedWeek | None
    items: tuple[Item, ...]
    petitions: tuple[Item, ...]
    next_after: str
    cases: tuple[Item, ...]
    in_hand: int
    overdue: int
    unread: int = 0
