"""`board`: what a ward has published, where a submission stands, whether the reports are in
time, and the register.

It writes nothing.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Request, Response

from homthu.domain.boxes.box import Box
from homthu.domain.boxes.directory import look
from homthu.domain.boxes.round import moment_at
from homthu.domain.cases.verdict import can_be_judged
from homthu.domain.fields import StatusField
from homthu.domain.reports.chain_lines import NAME as CHAIN_NAME
from homthu.domain.reports.chain_lines import chain_content
from homthu.domain.submissions.inclusion import Inclusion
from homthu.domain.text import clean_line
from homthu.domain.week import NotAWeek, Week, local_date
from homthu.http.directory import choice_from_query
from homthu.http.errors import Handler, guard
from homthu.http.options import options_from_fields, options_from_query
from homthu.http.page_cache import PageCache, page_key
from homthu.http.parts import BoardParts
from homthu.http.prerender import Prerendered, prerender
from homthu.http.register import RegisterFiles, is_register
from homthu.http.request import RequestRefused, check_request, read_form, tidied
from homthu.http.responses import BARE_CSP, empty, moved, page_response
from homthu.log import log
from homthu.ports import StoreUnavailable
from homthu.render.board.inputs import FoundPage, ResultsPage, StatusPage, WardListPage
from homthu.render.board.open_data import LIST_SUFFIX, SUFFIX
from homthu.render.board.pages import typed_reference
from homthu.render.page.inline import Page
from homthu.render.page.inputs import MessageKind, MessagePage
from homthu.render.page.options import USUAL, PageOptions
from homthu.services.in_time import FRESH as LOOK_HOLDS
from homthu.services.in_time import overdue_wards
from homthu.services.inclusion import inclusion_of, published_list
from homthu.services.judge import make_permit
from homthu.services.lookup import Found, look_up
from homthu.services.published import published_chain, published_results

RESULTS, STATUS, HEALTH = "/ket-qua", "/tra-cuu", "/suc-khoe"
METHODS = ("GET", "HEAD", "OPTIONS")
STATUS_METHODS = (*METHODS, "POST")
#: An answer, or a report, is seen by everyone this soon; an answer that was taken back is gone.
FRESH = timedelta(minutes=10)
#: The longest input repeated beside «not found»; no reference is longer.
_LONGEST_TYPED = 40
_STATUS_FIELDS = frozenset(StatusField)
_RETRY_AFTER_SECONDS = 30


def make(parts: BoardParts) -> Handler:
    """The function, built from its parts."""
    cache = PageCache(parts.page_cache_bytes)
    return guard("board", parts, _Board(parts, cache).answer, cache)


@dataclass(frozen=True, slots=True)
class _Board:
    parts: BoardParts
    cache: PageCache

    def answer(self, request: Request) -> Response:
        path = request.path.rstrip("/")
        methods = STATUS_METHODS if path == STATUS else METHODS
        check_request(request, methods)
        if request.method == "OPTIONS":
            return empty(allow=methods)
        if path == STATUS:
            return self._look_up(request) if request.method == "POST" else self._ask(request)
        if path == HEALTH:
            return self._health(request)
        if is_register(request.path):
            return RegisterFiles(self.parts, self.cache, FRESH).answer(request, self.parts.clock())
        return self._results(request, path)

    def _health(self, request: Request) -> Response:
        """For the look from outside (infra/uptime.tf): its words stand there, too."""
        now = self.parts.clock()
        try:
            return self.cache.answer(page_key(HEALTH, USUAL), request, now, lambda: self._look(now))
        except StoreUnavailable as unavailable:
            log("health_not_read", "ERROR", reason=unavailable.reason)
            return empty(503)

    def _look(self, now: datetime) -> Prerendered:
        overdue = overdue_wards(self.parts.ledger, sorted(self.parts.boxes.by_ward), now)
        told = {"reports": "overdue", "wards": overdue} if overdue else {"reports": "in time"}
        page = Page(html=json.dumps(told).encode(), csp=BARE_CSP)
        return prerender(page, status=200, until=now + LOOK_HOLDS, content_type="application/json")

    def _results(self, request: Request, path: str) -> Response:
        now = self.parts.clock()
        asked = options_from_query(request.args, self.parts.pages.languages)
        # Only the options by which this page differs: others would only multiply the cached pages.
        options = PageOptions(language=asked.language, large=asked.large)
        if (tidy := tidied(path)) != path and tidy.removeprefix(f"{RESULTS}/") in self.parts.boxes.by_ward:
            return moved(tidy + options.query)
        if path == RESULTS and len(self.parts.boxes.wards) > 1:
            return self._wards(request, options, now)
        try:
            key = page_key(path, options)
            return self.cache.answer(key, request, now, lambda: self._make(path, options, now))
        except StoreUnavailable as unavailable:
            log("results_not_read", "ERROR", reason=unavailable.reason)
            message = MessagePage(kind=MessageKind.UNAVAILABLE, options=options, base_url=self.parts.base_url)
            page = self.parts.pages.message(message)
            return page_response(page, 503, retry_after_seconds=_RETRY_AFTER_SECONDS)

    def _wards(self, request: Request, options: PageOptions, now: datetime) -> Response:
        """The wards to choose from."""
        boxes = self.parts.boxes
        choice = choice_from_query(request.args, boxes)

        def make() -> Page:
            listing = look(boxes.wards, choice)
            page = WardListPage(listing=listing, options=options, base_url=self.parts.base_url)
            return self.parts.board_pages.wards(page)

        if choice and choice.typed:
            # Not cached: what people may type is endless.
            return page_response(make())
        key = page_key(RESULTS, options, choice)
        return self.cache.answer(key, request, now, lambda: prerender(make(), status=200, until=None))

    def _make(self, path: str, options: PageOptions, now: datetime) -> Prerendered:
        boxes = self.parts.boxes
        # A ward without a report has an empty file of digests.
        if (listed := self._file(path, now)) is not None:
            page = Page(html=listed, csp=BARE_CSP)
            return prerender(page, status=200, until=now + FRESH, content_type="text/plain; charset=utf-8")
        name = boxes.wards[0].code if path == RESULTS else path.removeprefix(f"{RESULTS}/")
        box = boxes.by_ward.get(name.removesuffix(SUFFIX))
        if box is None:
            # Not cached: paths that lead nowhere are endless.
            raise RequestRefused(404)
        if name.endswith(SUFFIX):
            data = self.parts.board_pages.data(self._results_page(box, options, now))
            page = Page(html=data, csp=BARE_CSP)
            return prerender(page, status=200, until=now + FRESH, content_type="application/json")
        made = self.parts.board_pages.results(self._results_page(box, options, now))
        return prerender(made, status=200, until=now + FRESH)

    def _can_judge(self, found: Found) -> bool:
        if found.verdict or found.is_erased:
            return False
        return can_be_judged(found.case, local_date(self.parts.clock()))

    def _inclusion(self, found: Found | None, typed: str) -> Inclusion | None:
        parts = self.parts
        if found is None:
            return None
        return inclusion_of(parts.ledger, parts.finder, parts.secrets, found.submission_status, typed)

    def _file(self, path: str, now: datetime) -> bytes | None:
        """What proves a ward's reports: `/ket-qua/CODE/chuoi.txt`, their digests, and
        `/ket-qua/CODE/2026-W47.txt`, the list of the forms that a week's report counted."""
        code, _, name = path.removeprefix(f"{RESULTS}/").partition("/")
        if not name or code not in self.parts.boxes.by_ward:
            return None
        if name == CHAIN_NAME:
            return chain_content(published_chain(self.parts.ledger, ward=code, now=now))
        try:
            week = Week.parse(name.removesuffix(LIST_SUFFIX)) if name.endswith(LIST_SUFFIX) else None
        except NotAWeek:
            return None
        return published_list(self.parts.ledger, code, week) if week else None

    def _results_page(self, box: Box, options: PageOptions, now: datetime) -> ResultsPage:
        parts = self.parts
        results = published_results(parts.ledger, parts.cases, ward=box.ward.code, now=now)
        moment = moment_at(box.rounds, now, box.closing_hours)
        return ResultsPage(
            box=box,
            questionnaires=parts.boxes.questionnaires,
            published=results.published,
            round=moment.current or moment.previous,
            answers=[(one.answer, one.service) for one in results.answers],
            answered=results.answered,
            in_hand=results.in_hand,
            digest=results.digest,
            today=local_date(now),
            options=options,
            base_url=parts.base_url,
        )

    def _ask(self, request: Request) -> Response:
        options = options_from_query(request.args, self.parts.pages.languages)
        page = StatusPage(options=options, base_url=self.parts.base_url)
        return page_response(self.parts.board_pages.status(page))

    def _look_up(self, request: Request) -> Response:
        """The answer to a reference, which comes in the body and never appears in an address."""
        parts = self.parts
        fields = read_form(request)
        if set(fields) - _STATUS_FIELDS:
            raise RequestRefused(400)
        options = options_from_fields(fields, self.parts.pages.languages)
        typed = clean_line(fields.get(StatusField.REFERENCE, ""))[:_LONGEST_TYPED]
        try:
            found = look_up(parts.finder, parts.cases, parts.reviews, parts.secrets, typed, parts.verdicts)
            inclusion = self._inclusion(found, typed)
        except StoreUnavailable as unavailable:
            log("status_not_read", "ERROR", reason=unavailable.reason)
            busy = StatusPage(options=options, base_url=parts.base_url, typed=typed, is_busy=True)
            page = parts.board_pages.status(busy)
            return page_response(page, 503, retry_after_seconds=_RETRY_AFTER_SECONDS)
        if found is None:
            again = StatusPage(
                options=options, base_url=parts.base_url, typed=typed_reference(typed), is_unknown=True
            )
            return page_response(parts.board_pages.status(again), 404)
        page = parts.board_pages.found(
            FoundPage(
                box=parts.boxes.by_ward.get(found.submission_status.ward),
                submission_status=found.submission_status,
                case=found.case,
                review=found.review,
                inclusion=inclusion,
                permit=make_permit(parts.verdict_seal, found.id) if self._can_judge(found) else "",
                verdict=found.verdict,
                today=local_date(parts.clock()),
                options=options,
                base_url=parts.base_url,
            )
        )
        return page_response(page)
