"""The desk's door: how to ask for a link, what it opens, and what is said where it is not valid."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from flask import Request, Response

from homthu.domain.boxes.directory import PAGE, look
from homthu.domain.fields import DeskField
from homthu.http.directory import choice_from_query
from homthu.http.parts import DeskParts
from homthu.http.request import RequestRefused, check_request, is_cross_site, read_form
from homthu.http.responses import empty, page_response
from homthu.log import log
from homthu.ports import StoreUnavailable
from homthu.render.desk.inputs import DeskMessage
from homthu.render.page.inline import Page
from homthu.services.access import LinkContext, PassIssuer, mail_link, open_pass

METHODS = ("GET", "HEAD", "OPTIONS")
_RETRY_AFTER_SECONDS = 30
#: The forms that change something, the unit's among them.
_CHANGING = ("lam", "duyet", "gop", "bao", "nhap-xong")
_ASK_FIELDS = frozenset({DeskField.WARD, DeskField.EMAIL})
_Holder = TypeVar("_Holder")


@dataclass(frozen=True, slots=True)
class DeskDoor:
    """The answers that need no valid pass."""

    parts: DeskParts

    def entrance(self, request: Request) -> Response:
        """The form to ask for a link with, and what it sends."""
        check_request(request, (*METHODS, "POST"))
        if request.method == "OPTIONS":
            return empty(allow=(*METHODS, "POST"))
        if request.method == "POST":
            return self._mail_link(request)
        parts = self.parts
        wards = parts.boxes.wards
        choice = choice_from_query(request.args, parts.boxes)
        if len(wards) == 1 or (choice and choice.ward):
            ward = (choice and choice.ward) or wards[0].code
            return page_response(parts.desk_pages.ask(parts.boxes.by_ward[ward], (), parts.base_url))
        if len(wards) <= PAGE and choice is None:
            return page_response(parts.desk_pages.ask(None, wards, parts.base_url))
        listing = look(wards, choice)
        return page_response(parts.desk_pages.wards(listing, parts.base_url))

    def _mail_link(self, request: Request) -> Response:
        """The same answer to everyone."""
        if is_cross_site(request, self.parts.base_url):
            return self.denied()
        fields = read_form(request)
        if set(fields) - _ASK_FIELDS:
            raise RequestRefused(400)
        parts = self.parts
        context = LinkContext(
            link_mails=parts.link_mails,
            mailer=parts.mailer,
            sender=parts.sender,
            passes=self.passes,
            clock=parts.clock,
            write=parts.write_link,
            base_url=parts.base_url,
        )
        ward, email = fields.get(DeskField.WARD, ""), fields.get(DeskField.EMAIL, "").strip()
        try:
            outcome = mail_link(context, parts.boxes, ward=ward, email=email)
        except StoreUnavailable as unavailable:
            return self.busy(unavailable)
        log("desk_link", outcome=outcome.value)
        return self.message(DeskMessage.ASKED, 200)

    def open(self, token: str) -> Response:
        """What a member's link leads to."""
        pages, base_url = self.parts.desk_pages, self.parts.base_url
        return self.behind_link(
            lambda: open_pass(self.passes, token), lambda member: pages.door(member.box, token, base_url)
        )

    def behind_link(
        self,
        holder: Callable[[], _Holder | None],
        button: Callable[[_Holder], Page],
        denied: DeskMessage = DeskMessage.DENIED,
    ) -> Response:
        """What any link leads to: a button, or a page for a link that is not valid."""
        try:
            found = holder()
        except StoreUnavailable as unavailable:
            return self.busy(unavailable)
        return self.message(denied, 403) if found is None else page_response(button(found))

    @property
    def passes(self) -> PassIssuer:
        """What passes are opened and issued with."""
        return PassIssuer.of(self.parts)

    def denied(self) -> Response:
        """The one answer to every invalid pass, whatever is wrong with it."""
        return self.message(DeskMessage.DENIED, 403)

    def busy(
        self, unavailable: StoreUnavailable, fields: Mapping[str, str] | None = None, form: str = ""
    ) -> Response:
        """Nothing is known to be stored; a form that changes something can be sent again as it was."""
        log("desk_store", "ERROR", reason=unavailable.reason)
        page = self.parts.desk_pages.message(
            DeskMessage.BUSY, self.parts.base_url, fields if form in _CHANGING else None, form
        )
        return page_response(page, 503, retry_after_seconds=_RETRY_AFTER_SECONDS)

    def message(self, kind: DeskMessage, status: int, typed: str = "") -> Response:
        """A page that says one thing, with what was `typed` and could not be used."""
        page = self.parts.desk_pages.message(kind, self.parts.base_url, typed=typed)
        return page_response(page, status)
