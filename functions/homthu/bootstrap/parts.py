"""The parts that a running function is made of, each made when it is first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from homthu.adapters.box_files.clips import AUDIO
from homthu.adapters.randomness import random_bytes
from homthu.adapters.web_files import load_assets, load_texts
from homthu.bootstrap.mails import Mails
from homthu.bootstrap.pages import make_board_pages, make_desk_pages, make_pages, make_rekey_pages
from homthu.bootstrap.swappable import (
    make_backup,
    make_eraser,
    make_mailer,
    make_probe,
    make_queue,
    make_store,
)
from homthu.config import (
    OutboxMailSetting,
    ServiceMode,
    Settings,
    secret_variable,
)
from homthu.domain.boxes.box import Box, Boxes
from homthu.domain.secret import SecretPurpose, Secrets, verdicts_of
from homthu.lazy import Lazy
from homthu.render.page.pages import Pages
from homthu.render.register import SIGNATURE_FILE

if TYPE_CHECKING:
    from pathlib import Path

    # What only others use is imported where it is used, so that `form` starts fast.
    from homthu.adapters.sqlite.probe import SqliteProbe
    from homthu.bootstrap.swappable import StoreEraser
    from homthu.ports import (
        Cases,
        Clock,
        DeskTerms,
        Ledger,
        LinkMails,
        Mailer,
        PaperBatches,
        RandomBytes,
        Reviews,
        Seal,
        Store,
        SubmissionArchive,
        SubmissionFinder,
        SubmissionIntake,
        TypedWeeks,
        UnitMails,
        Verdicts,
        WardQueue,
    )
    from homthu.ports.backup import Backup
    from homthu.render.board.pages import BoardPages
    from homthu.render.desk.pages import DeskPages
    from homthu.render.rekey.pages import RekeyPages
    from homthu.services.clerk_mails import ClerkPost
    from homthu.services.deliver import Sender
    from homthu.services.erase import ErasureContext
    from homthu.services.erase_records import Wording
    from homthu.services.report_context import Progress, ReportContext
    from homthu.services.retain import ForgetMails
    from homthu.services.unit_mails import UnitPost


class Parts(Mails):
    """The parts of a running function. What is slow to load, or must not cross a fork, is lazy."""

    def __init__(
        self,
        settings: Settings,
        boxes: Boxes,
        secrets: Mapping[SecretPurpose, Secrets],
        *,
        clock: Clock,
        progress: Progress,
        reading: bool = False,
    ) -> None:
        self._settings = settings
        self._reading = reading
        self._secrets = secrets
        self._progress = progress
        self.boxes = boxes
        self.clock = clock
        self.random_bytes: RandomBytes = random_bytes
        self.base_url = settings.base_url
        self._store: Lazy[Store] = Lazy(lambda: make_store(settings.store, clock, reading=reading))
        self._mailer: Lazy[Mailer] = Lazy(lambda: make_mailer(settings.mail, bounces_to=settings.bounces_to))
        self._queue: Lazy[WardQueue | None] = Lazy(lambda: make_queue(settings.queue))
        self._seal: Lazy[Seal] = Lazy(lambda: self._make_seal(SecretPurpose.RECEIPTS))
        self._desk_seal: Lazy[Seal] = Lazy(lambda: self._make_seal(SecretPurpose.DESK))
        self._verdict_seal: Lazy[Seal] = Lazy(self._make_verdict_seal)
        self._pages: Lazy[Pages] = Lazy(make_pages)
        self._board_pages: Lazy[BoardPages] = Lazy(make_board_pages)
        self._desk_pages: Lazy[DeskPages] = Lazy(make_desk_pages)
        self._rekey_pages: Lazy[RekeyPages] = Lazy(make_rekey_pages)
        self._assets: Lazy[Mapping[str, bytes]] = Lazy(load_assets)

    @property
    def mode(self) -> ServiceMode:
        """Whether the box takes submissions at all."""
        return self._settings.mode

    @property
    def page_cache_bytes(self) -> int:
        """How much memory the pages that are kept may take."""
        return self._settings.page_cache_bytes

    @property
    def assets(self) -> Mapping[str, bytes]:
        """Every file of `web/assets/`."""
        return self._assets()

    @property
    def register_signature(self) -> bytes:
        """What `scripts/sign-register` put beside the box files; empty if nothing is there."""
        file = self._settings.boxes / SIGNATURE_FILE
        return file.read_bytes() if file.is_file() else b""

    @property
    def recordings(self) -> Path:
        """The folder of questions read aloud, beside the box files."""
        return self._settings.boxes / AUDIO

    @property
    def pages(self) -> Pages:
        """The citizen's pages."""
        return self._pages()

    @property
    def board_pages(self) -> BoardPages:
        """The public results and the answer to a reference."""
        return self._board_pages()

    @property
    def desk_pages(self) -> DeskPages:
        """The committee's pages."""
        return self._desk_pages()

    @property
    def rekey_pages(self) -> RekeyPages:
        """What is typed into another system."""
        return self._rekey_pages()

    @property
    def secrets(self) -> Secrets:
        """What ids are made from references with."""
        return self._secrets_for(SecretPurpose.REFERENCES)

    @property
    def seal(self) -> Seal:
        """What seals receipts and review times."""
        return self._seal()

    @property
    def desk_seal(self) -> Seal:
        """What seals the passes of the desk."""
        return self._desk_seal()

    @property
    def verdict_seal(self) -> Seal:
        """What seals the permission to judge an answer."""
        return self._verdict_seal()

    @property
    def verdicts(self) -> Verdicts:
        """What citizens say of the answers they got."""
        return self._store()

    @property
    def unit_mails(self) -> UnitMails:
        """What is owed to units."""
        return self._store()

    @property
    def typed_weeks(self) -> TypedWeeks:
        """What was typed into another system."""
        return self._store()

    @property
    def intake(self) -> SubmissionIntake:
        """Where submissions go."""
        return self._store()

    @property
    def archive(self) -> SubmissionArchive:
        """Where submissions are read from."""
        return self._store()

    @property
    def finder(self) -> SubmissionFinder:
        """Where single submissions are found."""
        return self._store()

    @property
    def cases(self) -> Cases:
        """What became of suggestions."""
        return self._store()

    @property
    def reviews(self) -> Reviews:
        """What readers decided about texts."""
        return self._store()

    @property
    def link_mails(self) -> LinkMails:
        """When links to the desk were mailed."""
        return self._store()

    @property
    def paper_batches(self) -> PaperBatches:
        """The batches of paper slips."""
        return self._store()

    @property
    def desk_terms(self) -> DeskTerms:
        """Since when the wards' lists of recipients stand."""
        return self._store()

    @property
    def ledger(self) -> Ledger:
        """What the reports remember."""
        return self._store()

    @property
    def backup(self) -> Backup:
        """Everything in the store: for the scripts, never for a function."""
        return make_backup(self._settings.store, reading=self._reading)

    @property
    def eraser(self) -> StoreEraser:
        """What takes words out of the store, with a connection of its own to be closed."""
        return make_eraser(self._settings.store)

    @property
    def probe(self) -> SqliteProbe | None:
        """What tries whether the store takes anything, where that is asked: for who serves one machine."""
        return make_probe(self._settings.store)

    @property
    def mailer(self) -> Mailer:
        """What sends mail."""
        return self._mailer()

    @property
    def outbox(self) -> Path | None:
        """The folder that mails are written to, where they go nowhere else."""
        mail = self._settings.mail
        return mail.folder if isinstance(mail, OutboxMailSetting) else None

    def wording(self, why: str) -> Wording:
        """What stands where words were: `erase`, `withdrawn` or `expired` says why they went."""
        from homthu.services.erase_records import Wording

        texts = load_texts("vi", "report")
        return Wording(notice=texts(f"{why}.notice"), step=texts(f"{why}.step"), who=texts(f"{why}.who"))

    @property
    def forget_mails(self) -> ForgetMails:
        """What removes old mails from the outbox; where mails go elsewhere there are none."""
        from homthu.adapters.mail.outbox import drop_before

        folder = self.outbox
        return lambda ward, week: drop_before(folder, ward, str(week)) if folder else 0

    def erasure(self, why: str) -> ErasureContext:
        """What an erasure needs, with a connection of its own to be closed; `why` as for `wording`."""
        from homthu.bootstrap.erasure import make_erasure

        return make_erasure(self, why)

    @property
    def queue(self) -> WardQueue | None:
        """What has each ward reported on by itself, if anything does."""
        return self._queue()

    @property
    def sender(self) -> Sender:
        """Who the reports come from."""
        from homthu.services.deliver import Sender

        host = urlsplit(self.base_url).hostname or "localhost"
        return Sender(email=self._settings.sender, host=host)

    @property
    def context(self) -> ReportContext:
        """What reports are made with."""
        from homthu.bootstrap.jobs import make_report_context

        return make_report_context(
            self, render=self._render_report, links=self._own_links, progress=self._progress
        )

    @property
    def unit_post(self) -> UnitPost:
        """What mails to units are made and sent with."""
        from homthu.bootstrap.jobs import make_unit_post

        return make_unit_post(self)

    @property
    def clerk_post(self) -> ClerkPost:
        """What mails to clerks are made with."""
        from homthu.bootstrap.jobs import make_clerk_post

        return make_clerk_post(self)

    def bring_store_up_to_date(self) -> None:
        """Before a report: take up what an earlier version wrote, or raise `StoreUnavailable`."""
        self._store().bring_up_to_date()

    def check_store(self) -> None:
        """Open the store if that is cheap and telling; raise `StoreUnavailable`."""
        self._store().check()

    def close_store(self) -> None:
        """Leave the store in order: SQLite's log is moved into its one file."""
        self._store().close()

    def _secrets_for(self, purpose: SecretPurpose) -> Secrets:
        if purpose not in self._secrets:
            raise LookupError(f"{secret_variable(purpose)} was not asked for")
        return self._secrets[purpose]

    def _make_verdict_seal(self) -> Seal:
        from homthu.adapters.seal import FernetSeal

        return FernetSeal(verdicts_of(self.secrets).sealing_keys(), self.clock)

    def _make_seal(self, purpose: SecretPurpose) -> Seal:
        from homthu.adapters.seal import FernetSeal

        return FernetSeal(self._secrets_for(purpose).sealing_keys(), self.clock)

    def _own_links(self, box: Box) -> Mapping[str, str]:
        from homthu.services.access import PassIssuer, own_links

        return own_links(PassIssuer.of(self), self.base_url, box)
