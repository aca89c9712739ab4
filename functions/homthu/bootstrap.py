"""Puts the program together from its settings: the only module that names an adapter."""

import os
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from homthu.adapters.box_files.folder import load_boxes
from homthu.adapters.box_files.problems import BoxProblems
from homthu.adapters.clock import system_clock
from homthu.adapters.randomness import random_bytes
from homthu.adapters.secret_file import BadSecretFile, load_secrets
from homthu.adapters.web_files import LANGUAGES, load_assets, load_templates, load_texts
from homthu.config import (
    BadSettings,
    FirestoreStoreSetting,
    MailSetting,
    Mode,
    OutboxMailSetting,
    Settings,
    SmtpMailSetting,
    StoreSetting,
    read_settings,
)
from homthu.domain.alarm import Alarm
from homthu.domain.box import Box, Boxes
from homthu.domain.secret import Secrets
from homthu.domain.suggestion import Suggestion
from homthu.domain.weekly_report import WeeklyReport
from homthu.lazy import Lazy
from homthu.ports import (
    Clock,
    Ledger,
    Mailer,
    RandomBytes,
    Seal,
    Store,
    SubmissionArchive,
    SubmissionIntake,
)
from homthu.render.pages import Pages
from homthu.render.problems import describe
from homthu.render.templates import make_environment
from homthu.services.alarm import WriteAlarm
from homthu.services.close_week import Office, Progress
from homthu.services.deliver import Sender

#: The variables that each function, and each script, cannot do without.
NEEDS = {
    "form": frozenset({"HOMTHU_BASE_URL", "HOMTHU_SECRET"}),
    "submit": frozenset({"HOMTHU_BASE_URL", "HOMTHU_SECRET", "HOMTHU_STORE"}),
    "report": frozenset({"HOMTHU_BASE_URL", "HOMTHU_STORE", "HOMTHU_MAIL", "HOMTHU_SENDER"}),
    "watch": frozenset({"HOMTHU_BASE_URL", "HOMTHU_STORE", "HOMTHU_MAIL", "HOMTHU_SENDER"}),
    "export": frozenset({"HOMTHU_STORE"}),
}


class CannotStart(SystemExit):
    """The configuration is wrong; the message lists every fault, in Vietnamese."""


def start(
    purpose: str,
    environ: Mapping[str, str] = os.environ,
    *,
    clock: Clock = system_clock,
    progress: Progress = lambda _: None,
) -> "Parts":
    """Read and check everything that this function needs; raise `CannotStart` with all faults."""
    faults: list[str] = []
    texts = load_texts("vi")
    try:
        settings = read_settings(environ, NEEDS[purpose])
    except BadSettings as bad:
        settings = bad.settings
        faults += [f"{p.variable}: {texts(f'setting.{p.code}')}" for p in bad.problems]
    boxes, secrets = None, None
    try:
        boxes = load_boxes(settings.boxes)
    except BoxProblems as bad:
        faults += [describe(problem, texts) for problem in bad.problems]
    try:
        secrets = load_secrets(settings.secret) if settings.secret else None
    except BadSecretFile as bad:
        faults.append(f"HOMTHU_SECRET: {texts(f'setting.secret_{bad.reason}')}")
    if faults or boxes is None:
        raise CannotStart("\n".join([texts("setting.heading"), *(f"  - {fault}" for fault in faults)]))
    return Parts(settings, boxes, secrets, clock=clock, progress=progress)


