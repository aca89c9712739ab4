"""Every place where a citizen's words come out. A new sink is a new row in `SINKS`, and no more.

A sink takes texts, and gives back what a reader's program would find alive in what it made of them:
nothing, if all is well. It raises where the words do not come out as they should.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from email import message_from_bytes, policy
from functools import lru_cache
from html.parser import HTMLParser

from builders import stored
from case_builders import case_statistics, summary
from citizen_side import ANSWERS, KEY, PLACE, Site, fields_of
from homthu.adapters.web_files import load_templates, load_texts
from homthu.domain.reports.suggestion import suggestions_in
from homthu.domain.submissions.submission import ExportRow
from homthu.domain.text import clean, clean_line
from homthu.render.export_file import render_export
from homthu.render.mail.message import Mail, address, build_content
from homthu.render.report.mail import render_report
from homthu.render.templates import make_environment
from openpyxl import load_workbook
from read_mail import without_marks
from report_builders import attribution, numbered, report
from werkzeug.test import Client, TestResponse

Sink = Callable[[Sequence[str]], Iterable[str]]
_TEXTS, _TEMPLATES = load_texts("vi"), make_environment(load_templates())
#: The one address that a mail leads to.
_DESK = "https://gopy.example.org/xu-ly"
_FORMULA_STARTS = tuple("=+-@\t\r＝＋－＠")
_LINK = re.compile(
    r"(?<!\[)://(?!\])|\bwww\.\w|\b(mailto|javascript|data|tel|sms):\S|[^\W\d_]\.[^\W\d_]", re.I
)
_MAIL_HEADERS = ["Message-ID", "X-Hom-Thu-Delivery", "To", "From", "Reply-To", "Subject", "Date"]
_MAIL_HEADERS += [
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "Content-Language",
    "List-Id",
    "References",
    "MIME-Version",
    "Content-Type",
]
#: The fields of ours that number captions; page numbers stand in the header.
_OUR_FIELD = re.compile(r"<w:instrText>SEQ [\w ]+ \\\* ARABIC</w:instrText>")
#: Elements of a document that do or fetch something.
_LIVE_IN_LETTER = re.compile(r"<(w:(?:fldSimple|instrText|hyperlink|object|altChunk))\b")
#: A report quotes about so many suggestions in its body.
_CHUNK = 25


class _Tags(HTMLParser):
    """The elements of a page, each with the names of its attributes, and its words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []
        self.words = ""
        self._skipped = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(name for name, _ in attrs)))
        self._skipped += tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        self._skipped -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.words += data + "\n"


def _sendable(texts: Sequence[str]) -> Iterator[str]:
    """The texts as a browser can send them: half a pair of surrogates becomes a question mark."""
    return (text.encode("utf-8", "replace").decode() for text in texts)


def _hand_in(submit: Client, **changes: str) -> TestResponse:
    form = {"place": PLACE, "questionnaire": "qcdc-v1", "key": KEY, **ANSWERS, **changes}
    return submit.post("/gui", data={name: value for name, value in form.items() if value})


def returned_page(texts: Sequence[str]) -> Iterator[str]:
    """The form as it comes back, with the words in their box."""
    site = Site()
    submit = site.submit
    harmless = _Tags(site.send(sua="1", gop_y="Tốt").text).found
    for text in _sendable(texts):
        answer = _hand_in(submit, sua="1", gop_y=text)
        if answer.status_code not in (200, 422):
            yield f"{answer.status_code} for {text!r}"
        elif answer.status_code == 200 and _Tags(answer.text).found != harmless and clean(text):
            yield f"other elements for {text!r}"
        elif fields_of(answer.text)["gop_y"] != clean(text):
            yield f"other words for {text!r}"


def review_page(texts: Sequence[str]) -> Iterator[str]:
    """The page that shows all answers before they are sent without a script."""
    site = Site()
    submit = site.submit
    harmless = set(_Tags(site.send(key="", gop_y="Tốt, gọi 0912 345 678").text).found)
    for text in _sendable(texts):
        answer = _hand_in(submit, key="", gop_y=text)
        if answer.status_code not in (200, 422):
            yield f"{answer.status_code} for {text!r}"
        elif answer.status_code == 200:
            if foreign := set(_Tags(answer.text).found) - harmless:
                yield f"{foreign} for {text!r}"
            if fields_of(answer.text).get("gop_y", "") != clean(text):
                yield f"other words for {text!r}"


def receipt(texts: Sequence[str]) -> Iterator[str]:
    """The receipt says nothing of what was typed."""
    site = Site()
    for number, text in enumerate(_sendable(texts)):
        sent = site.send(gop_y=text, key=f"{number:032x}", da_xem="1")
        if sent.status_code not in (303, 422):
            yield f"{sent.status_code} for {text!r}"
        elif sent.status_code == 303:
            page = site.form.get(sent.headers["Location"])
            words = clean(text)
            if page.status_code != 200 or (len(words) > 60 and words in _Tags(page.text).words):
                yield f"{page.status_code} for {text!r}"


def _mails(texts: Sequence[str]) -> tuple[tuple[Mail, bytes], ...]:
    """The mails that quote these texts; each of the mail's sinks looks at the same ones."""
    return _made(tuple(texts))


@lru_cache(maxsize=3)
def _made(texts: tuple[str, ...]) -> tuple[tuple[Mail, bytes], ...]:
    return tuple(_each_mail(texts))


