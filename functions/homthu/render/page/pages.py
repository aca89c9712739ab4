"""The citizen's pages, each one self-contained document made from plain values."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from jinja2 import Environment

from homthu.domain.boxes.box import Box
from homthu.domain.boxes.questionnaire import say
from homthu.domain.fields import Field, question_field
from homthu.domain.submissions.answers import MAX_TEXT
from homthu.domain.submissions.reference import format_reference
from homthu.render.effort import MINUTES
from homthu.render.numbers import format_date
from homthu.render.page import form_view
from homthu.render.page.inline import Page, data_uri, policy, shrink_style
from homthu.render.page.inputs import (
    ClosedPage,
    FormPage,
    LandingPage,
    MessagePage,
    NoticeKey,
    ReceiptPage,
    ReviewPage,
    SlipPage,
    StoredPage,
)
from homthu.render.page.options import USUAL, PageOptions
from homthu.render.page.other_languages import other_languages
from homthu.render.page.round_view import closed_sentences, round_line
from homthu.render.page.share import share_image
from homthu.render.texts import Texts

if TYPE_CHECKING:
    from homthu.domain.boxes.directory import Listing
    from homthu.render.page.directory_view import DirectoryView

#: What each kind of page runs; outbox.js sends what waits on this phone.
SCRIPTS = {
    "form": ("outbox.js", "stamp.js", "personal.js", "page.js", "steps.js"),
    "nhap-phieu": ("outbox.js", "stamp.js", "personal.js", "page.js", "batch.js"),
    "ho-tro": ("outbox.js", "stamp.js", "personal.js", "page.js", "steps.js", "stand.js"),
    "kiosk": ("outbox.js", "stamp.js", "personal.js", "page.js", "steps.js", "stand.js"),
    "receipt": ("receipt.js",),
    "waiting": ("outbox.js",),
}
#: Gives a script as it goes out, made beforehand from this source, or None where there is none.
FindScript = Callable[[str], str | None]


class Pages:
    """Makes every page of the citizen's side; equal input gives equal bytes."""

    def __init__(
        self,
        texts: Mapping[str, Texts],
        templates: Environment,
        assets: Mapping[str, bytes],
        find_script: FindScript = lambda _: None,
    ) -> None:
        self._texts = texts
        self._templates = templates
        self._style = shrink_style(assets["page.css"].decode())
        self._slip_style = shrink_style((assets["page.css"] + assets["slip.css"]).decode())
        self._icon = data_uri(assets["favicon.svg"])
        self._assets = assets
        self._find_script = find_script
        #: Made on first use, so that the first form does not wait for the script of another page.
        self._scripts: dict[str, str] = {}

    @property
    def title(self) -> str:
        """What the box is called, in Vietnamese."""
        return self._texts["vi"]("page.title")

    @property
    def languages(self) -> Collection[str]:
        """The languages that a page can be asked for in."""
        return self._texts.keys()

    def form(self, page: FormPage) -> Page:
        """The form itself, to be filled in or put right."""
        texts = self._texts[page.options.language]
        questions = form_view.question_views(page, texts)
        overall = question_field(page.box.questionnaire.overall)
        return self._render(
            "form",
            page.options,
            page.base_url,
            script=self._script(page.options.mode or "form"),
            waits=True,
            path=f"/g/{page.place.code}",
            image=share_image(self._assets, page.box, page.base_url),
            box=page.box,
            place=page.place,
            round_line=round_line(page.moment, texts),
            questions=questions,
            overall=next(question for question in questions if question.name == overall),
            others=[question for question in questions if question.name != overall],
            services=form_view.service_views(page),
            text=page.values.get(Field.TEXT, ""),
            text_label=say(page.box.questionnaire.text_label, page.options.language),
            text_hint=say(page.box.questionnaire.text_hint, page.options.language),
            text_problem=form_view.problem_of(Field.TEXT, page, texts),
            text_kinds=form_view.text_kind_views(page),
            kind_problem=form_view.problem_of(Field.TEXT_KIND, page, texts),
            do_not_quote_label=say(page.box.questionnaire.do_not_quote_label, page.options.language),
            is_not_to_be_quoted=bool(page.values.get(Field.DO_NOT_QUOTE)),
            service_problem=form_view.problem_of(Field.SERVICE, page, texts),
            problems=form_view.problem_views(page, texts),
            notice=texts(page.notice) if page.notice else "",
            is_resent=page.notice is NoticeKey.UNAVAILABLE,
            code=page.values.get(Field.PAPER_CODE, ""),
            honeypot=page.values.get(Field.HONEYPOT, ""),
            fields=form_view.form_fields(page.box, page.place, page.options, page.key),
            is_typed=bool(page.values or page.key),
            limit=MAX_TEXT,
            minutes=MINUTES,
            speaks=any(question.clip for question in questions),
        )

    def review(self, page: ReviewPage) -> Page:
        """Every answer in words, before it is sent for good."""
        texts = self._texts[page.options.language]
        return self._render(
            "review",
            page.options,
            page.base_url,
            box=page.box,
            place=page.place,
            text_label=say(page.box.questionnaire.text_label, page.options.language),
            answers=form_view.answer_views(page, texts),
            text=page.values.get(Field.TEXT, ""),
            text_answers=form_view.text_answer_views(page, texts),
            personal_data=[texts(f"page.personal.{kind}") for kind in page.personal_data],
            fields=form_view.review_fields(page),
        )

    def receipt(self, page: ReceiptPage) -> Page:
        """The thanks, with the reference to keep."""
        return self._render(
            "receipt",
            page.options,
            page.base_url,
            script=self._script("receipt"),
            box=page.box,
            place=page.place,
            reference=format_reference(page.reference),
            report_on=format_date(page.report_on),
            is_reported=page.is_reported and not page.options.mode,
        )

    def closed(self, page: ClosedPage) -> Page:
        """Why nothing can be sent now, when it will be possible, and where to go meanwhile."""
        texts = self._texts[page.options.language]
        return self._render(
            "closed",
            page.options,
            page.base_url,
            script=self._script("waiting"),
            waits=True,
            path=f"/g/{page.place.code}" if page.place else "/",
            box=page.box,
            place=page.place,
            sentences=closed_sentences(page, texts),
            typed=form_view.typed_view(page, texts),
            is_paused=page.is_paused,
        )

    def landing(self, page: LandingPage) -> Page:
        """The list of places, or of wards, for those who came without a poster's code."""
        # Imported on use, as below: everybody's first form would wait for it.
        from homthu.render.page.directory_view import directory_path, pager

        choice = page.choice
        box = None if page.listing else _only(page.boxes)
        return self._render(
            "landing",
            page.options,
            page.base_url,
            script=self._script("waiting"),
            waits=True,
            path=directory_path("/", choice, USUAL),
            image=share_image(self._assets, box, page.base_url),
            boxes=page.boxes,
            box=box,
            place_query=page.options.by_link().query,
            pager=pager(choice, page.pages, page.options, "/"),
            directory=self._directory(page.listing, page.options, "/"),
            whole="/" + page.options.query if choice and choice.ward else "",
        )

    def _directory(self, listing: Listing | None, options: PageOptions, path: str) -> DirectoryView | None:
        """A listing whose wards lead to this very page, chosen for them."""
        if listing is None:
            return None
        from homthu.domain.boxes.directory import Choice
        from homthu.render.page.directory_view import directory_path, directory_view

        return directory_view(
            listing,
            options,
            self._texts[options.language],
            path=path,
            ward_address=lambda code: directory_path(path, Choice(ward=code), options),
        )

    def slip(self, page: SlipPage) -> Page:
        """The form on paper: the same questions in the same order with the same numbers."""
        texts = self._texts[page.options.language]
        return self._render(
            "slip",
            page.options,
            page.base_url,
            style=self._slip_style,
            path=f"/phieu-giay/{page.place.code}",
            box=page.box,
            place=page.place,
            questions=form_view.slip_views(page, texts),
            services=form_view.slip_services(page),
            text_kinds=form_view.slip_text_kinds(page),
            do_not_quote_label=say(page.box.questionnaire.do_not_quote_label, page.options.language),
            text_label=say(page.box.questionnaire.text_label, page.options.language),
            text_hint=say(page.box.questionnaire.text_hint, page.options.language),
        )

    def stored(self, page: StoredPage) -> Page:
        """Every field that is stored, for citizens who ask what the box knows about them."""
        # Imported on use: few ask, and everybody's first form would wait for it.
        from homthu.render.page.directory_view import directory_path
        from homthu.render.page.stored_view import kept_for, stored_fields

        return self._render(
            "stored",
            page.options,
            page.base_url,
            path=directory_path("/luu-gi", page.choice, USUAL),
            box=None if page.listing else _only(page.boxes),
            stored=stored_fields(page.boxes[0], self._texts[page.options.language]),
            kept=() if page.listing else kept_for(page.boxes, self._texts[page.options.language]),
            directory=self._directory(page.listing, page.options, "/luu-gi"),
        )

    def message(self, page: MessagePage) -> Page:
        """One thing that has to be said, in words a citizen can act on."""
        return self._render(
            "message",
            page.options,
            page.base_url,
            box=page.box,
            place=None,
            kind=page.kind,
            typed=page.typed,
            boxes=page.boxes,
            place_query=page.options.by_link().query,
        )

    def _script(self, name: str) -> str:
        if name not in self._scripts:
            source = script_source(name, self._assets)
            self._scripts[name] = self._find_script(source) or _shrunk(source)
        return self._scripts[name]

    def _render(
        self,
        name: str,
        options: PageOptions,
        base_url: str,
        *,
        script: str = "",
        style: str = "",
        path: str = "",
        waits: bool = False,
        speaks: bool = False,
        **values: object,
    ) -> Page:
        """Fill a template. `path` is the page's own address, of a page that has a lasting one."""
        texts, style = self._texts[options.language], style or self._style
        html = self._templates.get_template(f"page/{name}.html").render(
            t=partial(_sentence, texts),
            options=options,
            other_languages=other_languages(self._texts, options, path),
            other_size=path and options.in_other_size().at(path),
            path=path,
            waits=waits,
            is_shared=bool(options.mode),
            base_url=base_url.rstrip("/"),
            domain=urlsplit(base_url).netloc,
            style=style,
            script=script,
            icon=self._icon,
            **values,
        )
        return Page(html=html.encode(), csp=policy(style, script, speaks=speaks))


def script_source(name: str, assets: Mapping[str, bytes]) -> str:
    """What a kind of page runs, as it is written."""
    return "".join(assets[part].decode() for part in SCRIPTS[name])


def _shrunk(source: str) -> str:
    # Imported on use: an archive holds every script ready.
    from homthu.render.page.script import shrink_script

    return shrink_script(source)


def _sentence(texts: Texts, key: str, **values: object) -> str:
    return texts(f"page.{key}", **values)


def _only(boxes: Sequence[Box]) -> Box | None:
    return boxes[0] if len(boxes) == 1 else None
