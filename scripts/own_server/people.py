"""Alerts the people who look after a box: by mail to its operators, and by the office's own command.

Both ways are tried each time: the mail server itself may be what has failed.
"""

import hashlib
from dataclasses import dataclass
from html import escape
from pathlib import Path

from homthu.adapters.web_files import load_texts
from homthu.bootstrap.start import start
from homthu.log import log
from homthu.ports import MailError
from homthu.render.mail.message import Mail, address, build_content
from local import data_folder

from own_server.office_command import ring
from own_server.settings import ServerSettings


@dataclass(frozen=True, kw_only=True, slots=True)
class Reached:
    """Whom a message reached: how many operators by mail, and whether the office's command succeeded."""

    mails: int = 0
    is_rung: bool = False

    @property
    def is_anybody(self) -> bool:
        """Whether it reached anybody at all."""
        return bool(self.mails) or self.is_rung


def tell_people(
    data: Path, settings: ServerSettings, line: str, text: str = "", *, loudly: bool = True
) -> Reached:
    """Send this line, and the text that explains it, to everybody. It never raises: it is the last resort.

    Without `loudly` it goes by mail only.
    """
    text = text or line
    mails = _mail(data, line, text)
    if not loudly or settings.alarm_command is None:
        return Reached(mails=mails)
    if why := ring(settings.alarm_command, line, text):
        log("alarm_command_failed", "ERROR", reason=why)
    return Reached(mails=mails, is_rung=not why)


def _mail(data: Path, line: str, text: str) -> int:
    try:
        return _send(data, line, text)
    except SystemExit:
        # Broken settings or box files are a reason to alert, not one to be silent.
        log("alarm_not_sent", "ERROR", reason="cannot_start")
    except Exception as error:
        log("alarm_not_sent", "ERROR", reason=type(error).__name__)
    return 0


def _send(data: Path, line: str, text: str) -> int:
    parts = start("watch", data_folder.settings_for(data))
    now, sender = parts.clock(), parts.sender
    paragraphs = "".join(f"<p>{escape(one)}</p>" for one in text.splitlines() if one)
    mail = Mail(subject=f"[Hòm thư góp ý] {line}", text=text, html=f"<html><body>{paragraphs}</body></html>")
    content = build_content(mail, sender_name=load_texts("vi")("mail.sender"), sender=sender.email, date=now)
    mark = hashlib.sha256(text.encode()).hexdigest()[:16]
    sent = 0
    for operator in sorted({box.operator.email for box in parts.boxes.by_ward.values()}):
        message_id = f"<server.{now:%Y%m%d%H%M%S}.{mark}@{sender.host}>"
        message = address(content, recipient_name="", recipient=operator, message_id=message_id)
        try:
            parts.mailer.send(message, sender=sender.email, recipient=operator)
            sent += 1
        except MailError as error:
            log("alarm_not_sent", "ERROR", reason=error.reason)
    return sent
