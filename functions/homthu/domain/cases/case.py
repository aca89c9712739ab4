"""A case: one suggestion that the ward deals with, told by its history of steps.

Nothing is kept beside the history but where the suggestion came from: the state, the unit, the due
day and the answer are read from the steps, so that they cannot disagree with it. A step is dated by
its day; no time of day is kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Self

from homthu.domain.errors import HomThuError
from homthu.domain.week import Week

#: A case that was handed to and fro more often than this is one for a meeting, not for a list; it
#: also keeps a case far below what a database takes as one document.
MAX_STEPS = 60
#: Marks the step that an erasure closes a case with; the keys of forms are longer.
_ERASED = "erased"


class CaseState(StrEnum):
    """Where a case stands."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    CLOSED = "closed"

    @property
    def is_open(self) -> bool:
        """Whether the ward still owes something."""
        return self in (CaseState.RECEIVED, CaseState.ASSIGNED)


class Action(StrEnum):
    """What a member of the committee can do."""

    OPEN = "open"
    ASSIGN = "assign"
    ANSWER = "answer"
    CLOSE = "close"
    REOPEN = "reopen"


#: From which states each action is possible; `OPEN` begins a case.
_POSSIBLE = {
    Action.ASSIGN: {CaseState.RECEIVED, CaseState.ASSIGNED},
    Action.ANSWER: {CaseState.RECEIVED, CaseState.ASSIGNED, CaseState.ANSWERED},
    Action.CLOSE: {CaseState.RECEIVED, CaseState.ASSIGNED, CaseState.ANSWERED},
    Action.REOPEN: {CaseState.ANSWERED, CaseState.CLOSED},
}
_LEADS_TO = {
    Action.OPEN: CaseState.RECEIVED,
    Action.ASSIGN: CaseState.ASSIGNED,
    Action.ANSWER: CaseState.ANSWERED,
    Action.CLOSE: CaseState.CLOSED,
    Action.REOPEN: CaseState.RECEIVED,
}


class NotPossible(HomThuError):
    """The case does not take this action in its state; `action` says which."""

    def __init__(self, action: Action) -> None:
        super().__init__(action)
        self.action = action


@dataclass(frozen=True, kw_only=True, slots=True)
class Deed:
    """What is to be done to a case.

    `subject` and `text` are the public answer's two halves, «Ông/bà nói» and «phường đã làm»; with
    an assignment `text` names the unit and `due_on` the day, with a closing it gives the reason.
    """

    action: Action
    subject: str = ""
    text: str = ""
    due_on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A deed that was done: by whom (the name in the box), on which day.

    `once` is the key of the form it was sent with: the same form sent again is recognised by it.
    """

    deed: Deed
    who: str
    on: date
    once: str

    @property
    def state(self) -> CaseState:
        """Where the step led to."""
        return _LEADS_TO[self.deed.action]


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What the ward says in public: what it was told, in its own words, and what it did."""

    subject: str
    text: str
    on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One case. Its id is that of the submission, so that a submission has one case at most.

    `is_petition`: the text has the look of a complaint or denunciation, which is passed on to the
    citizens' reception and never answered in public (Luật Tố cáo 2018, articles 22 to 25).
    `number` is the submission's in its week, 0 for cases that were opened before it was kept.
    `revision` is the store's own: a replacement succeeds only while it is unchanged.
    """

    id: str
    ward: str
    place: str
    service: str
    week: Week
    is_petition: bool
    history: tuple[Step, ...]
    number: int = 0
    revision: object = field(default=None, compare=False)

    @property
    def state(self) -> CaseState:
        """Where the case stands now."""
        return self.history[-1].state

    @property
    def opened_on(self) -> date:
        """The day it became a case."""
        return self.history[0].on

    @property
    def assignment(self) -> Deed | None:
        """The newest assignment since the case was opened or reopened."""
        return self._newest(Action.ASSIGN)

    @property
    def answer(self) -> Answer | None:
        """The answer that holds; one given before a reopening holds no longer."""
        for step in self._since_opening():
            if step.deed.action is Action.ANSWER:
                return Answer(subject=step.deed.subject, text=step.deed.text, on=step.on)
        return None

    @property
    def public_answer(self) -> Answer | None:
        """The answer, where it is to be shown to everyone."""
        return None if self.state.is_open or self.is_petition or self.is_erased else self.answer

    def is_overdue(self, day: date) -> bool:
        """Whether the unit should have been done before this day."""
        due = self.assignment.due_on if self.assignment else None
        return self.state.is_open and due is not None and due < day

    def as_of(self, day: date) -> Self | None:
        """The case as it stood at the end of a day; None if it was not one yet."""
        steps = tuple(step for step in self.history if step.on <= day)
        return replace(self, history=steps) if steps else None

    @property
    def possible(self) -> frozenset[Action]:
        """What can be done to it now."""
        if len(self.history) >= MAX_STEPS or self.is_erased:
            return frozenset()
        found = {action for action, states in _POSSIBLE.items() if self.state in states}
        return frozenset(found - {Action.ANSWER} if self.is_petition else found)

    def has(self, once: str, deed: Deed) -> bool:
        """Whether this very form was taken already."""
        return any(step.once == once and step.deed == deed for step in self.history)

    def position(self, once: str) -> int:
        """Which step came with this form, counted from 1; the number of all steps if none did."""
        found = (number for number, step in enumerate(self.history, 1) if step.once == once)
        return next(found, len(self.history))

    def after(self, step: Step) -> Self:
        """The case with one more step. Raise `NotPossible`."""
        if step.deed.action not in self.possible:
            raise NotPossible(step.deed.action)
        return replace(self, history=(*self.history, step))

    def erased(self, reason: str, *, who: str, on: date) -> Self:
        """The case closed and without any words: they may be the citizen's, or tell what these were.

        Who did what on which day stays, and the service goes. Erased once, it stays as it is.
        """
        end = Step(deed=Deed(action=Action.CLOSE, text=reason), who=who, on=on, once=_ERASED)
        if self.has(_ERASED, end.deed):
            return self
        emptied = tuple(
            replace(step, deed=Deed(action=step.deed.action, due_on=step.deed.due_on))
            for step in self.history
        )
        return replace(self, service="", history=(*emptied, end))

    @property
    def is_erased(self) -> bool:
        """Whether its words were erased, so that nothing can be done to it any more."""
        return self.history[-1].once == _ERASED

    def _newest(self, action: Action) -> Deed | None:
        return next((step.deed for step in self._since_opening() if step.deed.action is action), None)

    def _since_opening(self) -> Iterable[Step]:
        """The steps since the case was last opened or reopened, newest first."""
        for step in reversed(self.history):
            if step.deed.action in (Action.OPEN, Action.REOPEN):
                return
            yield step
