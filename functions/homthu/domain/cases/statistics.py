"""Case statistics: what became of a ward's cases in a report's period, and where they stood at its end.

All is derived from the histories, whose steps are dated, so that a past week comes out the same whenever it
is asked for. Carried over + taken in hand - done - joined to another = open, always.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Self

from homthu.domain.boxes.deadlines import USUAL_DEADLINES, Deadlines
from homthu.domain.cases.case import MOVES, ActionKind, Answer, AnswerKind, Case, CaseState
from homthu.domain.cases.deadline import deadline, overdue_days
from homthu.domain.cases.verdict import stands_denied
from homthu.domain.reports.attribution import Attribution
from homthu.domain.week import Week, short_name

#: The most cases listed; the desk has all of them.
MAX_LISTED_CASES = 100
#: What brings a case before the committee: a case that left its matter stands by itself again.
_TAKEN = (ActionKind.OPEN, ActionKind.REOPEN, ActionKind.PART)


def promises_that_came(case: Case, last: date) -> Iterator[date]:
    """The days, up to the last, on which a promise came due that nothing had followed yet."""
    ends = [event.on for event in case.history[1:]] + [last + timedelta(days=1)]
    for event, end in zip(case.history, ends, strict=True):
        action = event.action
        if action.answer_kind is AnswerKind.PROMISED and action.due_on and action.due_on <= min(end, last):
            yield action.due_on


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseInPeriod:
    """One case in a report's time: as it stood at the end, whether it was carried over, open, from the
    time before, and whether it was opened or reopened in between."""

    case: Case
    is_carried: bool
    was_taken: bool
    first: date
    last: date
    deadlines: Deadlines = USUAL_DEADLINES
    #: The day in this period on which the author said that the answer settled nothing.
    denied_on: date | None = None

    @classmethod
    def of(
        cls,
        case: Case,
        *,
        first: date,
        last: date,
        deadlines: Deadlines = USUAL_DEADLINES,
        denied_on: date | None = None,
    ) -> Self | None:
        """The course from one day to another, both included; None if it was not a case yet."""
        then, before = case.as_of(last), case.as_of(first - timedelta(days=1))
        if then is None:
            return None
        return cls(
            case=then,
            is_carried=before is not None and before.is_owed(first - timedelta(days=1)),
            was_taken=any(event.on >= first and event.action.kind in _TAKEN for event in then.history)
            or any(first <= day <= last for day in promises_that_came(then, last)),
            first=first,
            last=last,
            deadlines=deadlines,
            denied_on=denied_on,
        )

    @property
    def move(self) -> ActionKind | None:
        """The newest move of its text in this time, if there was one."""
        moves = [event for event in self.case.history if event.action.kind in MOVES]
        return moves[-1].action.kind if moves and moves[-1].on >= self.first else None

    @property
    def is_taken(self) -> bool:
        """Whether it was taken in hand in this period, and not joined to another case."""
        return self.was_taken and not self.is_carried and not self.case.joined_to

    @property
    def was_joined(self) -> bool:
        """Whether it was carried over and is dealt with in another case since."""
        return self.is_carried and bool(self.case.joined_to)

    @property
    def is_denied(self) -> bool:
        """Whether it stands answered in a way that its author called not enough, with nothing done since."""
        return self.denied_on is not None and stands_denied(self.case, self.denied_on, self.last)

    @property
    def is_open(self) -> bool:
        """Whether the ward still owed something at the end."""
        return self.case.is_owed(self.last)

    @property
    def is_done(self) -> bool:
        """Whether it was answered or closed, and stayed so."""
        return (self.is_carried or self.was_taken) and not self.is_open and not self.case.joined_to

    @property
    def is_unassigned(self) -> bool:
        """Whether it was open and nobody had been told to do it."""
        return self.case.state is CaseState.RECEIVED

    @property
    def overdue_days(self) -> int:
        """For how many days the deadline had passed when the last day ended, that day included."""
        return overdue_days(self.case, self.deadlines, self.last + timedelta(days=1))

    @property
    def urgency(self) -> tuple[object, ...]:
        """The sort key of a list: overdue, unassigned, by due day, then what is done, newest first.

        Ids are random, so the order among equals reveals nothing.
        """
        case, due = self.case, deadline(self.case, self.deadlines)
        if self.is_denied:
            return (0, 0, case.stands_since.toordinal(), case.opened_on.toordinal(), case.id)
        if due is None or not self.is_open:
            return (1, 0, 0, -case.stands_since.toordinal(), case.id)
        rank = 0 if self.overdue_days else 1 if self.is_unassigned else 2
        return (0, rank, due.toordinal(), case.opened_on.toordinal(), case.id)


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseSummary:
    """A case as a report lists it.

    `about` says what it is about: in the ward's own words once it has answered, else in the citizen's,
    masked; it is empty when the words are gone. Of what may be a complaint or denunciation neither the
    words nor the place nor the service is told (Luật Tố cáo 2018, articles 22 to 25); of others they are
    told where enough came from there that they identify nobody. `id` is shown to nobody: it marks whose words
    these are until the mail is frozen. `name` is what the suggestion is called,
    empty for cases of old. `is_public` says
    whether everyone can read the ward's answer, and `ended_on` the day it was answered or closed, None
    while open.
    """

    id: str
    name: str
    about: str
    is_petition: bool
    place: str
    service: str
    week: Week
    opened_on: date
    state: CaseState
    unit: str
    due_on: date | None
    overdue_days: int
    is_public: bool
    ended_on: date | None
    #: What `about` is for those who do not read words, and whether this is told to such.
    passed_about: str = ""
    is_for_words: bool = True
    #: How many forms say this.
    forms: int = 1
    #: Whether what was answered before has come back.
    recurs: bool = False
    #: What the ward said, if it said anything since the case was opened or reopened.
    answer: Answer | None = None
    #: Whether the author says that this settled nothing.
    is_denied: bool = False

    @classmethod
    def of(
        cls, in_period: CaseInPeriod, about: str, attribution: Attribution, passed_about: str = ""
    ) -> Self:
        """The matter of a case that is told to be about this."""
        case, assignment = in_period.case, in_period.case.assignment
        return cls(
            id=case.id,
            name=short_name(case.week, case.number),
            about="" if case.is_petition else about,
            is_petition=case.is_petition,
            place="" if case.is_petition else attribution.place(case.week, case.place),
            service="" if case.is_petition else attribution.service(case.week, case.service),
            week=case.week,
            opened_on=case.opened_on,
            state=case.state,
            unit=assignment.text if assignment else "",
            due_on=assignment.due_on if assignment else None,
            overdue_days=in_period.overdue_days,
            is_public=case.public_answer is not None,
            answer=case.answer,
            is_denied=in_period.is_denied,
            ended_on=None if in_period.is_open else case.stands_since,
            passed_about="" if case.is_petition else passed_about,
            forms=case.forms,
            recurs=bool(case.recurs_from),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseStatistics:
    """The cases of a ward in a report's time.

    `is_used` says whether the ward had any case at all by then. `cases` are those open at the end
    and those done meanwhile, the most urgent first; `more` is how many of them are not listed.
    `joined` were carried over and are dealt with in another one since: carried over + taken in hand
    - done - joined = open. `set_apart` and `set_back` are the texts that were moved at the desk in this time.
    """

    is_used: bool = False
    carried: int = 0
    taken: int = 0
    done: int = 0
    open: int = 0
    unassigned: int = 0
    overdue: int = 0
    cases: tuple[CaseSummary, ...] = ()
    more: int = 0
    set_apart: int = 0
    set_back: int = 0
    #: Of those that nobody was told to do, how many are overdue as well.
    unassigned_overdue: int = 0
    #: Answered cases that their authors say are not settled.
    denied: int = 0
    joined: int = 0

    def without_words(self) -> Self:
        """The statistics as told to those who do not read words."""
        cases = (replace(one, about=one.passed_about, is_for_words=False) for one in self.cases)
        return replace(self, cases=tuple(cases))

    def without_petitions(self) -> Self:
        """The statistics as told to those who do not read petitions: the numbers, and the other cases."""
        cases = tuple(one for one in self.cases if not one.is_petition)
        return replace(self, cases=cases, set_apart=0, set_back=0)

    @property
    def undecided(self) -> int:
        """Cases that wait for a decision by the committee: unassigned, overdue, or not settled."""
        return self.unassigned + self.overdue - self.unassigned_overdue + self.denied
