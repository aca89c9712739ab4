"""The mail to a ward's operator: what did not go out as it should, and where to read what to do."""

from collections.abc import Sequence

from jinja2 import Environment

from homthu.domain.alarm import Alarm
from homthu.domain.box import Box
from homthu.render.message import Mail
from homthu.render.texts import Texts


def render_alarm(box: Box, alarms: Sequence[Alarm], *, texts: Texts, templates: Environment) -> Mail:
    """Word the alarms of one ward; there is at least one."""
    lines = [
        f"{alarm.week}: {texts(f'alarm.{alarm.kind}', reason=alarm.reason, count=alarm.count)}"
        for alarm in alarms
    ]
    subject = texts("alarm.subject", ward=box.ward.full_name, week=alarms[0].week)
    values = {"t": texts, "lines": lines, "subject": subject}
    return Mail(
        subject=subject,
        text=templates.get_template("mail/alarm.txt").render(values),
        html=templates.get_template("mail/alarm.html").render(values),
        attachments=(),
    )
