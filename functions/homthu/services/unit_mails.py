"""Unit mails: tell units what was assigned to them, and remind them two working days before and after.

What is owed is derived from the cases alone: a mail that was not noted when its case was assigned is noted by
the next daily run, so that a crash between the two loses nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta

from homthu.domain.boxes.box import Box, Unit
from homthu.domain.cases.case import Case
from homthu.domain.cases.unit_mail import (
    Task,
    TaskLine,
    UnitMail,
    UnitMailKind,
    assignment_mail_id,
    reminder_mail_id,
)
from homthu.domain.reports.ledger import DeliveryState
from homthu.domain.submissions.signs import Signs
from homthu.domain.week import short_name
from homthu.log import log
from homthu.ports import Cases, Conflict, Seal, StoreUnavailable, SubmissionFinder
from homthu.render.mail.desk_link import DESK
from homthu.services.page_mails import MailsOutcome, PagePost, hand_over, tell_each, to_units, withdraw
from homthu.services.unit_access import make_unit_pass, may_see, unit_of

#: Where a unit's link leads to.
UNIT_DOOR = f"{DESK}/don-vi"
#: A reminder goes out this many working days before the due day, and on the first one after it.
DAYS_BEFORE, DAYS_AFTER = 2, 1
#: How many working days later a missed reminder is still sent.
_CATCH_UP = 5


#: Renders a mail: the box, what it is for, the unit's name, and the cases.
WriteUnitMail = Callable[[Box, UnitMailKind, str, Sequence[TaskLine]], bytes]


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitPost(PagePost):
    """What mails to units are made and sent with."""

    cases: Cases
    finder: SubmissionFinder
    signs: Signs
    seal: Seal
    write: WriteUnitMail


def owe_assignment(post: UnitPost, box: Box, case: Case) -> UnitMail | None:
    """Note the mail that tells a unit of its case; None where there is nobody to tell.

    May raise `StoreUnavailable`.
    """
    task, unit = Task.of(case), unit_of(box, case)
    if task is None or unit is None or not may_see(post.finder, post.signs, case):
        return None
    id = assignment_mail_id(box.ward.code, task)
    found = post.unit_mails.unit_mail(id)
    if found and found.recipient.casefold() != unit.email.casefold():
        id = assignment_mail_id(box.ward.code, task, unit.email)
        found = post.unit_mails.unit_mail(id)
    mail = _mail(post, box, unit, id, UnitMailKind.ASSIGNED, [task])
    if found is None:
        post.unit_mails.owe_unit_mail(mail)
    elif found.state is DeliveryState.WITHDRAWN and any(_lines(post, box, mail)):
        # The case had left the unit for a while before the mail could go.
        with suppress(Conflict):
            return post.unit_mails.replace_unit_mail(found, replace(mail, revision=found.revision))
    else:
        return found
    return post.unit_mails.unit_mail(id)


def tell_unit(post: UnitPost, box: Box, case: Case) -> None:
    """Tell a unit at once of what was just assigned to it.

    What cannot be noted or sent now is left to the next daily run: the assignment stands, whatever becomes of
    its mail.
    """
    try:
        if mail := owe_assignment(post, box, case):
            send_unit_mail(post.in_one_run(), box, mail)
    except StoreUnavailable as unavailable:
        log("unit_not_told", "ERROR", ward=box.ward.code, reason=unavailable.reason)


def tell_units(post: UnitPost, boxes: Iterable[Box]) -> list[MailsOutcome]:
    """Note and send whatever the units of every ward are owed; one ward's trouble stops no other."""
    run = post.in_one_run()
    return tell_each(boxes, lambda box: _tell(run, box), crashed="units_crashed", not_told="units_not_told")


def _tell(post: UnitPost, box: Box) -> MailsOutcome:
    owe_unit_mails(post, box)
    withdraw_returned(post, box)
    tried = send_unit_mails(post, box)
    owed = list(to_units(post.unit_mails.owed_unit_mails(box.ward.code)))
    return MailsOutcome(ward=box.ward.code, tried=len(tried), owed=len(owed))


