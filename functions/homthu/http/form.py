"""`form`: the landing page, the forms, the receipt and the static files. It has no store."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Request, Response

from homthu.config import ServiceMode
from homthu.domain.boxes.box import BetweenRounds, Box, Boxes, Place
from homthu.domain.boxes.round import RoundMoment, RoundState, moment_at
from homthu.domain.fields import Query
from homthu.domain.week import local_date
from homthu.http import site_files
from homthu.http.errors import Handler, guard
from homthu.http.options import options_from_query
from homthu.http.page_cache import PageCache, page_key
from homthu.http.parts import FormParts
from homthu.http.prerender import Prerendered, prerender
from homthu.http.request import RequestRefused, check_request, tidied
from homthu.http.responses import empty, moved, page_response
from homthu.record import record
from homthu.render.page.form_view import CLIPS
from homthu.render.page.inline import Page
from homthu.render.page.inputs import (
    ClosedPage,
    FormPage,
    LandingPage,
    MessageKind,
    MessagePage,
    ReceiptPage,
    SlipPage,
    StoredPage,
)
from homthu.render.page.options import PageOptions

if TYPE_CHECKING:
    from homthu.domain.boxes.directory import Choice

METHODS = ("GET", "HEAD", "OPTIONS")
#: How long a receipt can be shown again; the reference itself never runs out.
RECEIPT_AGE = timedelta(hours=24)
RECEIPT = "receipt"
_FORM, _SLIP = "/g/", "/phieu-giay/"
#: Paths without their trailing slash, which leaves nothing of the landing page's.
_LANDING, _STORED = "", "/luu-gi"


def is_taking(box: Box, moment: RoundMoment) -> bool:
    """Whether a box offers its form at this moment."""
    return moment.state is RoundState.OPEN or box.between_rounds is BetweenRounds.ACCEPT


def make(parts: FormParts) -> Handler:
    """The function, built from its parts."""
    cache = PageCache(parts.page_cache_bytes)
    return guard("form", parts, _Site(parts=parts, cache=cache).answer, cache)


def _place_in(path: str, prefix: str, boxes: Boxes) -> tuple[Box, Place] | None:
    """The box and place that a path names after this prefix, or None."""
    return boxes.at_place(path.removeprefix(prefix)) if path.startswith(prefix) else None


@record
class _Site:
    """Answers every request to `form`."""

    parts: FormParts
    cache: PageCache

    def answer(self, request: Request) -> Response:
        check_request(request, METHODS)
        if request.method == "OPTIONS":
            return empty(allow=METHODS)
        if request.path == "/da-gui":
            return self._receipt(request)
        if file := self._file(request):
            return file
        now = self.parts.clock()
        options = options_from_query(request.args, self.parts.pages.languages)
        tidy = tidied(request.path)
        # A place's own code may end in a hyphen, which `tidied` removes.
        if tidy != request.path and self._is_place(tidy) and not self._is_place(request.path):
            return moved(tidy + options.query)
        path = request.path.rstrip("/")
        if path not in (_LANDING, _STORED):
            return self.cache.answer(page_key(path, options), request, now, lambda: self._make(path, options))
        # Imported on use: opening a form needs no directory of wards.
        from homthu.http.directory import choice_from_query

        make = self._landing if path == _LANDING else self._stored
        choice = choice_from_query(request.args, self.parts.boxes)
        if choice and choice.typed:
            # Not cached: what people may type is endless.
            return page_response(make(options, choice))
        return self.cache.answer(
            page_key(path, options, choice),
            request,
            now,
            lambda: prerender(make(options, choice), status=200, until=None),
        )

    def _is_place(self, path: str) -> bool:
        """Whether a path is that of a place's page."""
        ward_of = self.parts.boxes.ward_of
        return any(
            path.startswith(prefix) and ward_of(path.removeprefix(prefix)) for prefix in (_FORM, _SLIP)
        )

    def _file(self, request: Request) -> Response | None:
        """The static file or recording that a path names, or None."""
        path = request.path
        if path.startswith(CLIPS):
            return site_files.clip(self._recording(path.removeprefix(CLIPS)), request)
        if path.startswith("/assets/"):
            return site_files.asset(self.parts.assets, path.removeprefix("/assets/"))
        if path == "/sw.js":
            return site_files.worker(self.parts.assets)
        if path == "/manifest.webmanifest":
            return site_files.manifest(self.parts.pages.title)
        return None

    def _recording(self, path: str) -> Path:
        """The recording of `VERSION/LANGUAGE/QUESTION`; raise `RequestRefused` if there is none."""
        version, _, rest = path.partition("/")
        language, _, question = rest.partition("/")
        questionnaire = self.parts.boxes.questionnaires.get(version)
        file = questionnaire.clips.get(question, {}).get(language) if questionnaire else None
        if file is None:
            raise RequestRefused(404)
        return self.parts.recordings / version / file

    def _make(self, path: str, options: PageOptions) -> Prerendered:
        parts = self.parts
        found = _place_in(path, _SLIP, parts.boxes)
        if found:
            slip = SlipPage(box=found[0], place=found[1], options=options, base_url=parts.base_url)
            return prerender(parts.pages.slip(slip), status=200, until=None)
        found = _place_in(path, _FORM, parts.boxes)
        if found is None:
            # Not cached: paths that lead nowhere are endless.
            raise RequestRefused(404)
        box, place = found
        moment = moment_at(box.rounds, parts.clock(), box.closing_hours)
        page = self._form_or_closed(box, place, moment, options)
        return prerender(page, status=200, until=moment.changes_at)

    def _landing(self, options: PageOptions, choice: Choice | None) -> Page:
        """All places if they are few or of one ward, otherwise the wards to choose from."""
        from homthu.domain.boxes.directory import Choice, are_few, look, paged

        parts, wards = self.parts, self.parts.boxes.wards
        asked = partial(LandingPage, options=options, base_url=parts.base_url)
        if len(wards) == 1 or (choice and choice.ward):
            box = self._chosen(choice)
            chosen = choice or Choice()
            places, page, pages = paged(box.places, chosen.page)
            shown = replace(chosen, page=page)
            return parts.pages.landing(asked(boxes=[replace(box, places=places)], choice=shown, pages=pages))
        if are_few(wards) and choice is None:
            return parts.pages.landing(asked(boxes=list(parts.boxes.by_ward.values())))
        listing = look(wards, choice)
        return parts.pages.landing(asked(boxes=(), choice=listing.choice, listing=listing))

    def _stored(self, options: PageOptions, choice: Choice | None) -> Page:
        """What is stored and for how long, in every ward if they are few, otherwise in the chosen one."""
        from homthu.domain.boxes.directory import are_few, look

        parts, wards = self.parts, self.parts.boxes.wards
        asked = partial(StoredPage, options=options, base_url=parts.base_url)
        if choice and choice.ward:
            return parts.pages.stored(asked(boxes=[self._chosen(choice)], choice=choice))
        if are_few(wards) or len(wards) == 1:
            return parts.pages.stored(asked(boxes=list(parts.boxes.by_ward.values())))
        listing = look(wards, choice)
        shown = asked(boxes=[self._chosen(None)], choice=listing.choice, listing=listing)
        return parts.pages.stored(shown)

    def _chosen(self, choice: Choice | None) -> Box:
        """The box of the chosen ward, or of the first."""
        boxes = self.parts.boxes
        return boxes.by_ward[(choice and choice.ward) or boxes.wards[0].code]

    def _form_or_closed(self, box: Box, place: Place, moment: RoundMoment, options: PageOptions) -> Page:
        parts = self.parts
        is_paused = parts.mode is ServiceMode.PAUSED
        if is_paused or not is_taking(box, moment):
            return parts.pages.closed(
                ClosedPage(
                    box=box,
                    place=place,
                    moment=moment,
                    options=options,
                    base_url=parts.base_url,
                    is_paused=is_paused,
                )
            )
        return parts.pages.form(
            FormPage(box=box, place=place, moment=moment, options=options, base_url=parts.base_url)
        )

    def _receipt(self, request: Request) -> Response:
        parts = self.parts
        options = options_from_query(request.args, parts.pages.languages)
        unsealed = parts.seal.open(RECEIPT, request.args.get(Query.RECEIPT, ""), RECEIPT_AGE)
        found = unsealed and parts.boxes.at_place(unsealed.values[1])
        if not unsealed or not found:
            kind = MessageKind.RECEIPT_GONE
            page = parts.pages.message(MessagePage(kind=kind, options=options, base_url=parts.base_url))
            return page_response(page, 410)
        reference, _, report_on = unsealed.values
        receipt = ReceiptPage(
            box=found[0],
            place=found[1],
            options=options,
            base_url=parts.base_url,
            reference=reference,
            report_on=date.fromisoformat(report_on),
            is_reported=date.fromisoformat(report_on) <= local_date(parts.clock()),
        )
        return page_response(parts.pages.receipt(receipt))
