"""A case: one suggestion that the ward deals with, told by its history of steps.

Nothing is kept beside the history but where the suggestion came from: the state, the unit, the due day and
the answer are derived from the steps, so that they cannot disagree with it. A step carries its day; no time
of day is kept.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Self

from homthu.domain.cases.step import MOVES as MOVES
from homthu.domain.cases.step import ActionKind as ActionKind
from homthu.domain.cases.step import Answer as Answer
from homthu.domain.cases.step import AnswerKind as AnswerKind
from homthu.domain.cases.step import CaseAction as CaseAction
from homthu.domain.cases.step import CaseEvent as CaseEvent
from homthu.domain.cases.step import CaseState as CaseState
from homthu.domain.errors import HomThuError
from homthu.domain.week import Week

#: A case passed back and forth more often than this needs a meeting, not a list; the limit also keeps a case
#: far below the size of one database document.
MAX_STEPS = 60
#: The most forms in one matter: nobody tells more apart, and they are one database document.
MOST_FORMS = 200
#: Marks the step that an erasure closes a case with; the keys of forms are longer.
_ERASED = "erased"
#: Marks what an erasure has a case take over from the one whose place it takes: it was done before.
HANDED_ON = "handed-on"
#: What is done about a matter, or starts it again.
_DEALS = frozenset({ActionKind.ASSIGN, ActionKind.ANSWER, ActionKind.CLOSE, ActionKind.REOPEN})
#: What makes several forms one matter, and undoes it; it counts for nothing against `MAX_STEPS`.
_OF_MATTERS = frozenset(
    {ActionKind.JOIN, ActionKind.PART, ActionKind.GATHER, ActionKind.RELEASE, ActionKind.RECUR}
)
#: From which states each action is possible; `OPEN` begins a case.
_POSSIBLE = {
    ActionKind.ASSIGN: {CaseState.RECEIVED, CaseState.ASSIGNED},
    ActionKind.ANSWER: {CaseState.RECEIVED, CaseState.ASSIGNED, CaseState.ANSWERED},
    ActionKind.CLOSE: {CaseState.RECEIVED, CaseState.ASSIGNED, CaseState.ANSWERED},
    ActionKind.REOPEN: {CaseState.ANSWERED, CaseState.CLOSED},
    ActionKind.REPORT: {CaseState.ASSIGNED},
}


class NotPossible(HomThuError):
    """The case does not take this action in its state; `action` says which."""

    def __init__(self, action: ActionKind) -> None:
        super().__init__(action)
        self.action = action


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One case. Its id is that of the submission, so that a submission has one case at most.

    `is_petition`: the text may be a complaint or denunciation, which is passed on to the citizens'
    reception and never answered in public (Luật Tố cáo 2018, articles 22 to 25): as the machine had it
    when the case was opened, and since the newest move as a person has it.
    `number` is the submission's in its week, 0 for cases that were opened before it was kept.
    `revision` is the store's own: a replacement succeeds only while it is unchanged.
    """

    id: str
    ward: str
    place: str
    service: str
    week: Week
    is_petition: bool
    history: tuple[CaseEvent, ...]
    number: int = 0
    revision: object = field(default=None, compare=False)

    @property
    def state(self) -> CaseState:
        """Where the case stands now."""
        if self.joined_to:
            return CaseState.JOINED
        return next(event.state for event in reversed(self.history) if event.state)

    @property
    def stands_since(self) -> date:
        """The day of the step that it stands by."""
        if self.joined_to:
            return next(event.on for event in reversed(self.history) if event.action.kind is ActionKind.JOIN)
        return next(event.on for event in reversed(self.history) if event.state)

    @property
    def opened_on(self) -> date:
        """The day it became a case."""
        return self.history[0].on

    @property
    def since(self) -> date:
        """The day it was opened, or reopened last: deadlines are counted from it."""
        starts = (ActionKind.OPEN, ActionKind.REOPEN)
        return next(event.on for event in reversed(self.history) if event.action.kind in starts)

    @property
    def joined_to(self) -> str:
        """The id of the case that this one is dealt with in; empty if it stands by itself."""
        kinds = (ActionKind.JOIN, ActionKind.PART)
        newest = next((one.action for one in reversed(self.history) if one.action.kind in kinds), None)
        return newest.other if newest and newest.kind is ActionKind.JOIN else ""

    @property
    def gathered(self) -> tuple[str, ...]:
        """The ids of the cases that are dealt with in this one, in the order in which they came."""
        found: dict[str, None] = {}
        for event in self.history:
            if event.action.kind is ActionKind.GATHER:
                found[event.action.other] = None
            elif event.action.kind is ActionKind.RELEASE:
                found.pop(event.action.other, None)
        return tuple(found)

    @property
    def recurs_from(self) -> str:
        """The id of the answered case that this one brings back; empty if nobody said so."""
        found = (one.action.other for one in self.history if one.action.kind is ActionKind.RECUR)
        return next(found, "")

    @property
    def forms(self) -> int:
        """How many forms say the same."""
        return 1 + len(self.gathered)

    @property
    def assignment(self) -> CaseAction | None:
        """The newest assignment since the case was opened or reopened."""
        return self._newest(ActionKind.ASSIGN)

    @property
    def assigned_at(self) -> int | None:
        """Which step assigned it, if it is assigned now."""
        if self.state is not CaseState.ASSIGNED:
            return None
        steps = reversed(list(enumerate(self.history)))
        return next(number for number, event in steps if event.action.kind is ActionKind.ASSIGN)

    @property
    def unit_report(self) -> CaseEvent | None:
        """What the unit reported to have done, newest first, since it was last assigned."""
        at = self.assigned_at
        later = self.history[at + 1 :] if at is not None else ()
        return next((event for event in reversed(later) if event.action.kind is ActionKind.REPORT), None)

    @property
    def answer(self) -> Answer | None:
        """The answer that holds; a reopening ends the one before it."""
        answers = (
            one for one in self.since_opening() if one.action.kind is ActionKind.ANSWER and one.action.text
        )
        return next(map(Answer.of, answers), None)

    @property
    def promised(self) -> date | None:
        """The day by which the answer promises something, as long as nothing followed it."""
        answer = None if self.joined_to else self.answer
        return answer.by if answer and answer.kind is AnswerKind.PROMISED else None

    @property
    def is_in_hand(self) -> bool:
        """Whether the ward is not done with it: it is open, or its answer promises something that nothing has
        followed yet, whether or not the day has come.
        """
        return self.state.is_open or self.promised is not None

    @property
    def is_over(self) -> bool:
        """Whether it stands by itself, and the ward is done with it: its time of retention runs."""
        return not (self.is_erased or self.is_in_hand or self.joined_to)

    def is_owed(self, day: date) -> bool:
        """Whether the ward owes something: an answer, or what it promised by a day that has come."""
        return self.state.is_open or (self.promised is not None and self.promised <= day)

    @property
    def public_answer(self) -> Answer | None:
        """The answer, where it is to be shown to everyone."""
        if self.state.is_open or self.joined_to or self.is_petition or self.is_erased:
            return None
        return self.answer

    def as_of(self, day: date) -> Self | None:
        """The case as it stood at the end of a day; None if it did not exist yet.

        What is a petition today is one in every earlier state too, so that no look back reveals its words.
        """
        events = tuple(event for event in self.history if event.on <= day)
        return replace(self, history=events) if events else None

    @property
    def possible(self) -> frozenset[ActionKind]:
        """The actions that concern this case alone; `can_take` covers those that involve another case."""
        steps = sum(event.action.kind not in _OF_MATTERS for event in self.history)
        if steps >= MAX_STEPS or self.is_erased or self.joined_to:
            return frozenset()
        found = {action for action, states in _POSSIBLE.items() if self.state in states}
        if self.promised:
            # It comes back on its day, and ends with what was done by then.
            found.discard(ActionKind.CLOSE)
        if self.is_petition:
            return frozenset(found - {ActionKind.ANSWER} | {ActionKind.SET_BACK})
        return frozenset(found | {ActionKind.SET_APART})

    def can_take(self, action: CaseAction) -> bool:
        """Whether this action is possible now. What may be a petition is joined to no other case."""
        match action.kind:
            case ActionKind.JOIN:
                return self._stands_alone and action.other not in ("", self.id) and not self.gathered
            case ActionKind.GATHER:
                is_new = action.other not in ("", self.id, *self.gathered)
                return self._stands_alone and is_new and not self.is_erased and self.forms < MOST_FORMS
            case ActionKind.RECUR:
                is_first = action.other not in ("", self.id) and not self.recurs_from
                return self._stands_alone and is_first and not self.is_erased
            case ActionKind.PART:
                return self.joined_to == action.other != ""
            case ActionKind.RELEASE:
                return action.other in self.gathered
            case ActionKind.SET_APART if self.gathered:
                return False
            case _:
                return action.kind in self.possible

    @property
    def _stands_alone(self) -> bool:
        return not (self.joined_to or self.is_petition)

    def has(self, idempotency_key: str, action: CaseAction) -> bool:
        """Whether this very form was processed already."""
        return any(
            event.idempotency_key == idempotency_key and event.action == action for event in self.history
        )

    def position(self, idempotency_key: str) -> int:
        """The number of the newest step sent with this form, from 1; of all steps if none was."""
        keys = [event.idempotency_key for event in self.history]
        found = (number for number in range(len(keys), 0, -1) if keys[number - 1] == idempotency_key)
        return next(found, len(keys))

    def after(self, event: CaseEvent) -> Self:
        """The case with one more step. Raise `NotPossible`."""
        if not self.can_take(event.action):
            raise NotPossible(event.action.kind)
        kind = event.action.kind
        is_petition = kind is ActionKind.SET_APART if kind in MOVES else self.is_petition
        return replace(self, is_petition=is_petition, history=(*self.history, event))

    @property
    def was_petition(self) -> bool:
        """What the machine took it for when the case was opened: each move changes sides."""
        first = next((event.action.kind for event in self.history if event.action.kind in MOVES), None)
        return self.is_petition if first is None else first is ActionKind.SET_BACK

    def erased(self, reason: str, *, who: str, on: date) -> Self:
        """The case closed and without any words: they may be the citizen's, or reveal what those were.

        Who did what on which day stays, and with which case; the service goes. Erasing it again changes
        nothing.
        """
        end = CaseEvent(
            action=CaseAction(kind=ActionKind.CLOSE, text=reason), who=who, on=on, idempotency_key=_ERASED
        )
        if self.has(_ERASED, end.action):
            return self
        emptied = tuple(replace(event, action=_emptied(event.action)) for event in self.history)
        return replace(self, service="", history=(*emptied, end))

    @property
    def is_erased(self) -> bool:
        """Whether its words were erased, so that nothing can be done to it any more."""
        return any(event.idempotency_key == _ERASED for event in self.history)

    def was_dealt_with(self, since: date, until: date) -> bool:
        """Whether something was done about it after one day and up to another."""
        return any(
            since < event.on <= until
            and event.action.kind in _DEALS
            and event.idempotency_key not in (_ERASED, HANDED_ON)
            for event in self.history
        )

    def without(self, is_said: Callable[[str], bool]) -> Self:
        """The case without those texts of its steps that repeat what the author of another form said."""
        return replace(
            self,
            history=tuple(
                replace(event, action=_emptied(event.action))
                if is_said(event.action.subject) or is_said(event.action.text)
                else event
                for event in self.history
            ),
        )

    def _newest(self, action: ActionKind) -> CaseAction | None:
        return next((event.action for event in self.since_opening() if event.action.kind is action), None)

    def since_opening(self) -> Iterable[CaseEvent]:
        """The steps since the case was last opened or reopened, newest first."""
        for event in reversed(self.history):
            if event.action.kind in (ActionKind.OPEN, ActionKind.REOPEN):
                return
            yield event


def _emptied(action: CaseAction) -> CaseAction:
    return CaseAction(kind=action.kind, due_on=action.due_on, other=action.other)
