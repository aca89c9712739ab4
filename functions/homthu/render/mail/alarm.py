"""The mail to a ward's operator: what did not go out as it should, and where to read what to do."""

from collections.abc import Sequence

from jinja2 import Environment

from homthu.domain.boxes.box import Box
from homthu.domain.reports.alarm import Alarm
from homthu.render.mail.message import Mail
from homthu.render.texts import Texts


def render_alarm(box: Box, alarms: Sequence[Alarm], *, texts: Texts, templates: Environment) -> Mail:
    """Word the alarms of one ward; there is at least one."""
    lines = []
    for alarm in alarms:
        values = {"reason": alarm.reason, "count": alarm.count, "week": alarm.week}
        lines.append(f"{alarm.week}: {texts(f'alarm.{alarm.kind}', **values)}")
    subject = texts("alarm.subject", ward=box.ward.full_name, week=alarms[0].week)
    parts = {"t": texts, "lines": lines, "subject": subject}
    return Mail(
        subject=subject,
        text=templates.get_template("mail/alarm.txt").render(parts),
        html=templates.get_template("mail/alarm.html").render(parts),
        attachments=(),
    )
