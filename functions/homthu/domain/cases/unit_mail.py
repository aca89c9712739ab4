"""A mail owed to a unit: that a case was assigned to it, or that a due day is near or has passed."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Self

from homthu.domain.cases.case import Case
from homthu.domain.reports.ledger import DeliveryState
from homthu.domain.week import Week


class UnitMailKind(StrEnum):
    """What a mail to a unit is for."""

    ASSIGNED = "assigned"
    REMINDER = "reminder"
    #: To a clerk: that there are figures to be typed into another system. It names no task.
    FIGURES = "figures"


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """An assignment: the case, and which of its steps assigns it, so that each assignment is one task."""

    case: str
    step: int

    @classmethod
    def of(cls, case: Case) -> "Task | None":
        """What a unit has to do now; None if the case is assigned to nobody."""
        step = case.assigned_at
        return cls(case=case.id, step=step) if step is not None else None

    def is_current(self, case: Case | None) -> bool:
        """Whether the assignment of this step still stands, and the unit has not reported yet."""
        return case is not None and self == Task.of(case) and case.unit_report is None


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitMail:
    """A mail, one recipient's, and how its delivery stands. It names tasks and holds no words.

    `unit` is the unit's name in the box, or the clerk's, `made_on` the day it was owed on.
    """

    id: str
    ward: str
    unit: str
    recipient: str
    kind: UnitMailKind
    made_on: date
    tasks: tuple[Task, ...]
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    not_before: datetime | None = None
    lease_until: datetime | None = None
    reason: str = ""
    revision: object = field(default=None, compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class BouncedMails:
    """Mails to units that bounced: for each task, the day on which the newest of them was owed."""

    days: Mapping[Task, date] = field(default_factory=dict)

    @classmethod
    def of(cls, mails: Iterable[UnitMail]) -> Self:
        """Of those that bounced."""
        days: dict[Task, date] = {}
        for mail in mails:
            for task in mail.tasks:
                days[task] = max(mail.made_on, days.get(task, mail.made_on))
        return cls(days=days)

    def day_of(self, case: Case | None) -> date | None:
        """The day of the bounced mail about what is still to be done; None if there is none."""
        task = Task.of(case) if case else None
        return self.days.get(task) if task and task.is_current(case) else None


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskLine:
    """One case in a mail: its name, its due day, how many days ago that was, and the link."""

    name: str
    due_on: date
    overdue_days: int
    link: str


def assignment_mail_id(ward: str, task: Task, recipient: str = "") -> str:
    """The id of the mail about an assignment, always the same for the same assignment.

    The address is part of it only where another one was told before the box file was corrected.
    """
    address = (recipient.casefold(),) if recipient else ()
    return _id(ward, UnitMailKind.ASSIGNED, task.case, str(task.step), *address)


def reminder_mail_id(ward: str, recipient: str, day: date) -> str:
    """The id of a day's reminder to a unit."""
    return _id(ward, UnitMailKind.REMINDER, recipient.casefold(), str(day))


def figures_mail_id(ward: str, recipient: str, week: Week) -> str:
    """The id of the mail that tells a clerk, in a week, what there is to be typed."""
    return _id(ward, UnitMailKind.FIGURES, recipient.casefold(), str(week))


def _id(ward: str, kind: UnitMailKind, *parts: str) -> str:
    # A digest: the id stands in a mail's header, and a case's leads to what somebody wrote.
    return f"{ward}.{kind}.{hashlib.sha256(chr(0).join((ward, *parts)).encode()).hexdigest()[:24]}"
