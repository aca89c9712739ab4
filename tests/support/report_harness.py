"""An office that closes weeks over a memory store, with a clock that a test turns."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from builders import SIGNS, box, submission
from fakes.memory_mailer import MemoryMailer
from fakes.memory_store import MemoryStore
from homthu.adapters.randomness import random_bytes
from homthu.domain.boxes.box import Box, Recipient
from homthu.domain.reports.suggestion import Suggestion
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.domain.secret import Secrets
from homthu.domain.submissions.reference import make_key
from homthu.domain.week import Week
from homthu.render.marks import mark
from homthu.render.report.anchor import plain_text
from homthu.services.deliver import OwnLinks, Sender, no_links
from homthu.services.report_context import RenderReport, ReportContext
from homthu.services.run_reports import WardOutcome, report_ward
from homthu.services.submit import submit

SECRETS = Secrets(current=b"s" * 32)
SENDER = Sender(email="hom-thu@example.org", host="gopy.example.org")
RECIPIENTS = tuple(Recipient(name=f"Người nhận {n}", email=f"nguoi-nhan-{n}@example.org") for n in (1, 2, 3))
W47, W48, W49 = Week(2026, 47), Week(2026, 48), Week(2026, 49)


def monday(week: Week) -> datetime:
    """07:00 on the Monday after this week."""
    return week.ends_at + timedelta(hours=7)


def render(report: WeeklyReport, suggestions: Iterable[Suggestion]) -> bytes:
    """A mail that says what it was made from."""
    lines = [
        f"Subject: {report.week} no {report.number}",
        "",
        f"received {report.forms.received}, before {report.forms.before}",
        f"for who reads {report.audience}",
        f"round {report.round and report.round.id} {report.forms.in_round}, year {report.forms.in_year}",
        f"cases open {report.case_statistics.open}, done {report.case_statistics.done}",
        *(summary.about for summary in report.case_statistics.cases),
        *(mark(suggestion.id, suggestion.text) for suggestion in suggestions),
    ]
    return "\r\n".join(lines).encode()


@dataclass
class ReportHarness:
    """Everything a report needs, and short verbs for tests."""

    now: datetime = datetime(2026, 11, 24, 3, tzinfo=UTC)
    box: Box = field(default_factory=lambda: replace(box(), recipients=RECIPIENTS))
    mailer: MemoryMailer = field(default_factory=MemoryMailer)
    links: OwnLinks = no_links
    render: RenderReport = render

    def __post_init__(self) -> None:
        self.store = MemoryStore(lambda: self.now)
        self.sent_count = 0

    @property
    def ward(self) -> str:
        return self.box.ward.code

    @property
    def context(self) -> ReportContext:
        return ReportContext(
            archive=self.store,
            ledger=self.store,
            cases=self.store,
            finder=self.store,
            reviews=self.store,
            verdicts=self.store,
            typed_weeks=self.store,
            unit_mails=self.store,
            batches=self.store,
            questionnaires={self.box.questionnaire.version: self.box.questionnaire},
            signs=SIGNS,
            render=self.render,
            links=self.links,
            clock=lambda: self.now,
            random_bytes=random_bytes,
            progress=lambda _: None,
        )

    def receive(self, at: datetime, count: int = 1, **changes: str) -> None:
        """Submissions sent at this instant."""
        self.now = at
        for _ in range(count):
            self.sent_count += 1
            key = make_key(self.sent_count.to_bytes(16))
            submit(
                self.store, SECRETS, key=key, submission=submission(ward=self.ward, **{"text": "", **changes})
            )

    def report(self, at: datetime, **options: Any) -> WardOutcome:
        """One run of the report at this instant."""
        self.now = at
        return report_ward(self.context, self.mailer, SENDER, self.box, owner="worker", **options)

    @property
    def bodies(self) -> list[str]:
        """The lines of all that the first recipient got, in order."""
        first = self.box.recipients[0].email
        mails = [plain_text(mail.message) for mail in self.mailer.sent if mail.recipient == first]
        return [line for mail in mails for line in mail.splitlines()]

    @property
    def subjects(self) -> list[str]:
        """What the first recipient got, in order."""
        first = self.box.recipients[0].email
        return [
            mail.message.decode().split("Subject: ")[1].splitlines()[0]
            for mail in self.mailer.sent
            if mail.recipient == first
        ]
