"""Watch: look two hours after the report whether everything that was owed has gone out."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import date, datetime

from homthu.domain.boxes.box import Box
from homthu.domain.cases.unit_mail import UnitMailKind
from homthu.domain.mail_cause import MailCause, cause_of
from homthu.domain.reports.alarm import Alarm, AlarmKind
from homthu.domain.reports.ledger import Delivery, DeliveryState, newest_counts
from homthu.domain.week import Week, local_date
from homthu.ports import Clock, Ledger, Mailer, MailError, StoreUnavailable, SubmissionArchive, UnitMails
from homthu.render.mail.message import address
from homthu.services.clock_check import ClockBehind, check_clock
from homthu.services.deliver import Sender
from homthu.services.owed_weeks import last_finished_week


def watch(
    archive: SubmissionArchive, ledger: Ledger, unit_mails: UnitMails, clock: Clock, box: Box
) -> list[Alarm]:
    """Every alarm for the last finished week of a ward, and for its units."""
    ward, now = box.ward.code, clock()
    week = last_finished_week(now)
    try:
        found = _look(archive, ledger, ward, week, now)
        return [*found, *_of_units(unit_mails, ward, week, local_date(now))]
    except StoreUnavailable as unavailable:
        kind, reason = AlarmKind.STORE_UNAVAILABLE, unavailable.reason
        return [Alarm(kind=kind, ward=ward, week=week, reason=reason)]


def _look(archive: SubmissionArchive, ledger: Ledger, ward: str, week: Week, now: datetime) -> list[Alarm]:
    report = ledger.report(ward, week)
    head = ledger.head(ward)
    try:
        check_clock(archive, ledger, head, ward, now)
    except ClockBehind as behind:
        # What else there is to be said of the week hangs on the clock.
        return [Alarm(kind=AlarmKind.CLOCK_BEHIND, ward=ward, week=behind.week, reason=behind.seen)]
    if report is None or head is None or head.last_week is None or head.last_week < week:
        # The week's own report may stand while that of a round or a year, made with it, does not.
        return [Alarm(kind=AlarmKind.REPORT_MISSING, ward=ward, week=week)]
    alarms = []
    newest = newest_counts(ledger.reports_of_week(ward, week))[week]
    if difference := abs(archive.count_in_week(ward, week) - newest.tally.total):
        alarms.append(Alarm(kind=AlarmKind.COUNT_DIFFERS, ward=ward, week=week, count=difference))
    unfinished = [*ledger.owed(ward), *(one for one in ledger.deliveries(ward, week) if _has_bounced(one))]
    alike: dict[tuple[AlarmKind, Week, str], list[str]] = {}
    for one in unfinished:
        reason = one.reason or one.state.value
        alike.setdefault((_kind_of(one), one.week, reason), []).append(one.recipient)
    for (kind, of_week, reason), found in alike.items():
        alarms.append(
            Alarm(
                kind=kind,
                ward=ward,
                week=of_week,
                count=len(found),
                reason=reason,
                recipients=tuple(sorted(set(found))),
            )
        )
    return alarms


def _of_units(unit_mails: UnitMails, ward: str, week: Week, today: date) -> list[Alarm]:
    """For what came back from units and clerks, or was to reach them on an earlier day and has not."""
    late = [one for one in unit_mails.owed_unit_mails(ward) if one.made_on < today]
    alike: dict[tuple[AlarmKind, str], list[str]] = {}
    for one in [*unit_mails.bounced_unit_mails(ward), *late]:
        is_clerk = one.kind is UnitMailKind.FIGURES
        kind = AlarmKind.CLERK_NOT_TOLD if is_clerk else AlarmKind.UNIT_NOT_TOLD
        alike.setdefault((kind, one.reason or one.state.value), []).append(one.recipient)
    return [
        Alarm(
            kind=kind,
            ward=ward,
            week=week,
            count=len(found),
            reason=reason,
            recipients=tuple(sorted(set(found))),
        )
        for (kind, reason), found in alike.items()
    ]


def _has_bounced(delivery: Delivery) -> bool:
    return delivery.state is DeliveryState.BOUNCED


def _kind_of(delivery: Delivery) -> AlarmKind:
    if cause_of(delivery.reason) is MailCause.NOT_A_RECIPIENT:
        return AlarmKind.DELIVERY_TO_STRANGER
    kinds = {
        DeliveryState.BLOCKED: AlarmKind.DELIVERY_BLOCKED,
        DeliveryState.BOUNCED: AlarmKind.DELIVERY_BOUNCED,
    }
    return kinds.get(delivery.state, AlarmKind.DELIVERY_STUCK)


#: Makes the mail that tells these alarms, complete but for recipient and Message-ID.
WriteAlarm = Callable[[Box, Sequence[Alarm]], bytes]


def raise_alarm(
    mailer: Mailer, clock: Clock, sender: Sender, write: WriteAlarm, box: Box, alarms: Sequence[Alarm]
) -> str:
    """Send one mail to the operator; return "" or the code of why it did not go out.

    The same alarms on the same day carry the same Message-ID, so that a repeated run adds nothing
    to the operator's mailbox that is new.
    """
    kinds = "".join(sorted(f"{alarm.kind}{alarm.week}{alarm.reason}" for alarm in alarms))
    mark = hashlib.sha256(kinds.encode()).hexdigest()[:16]
    message = address(
        write(box, alarms),
        recipient_name="",
        recipient=box.operator.email,
        message_id=f"<alarm.{box.ward.code}.{local_date(clock()):%Y%m%d}.{mark}@{sender.host}>",
    )
    try:
        mailer.send(message, sender=sender.email, recipient=box.operator.email)
    except MailError as error:
        return error.reason
    return ""
