"""Alarm: write to a ward's operator what a person must look at."""

import hashlib
from collections.abc import Callable, Sequence

from homthu.domain.boxes.box import Box
from homthu.domain.reports.alarm import Alarm
from homthu.domain.week import local_date
from homthu.ports import Clock, Mailer, MailError
from homthu.render.mail.message import address
from homthu.services.deliver import Sender

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
