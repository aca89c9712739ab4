"""Pages that are the same for everyone: made and compressed once, kept until they would change."""

import gzip
import hashlib
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Request, Response

from homthu.http.headers import SECURITY
from homthu.http.responses import accepts_gzip
from homthu.render.inline import Page

#: No cache keeps a page longer than this, so that an edited box shows within a day.
LONGEST = timedelta(days=1)
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, kw_only=True, slots=True)
class Prerendered:
    """A finished answer; `until` is the moment at which it would change, if it will."""

    plain: bytes
    gzipped: bytes
    status: int
    until: datetime | None
    etag: str
    headers: tuple[tuple[str, str], ...]

    def response(self, request: Request, now: datetime) -> Response:
        """The answer to one request, compressed or not, or 304 if the client has it."""
        seconds = int(min(LONGEST, self.until - now).total_seconds()) if self.until else _LONGEST_SECONDS
        cache = f"public, max-age=0, s-maxage={max(0, seconds)}, must-revalidate"
        if request.if_none_match.contains_weak(self.etag):
            response = Response(status=304)
        elif accepts_gzip(request):
            response = Response(self.gzipped, self.status)
            response.headers["Content-Encoding"] = "gzip"
        else:
            response = Response(self.plain, self.status)
        response.headers.update(self.headers)
        response.headers["Cache-Control"] = cache
        return response


_LONGEST_SECONDS = int(LONGEST.total_seconds())


def prerender(page: Page, *, status: int, until: datetime | None, content_type: str = HTML) -> Prerendered:
    """Compress a page and make its headers. The entity tag is weak: it stands for both encodings."""
    etag = hashlib.sha256(page.html).hexdigest()[:20]
    return Prerendered(
        plain=page.html,
        # A fixed time in the gzip header, so that equal pages are equal bytes.
        gzipped=gzip.compress(page.html, 9, mtime=0),
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
