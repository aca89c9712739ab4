"""A ward whose reports are made in earnest, and what an outsider has of it: mails and public pages."""

import email
import email.policy
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from io import BytesIO
from uuid import uuid4

import openpyxl
from board_side import BOARD_PAGES
from homthu.domain.boxes.box import Recipient
from homthu.domain.boxes.round import RoundRule, moment_at
from homthu.domain.reports.suggestion import Suggestion
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.domain.week import Week, local_date
from homthu.render.board.inputs import ResultsPage
from homthu.render.mail.message import build_content
from homthu.render.page.options import PageOptions
from homthu.render.report.mail import render_report
from homthu.services.correct import correct_week
from homthu.services.published import published_results
from homthu.services.report_context import ReportContext
from read_mail import TEMPLATES, TEXTS
from report_harness import ReportHarness, monday

ROUND = RoundRule(code="4", name="Đợt 4", opens=(2026, 10, 1), closes=(2026, 12, 25))


@dataclass(frozen=True, kw_only=True)
class Run:
    """One row of the sheet of everything told, as a reader of the workbook has it."""

    kind: str
    group: str
    question: str
    first: date
    last: date
    answers: int
    words: str
    by_rating: tuple[int | None, ...]


@dataclass
class PublishedWard(ReportHarness):
    """Closes weeks with the real mail; `pages` are the public pages as they were after each."""

    pages: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.box = replace(
            self.box, rounds=(ROUND,), recipients=(Recipient(name="Ban Chỉ đạo", email="bcd@example.org"),)
        )

    @property
    def context(self) -> ReportContext:
        return replace(super().context, render=self._mail)

    def _mail(self, report: WeeklyReport, suggestions: Iterable[Suggestion]) -> bytes:
        mail = render_report(
            report, texts=TEXTS, templates=TEMPLATES, suggestions=suggestions, desk_url="https://x.vn/xu-ly"
        )
        return build_content(
            mail, sender_name="Hòm thư", sender="a@example.org", date=self.now, salt=uuid4().hex
        )

    def close(self, week: Week) -> None:
        """Report on a week, and keep the public page of that Monday."""
        assert self.report(monday(week)).is_done
        self.keep_page()

    def correct(self, week: Week) -> None:
        """Correct a week and send the correction."""
        correct_week(self.context, self.box, week, reason="Bổ sung phiếu", owner="a")
        assert self.report(self.now + timedelta(minutes=1)).is_done
        self.keep_page()

    def keep_page(self) -> None:
        """Look at the public page as anybody may."""
        results = published_results(self.store, self.store, ward=self.ward, now=self.now)
        moment = moment_at(self.box.rounds, self.now, self.box.closing_hours)
        page = ResultsPage(
            digest="",
            box=self.box,
            questionnaires=self.context.questionnaires,
            published=results.published,
            round=moment.current or moment.previous,
            answers=[(one.answer, one.service) for one in results.answers],
            answered=results.answered,
            in_hand=results.in_hand,
            today=local_date(self.now),
            options=PageOptions(),
            base_url="https://x.vn",
        )
        self.pages.append(BOARD_PAGES.results(page).html)

    @property
    def mails(self) -> list[bytes]:
        """Every mail that was sent, oldest first."""
        return [sent.message for sent in self.mailer.sent]

    @property
    def everything(self) -> list[bytes]:
        """All that anybody outside has, packed files unpacked."""
        return [part for mail in self.mails for part in unpacked(mail)] + self.pages


def unpacked(mail: bytes) -> Iterator[bytes]:
    """The headers' subject and each part of a mail; the files inside a .docx and an .xlsx one by one."""
    message = email.message_from_bytes(mail, policy=email.policy.default)
    yield str(message["Subject"]).encode()
    for part in message.walk():
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            continue
        if content.startswith(b"PK"):
            archive = zipfile.ZipFile(BytesIO(content))
            yield from (archive.read(name) for name in sorted(archive.namelist()))
        else:
            yield content


def runs_in(mail: bytes) -> list[Run]:
    """What the attached workbook says was told up to then."""
    message = email.message_from_bytes(mail, policy=email.policy.default)
    (book,) = (
        openpyxl.load_workbook(BytesIO(part.get_content()))
        for part in message.walk()
        if (part.get_filename() or "").endswith(".xlsx")
    )
    return [
        Run(
            kind=row[0],
            group=row[1],
            question=row[2],
            first=row[4].date(),
            last=row[5].date(),
            answers=row[6],
            words=row[7] or "",
            by_rating=row[8:13],
        )
        for row in book["Đã nêu"].iter_rows(min_row=2, values_only=True)
        if isinstance(row[6], int) and isinstance(row[4], datetime)
    ]


def bases_in(parts: Iterable[bytes]) -> Iterator[int]:
    """How many answers each figure in words or pages is said to be about."""
    for part in parts:
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", part.decode("utf-8", "replace")))
        for found in re.finditer(r"\d/(\d+)[);]|\((\d+) lượt\)|(\d+) lượt trả lời|\d+/(\d+) lượt", text):
            base = int(next(group for group in found.groups() if group))
            # «sẽ nêu khi đủ 10 lượt trả lời» is a rule, and passes as well.
            yield base
