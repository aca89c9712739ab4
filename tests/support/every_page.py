"""Every page of the citizen's side in every state that words differ by, for the tests that look at all."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import product

import page_builders as build
from homthu.adapters.web_files import LANGUAGES
from homthu.domain.boxes.directory import PAGE, Choice, ListedWard, look
from homthu.domain.boxes.round import RoundState
from homthu.domain.submissions.answers import AnswerFault, AnswerProblem
from homthu.domain.submissions.personal_data import ASKED as ASKED_ABOUT
from homthu.domain.submissions.submission import Channel
from homthu.render.page.inline import Page
from homthu.render.page.inputs import MessageKind, NoticeKey
from homthu.render.page.options import FormMode, PageOptions
from homthu.render.page.pages import Pages

OPEN = build.OPEN_AT
CLOSED = datetime(2026, 12, 28, tzinfo=UTC)
CLOSING = datetime(2026, 12, 26, 1, tzinfo=UTC)
PUBLISHED = replace(build.BOX, results="/ket-qua")
#: Every question read aloud.
ASKED = build.BOX.questionnaire
SPOKEN = {question.id: dict.fromkeys(LANGUAGES, "x.mp3") for question in ASKED.questions}
HEARD = replace(build.BOX, questionnaire=replace(ASKED, clips=SPOKEN))
#: No telephone, no hours: what a box may leave empty.
SPARSE = replace(build.BOX, contact=replace(build.BOX.contact, reception_hours="", phone=""))
#: More wards than fit on a page, nearly all in one province.
MANY = tuple(
    ListedWard(code=f"{n:05}", kind="xã", name=f"Xã {n}", province="tỉnh Xa" if n else "tỉnh Gần", places=1)
    for n in range(2 * PAGE)
)


def every_page(pages: Pages) -> Iterator[Page]:
    """Every page in every state that words differ by, in both languages."""
    for language in LANGUAGES:
        small, large = PageOptions(language=language), PageOptions(language=language, large=True)
        helped = replace(small, channel=Channel.LINK, mode=FormMode.COMPANION)
        for options, at in product((small, large, helped), (OPEN, CLOSING, CLOSED)):
            yield pages.form(build.form_page(options, moment=build.moment(at)))
        for notice in NoticeKey:
            yield pages.form(build.form_page(small, values=build.ANSWERS, notice=notice))
        for fault in AnswerFault:
            problems = [
                AnswerProblem(field=field, fault=fault, data={"length": 1001, "limit": 1000})
                for field in ("q-thai_do", "linh_vuc", "gop_y", "loai")
            ]
            yield pages.form(build.form_page(small, values=build.ANSWERS, problems=problems))
        yield pages.form(build.form_page(small, box=SPARSE))
        yield pages.review(build.review_page(small, personal_data=sorted(ASKED_ABOUT)))
        yield pages.review(build.review_page(small, values={}, personal_data=()))
        marked = {**build.ANSWERS, "loai": "de_xuat", "khong_trich": "1"}
        yield pages.review(build.review_page(small, values=marked, personal_data=()))
        yield pages.receipt(build.receipt_page(small))
        yield pages.receipt(build.receipt_page(small, is_reported=True))
        for at, is_paused in product((OPEN, CLOSING, CLOSED), (False, True)):
            yield pages.closed(build.closed_page(at, small, is_paused=is_paused))
        first = replace(build.moment(CLOSED), state=RoundState.UPCOMING, previous=None)
        yield pages.closed(replace(build.closed_page(CLOSED, small), moment=first, box=PUBLISHED))
        over = replace(build.closed_page(CLOSED, small), place=None)
        yield pages.closed(replace(over, moment=replace(over.moment, next=None)))
        for boxes in ((build.BOX,), build.ALL_BOXES):
            yield pages.landing(build.landing_page(small, boxes=boxes))
            yield pages.stored(build.stored_page(small, boxes=boxes))
        for choice in (
            None,
            Choice(province="tinh-xa", page=1),
            Choice(typed="xã"),
            Choice(typed="không có"),
        ):
            listing = look(MANY, choice)
            yield pages.landing(replace(build.landing_page(small), listing=listing, choice=listing.choice))
            yield pages.stored(replace(build.stored_page(small), listing=listing, choice=listing.choice))
        yield pages.landing(replace(build.landing_page(small), choice=Choice(ward="07210"), pages=2))
        for kind in MessageKind:
            yield pages.message(build.message_page(kind, small))
        typed = replace(build.message_page(MessageKind.NOT_FOUND, small), typed="Đèn hỏng.")
        yield pages.message(replace(typed, boxes=build.ALL_BOXES))
        yield pages.closed(replace(build.closed_page(CLOSED, small), values=build.ANSWERS))
        yield pages.slip(build.slip_page(small))
        for mode in FormMode:
            yield pages.form(build.form_page(replace(small, mode=mode)))
            yield pages.form(build.form_page(replace(large, mode=mode), box=HEARD))
            yield pages.receipt(build.receipt_page(replace(small, mode=mode)))
        yield pages.message(replace(build.message_page(MessageKind.NOT_FOUND, small), box=build.BOX))


def of_each_kind(pages: Iterable[Page]) -> Iterator[Page]:
    """Those pages that hold an element, as it stands in two others, which no page before them holds."""
    seen: set[str] = set()
    for page in pages:
        outline = _Outline()
        outline.feed(page.html.decode())
        if not outline.elements <= seen:
            seen |= outline.elements
            yield page


class _Outline(HTMLParser):
    """The elements of a page: their names, what attributes they have, and the two that they stand in."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = [f"{name}={value}" if name in ("class", "role", "type") else name for name, value in attrs]
        element = " ".join([tag, *sorted(told)])
        self.elements.add(" > ".join([*self._within[-2:], element]))
        if tag not in _EMPTY:
            self._within.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _EMPTY:
            self._within.pop()


_EMPTY = frozenset({"meta", "link", "input", "br", "img", "hr", "source"})
