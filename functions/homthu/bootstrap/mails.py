"""The mails of a running function, worded and built when they are needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from homthu.adapters.web_files import load_texts
from homthu.bootstrap.pages import page_templates

if TYPE_CHECKING:
    from datetime import date

    from jinja2 import Environment

    from homthu.config import Settings
    from homthu.domain.boxes.box import Box, Clerk, Recipient
    from homthu.domain.cases.unit_mail import TaskLine, UnitMailKind
    from homthu.domain.reports.alarm import Alarm
    from homthu.domain.reports.suggestion import Suggestion
    from homthu.domain.reports.weekly_report import WeeklyReport
    from homthu.ports import Clock, RandomBytes
    from homthu.render.mail.message import Mail
    from homthu.render.texts import Texts
    from homthu.services.clerk_mails import ClerkLetter


@cache
def _texts() -> Texts:
    """Read once: one ward has several mails on a Monday, a province thousands."""
    return load_texts("vi")


@cache
def _templates() -> Environment:
    """Each template is compiled once, for the first mail that needs it."""
    return page_templates()


class Mails:
    """Imports what words a mail when it is needed, so that no page waits for it."""

    _settings: Settings
    clock: Clock
    random_bytes: RandomBytes
    base_url: str

    def _render_report(self, report: WeeklyReport, suggestions: Iterable[Suggestion]) -> bytes:
        from homthu.render.report.mail import render_report

        texts = _texts()
        mail = render_report(
            report,
            texts=texts,
            templates=_templates(),
            suggestions=suggestions,
            desk_url=f"{self.base_url}/xu-ly",
        )
        salt = self.random_bytes(16).hex()
        return self._content(mail, texts, reply_to=report.box.operator.email, salt=salt)

    def write_alarm(self, box: Box, alarms: Sequence[Alarm]) -> bytes:
        """The mail that raises these alarms."""
        from homthu.render.mail.alarm import render_alarm

        texts = _texts()
        return self._content(render_alarm(box, alarms, texts=texts, templates=_templates()), texts)

    def write_link(self, box: Box, person: Recipient | Clerk, link: str, until: date) -> bytes:
        """The mail with a link to the desk, valid until this day."""
        from homthu.render.mail.link import render_link

        texts = _texts()
        mail = render_link(box, person, link, until, texts=texts, templates=_templates())
        return self._content(mail, texts)

    def write_unit_mail(self, box: Box, kind: UnitMailKind, unit: str, lines: Sequence[TaskLine]) -> bytes:
        """The mail that tells a unit of its cases."""
        from homthu.render.mail.unit import render_unit_mail

        texts = _texts()
        mail = render_unit_mail(box, kind, unit, lines, texts=texts, templates=_templates())
        return self._content(mail, texts)

    def write_clerk_mail(self, box: Box, letter: ClerkLetter) -> bytes:
        """The mail that tells a clerk what is to be typed."""
        from dataclasses import asdict

        from homthu.render.mail.clerk import render_clerk_mail

        texts = _texts()
        said = {**asdict(letter), "totals": letter.totals}
        return self._content(render_clerk_mail(box, **said, texts=texts, templates=_templates()), texts)

    def _content(self, mail: Mail, texts: Texts, *, reply_to: str = "", salt: str = "") -> bytes:
        from homthu.render.mail.message import build_content

        return build_content(
            mail,
            sender_name=texts("mail.sender"),
            sender=self._settings.sender,
            date=self.clock(),
            reply_to=reply_to,
            salt=salt,
        )
