"""The mail with a link to the desk, or for a clerk to their one page of it, sent on request."""

from datetime import date

from jinja2 import Environment

from homthu.domain.boxes.box import Box, Clerk, Recipient
from homthu.render.mail.message import Mail
from homthu.render.numbers import format_date
from homthu.render.texts import Texts


def render_link(
    box: Box, person: Recipient | Clerk, link: str, until: date, *, texts: Texts, templates: Environment
) -> Mail:
    """Render the mail."""
    words = "rekey.link" if isinstance(person, Clerk) else "desk.mail"
    subject = texts(f"{words}.subject", ward=box.ward.full_name)
    values = {
        "t": texts,
        "words": words,
        "subject": subject,
        "name": person.name,
        "ward": box.ward.full_name,
        "link": link,
        "until": format_date(until),
    }
    return Mail(
        subject=subject,
        text=templates.get_template("mail/link.txt").render(values),
        html=templates.get_template("mail/link.html").render(values),
        attachments=(),
    )
