"""The weekly mail of some submissions, and what a mail program makes of it."""

from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from homthu.adapters.web_files import load_templates, load_texts
from homthu.domain.reports.suggestion import suggestions_in
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.domain.submissions.submission import StoredSubmission
from homthu.render.mail.message import Mail
from homthu.render.marks import unmarked
from homthu.render.report.mail import render_body, render_report
from homthu.render.templates import make_environment
from report_builders import attribution, numbered, report

TEXTS = load_texts("vi")
DESK = "https://gopy.example.org/xu-ly"
TEMPLATES = make_environment(load_templates())


def render(made: WeeklyReport, submissions: list[StoredSubmission]) -> Mail:
    suggestions = suggestions_in(numbered(submissions), attribution(submissions))
    return without_marks(
        render_report(made, texts=TEXTS, templates=TEMPLATES, suggestions=suggestions, desk_url=DESK)
    )


def without_marks(mail: Mail) -> Mail:
    """The mail as it is frozen: nobody sees the marks around what it quotes."""
    attachments = (replace(one, content=without_marks_in(one.content)) for one in mail.attachments)
    return replace(mail, text=unmarked(mail.text), html=unmarked(mail.html), attachments=tuple(attachments))


def without_marks_in(archive: bytes) -> bytes:
    """The same of a letter or a workbook."""
    buffer = BytesIO()
    with ZipFile(BytesIO(archive)) as old, ZipFile(buffer, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            is_xml = info.filename.endswith(".xml")
            new.writestr(info, unmarked(content.decode()).encode() if is_xml else content)
    return buffer.getvalue()


def mail_of(submissions: list[StoredSubmission], **changes: Any) -> Mail:
    """The mail of a week that its files hold whole, without these, for whoever reads its words alone."""
    made = report(submissions, **changes)
    if not made.audience.reads_figures:
        return render(made, submissions)
    return without_marks(render_body(made, texts=TEXTS, templates=TEMPLATES, desk_url=DESK))


def whole_mail_of(submissions: list[StoredSubmission], **changes: Any) -> Mail:
    """The mail with its attachments."""
    return render(report(submissions, **changes), submissions)


class Page(HTMLParser):
    """What a mail program makes of the HTML: its words and its elements."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._skipped = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._skipped += tag in ("style", "title")

    def handle_endtag(self, tag: str) -> None:
        self._skipped -= tag in ("style", "title")

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]
