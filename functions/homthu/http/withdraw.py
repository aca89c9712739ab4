"""`withdraw`: erases one submission for the holder of its reference, after a confirmation.

It is the one citizen's page that changes what is stored, and so a function of its own, with rights of its
own. Looking changes nothing; the reference comes in the body, never in an address.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import Request, Response

from homthu.domain.fields import WithdrawalField
from homthu.domain.text import clean_line
from homthu.domain.week import local_date
from homthu.http.errors import Handler, guard
from homthu.http.options import options_from_fields, options_from_query
from homthu.http.parts import WithdrawParts
from homthu.http.request import RequestRefused, check_request, is_cross_site, read_form
from homthu.http.responses import empty, page_response
from homthu.log import log
from homthu.ports import StoreUnavailable
from homthu.render.board.inputs import FoundPage, StatusPage, WithdrawalPage
from homthu.render.board.pages import typed_reference
from homthu.render.page.options import PageOptions
from homthu.services.claim import LeaseLost, WardBusy
from homthu.services.erase import Erasure, NoSuchReference, erase
from homthu.services.lookup import Found, look_up

METHODS = ("GET", "HEAD", "OPTIONS", "POST")
#: The longest input repeated beside «not found»; no reference is longer.
_LONGEST_TYPED = 40
_FIELDS = frozenset(WithdrawalField)
_RETRY_AFTER_SECONDS = 30
#: While a report is being made nothing is erased, for it might quote what goes.
_REPORT_SECONDS = 900
#: The file is not rebuilt more often, since nobody can store a form meanwhile; in between, deleted data is
#: overwritten and the log emptied, and only a copy in a rearranged page may remain until the next time.
_REBUILDS = timedelta(minutes=10)


def make(parts: WithdrawParts) -> Handler:
    """The function, built from its parts."""
    return guard("withdraw", parts, _WithdrawEndpoint(parts).answer)


@dataclass(slots=True)
class _WithdrawEndpoint:
    """Shows what a reference would withdraw, and withdraws it once that is confirmed."""

    parts: WithdrawParts
    rebuilt_at: datetime | None = field(default=None)

    def answer(self, request: Request) -> Response:
        check_request(request, METHODS)
        if request.method == "OPTIONS":
            return empty(allow=METHODS)
        if request.method != "POST":
            options = options_from_query(request.args, self.parts.pages.languages)
            return page_response(self.parts.board_pages.withdraw(self._asking(options)))
        fields = read_form(request)
        if set(fields) - _FIELDS:
            raise RequestRefused(400)
        options = options_from_fields(fields, self.parts.pages.languages)
        typed = clean_line(fields.get(WithdrawalField.REFERENCE, ""))[:_LONGEST_TYPED]
        # A page on another site may lead here, but no further than to the confirmation.
        is_sure = fields.get(WithdrawalField.CONFIRMED) == "1" and not is_cross_site(
            request, self.parts.base_url
        )
        try:
            return self._withdraw(typed, options) if is_sure else self._look(typed, options)
        except StoreUnavailable as unavailable:
            log("withdrawal_failed", "ERROR", reason=unavailable.reason)
            return self._again(typed, options, 503, is_busy=True, seconds=_RETRY_AFTER_SECONDS)

    def _asking(self, options: PageOptions, **changes: object) -> StatusPage:
        return StatusPage(options=options, base_url=self.parts.base_url, **changes)  # type: ignore[arg-type]

    def _again(
        self, typed: str, options: PageOptions, status: int, *, seconds: int | None = None, **state: bool
    ) -> Response:
        page = self.parts.board_pages.withdraw(self._asking(options, typed=typed_reference(typed), **state))
        return page_response(page, status, retry_after_seconds=seconds)

    def _look(self, typed: str, options: PageOptions) -> Response:
        """What would be erased, and what no longer can be."""
        parts = self.parts
        found = look_up(parts.finder, parts.cases, parts.reviews, parts.secrets, typed)
        if found is None:
            return self._again(typed, options, 404, is_unknown=True)
        return page_response(parts.board_pages.withdrawing(self._page(found, options, typed=typed)))

    def _withdraw(self, typed: str, options: PageOptions) -> Response:
        parts = self.parts
        context = parts.erasure("withdrawn")
        rebuild = self._may_rebuild()
        try:
            done = erase(context, typed, rebuild=rebuild)
        except NoSuchReference:
            return self._again(typed, options, 404, is_unknown=True)
        except (WardBusy, LeaseLost):
            return self._again(typed, options, 503, is_reporting=True, seconds=_REPORT_SECONDS)
        finally:
            context.eraser.close()
        if rebuild:
            self.rebuilt_at = parts.clock()
        found = look_up(parts.finder, parts.cases, parts.reviews, parts.secrets, typed)
        if found is None:
            raise StoreUnavailable("vanished")
        return page_response(parts.board_pages.withdrawing(self._page(found, options, done=done)))

    def _may_rebuild(self) -> bool:
        return self.rebuilt_at is None or abs(self.parts.clock() - self.rebuilt_at) > _REBUILDS

    def _page(
        self, found: Found, options: PageOptions, *, typed: str = "", done: Erasure | None = None
    ) -> WithdrawalPage:
        parts = self.parts
        return WithdrawalPage(
            found=FoundPage(
                box=parts.boxes.by_ward.get(found.submission_status.ward),
                submission_status=found.submission_status,
                case=found.case,
                review=found.review,
                today=local_date(parts.clock()),
                options=options,
                base_url=parts.base_url,
            ),
            typed=typed,
            is_done=done is not None,
            mailed=tuple((one.number, one.year, one.frozen_on, len(one.recipients)) for one in done.reports)
            if done
            else (),
        )
