"""A submission: one phiếu góp ý, with nothing in it that points at its author."""

import hmac
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum

from homthu.domain.boxes.questionnaire import TextKind
from homthu.domain.week import Week
from homthu.record import record


class Channel(StrEnum):
    """How the form was reached: a poster's code, a shared link, or a paper slip typed in."""

    QR = "qr"
    LINK = "lien_ket"
    PAPER = "giay"


class Flag(StrEnum):
    """Why a submission might not come from one person writing once. It is counted, never dropped."""

    HONEYPOT = "honeypot"
    NO_STAMP = "no_stamp"
    TOO_FAST = "too_fast"
    BURST = "burst"
    CROSS_SITE = "cross_site"
    UNVOUCHED = "unvouched"


#: The flags of a machine: it filled in what no person sees, or came with neither a proof of work nor the
#: review page's time, although every way through our pages yields one.
AUTOMATIC = frozenset({Flag.HONEYPOT, Flag.NO_STAMP})


@record
class Submission:
    """One submission as it is stored. `service` and `text` may be empty."""

    ward: str
    place: str
    channel: Channel
    assisted: bool
    questionnaire: str
    round: str
    answers: Mapping[str, str]
    text: str
    service: str
    flags: tuple[Flag, ...] = ()
    #: Of a paper slip that came with a batch's code, the batch's mark; else empty.
    batch: str = ""
    #: What its author says the text is, and whether they ask that it be not quoted.
    text_kind: TextKind | None = None
    do_not_quote: bool = False
    #: What the commitment to it is made from (`inclusion.py`); empty for earlier forms.
    seed: str = ""

    @property
    def is_automatic(self) -> bool:
        """Whether it has the flags of a machine."""
        return not AUTOMATIC.isdisjoint(self.flags)


@record
class StoredSubmission:
    """A submission as the store gives it back, dated by the day and the week only.

    Before its week is closed these come from the time of receipt; after, from its week.
    `is_late` marks one received in an earlier week than the one it was assigned to. `number` is its
    place among its week's in the order of their random ids, from 1; 0 where nobody counted. What was
    erased on its author's request counts on as a form, without words and answers. `is_set_apart` says
    that its text is not to be quoted, as it is of all until `Sorting` has looked at them.
    """

    id: str
    submission: Submission
    week: Week
    received_on: date
    number: int = 0
    erased_on: date | None = None
    is_set_apart: bool = True

    @property
    def is_late(self) -> bool:
        """Whether it missed the week it was received in."""
        return Week.of(self.received_on) < self.week


def as_flagged(stored: StoredSubmission, flag: Flag) -> StoredSubmission:
    """The same submission with this flag, too."""
    flags = stored.submission.flags
    if flag in flags:
        return stored
    return replace(stored, submission=replace(stored.submission, flags=(*flags, flag)))


def digest_of(submission: Submission, key: str) -> str:
    """A digest that tells two payloads sent under one key apart: 32 hexadecimal digits.

    It is keyed with the citizen's key, which is not stored, so that a reader of the store cannot test guesses
    at a text against it. Flags and round are left out: they are ours, and may differ when the same words are
    sent again.
    """
    payload: list[object] = [
        submission.ward,
        submission.place,
        submission.channel,
        submission.assisted,
        submission.questionnaire,
        sorted(submission.answers.items()),
        submission.text,
        submission.service,
    ]
    if submission.text_kind or submission.do_not_quote:
        # Left out where empty, so that a form from before they were asked keeps its digest.
        payload += [submission.text_kind or "", submission.do_not_quote]
    canonical = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    return hmac.digest(key.encode(), canonical.encode(), "sha256").hex()[:32]


@record
class SubmissionStatus:
    """Where a submission belongs and whether its week is closed; none of its words or answers."""

    ward: str
    week: Week
    received_on: date
    is_closed: bool
    erased_on: date | None = None


@record
class ExportRow:
    """One submission as it leaves the box; the fields' order is the columns' order."""

    ward: str
    place: str
    channel: str
    assisted: bool
    questionnaire: str
    round: str
    week: str
    received_on: str
    answers: dict[str, str]
    text: str
    service: str
    flags: list[str]
    text_kind: str
    do_not_quote: bool
