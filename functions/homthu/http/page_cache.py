"""The pages of this instance that are the same for everyone: made once, kept while there is room.

Bounded by bytes, not by number: the addresses that pages have are many (places × languages × sizes ×
channels × modes), and anybody may ask for all of them. The least recently used go first. However
many ask for one page at once, it is made and compressed once: on one processor 64 makings of the
same page would be 64 times as long for everybody.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from flask import Request, Response

from homthu.deadline import remaining
from homthu.http.prerender import Prerendered, encoding_of
from homthu.http.responses import status_line
from homthu.ports import StoreUnavailable
from homthu.record import record
from homthu.render.page.options import USUAL, PageOptions

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from homthu.domain.boxes.directory import Choice

#: How long a request waits for a page that another one is making.
_WAIT_SECONDS = 7.0
#: The memory of an entry besides its bodies: headers, key and its share of the tables.
_ENTRY_BYTES = 4096
_IF_NONE_MATCH = "HTTP_IF_NONE_MATCH"
T = TypeVar("T")


def page_key(path: str, options: PageOptions, choice: Choice | None = None) -> Hashable:
    """The key of the page at a path, without a trailing slash; for `/` that is empty."""
    return path, options, choice


@record
class FinishedAnswer:
    """What a server needs of a finished page: status line, headers, body."""

    line: str
    headers: list[tuple[str, str]]
    body: bytes


class _Kept:
    def __init__(self, page: Prerendered) -> None:
        self.page = page
        self.packed: dict[str, bytes] = {}

    @property
    def size(self) -> int:
        return _ENTRY_BYTES + len(self.page.plain) + sum(map(len, self.packed.values()))


class PageCache:
    """Finished pages by what they are made from, bounded by bytes."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit = limit_bytes
        self._bytes = 0
        #: The most recently used last.
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        #: What is being made now, and for whom else it will do.
        self._making: dict[Hashable, Future[object]] = {}
        self._lock = threading.Lock()

    def answer(
        self, key: Hashable, request: Request, now: datetime, make: Callable[[], Prerendered]
    ) -> Response:
        """The page under this key in the form the request wants, made again when it has expired.

        What `make` raises goes to everybody who waits for it, and is not cached.
        """
        page = self._page(key, now, make)
        if page.is_held_by(request):
            return page.not_modified(now)
        encoding = encoding_of(request.environ)
        return page.response(now, encoding, self._packed(key, page, encoding) if encoding else None)

    def finished(self, environ: WSGIEnvironment, now: datetime) -> FinishedAnswer | None:
        """The answer to a plain GET of a page that is kept as it is wanted; anything else is not for here.

        A page is kept under `page_key` only if a request for that path, or for that and a slash, made it:
        whatever is looked at before a page is made was looked at then.
        """
        if environ["REQUEST_METHOD"] != "GET" or environ.get("QUERY_STRING") or _IF_NONE_MATCH in environ:
            return None
        path, encoding = environ["PATH_INFO"], encoding_of(environ)
        with self._lock:
            kept = self._good(page_key("" if path == "/" else path, USUAL), now)
            if kept is None:
                return None
            page, body = kept.page, kept.packed.get(encoding) if encoding else kept.page.plain
        if body is None:
            return None
        headers = [*page.headers_at(now, encoding), ("Content-Length", str(len(body)))]
        return FinishedAnswer(line=status_line(page.status), headers=headers, body=body)

    def _page(self, key: Hashable, now: datetime, make: Callable[[], Prerendered]) -> Prerendered:
        def found() -> Prerendered | None:
            kept = self._good(key, now)
            return kept.page if kept else None

        def keep(page: Prerendered) -> None:
            self._drop(key)
            self._kept[key] = _Kept(page)
            self._bytes += self._kept[key].size

        return self._once(("page", key), found, make, keep)

    def _good(self, key: Hashable, now: datetime) -> _Kept | None:
        """The valid entry under a key, marked as used."""
        kept = self._kept.get(key)
        if kept is None or kept.page.is_over(now):
            return None
        self._kept.move_to_end(key)
        return kept

    def _packed(self, key: Hashable, page: Prerendered, encoding: str) -> bytes:
        def found() -> bytes | None:
            kept = self._kept.get(key)
            return kept.packed.get(encoding) if kept and kept.page is page else None

        def keep(packed: bytes) -> None:
            kept = self._kept.get(key)
            if kept and kept.page is page:
                kept.packed[encoding] = packed
                self._bytes += len(packed)

        return self._once(("packed", key, encoding, page.etag), found, lambda: page.packed(encoding), keep)

    def _once(
        self, key: Hashable, found: Callable[[], T | None], make: Callable[[], T], keep: Callable[[T], None]
    ) -> T:
        """The entry, or what the first request that needs it makes."""
        with self._lock:
            if (there := found()) is not None:
                return there
            future = self._making.get(key)
            is_ours = future is None
            if future is None:
                future = self._making[key] = Future()
        if not is_ours:
            try:
                return future.result(timeout=remaining(_WAIT_SECONDS))  # type: ignore[return-value]
            except TimeoutError:
                raise StoreUnavailable("busy") from None
        try:
            made = make()
        except BaseException as error:
            with self._lock:
                del self._making[key]
            future.set_exception(error)
            raise
        with self._lock:
            del self._making[key]
            keep(made)
            self._make_room()
        future.set_result(made)
        return made

    def _make_room(self) -> None:
        while self._bytes > self._limit and self._kept:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: Hashable) -> None:
        kept = self._kept.pop(key, None)
        if kept:
            self._bytes -= kept.size
