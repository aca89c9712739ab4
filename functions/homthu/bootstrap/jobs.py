"""What the jobs of a running function work with: reports, erasures, and mails to units and to clerks."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from homthu.adapters.web_files import load_texts
from homthu.bootstrap.mails import Mails
from homthu.bootstrap.seals import Seals
from homthu.bootstrap.stores import Stores
from homthu.config import OutboxMailSetting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from homthu.domain.boxes.box import Box, Boxes
    from homthu.lazy import Lazy
    from homthu.ports import Mailer, WardQueue
    from homthu.services.clerk_mails import ClerkPost
    from homthu.services.deliver import Sender
    from homthu.services.erase import ErasureContext
    from homthu.services.erase_records import Wording
    from homthu.services.report_context import Progress, ReportContext
    from homthu.services.retain import ForgetMails
    from homthu.services.unit_mails import UnitPost


class Jobs(Stores, Seals, Mails):
    """Imports each service on use: most functions do none of this, and none should start slower for it."""

    boxes: Boxes
    _progress: Progress
    _mailer: Lazy[Mailer]
    _queue: Lazy[WardQueue | None]

    @property
    def mailer(self) -> Mailer:
        """Sends mail."""
        return self._mailer()

    @property
    def outbox(self) -> Path | None:
        """The folder that mails are written to, or None if they are really sent."""
        mail = self._settings.mail
        return mail.folder if isinstance(mail, OutboxMailSetting) else None

    @property
    def queue(self) -> WardQueue | None:
        """The queue that reports on each ward in a call of its own, or None if wards take turns."""
        return self._queue()

    @property
    def sender(self) -> Sender:
        """The sender of all mails."""
        from homthu.services.deliver import Sender

        host = urlsplit(self.base_url).hostname or "localhost"
        return Sender(email=self._settings.sender, host=host)

    @property
    def context(self) -> ReportContext:
        """What reports are made with."""
        from homthu.services.report_context import ReportContext

        return ReportContext(
            archive=self.archive,
            ledger=self.ledger,
            cases=self.cases,
            finder=self.finder,
            reviews=self.reviews,
            verdicts=self.verdicts,
            typed_weeks=self.typed_weeks,
            unit_mails=self.unit_mails,
            batches=self.paper_batches,
            questionnaires=self.boxes.questionnaires,
            targets=self.boxes.targets,
            signs=self.boxes.signs,
            render=self._render_report,
            links=self._own_links,
            clock=self.clock,
            random_bytes=self.random_bytes,
            progress=self._progress,
        )

    def _own_links(self, box: Box) -> Mapping[str, str]:
        from homthu.services.access import PassIssuer, own_links

        return own_links(PassIssuer.of(self), self.base_url, box)

    @property
    def unit_post(self) -> UnitPost:
        """What mails to units are made and sent with."""
        from homthu.services.unit_mails import UnitPost

        return UnitPost(
            unit_mails=self.unit_mails,
            mailer=self.mailer,
            sender=self.sender,
            clock=self.clock,
            base_url=self.base_url,
            cases=self.cases,
            finder=self.finder,
            signs=self.boxes.signs,
            seal=self.desk_seal,
            write=self.write_unit_mail,
        )

    @property
    def clerk_post(self) -> ClerkPost:
        """What mails to clerks are made and sent with."""
        from homthu.services.access import PassIssuer
        from homthu.services.clerk_mails import ClerkPost

        return ClerkPost(
            unit_mails=self.unit_mails,
            mailer=self.mailer,
            sender=self.sender,
            clock=self.clock,
            base_url=self.base_url,
            ledger=self.ledger,
            typed_weeks=self.typed_weeks,
            boxes=self.boxes,
            passes=PassIssuer.of(self),
            write=self.write_clerk_mail,
        )

    def erasure(self, why: str) -> ErasureContext:
        """What an erasure works with, on a connection of its own, to be closed; `why` is as for `wording`."""
        from homthu.adapters.mail.outbox import change_each
        from homthu.services.erase import ErasureContext

        folder = self.outbox
        return ErasureContext(
            finder=self.finder,
            ledger=self.ledger,
            cases=self.cases,
            reviews=self.reviews,
            verdicts=self.verdicts,
            eraser=self.eraser,
            clock=self.clock,
            secrets=self.secrets,
            owner=self.random_bytes(8).hex(),
            wording=self.wording(why),
            # If mails are really sent, there is no outbox to change.
            change_outbox=lambda ward, change: change_each(folder, ward, change) if folder else 0,
        )

    def wording(self, why: str) -> Wording:
        """What replaces erased words; `why` they went is `erase`, `withdrawn` or `expired`."""
        from homthu.services.erase_records import Wording

        texts = load_texts("vi", "report")
        return Wording(notice=texts(f"{why}.notice"), step=texts(f"{why}.step"), who=texts(f"{why}.who"))

    @property
    def forget_mails(self) -> ForgetMails:
        """Deletes old mails from the outbox; does nothing if mails are really sent."""
        from homthu.adapters.mail.outbox import drop_before

        folder = self.outbox
        return lambda ward, week: drop_before(folder, ward, str(week)) if folder else 0