class Parts:
    """The parts of a running function. What is slow to load, or must not cross a fork, is lazy."""

    def __init__(
        self,
        settings: Settings,
        boxes: Boxes,
        secrets: Secrets | None,
        *,
        clock: Clock,
        progress: Progress,
    ) -> None:
        self._settings = settings
        self._secrets = secrets
        self._progress = progress
        self.boxes = boxes
        self.clock = clock
        self.random_bytes: RandomBytes = random_bytes
        self.base_url = settings.base_url
        self._store: Lazy[Store] = Lazy(lambda: _make_store(settings.store, clock))
        self._mailer: Lazy[Mailer] = Lazy(lambda: _make_mailer(settings.mail))
        self._seal: Lazy[Seal] = Lazy(self._make_seal)
        self._pages: Lazy[Pages] = Lazy(_make_pages)
        self._assets: Lazy[Mapping[str, bytes]] = Lazy(load_assets)

    @property
    def mode(self) -> Mode:
        """Whether the box takes submissions at all."""
        return self._settings.mode

    @property
    def assets(self) -> Mapping[str, bytes]:
        """Every file of `web/assets/`."""
        return self._assets()

    @property
    def pages(self) -> Pages:
        """The citizen's pages."""
        return self._pages()

    @property
    def secrets(self) -> Secrets:
        """The deployment's secrets."""
        if self._secrets is None:
            raise LookupError("HOMTHU_SECRET was not asked for")
        return self._secrets

    @property
    def seal(self) -> Seal:
        """What seals receipts and review times."""
        return self._seal()

    @property
    def intake(self) -> SubmissionIntake:
        """Where submissions go."""
        return self._store()

    @property
    def archive(self) -> SubmissionArchive:
        """Where submissions are read from."""
        return self._store()

    @property
    def ledger(self) -> Ledger:
        """What the reports remember."""
        return self._store()

    @property
    def mailer(self) -> Mailer:
        """What sends mail."""
        return self._mailer()

    @property
    def sender(self) -> Sender:
        """Who the reports come from."""
        host = urlsplit(self.base_url).hostname or "localhost"
        return Sender(email=self._settings.sender, host=host)

    @property
    def office(self) -> Office:
        """What reports are made with."""
        return Office(
            archive=self.archive,
            ledger=self.ledger,
            questionnaires=self.boxes.questionnaires,
            render=self._render_report,
            clock=self.clock,
            progress=self._progress,
        )

    @property
    def write_alarm(self) -> WriteAlarm:
        """What words an alarm."""
        return self._write_alarm

    def check_store(self) -> None:
        """Open the store if that is cheap and telling; raise `StoreUnavailable`."""
        self._store().check()

    def close_store(self) -> None:
        """Leave the store in order: SQLite's log is moved into its one file."""
        self._store().close()

    def _make_seal(self) -> Seal:
        from homthu.adapters.seal import FernetSeal

        return FernetSeal(self.secrets.sealing_keys(), self.clock)

    def _render_report(self, report: WeeklyReport, suggestions: Iterable[Suggestion]) -> bytes:
        from homthu.render.message import build_content
        from homthu.render.report_mail import render_report

        texts = load_texts("vi")
        mail = render_report(
            report, texts=texts, templates=make_environment(load_templates()), suggestions=suggestions
        )
        return build_content(
            mail,
            sender_name=texts("mail.sender"),
            sender=self._settings.sender,
            date=self.clock(),
            reply_to=report.box.operator.email,
        )

    def _write_alarm(self, box: Box, alarms: Sequence[Alarm]) -> bytes:
        from homthu.render.alarm_mail import render_alarm
        from homthu.render.message import build_content

        texts = load_texts("vi")
        mail = render_alarm(box, alarms, texts=texts, templates=make_environment(load_templates()))
        sender = self._settings.sender
        return build_content(mail, sender_name=texts("mail.sender"), sender=sender, date=self.clock())


def _make_pages() -> Pages:
    texts = {language: load_texts(language) for language in LANGUAGES}
    return Pages(texts, make_environment(load_templates()), load_assets())


def _make_store(setting: StoreSetting | None, clock: Clock) -> Store:
    # Imported on use: the Firestore SDK takes half a second that no other function should pay.
    if isinstance(setting, FirestoreStoreSetting):
        from homthu.adapters.firestore_store import FirestoreStore

        return FirestoreStore(setting.project, setting.database)
    if setting is None:
        raise LookupError("HOMTHU_STORE was not asked for")
    from homthu.adapters.sqlite_store import SqliteStore

    return SqliteStore(setting.path, clock)


def _make_mailer(setting: MailSetting | None) -> Mailer:
    if isinstance(setting, OutboxMailSetting):
        from homthu.adapters.outbox import OutboxMailer

        return OutboxMailer(setting.folder)
    if isinstance(setting, SmtpMailSetting):
        from homthu.adapters.smtp import SmtpMailer

        return SmtpMailer(setting.host, setting.port, setting.username, setting.password)
    if setting is None:
        raise LookupError("HOMTHU_MAIL was not asked for")
    from homthu.adapters.ses import SesMailer

    return SesMailer(setting.region)
