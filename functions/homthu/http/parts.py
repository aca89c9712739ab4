"""What each function that people open is built from: bootstrap's parts, or a test's, fit these."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # Types alone: importing what reports are made with would slow the start of `form`.
    from collections.abc import Mapping
    from pathlib import Path

    from homthu.config import ServiceMode
    from homthu.domain.boxes.box import Boxes
    from homthu.domain.secret import Secrets
    from homthu.ports import (
        BatchFinder,
        Cases,
        Clock,
        DeskTerms,
        Ledger,
        LinkMails,
        Mailer,
        RandomBytes,
        Reviews,
        Seal,
        SubmissionArchive,
        SubmissionFinder,
        SubmissionIntake,
        TypedWeeks,
        VerdictIntake,
        Verdicts,
    )
    from homthu.render.board.pages import BoardPages
    from homthu.render.desk.pages import DeskPages
    from homthu.render.page.pages import Pages
    from homthu.render.rekey.pages import RekeyPages
    from homthu.services.access import WriteLink
    from homthu.services.deliver import Sender
    from homthu.services.erase import ErasureContext
    from homthu.services.unit_mails import UnitPost


class PageParts(Protocol):
    """What every page of the citizen's side needs."""

    @property
    def boxes(self) -> Boxes:
        """The wards."""

    @property
    def pages(self) -> Pages:
        """The renderer."""

    @property
    def clock(self) -> Clock:
        """The time."""

    @property
    def base_url(self) -> str:
        """The canonical origin."""

    @property
    def mode(self) -> ServiceMode:
        """Whether the box takes submissions at all."""

    @property
    def page_cache_bytes(self) -> int:
        """How much memory the pages that are kept may take."""


class VerdictParts(Protocol):
    """What an answer is judged with."""

    @property
    def verdict_seal(self) -> Seal:
        """Seals the permission to judge an answer, given to someone who has shown its reference."""

    @property
    def verdicts(self) -> VerdictIntake:
        """What they said of it."""


class UnitParts(Protocol):
    """What units are told with."""

    @property
    def unit_post(self) -> UnitPost:
        """Mails units what is assigned to them."""


class FormParts(PageParts, Protocol):
    """`form` has no store, and of the secrets only that of receipts."""

    @property
    def seal(self) -> Seal:
        """Seals receipts and review times."""

    @property
    def assets(self) -> Mapping[str, bytes]:
        """The images that are served."""

    @property
    def recordings(self) -> Path:
        """The folder of questions read aloud, a folder a questionnaire."""


class SubmitParts(PageParts, VerdictParts, Protocol):
    """`submit` may create and get; its store is built on first use, because its SDK is slow to load."""

    @property
    def seal(self) -> Seal:
        """Seals receipts and review times."""

    @property
    def cases(self) -> Cases:
        """What the ward answered."""

    @property
    def board_pages(self) -> BoardPages:
        """The renderer of the page that takes a verdict."""

    @property
    def secrets(self) -> Secrets:
        """What ids are made with."""

    @property
    def random_bytes(self) -> RandomBytes:
        """Makes keys for people without JavaScript."""

    @property
    def intake(self) -> SubmissionIntake:
        """Where submissions go."""

    @property
    def paper_batches(self) -> BatchFinder:
        """Finds the batch whose code was typed."""


class LookUpParts(PageParts, Protocol):
    """What a submission is looked up with, by its reference."""

    @property
    def board_pages(self) -> BoardPages:
        """The renderer of the board's pages."""

    @property
    def secrets(self) -> Secrets:
        """What ids are made with."""

    @property
    def finder(self) -> SubmissionFinder:
        """Finds a submission."""

    @property
    def cases(self) -> Cases:
        """What became of suggestions."""

    @property
    def reviews(self) -> Reviews:
        """What readers decided about texts."""


class BoardParts(LookUpParts, VerdictParts, Protocol):
    """`board` reads what is public, and where one submission belongs; it writes nothing."""

    @property
    def register_signature(self) -> bytes:
        """The signature of the register; empty if nobody signed it."""

    @property
    def ledger(self) -> Ledger:
        """The frozen reports."""


class WithdrawParts(LookUpParts, Protocol):
    """`withdraw` erases one submission: the one citizen's page that changes what is stored."""

    def erasure(self, why: str) -> ErasureContext:
        """What an erasure needs; its eraser is to be closed."""


class DeskParts(PageParts, UnitParts, Protocol):
    """`desk` reads the suggestions of closed weeks, keeps cases and mails links."""

    @property
    def desk_seal(self) -> Seal:
        """Seals passes, with a secret that no other function holds."""

    @property
    def desk_pages(self) -> DeskPages:
        """The renderer of its own pages."""

    @property
    def rekey_pages(self) -> RekeyPages:
        """The renderer of what is typed into another system."""

    @property
    def typed_weeks(self) -> TypedWeeks:
        """What was typed."""

    @property
    def random_bytes(self) -> RandomBytes:
        """Makes the keys that forms are sent with once."""

    @property
    def archive(self) -> SubmissionArchive:
        """The submissions of a week."""

    @property
    def finder(self) -> SubmissionFinder:
        """Finds one submission."""

    @property
    def ledger(self) -> Ledger:
        """The frozen reports, which tell the weeks that are closed."""

    @property
    def cases(self) -> Cases:
        """What became of suggestions."""

    @property
    def reviews(self) -> Reviews:
        """What readers decided about texts."""

    @property
    def verdicts(self) -> Verdicts:
        """What citizens say of the answers."""

    @property
    def link_mails(self) -> LinkMails:
        """When links were mailed."""

    @property
    def desk_terms(self) -> DeskTerms:
        """Since when the wards' lists of recipients stand."""

    @property
    def mailer(self) -> Mailer:
        """Sends them."""

    @property
    def sender(self) -> Sender:
        """Who they come from."""

    @property
    def write_link(self) -> WriteLink:
        """Words the mail."""
