"""The mail to a clerk: how much there is to be typed, the link that opens it, and what it must add up to."""

from datetime import date

from jinja2 import Environment

from homthu.domain.boxes.box import Box
from homthu.domain.rekeying.rows import Totals
from homthu.render.mail.message import Mail
from homthu.render.numbers import format_count, format_date
from homthu.render.texts import Texts


def render_clerk_mail(
    box: Box,
    *,
    clerk: str,
    link: str,
    until: date,
    rows: int,
    target: str,
    year: int,
    totals: Totals,
    texts: Texts,
    templates: Environment,
) -> Mail:
    """Word the mail: `rows` are still to be typed, the `totals` are those of all of the year's."""
    ward = box.ward.full_name
    subject = texts("rekey.mail.subject", count=format_count(rows), ward=ward)
    sums = [
        texts("rekey.mail.sum", field=total.label, sum=format_count(total.sum), rows=format_count(total.rows))
        for total in (*totals.forms, *totals.answers)
    ]
    values = {
        "t": texts,
        "subject": subject,
        "intro": texts("rekey.mail.intro", name=clerk, ward=ward, count=format_count(rows), target=target),
        "link": link,
        "until": format_date(until),
        "year": str(year),
        "sums": sums,
    }
    return Mail(
        subject=subject,
        text=templates.get_template("mail/clerk.txt").render(values),
        html=templates.get_template("mail/clerk.html").render(values),
        attachments=(),
    )
