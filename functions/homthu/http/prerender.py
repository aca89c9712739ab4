"""Pages that are the same for everyone: finished answers, with headers and encodings."""

import gzip
import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from flask import Request, Response
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from homthu.http.responses import SECURITY, PreparedResponse
from homthu.record import record
from homthu.render.page.inline import Page

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

#: No cache keeps a page longer than this, so that an edited box shows within a day.
LONGEST = timedelta(days=1)
#: Brotli's best takes a second for a megabyte; of a long list its quick way makes hardly more bytes.
_LARGE_BYTES = 100_000
_BEST, _QUICK = 11, 5
_WITHOUT_BODY = (204, 304)
HTML = "text/html; charset=utf-8"


@record
class Prerendered:
    """A finished answer; `until` is the moment at which it will change, if it will."""

    plain: bytes
    status: int
    until: datetime | None
    etag: str
    headers: tuple[tuple[str, str], ...]

    def is_over(self, now: datetime) -> bool:
        """Whether the page has changed by now."""
        return self.until is not None and now >= self.until

    def is_held_by(self, request: Request) -> bool:
        """Whether the client has the page already."""
        return "HTTP_IF_NONE_MATCH" in request.environ and request.if_none_match.contains_weak(self.etag)

    def packed(self, encoding: str) -> bytes:
        """The page in this encoding."""
        return _ENCODINGS[encoding](self.plain)

    def headers_at(self, now: datetime, encoding: str) -> list[tuple[str, str]]:
        """The headers of an answer given now, of the page in this encoding, or plain if it is empty."""
        seconds = int(min(LONGEST, self.until - now).total_seconds()) if self.until else _LONGEST_SECONDS
        cache = f"public, max-age=0, s-maxage={max(0, seconds)}, must-revalidate"
        headers = [*self.headers, ("Cache-Control", cache)]
        return [*headers, ("Content-Encoding", encoding)] if encoding else headers

    def response(self, now: datetime, encoding: str, packed: bytes | None) -> Response:
        """The page, packed or plain."""
        body = self.plain if packed is None else packed
        return PreparedResponse(body, self.status, self.headers_at(now, encoding))

    def not_modified(self, now: datetime) -> Response:
        """The answer to a client that has the page."""
        return PreparedResponse(b"", 304, self.headers_at(now, ""))


def encoding_of(environ: "WSGIEnvironment") -> str:
    """How a page is to be compressed for this client; empty if it is not."""
    return _encoding_for(environ.get("HTTP_ACCEPT_ENCODING", ""))


def pack_once(response: Response, environ: "WSGIEnvironment") -> Response:
    """The same answer, packed if it is a page made for this request alone and the client takes it so.

    No stranger can have a browser ask for such a page again and again beside words of their choice (BREACH):
    what it holds of a secret came with the request, and no request of ours carries a cookie.
    """
    is_page = response.mimetype == "text/html" and response.status_code not in _WITHOUT_BODY
    if isinstance(response, PreparedResponse) or not is_page:
        return response
    response.headers["Vary"] = "Accept-Encoding"
    if encoding := encoding_of(environ):
        is_streamed = response.is_streamed
        body = _QUICKLY[encoding](b"".join(response.iter_encoded()))
        # What is streamed stays so: `refusal` says why.
        response.response = iter([body]) if is_streamed else [body]
        response.headers["Content-Length"] = str(len(body))
        response.headers["Content-Encoding"] = encoding
    return response


def _gzip(page: bytes, level: int = 9) -> bytes:
    # A fixed time in the header, so that equal pages are equal bytes.
    return gzip.compress(page, level, mtime=0)


def _brotli(page: bytes, most: int = _BEST) -> bytes:
    # Imported on use: no first answer should wait for a library that it may not need.
    import brotli

    quality = most if len(page) <= _LARGE_BYTES else _QUICK
    packed: bytes = brotli.compress(page, mode=brotli.MODE_TEXT, quality=quality)
    return packed


#: The encodings we make, the smallest first.
_ENCODINGS: Mapping[str, Callable[[bytes], bytes]] = {"br": _brotli, "gzip": _gzip}
#: The same for a page that is sent once: a third of a millisecond instead of thirty.
_QUICKLY: Mapping[str, Callable[[bytes], bytes]] = {
    "br": lambda page: _brotli(page, _QUICK),
    "gzip": lambda page: _gzip(page, 6),
}


@lru_cache(maxsize=64)
def _encoding_for(accepted: str) -> str:
    """The smallest encoding that an Accept-Encoding takes, or "". Browsers send few different ones."""
    parsed = parse_accept_header(accepted, Accept)
    return next((name for name in _ENCODINGS if parsed[name]), "")


_LONGEST_SECONDS = int(LONGEST.total_seconds())


def prerender(page: Page, *, status: int, until: datetime | None, content_type: str = HTML) -> Prerendered:
    """A page with its headers, ready to be sent. The entity tag is weak: it stands for every encoding."""
    etag = hashlib.sha256(page.html).hexdigest()[:20]
    return Prerendered(
        plain=page.html,
        status=status,
        until=until,
        etag=etag,
        headers=(
            *((name, value) for name, value in SECURITY.items()),
            ("Content-Security-Policy", page.csp),
            ("Content-Type", content_type),
            ("Vary", "Accept-Encoding"),
            ("ETag", f'W/"{etag}"'),
        ),
    )
