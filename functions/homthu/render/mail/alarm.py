"""The mail to a ward's operator: what did not go out, why, who can fix it, and what happens by itself."""

from collections.abc import Sequence

from jinja2 import Environment

from homthu.domain.boxes.box import Box
from homthu.domain.reports.alarm import Alarm
from homthu.render.mail.cause import describe_cause
from homthu.render.mail.message import Mail
from homthu.render.texts import Texts


def render_alarm(box: Box, alarms: Sequence[Alarm], *, texts: Texts, templates: Environment) -> Mail:
    """Render the alarms of one ward; there is at least one."""
    subject = texts("alarm.subject", ward=box.ward.full_name, week=alarms[0].week)
    parts = {"t": texts, "lines": [_line(alarm, texts) for alarm in alarms], "subject": subject}
    return Mail(
        subject=subject,
        text=templates.get_template("mail/alarm.txt").render(parts),
        html=templates.get_template("mail/alarm.html").render(parts),
        attachments=(),
    )


def _line(alarm: Alarm, texts: Texts) -> str:
    values = {
        "ward": alarm.ward,
        "week": alarm.week,
        "count": alarm.count,
        "reason": alarm.reason,
        "who": ", ".join(alarm.recipients),
        "cause": describe_cause(alarm.reason, texts) if alarm.recipients else "",
    }
    sentences = [f"{alarm.week}: {texts(f'alarm.{alarm.kind}', **values)}"]
    if alarm.recipients:
        sentences.append(texts("alarm.code", reason=alarm.reason))
    return " ".join(sentences)
