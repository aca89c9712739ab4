"""Building answers: pages, redirects and refusals, each with the headers it must have."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Response

from homthu.render.page.inline import Page

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

#: `same-origin`, not `no-referrer`: the latter makes browsers send `Origin: null` with a form
#: (Fetch standard), and then a post from our own page cannot be told from a stranger's.
SECURITY = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), "
    "interest-cohort=(), browsing-topics=()",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
#: For answers that are no page of ours: nothing may load, nothing may frame them.
BARE_CSP = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
NO_STORE = "no-store"


def status_line(status: int) -> str:
    """`200 OK`."""
    return f"{status} {HTTPStatus(status).phrase}"


class PreparedResponse(Response):
    """A response that skips werkzeug's work on headers.

    Setting some fifteen headers and composing them again costs about as much as all else that a
    request for the form needs; here they are a list that was made once. They are not in `headers`:
    to change them, make another answer.
    """

    def __init__(self, body: bytes, status: int, headers: list[tuple[str, str]]) -> None:
        super().__init__(status=status)
        self._body = body
        self._line = status_line(status)
        self._prepared = [*headers, ("Content-Length", str(len(body)))] if status != 304 else headers

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        start_response(self._line, self._prepared)
        return () if environ["REQUEST_METHOD"] == "HEAD" or self.status_code == 304 else (self._body,)


_HTML = "text/html; charset=utf-8"
_BARE = [("Cache-Control", NO_STORE), *SECURITY.items(), ("Content-Security-Policy", BARE_CSP)]


def page_response(page: Page, status: int = 200, *, retry_after_seconds: int | None = None) -> Response:
    """A page made for this request alone: never cached, never indexed."""
    response = Response(page.html, status, content_type=_HTML)
    _secure(response, page.csp)
    response.headers["Cache-Control"] = NO_STORE
    response.headers["X-Robots-Tag"] = "noindex"
    if retry_after_seconds is not None:
        response.headers["Retry-After"] = str(retry_after_seconds)
    return response


def refusal(page: Page, status: int, *, allow: Iterable[str] = ()) -> Response:
    """A page sent without reading the request's body, closing the connection.

    It is streamed, because functions-framework reads the whole body of any request whose answer is
    not (functions-framework-python#113), and the body may be endless.
    """
    response = page_response(page, status)
    response.response = iter([page.html])
    response.headers["Content-Length"] = str(len(page.html))
    response.headers["Connection"] = "close"
    if allow:
        response.headers["Allow"] = ", ".join(allow)
    return response


def see_other(location: str) -> Response:
    """Go on with a GET of this path, which holds only what an address may (RFC 9110, 15.4.4)."""
    return PreparedResponse(b"", 303, [("Location", location), *_BARE])


def moved(location: str) -> Response:
    """Go to this path of ours instead, for good (RFC 9110, 15.4.9)."""
    return PreparedResponse(b"", 308, [("Location", location), *_BARE])


def empty(status: int = 204, *, allow: Iterable[str] = ()) -> Response:
    """No content."""
    response = Response(status=status, headers={"Cache-Control": NO_STORE})
    if allow:
        response.headers["Allow"] = ", ".join(allow)
    return _secure(response, BARE_CSP)


def json_response(body: bytes, status: int = 200) -> Response:
    """JSON for a machine; never cached."""
    response = Response(body, status, content_type="application/json; charset=utf-8")
    response.headers["Cache-Control"] = NO_STORE
    return _secure(response, BARE_CSP)


def _secure(response: Response, csp: str) -> Response:
    response.headers.extend(SECURITY)
    response.headers["Content-Security-Policy"] = csp
    return response
