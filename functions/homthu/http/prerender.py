"""Pages that are the same for everyone: made and compressed once, kept until they would change."""

import gzip
import hashlib
import threading
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from flask import Request, Response
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from homthu.http.headers import SECURITY
from homthu.http.prepared import PreparedResponse
from homthu.render.page.inline import Page

#: No cache keeps a page longer than this, so that an edited box shows within a day.
LONGEST = timedelta(days=1)
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, kw_only=True, slots=True)
class Prerendered:
    """A finished answer; `until` is the moment at which it would change, if it will."""

    plain: bytes
    status: int
    until: datetime | None
    etag: str
    headers: tuple[tuple[str, str], ...]
    _packed: dict[str, bytes] = field(default_factory=dict)

    def response(self, request: Request, now: datetime) -> Response:
        """The answer to one request, compressed or not, or 304 if the client has it."""
        seconds = int(min(LONGEST, self.until - now).total_seconds()) if self.until else _LONGEST_SECONDS
        cache = f"public, max-age=0, s-maxage={max(0, seconds)}, must-revalidate"
        headers = [*self.headers, ("Cache-Control", cache)]
        if "HTTP_IF_NONE_MATCH" in request.environ and request.if_none_match.contains_weak(self.etag):
            return PreparedResponse(b"", 304, headers)
        encoding = _encoding_for(request.environ.get("HTTP_ACCEPT_ENCODING", ""))
        if not encoding:
            return PreparedResponse(self.plain, self.status, headers)
        return PreparedResponse(self._pack(encoding), self.status, [*headers, ("Content-Encoding", encoding)])

    def _pack(self, encoding: str) -> bytes:
        """The page in this encoding, compressed when it is first asked for.

        Two requests at once may both do the work; they arrive at the same bytes.
        """
        if encoding not in self._packed:
            self._packed[encoding] = _ENCODINGS[encoding](self.plain)
        return self._packed[encoding]


def _gzip(page: bytes) -> bytes:
    # A fixed time in the header, so that equal pages are equal bytes.
    return gzip.compress(page, 9, mtime=0)


def _brotli(page: bytes) -> bytes:
    # Imported on use: no first answer should wait for a library that it may not need.
    import brotli

    packed: bytes = brotli.compress(page, mode=brotli.MODE_TEXT, quality=11)
    return packed


#: The encodings we make, the smallest first.
_ENCODINGS: Mapping[str, Callable[[bytes], bytes]] = {"br": _brotli, "gzip": _gzip}


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


class PageCache:
    """The prerendered pages of this instance, by what they are made from."""

    def __init__(self) -> None:
        self._pages: dict[Hashable, Prerendered] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, now: datetime, make: Callable[[], Prerendered]) -> Prerendered:
        """The page under this key, made anew when its time is over."""
        page = self._pages.get(key)
        if page is None or (page.until and now >= page.until):
            with self._lock:
                page = self._pages[key] = make()
        return page
