"""The input of each page: plain values that the edge hands over."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from homthu.record import record

if TYPE_CHECKING:
    from datetime import date

    from homthu.domain.boxes.box import Box, Place
    from homthu.domain.boxes.directory import Choice, Listing
    from homthu.domain.boxes.round import RoundMoment
    from homthu.domain.submissions.answers import AnswerProblem
    from homthu.domain.submissions.personal_data import PersonalData
    from homthu.render.page.options import PageOptions


class NoticeKey(StrEnum):
    """What can be said above a form that is given back; the value is the key of its sentence."""

    UNAVAILABLE = "page.notice.unavailable"
    CHANGED = "page.notice.changed"


class MessageKind(StrEnum):
    """The pages that say only why there is nothing else to show."""

    NOT_FOUND = "not_found"
    BAD_REQUEST = "bad_request"
    METHOD = "method"
    TOO_LARGE = "too_large"
    RECEIPT_GONE = "receipt_gone"
    UNAVAILABLE = "unavailable"
    FAILED = "failed"


@record
class FormPage:
    """The form: empty as everyone gets it, or given back with what one person typed.

    `base_url` is the canonical origin; `key` is kept by a form that is given back. One that is given back for
    an older questionnaire is made from a box that holds that version.
    """

    box: Box
    place: Place
    moment: RoundMoment
    options: PageOptions
    base_url: str
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)
    problems: Sequence[AnswerProblem] = ()
    notice: NoticeKey | None = None
    key: str = ""


@record
class ReviewPage:
    """All answers in words, to be sent or changed. `signed_time` is opaque to the page."""

    box: Box
    place: Place
    options: PageOptions
    base_url: str
    values: Mapping[str, str]
    key: str
    signed_time: str
    personal_data: Sequence[PersonalData] = ()


@record
class ReceiptPage:
    """What the citizen keeps. `report_on` is the Monday whose report holds the submission; once it
    `is_reported`, the citizen can look up that it was counted.
    """

    box: Box
    place: Place
    options: PageOptions
    base_url: str
    reference: str
    report_on: date
    is_reported: bool = False


@record
class ClosedPage:
    """Why there is no form now, and when there will be. `values` is what somebody sent nevertheless."""

    box: Box
    place: Place | None
    moment: RoundMoment
    options: PageOptions
    base_url: str
    is_paused: bool = False
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)


@record
class LandingPage:
    """The places of these boxes; if they do not fit on a page, a listing of their wards instead.

    `choice` is what was chosen in the directory, and `pages` how many pages the places of one ward have.
    """

    boxes: Sequence[Box]
    options: PageOptions
    base_url: str
    choice: Choice | None = None
    pages: int = 1
    listing: Listing | None = None


@record
class SlipPage:
    """The form to be printed, for one place."""

    box: Box
    place: Place
    options: PageOptions
    base_url: str


@record
class StoredPage:
    """What is stored of a submission, shown on an invented one to the first of these boxes.

    With a listing the boxes are not all: it leads to what each ward keeps how long.
    """

    boxes: Sequence[Box]
    options: PageOptions
    base_url: str
    choice: Choice | None = None
    listing: Listing | None = None


@record
class MessagePage:
    """A page that says only why there is nothing else; with a box it also says where to ask.

    `typed` is the text of a form that could not be taken, to be copied; `boxes` are offered instead.
    """

    kind: MessageKind
    options: PageOptions
    base_url: str
    box: Box | None = None
    typed: str = ""
    boxes: Sequence[Box] = ()
