"""Builders of pages for tests, over the boxes and questionnaires that are really shipped."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from homthu.adapters.box_files.folder import load_boxes
from homthu.adapters.web_files import LANGUAGES, load_assets, load_templates, load_texts
from homthu.domain.boxes.box import Box
from homthu.domain.boxes.round import RoundMoment, moment_at
from homthu.domain.submissions.answers import AnswerFault, AnswerProblem
from homthu.domain.submissions.personal_data import PersonalData
from homthu.domain.submissions.submission import Channel
from homthu.render.page.inputs import (
    ClosedPage,
    FormPage,
    LandingPage,
    MessageKind,
    MessagePage,
    NoticeKey,
    ReceiptPage,
    ReviewPage,
    SlipPage,
    StoredPage,
)
from homthu.render.page.options import FormMode, PageOptions
from homthu.render.page.pages import Pages
from homthu.render.templates import make_environment

BASE_URL = "https://gopy.phuongbacgiang.gov.vn"
KEY = "0123456789abcdef0123456789abcdef"


BOXES = load_boxes(Path(__file__).parents[2] / "functions" / "boxes")
BOX = BOXES.by_ward["07210"]
#: Every box of the deployment, as a province has many.
ALL_BOXES = tuple(BOXES.by_ward.values())
PLACE = BOX.places[1]
OPEN_AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
VI = PageOptions()
EN = PageOptions(language="en")
LARGE = PageOptions(large=True)
ALL_OPTIONS = PageOptions(language="en", large=True, channel=Channel.LINK, mode=FormMode.COMPANION)
ANSWERS = {
    "q-thai_do": "5",
    "q-huong_dan": "4",
    "q-trach_nhiem": "khong",
    "q-thoi_han": "tre_xin_loi",
    "q-chung": "4",
    "linh_vuc": "ho_tich",
    "gop_y": "Cán bộ hướng dẫn tận tình.\nNên có thêm ghế ngồi chờ ở tầng 1.",
}


def make_pages() -> Pages:
    """The pages over the real texts, templates and assets."""
    return Pages(
        {language: load_texts(language) for language in LANGUAGES},
        make_environment(load_templates()),
        load_assets(),
    )


def moment(instant: datetime = OPEN_AT) -> RoundMoment:
    """What the rounds say at an instant; in the fourth round unless told."""
    return moment_at(BOX.rounds, instant, BOX.closing_hours)


def form_page(options: PageOptions = VI, **changes: Any) -> FormPage:
    """The cached form, or with changes one that came back."""
    page = FormPage(box=BOX, place=PLACE, moment=moment(), options=options, base_url=BASE_URL)
    return replace(page, **changes)


def returned_page(options: PageOptions = VI) -> FormPage:
    """A form with one question unanswered and a text that is too long."""
    return form_page(
        options,
        values={**ANSWERS, "q-chung": ""},
        problems=(
            AnswerProblem(field="q-chung", fault=AnswerFault.REQUIRED),
            AnswerProblem(field="gop_y", fault=AnswerFault.TOO_LONG, data={"length": 1042, "limit": 1000}),
        ),
        key=KEY,
    )


def unavailable_page(options: PageOptions = VI) -> FormPage:
    """A form that could not be stored."""
    return form_page(options, values=ANSWERS, notice=NoticeKey.UNAVAILABLE, key=KEY)


def review_page(options: PageOptions = VI, **changes: Any) -> ReviewPage:
    """A review of the answers, with a telephone number in the text."""
    page = ReviewPage(
        box=BOX,
        place=PLACE,
        options=options,
        base_url=BASE_URL,
        values={**ANSWERS, "gop_y": ANSWERS["gop_y"] + " Gọi tôi: 0912 345 678"},
        key=KEY,
        signed_time="MTc2NDA1.abc-_",
        personal_data=(PersonalData.PHONE,),
    )
    return replace(page, **changes)


def receipt_page(options: PageOptions = VI, *, is_reported: bool = False) -> ReceiptPage:
    """The receipt of a submission of Friday 20 November 2026."""
    return ReceiptPage(
        box=BOX,
        place=PLACE,
        options=options,
        base_url=BASE_URL,
        reference="7K3P92QWX4HM",
        report_on=date(2026, 11, 23),
        is_reported=is_reported,
    )


def closed_page(instant: datetime, options: PageOptions = VI, *, is_paused: bool = False) -> ClosedPage:
    """The closed page at an instant."""
    return ClosedPage(
        box=BOX,
        place=PLACE,
        moment=moment(instant),
        options=options,
        base_url=BASE_URL,
        is_paused=is_paused,
    )


def landing_page(options: PageOptions = VI, *, boxes: tuple[Box, ...] = (BOX,)) -> LandingPage:
    """The list of places."""
    return LandingPage(boxes=boxes, options=options, base_url=BASE_URL)


def stored_page(options: PageOptions = VI, *, boxes: tuple[Box, ...] = (BOX,)) -> StoredPage:
    """What the system keeps."""
    return StoredPage(boxes=boxes, options=options, base_url=BASE_URL)


def slip_page(options: PageOptions = VI) -> SlipPage:
    """The form on paper."""
    return SlipPage(box=BOX, place=PLACE, options=options, base_url=BASE_URL)


def message_page(kind: MessageKind = MessageKind.NOT_FOUND, options: PageOptions = VI) -> MessagePage:
    """A message of this kind."""
    return MessagePage(kind=kind, options=options, base_url=BASE_URL)