def owe_unit_mails(post: UnitPost, box: Box) -> None:
    """Note every mail that is owed to the ward's units today. May raise `StoreUnavailable`."""
    by_unit: dict[Unit, list[Case]] = {}
    for case in post.cases.open_cases(box.ward.code) if box.units else ():
        unit = unit_of(box, case)
        if unit and owe_assignment(post, box, case):
            by_unit.setdefault(unit, []).append(case)
    calendar, today = box.deadlines.calendar, post.today
    if not calendar.is_working(today):
        return
    days = [today, *(calendar.before(today, count) for count in range(1, _CATCH_UP))]
    for unit, cases in by_unit.items():
        ids = {day: reminder_mail_id(box.ward.code, unit.email, day) for day in days}
        sent = {day: mail.tasks for day, id in ids.items() if (mail := post.unit_mails.unit_mail(id))}
        tasks = [
            task
            for case in cases
            if (task := Task.of(case)) and task.is_current(case)
            for occasion in _occasions(box, case, task, today)
            if occasion in days and not any(task in sent[day] for day in sent if day >= occasion)
        ]
        if tasks and today not in sent:
            distinct = list(dict.fromkeys(tasks))
            post.unit_mails.owe_unit_mail(_mail(post, box, unit, ids[today], UnitMailKind.REMINDER, distinct))


def withdraw_returned(post: UnitPost, box: Box) -> None:
    """Withdraw mails that bounced whose cases are done, or another unit's, or told at another address.

    Those that are left stand for units that were not told. May raise `StoreUnavailable`.
    """
    for mail in to_units(post.unit_mails.bounced_unit_mails(box.ward.code)):
        if not any(_lines(post, box, mail)):
            withdraw(post, mail)


def _occasions(box: Box, case: Case, task: Task, today: date) -> Iterable[date]:
    """The days on which a unit is reminded of a task, as far as that still makes sense today."""
    due, assigned_on = case.assignment.due_on if case.assignment else None, case.history[task.step].on
    if due is None:
        return
    before = box.deadlines.calendar.before(due, DAYS_BEFORE)
    # Who was told on that day or later needs no second mail.
    if before > assigned_on and today <= due:
        yield before
    yield box.deadlines.calendar.after(due, DAYS_AFTER)


def _mail(
    post: UnitPost, box: Box, unit: Unit, id: str, kind: UnitMailKind, tasks: Sequence[Task]
) -> UnitMail:
    return UnitMail(
        id=id,
        ward=box.ward.code,
        unit=unit.name,
        recipient=unit.email,
        kind=kind,
        made_on=post.today,
        tasks=tuple(tasks),
    )


def send_unit_mails(post: UnitPost, box: Box) -> list[UnitMail]:
    """Try every mail to a unit of the ward that is due; return those tried, as they stand now.

    May raise `StoreUnavailable`.
    """
    run = post.in_one_run()
    owed = post.unit_mails.owed_unit_mails(box.ward.code)
    return [tried for mail in to_units(owed) if (tried := send_unit_mail(run, box, mail))]


def send_unit_mail(post: UnitPost, box: Box, mail: UnitMail) -> UnitMail | None:
    """Hand one over if it is due; None if it is not. One whose cases are done is withdrawn."""

    def write_if_due() -> Callable[[], bytes] | None:
        lines = list(_lines(post, box, mail))
        return (lambda: post.write(box, mail.kind, mail.unit, lines)) if lines else None

    return hand_over(post, mail, write_if_due)


def _lines(post: UnitPost, box: Box, mail: UnitMail) -> Iterable[TaskLine]:
    """The cases that the unit of the mail has still to do."""
    for task in mail.tasks:
        case = post.cases.case(task.case)
        if case is None or not task.is_current(case) or not may_see(post.finder, post.signs, case):
            continue
        unit, due = unit_of(box, case), case.assignment.due_on if case.assignment else None
        if unit and due and unit.email == mail.recipient:
            token = make_unit_pass(post.seal, box, unit, task)
            yield TaskLine(
                name=short_name(case.week, case.number),
                due_on=due,
                overdue_days=max(timedelta(), post.today - due).days,
                link=f"{post.base_url}{UNIT_DOOR}/{token}",
            )
