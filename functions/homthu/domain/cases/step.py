"""A step of a case: what was done, by whom, on which day, and where it led to."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self


class CaseState(StrEnum):
    """Where a case stands."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    CLOSED = "closed"
    #: It says the same as another case, and is dealt with there.
    JOINED = "joined"

    @property
    def is_open(self) -> bool:
        """Whether the ward still owes something."""
        return self in (CaseState.RECEIVED, CaseState.ASSIGNED)


class ActionKind(StrEnum):
    """What a member of the committee can do."""

    OPEN = "open"
    ASSIGN = "assign"
    ANSWER = "answer"
    CLOSE = "close"
    REOPEN = "reopen"
    #: «Dành cho người nhận đơn» and «Không phải khiếu nại, tố cáo»: neither leads to another state.
    SET_APART = "set_apart"
    SET_BACK = "set_back"
    #: The unit says that it has done it, and what; a member decides what is published of it.
    REPORT = "report"
    #: It goes into another case and comes out of it; the other one notes both.
    JOIN = "join"
    PART = "part"
    GATHER = "gather"
    RELEASE = "release"
    #: What an earlier case answered has come back.
    RECUR = "recur"


class AnswerKind(StrEnum):
    """What a public answer says: done, will be done by a day, cannot be done, or passed on to whom it
    concerns."""

    DONE = "done"
    PROMISED = "promised"
    DECLINED = "declined"
    PASSED_ON = "passed_on"


#: What moves a text to those who receive petitions, or back.
MOVES = frozenset({ActionKind.SET_APART, ActionKind.SET_BACK})
_LEADS_TO = {
    ActionKind.OPEN: CaseState.RECEIVED,
    ActionKind.ASSIGN: CaseState.ASSIGNED,
    ActionKind.ANSWER: CaseState.ANSWERED,
    ActionKind.CLOSE: CaseState.CLOSED,
    ActionKind.REOPEN: CaseState.RECEIVED,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseAction:
    """What is to be done to a case.

    `subject` and `text` are the public answer's two halves, «Ông/bà nói» and what the ward says to it;
    `due_on` is the day it promises something by, `passed_to` whom it was passed on to. With an
    assignment `text` names the unit and `due_on` the day, with a closing it gives the reason.
    `other` is the id of the case that it is joined with, parted from, or brings back.
    """

    kind: ActionKind
    subject: str = ""
    text: str = ""
    due_on: date | None = None
    other: str = ""
    answer_kind: AnswerKind | None = None
    passed_to: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseEvent:
    """An action that was taken: by whom (the name in the box), on which day.

    `idempotency_key` is the key of the form it was sent with: the same form sent again is recognised by it.
    """

    action: CaseAction
    who: str
    on: date
    idempotency_key: str

    @property
    def state(self) -> CaseState | None:
        """The state that the step led to; None if it changed none."""
        return _LEADS_TO.get(self.action.kind)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What the ward says in public: what it was told, in its own words, and what it did."""

    subject: str
    text: str
    on: date
    #: None of answers from before there were kinds, which tell what was done.
    kind: AnswerKind | None = None
    #: Until when it is promised, or to whom it was passed on.
    by: date | None = None
    passed_to: str = ""

    @classmethod
    def of(cls, event: CaseEvent) -> Self:
        """What a step answered."""
        action = event.action
        return cls(
            subject=action.subject,
            text=action.text,
            on=event.on,
            kind=action.answer_kind,
            by=action.due_on,
            passed_to=action.passed_to,
        )