def _each_mail(texts: Sequence[str]) -> Iterator[tuple[Mail, bytes]]:
    for start in range(0, len(texts), _CHUNK):
        words = texts[start : start + _CHUNK]
        given = [stored(n, text=clean(text)[:1000]) for n, text in enumerate(words)]
        cases = (summary(clean(text)[:1000], unit=clean_line(text)[:80]) for text in words)
        made = report(given, case_statistics=case_statistics(*cases))
        marked = render_report(
            made,
            texts=_TEXTS,
            templates=_TEMPLATES,
            suggestions=suggestions_in(numbered(given), attribution(given)),
            desk_url=_DESK,
        )
        mail = without_marks(marked)
        day = Site().now
        content = build_content(
            mail, sender_name="Hòm thư góp ý", sender="a@example.org", date=day, reply_to="b@example.org"
        )
        name, id = "Người nhận", "<a.b@example.org>"
        yield mail, address(content, recipient_name=name, recipient="c@example.org", message_id=id)


def _without_desk(words: str) -> str:
    """The words of a mail but for its own link, which stands in it once."""
    assert words.count(_DESK) == 1
    return words.replace(_DESK, "")


def mail_text(texts: Sequence[str]) -> Iterator[str]:
    """The text part of the weekly mail."""
    for mail, _ in _mails(texts):
        yield from (f"{found[0]!r} in a text" for found in _LINK.finditer(_without_desk(mail.text)))


def mail_html(texts: Sequence[str]) -> Iterator[str]:
    """The HTML part of the weekly mail."""
    harmless = {tag for mail, _ in _mails(["Tốt lắm"] * _CHUNK) for tag in _Tags(mail.html).found}
    for mail, _ in _mails(texts):
        page = _Tags(mail.html)
        yield from (f"{tag} in a mail" for tag in set(page.found) - harmless)
        yield from (f"{found[0]!r} in a mail" for found in _LINK.finditer(_without_desk(page.words)))


def mail_headers(texts: Sequence[str]) -> Iterator[str]:
    """The headers of the weekly mail, read from its very bytes by two readers."""
    for _, sent in _mails(texts):
        for reader in (policy.default, policy.compat32):
            names = message_from_bytes(sent, policy=reader).keys()
            if sorted(names) != sorted(_MAIL_HEADERS):
                yield f"headers {names}"
        if b"\r\n.\r\n" in sent or b"\n." in sent.replace(b"\r\n", b"\r"):
            yield "a line that a mail server would read"


def report_workbook(texts: Sequence[str]) -> Iterator[str]:
    """The workbook attached to the weekly mail."""
    for mail, _ in _mails(texts):
        for attachment in mail.attachments:
            if attachment.name.endswith(".xlsx"):
                yield from _alive_in_workbook(attachment.content)


def report_letter(texts: Sequence[str]) -> Iterator[str]:
    """The letter and the sheet attached to the weekly mail: no fields, no links, nothing from outside."""
    letters = [one.content for mail, _ in _mails(texts) for one in mail.attachments if ".docx" in one.name]
    assert letters
    for letter in letters:
        with zipfile.ZipFile(io.BytesIO(letter)) as parts:
            words = _OUR_FIELD.sub("", parts.read("word/document.xml").decode())
            yield from (f"<{found}> in a letter" for found in _LIVE_IN_LETTER.findall(words))
            yield from (
                f"{name} leads outside"
                for name in parts.namelist()
                if name.endswith(".rels") and b'TargetMode="External"' in parts.read(name)
            )


def _rows(texts: Sequence[str]) -> list[ExportRow]:
    plain = dict.fromkeys(("ward", "place", "channel", "questionnaire", "round", "week", "service"), "x")
    return [
        ExportRow(
            **plain,
            assisted=False,
            received_on="2026-11-24",
            answers={},
            text=clean(text),
            flags=[],
            text_kind="",
            do_not_quote=False,
        )
        for text in texts
    ]


def export_workbook(texts: Sequence[str]) -> Iterator[str]:
    """The export for Excel: every word as it was written."""
    content = render_export(_rows(texts), "xlsx", made_on=date(2026, 11, 24))
    yield from _alive_in_workbook(content)
    sheet = load_workbook(io.BytesIO(content)).active
    column = [cell.value for cell in sheet[1]].index("text")
    found = [row[column].value or "" for row in sheet.iter_rows(min_row=2)]
    yield from (f"{a!r} for {b.text!r}" for a, b in zip(found, _rows(texts), strict=True) if a != b.text)


def export_csv(texts: Sequence[str]) -> Iterator[str]:
    """The export for other systems."""
    content = render_export(_rows(texts), "csv", made_on=date(2026, 11, 24)).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    for row, given in zip(rows, _rows(texts), strict=True):
        if any(value.strip().startswith(_FORMULA_STARTS) for value in row.values()):
            yield f"a formula: {row['text']!r}"
        if row["text"].removeprefix("'") != given.text.removeprefix("'"):
            yield f"{row['text']!r} for {given.text!r}"


def export_json(texts: Sequence[str]) -> Iterator[str]:
    """The export for programs."""
    rows = json.loads(render_export(_rows(texts), "json", made_on=date(2026, 11, 24)))
    yield from (f"{a!r}" for a, b in zip(rows, _rows(texts), strict=True) if a["text"] != b.text)


def _alive_in_workbook(content: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        names = [name for name in parts.namelist() if re.search("externalLink|vba|activeX|embed", name)]
        yield from (f"{name} in a workbook" for name in names)
        for name in parts.namelist():
            if name.startswith("xl/worksheets/sheet"):
                inside = parts.read(name)
                yield from (f"{tag!r} in {name}" for tag in (b"<f>", b"<f ", b"<hyperlink") if tag in inside)


SINKS: dict[str, Sink] = {
    "page": returned_page,
    "review": review_page,
    "receipt": receipt,
    "mail text": mail_text,
    "mail html": mail_html,
    "mail headers": mail_headers,
    "report workbook": report_workbook,
    "report letter": report_letter,
    "export workbook": export_workbook,
    "csv": export_csv,
    "json": export_json,
}
