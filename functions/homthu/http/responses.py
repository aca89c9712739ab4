"""Building answers: pages, redirects and refusals, each with the headers it must have."""

from collections.abc import Iterable

from flask import Response

from homthu.http.headers import BARE_CSP, NO_STORE, SECURITY
from homthu.http.prepared import PreparedResponse
from homthu.render.page.inline import Page

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
