"""What the author of a suggestion says of the answer: a form on the page that their reference leads to.

It belongs to `submit`, which may create and change nothing: the page's permit stands for the reference.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Request, Response

from homthu.domain.cases.verdict import MAX_WORDS, VerdictKind
from homthu.domain.fields import VerdictField
from homthu.domain.submissions.personal_data import find_personal_data
from homthu.domain.text import clean
from homthu.domain.week import local_date
from homthu.http.options import options_from_fields
from homthu.http.parts import SubmitParts
from homthu.http.request import RequestRefused, check_request, is_cross_site, read_form
from homthu.http.responses import empty, page_response, see_other
from homthu.log import log
from homthu.ports import StoreUnavailable
from homthu.render.board.verdict import VerdictFault, VerdictPage
from homthu.services.judge import NothingToJudge, judge, judged_case

VERDICT = "/tra-cuu/danh-gia"
METHODS = ("POST", "GET", "HEAD", "OPTIONS")
_FIELDS = frozenset(VerdictField)
_RETRY_AFTER_SECONDS = 30


@dataclass(frozen=True, slots=True)
class VerdictEndpoint:
    """Takes verdicts."""

    parts: SubmitParts

    def answer(self, request: Request) -> Response:
        """Keep a verdict, or give the form back as it was filled in."""
        check_request(request, METHODS)
        if request.method == "OPTIONS":
            return empty(allow=METHODS)
        if request.method != "POST":
            return see_other("/tra-cuu")
        fields = read_form(request)
        if set(fields) - _FIELDS or is_cross_site(request, self.parts.base_url):
            raise RequestRefused(400)
        try:
            return self._take(fields)
        except NothingToJudge:
            return self._page(fields, 410, fault=VerdictFault.GONE)
        except StoreUnavailable as unavailable:
            log("verdict_not_stored", "ERROR", reason=unavailable.reason)
            return self._page(fields, 503, fault=VerdictFault.BUSY)

    def _take(self, fields: Mapping[str, str]) -> Response:
        parts, today = self.parts, local_date(self.parts.clock())
        permit = fields.get(VerdictField.PERMIT, "")
        id, case = judged_case(parts.verdict_seal, parts.cases, permit, today=today)
        kind = next((one for one in VerdictKind if one == fields.get(VerdictField.KIND)), None)
        words = clean(fields.get(VerdictField.WORDS, ""))
        if kind is None:
            return self._page(fields, 422, fault=VerdictFault.REQUIRED)
        if len(words) > MAX_WORDS:
            return self._page(fields, 422, fault=VerdictFault.TOO_LONG)
        if find_personal_data(words) and not fields.get(VerdictField.SEEN):
            return self._page(fields, 422, fault=VerdictFault.PERSONAL)
        verdict = judge(parts.verdicts, id=id, case=case, kind=kind, words=words, on=today)
        log("verdict", ward=case.ward)
        return self._page(fields, 200, given=verdict.kind)

    def _page(
        self,
        fields: Mapping[str, str],
        status: int,
        *,
        fault: VerdictFault | None = None,
        given: VerdictKind | None = None,
    ) -> Response:
        page = VerdictPage(
            permit=fields.get(VerdictField.PERMIT, ""),
            kind=fields.get(VerdictField.KIND, ""),
            words=clean(fields.get(VerdictField.WORDS, "")),
            fault=fault,
            given=given,
            options=options_from_fields(fields, self.parts.pages.languages),
            base_url=self.parts.base_url,
        )
        retry = _RETRY_AFTER_SECONDS if fault is VerdictFault.BUSY else None
        return page_response(self.parts.board_pages.verdict(page), status, retry_after_seconds=retry)
