"""The register of a deployment as it is served: one ward's with the digest of its newest report, the index of
several, and the signature that covers them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import Request, Response

from homthu.domain.reports.printed_digest import printed
from homthu.domain.week import local_date, local_midnight
from homthu.http.page_cache import PageCache, page_key
from homthu.http.parts import BoardParts
from homthu.http.prerender import Prerendered, prerender
from homthu.http.request import RequestRefused
from homthu.http.responses import BARE_CSP
from homthu.log import log
from homthu.ports import StoreUnavailable
from homthu.render.page.inline import Page
from homthu.render.page.options import USUAL
from homthu.render.register import PATH, SIGNATURE_PATH, render_index, render_register, ward_in

#: A register without its digest is served no longer than this: the store may answer again.
_WITHOUT_STORE = timedelta(seconds=30)


def is_register(path: str) -> bool:
    """Whether something of the register may lie here."""
    return path == PATH or bool(ward_in(path))


@dataclass(frozen=True, slots=True)
class RegisterFiles:
    """Answers where `is_register`. A new report is seen there within `fresh`."""

    parts: BoardParts
    cache: PageCache
    fresh: timedelta

    def answer(self, request: Request, now: datetime) -> Response:
        """The file at the path. Raise `RequestRefused` if there is none."""
        key = page_key(request.path, USUAL)
        make = self._make
        try:
            return self.cache.answer(key, request, now, lambda: make(request.path, now, self._last_report))
        except StoreUnavailable as unavailable:
            # What the posters say is told without a store, too.
            log("head_not_read", "ERROR", reason=unavailable.reason)
            return self.cache.answer(key, request, now, lambda: make(request.path, now, None))

    def _last_report(self, ward: str) -> Mapping[str, str]:
        head = self.parts.ledger.head(ward)
        if head is None or not head.last_digest:
            return {}
        return {"number": f"{head.last_number}/{head.last_year}", "digest": printed(head.last_digest)}

    def _make(self, path: str, now: datetime, last: Callable[[str], Mapping[str, str]] | None) -> Prerendered:
        parts, wards = self.parts, self.parts.boxes.wards
        if path == SIGNATURE_PATH:
            if not (signature := parts.register_signature):
                raise RequestRefused(404)
            return _json(signature, until=None)
        if path == PATH and len(wards) > 1:
            return _json(render_index([ward.code for ward in wards], parts.base_url), until=None)
        box = parts.boxes.by_ward.get(wards[0].code if path == PATH else ward_in(path))
        if box is None:
            # Not cached: paths that lead nowhere are endless.
            raise RequestRefused(404)
        today = local_date(now)
        content = render_register([box], parts.base_url, today, last(box.ward.code) if last else None)
        # It names the rounds of the years around this one, so it changes at New Year.
        new_year = local_midnight(date(today.year + 1, 1, 1))
        return _json(content, until=min(new_year, now + (self.fresh if last else _WITHOUT_STORE)))


def _json(content: bytes, *, until: datetime | None) -> Prerendered:
    page = Page(html=content, csp=BARE_CSP)
    return prerender(page, status=200, until=until, content_type="application/json")
