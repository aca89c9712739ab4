"""The parts of a running function, each created when it is first used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from homthu.adapters.box_files.clips import AUDIO
from homthu.adapters.randomness import random_bytes
from homthu.adapters.web_files import load_assets
from homthu.bootstrap.jobs import Jobs
from homthu.bootstrap.pages import make_board_pages, make_desk_pages, make_pages, make_rekey_pages
from homthu.bootstrap.swappable import make_mailer, make_queue, make_store
from homthu.config import ServiceMode, Settings
from homthu.domain.boxes.box import Boxes
from homthu.domain.secret import SecretPurpose, Secrets
from homthu.lazy import Lazy
from homthu.render.page.pages import Pages
from homthu.render.register import SIGNATURE_FILE

if TYPE_CHECKING:
    from pathlib import Path

    # What only others use is imported where it is used, so that `form` starts fast.
    from homthu.ports import Clock, Mailer, RandomBytes, Seal, Store, WardQueue
    from homthu.render.board.pages import BoardPages
    from homthu.render.desk.pages import DeskPages
    from homthu.render.rekey.pages import RekeyPages
    from homthu.services.report_context import Progress


class Parts(Jobs):
    """Creates and holds the parts. Whatever is slow to load, or must not cross a fork, is lazy."""

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
        """Whether the box accepts submissions at all."""
        return self._settings.mode

    @property
    def page_cache_bytes(self) -> int:
        """How many bytes of memory the page cache may take."""
        return self._settings.page_cache_bytes

    @property
    def assets(self) -> Mapping[str, bytes]:
        """Every file of `web/assets/`."""
        return self._assets()

    @property
    def register_signature(self) -> bytes:
        """The signature that `scripts/sign-register` put beside the box files, or empty bytes."""
        file = self._settings.boxes / SIGNATURE_FILE
        return file.read_bytes() if file.is_file() else b""

    @property
    def recordings(self) -> Path:
        """The folder of recordings of the questions, beside the box files."""
        return self._settings.boxes / AUDIO

    @property
    def pages(self) -> Pages:
        """The pages for citizens."""
        return self._pages()

    @property
    def board_pages(self) -> BoardPages:
        """The pages with public results, and with the answer to a reference."""
        return self._board_pages()

    @property
    def desk_pages(self) -> DeskPages:
        """The pages of the committee's desk."""
        return self._desk_pages()

    @property
    def rekey_pages(self) -> RekeyPages:
        """The pages with what is typed into another system."""
        return self._rekey_pages()
