"""The mail to a unit: what was assigned to it, or is due soon, or was due. It holds nobody's words."""

from collections.abc import Sequence

from jinja2 import Environment

from homthu.domain.boxes.box import Box
from homthu.domain.cases.unit_mail import TaskLine, UnitMailKind
from homthu.render.mail.message import Mail
from homthu.render.numbers import format_count, format_date
from homthu.render.texts import Texts


def render_unit_mail(
    box: Box,
    kind: UnitMailKind,
    unit: str,
    lines: Sequence[TaskLine],
    *,
    texts: Texts,
    templates: Environment,
) -> Mail:
    """Render the mail."""
    subject = texts(f"desk.unit_mail.{kind}_subject", count=format_count(len(lines)), ward=box.ward.full_name)
    values = {
        "t": texts,
        "subject": subject,
        "intro": texts(f"desk.unit_mail.{kind}", unit=unit, ward=box.ward.full_name),
        "lines": [(_said(line, texts), line.link) for line in lines],
    }
    return Mail(
        subject=subject,
        text=templates.get_template("mail/unit.txt").render(values),
        html=templates.get_template("mail/unit.html").render(values),
        attachments=(),
    )


def _said(line: TaskLine, texts: Texts) -> str:
    key = "late" if line.overdue_days else "due"
    named = texts("desk.named", name=line.name) if line.name else texts("desk.unit_mail.unnamed")
    return texts(
        f"desk.unit_mail.{key}",
        name=named,
        day=format_date(line.due_on),
        days=format_count(line.overdue_days),
    )
