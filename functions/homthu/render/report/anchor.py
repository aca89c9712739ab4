"""The anchor of the chain: the digest of the report before, printed where nobody can change it through the
store.

Whoever may write to the store can remake all reports with digests that fit. They cannot change what is in a
mailbox or on paper.
"""

import re
from email import message_from_bytes

from homthu.domain.reports.printed_digest import printed
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.render.mail.desk_link import without_links
from homthu.render.texts import Texts


def previous(report: WeeklyReport, texts: Texts) -> tuple[str, ...]:
    """The line with the digest of the report before; empty in a ward's first."""
    digest = printed(report.previous_digest)
    return (texts("report.mail.previous", digest=digest),) if digest else ()


def printed_in(message: bytes, texts: Texts) -> str:
    """The digest that a mail prints of the report before; empty if it prints none."""
    label = texts("report.mail.previous", digest="\0").partition("\0")[0]
    # The last of several: what citizens wrote is above it.
    _, _, after = " ".join(plain_text(message).split()).rpartition(label.strip())
    found = re.match(r"\s*([0-9a-f]{16})\b", after)
    return found[1] if found else ""


def plain_text(message: bytes) -> str:
    """The text of a mail, as a program without HTML shows it."""
    for part in message_from_bytes(message).walk():
        payload = part.get_payload(decode=True)
        if part.get_content_type() == "text/plain" and isinstance(payload, bytes):
            return payload.decode("utf-8", "replace")
    return ""


def shown_by(message: bytes) -> list[bytes]:
    """All that a mail shows: its texts and its files, without what servers put around them.

    A link to the desk that is its recipient's own counts as the one that was frozen.
    """
    parts = [part for part in message_from_bytes(message).walk() if not part.is_multipart()]
    payloads = [part.get_payload(decode=True) for part in parts]
    return [without_links(payload.strip()) for payload in payloads if isinstance(payload, bytes)]
