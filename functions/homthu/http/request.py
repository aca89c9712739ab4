"""What a request must be before any work is done for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes, urlsplit

from flask import Request

from homthu.domain.errors import HomThuError

if TYPE_CHECKING:
    from homthu.render.page.options import PageOptions

MAX_BODY_BYTES = 32 * 1024
MAX_FIELDS = 60
MAX_PATH_BYTES = 256
#: A receipt's sealed token has 300 bytes; chats and social networks add a few marks of their own.
MAX_QUERY_BYTES = 2048
FORM_TYPE = "application/x-www-form-urlencoded"


_FOREIGN_END = re.compile(r"[^a-z0-9]+\Z")


class RequestRefused(HomThuError):
    """The request is not accepted; `status` is the HTTP status, `allow` the accepted methods.

    `typed` is what the citizen wrote, where that could be read: it is shown again, and never lost. `options`
    are those that a form carried; else the address has them.
    """

    def __init__(
        self,
        status: int,
        allow: Iterable[str] = (),
        *,
        typed: str = "",
        options: PageOptions | None = None,
    ) -> None:
        super().__init__(status)
        self.status = status
        self.allow = tuple(allow)
        self.typed = typed
        self.options = options


class Crashed(HomThuError):
    """An unforeseen error, its cause; `typed` and `options` are those of the form."""

    def __init__(self, typed: str, options: PageOptions) -> None:
        super().__init__()
        self.typed = typed
        self.options = options


def check_request(request: Request, allow: Iterable[str]) -> None:
    """Raise `RequestRefused` for another method (405) or an endless address (414)."""
    if request.method not in allow:
        raise RequestRefused(405, allow)
    if len(request.path.encode()) > MAX_PATH_BYTES or len(request.query_string) > MAX_QUERY_BYTES:
        raise RequestRefused(414)


def tidied(path: str) -> str:
    """An address as we print it: in small letters, without what a sentence or a program added to its end.

    People type a poster's address with the phone's capital letter, and copy the full stop after it.
    """
    return _FOREIGN_END.sub("", path.lower())


def read_form(request: Request) -> dict[str, str]:
    """The fields of a form, each once; raise `RequestRefused` for a body that no form of ours sends.

    The body is bounded whether it is sized or chunked, and is read here rather than through
    `request.form`, which has no limit on the number of fields.
    """
    if request.mimetype != FORM_TYPE:
        raise RequestRefused(415)
    if (request.content_length or 0) > MAX_BODY_BYTES:
        raise RequestRefused(413)
    body = _read_body(request)
    if len(body) > MAX_BODY_BYTES:
        raise RequestRefused(413)
    if body.count(b"&") >= MAX_FIELDS:
        raise RequestRefused(400)
    pairs = _pairs_in(body)
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise RequestRefused(400)
    return fields


def _read_body(request: Request) -> bytes:
    """The whole body, up to a byte more than we take; raise `RequestRefused` if it broke off on its way.

    gunicorn ends a sized body silently where the connection ends. Half a form would be stored as a
    whole one, and once more when the phone sends it again.
    """
    try:
        body: bytes = request.stream.read(MAX_BODY_BYTES + 1)
    except Exception:
        # Each server has errors of its own for a body that is malformed or breaks off.
        raise RequestRefused(400) from None
    if len(body) < min(request.content_length or 0, MAX_BODY_BYTES + 1):
        raise RequestRefused(400)
    return body


def _pairs_in(body: bytes) -> list[tuple[str, str]]:
    """Names and values as browsers write them (WHATWG URL standard, application/x-www-form-urlencoded)."""
    written = (pair.partition(b"=") for pair in body.replace(b"+", b" ").split(b"&") if pair)
    return [(_read(name), _read(value)) for name, _, value in written]


def _read(written: bytes) -> str:
    if b"%" in written:
        try:
            # As escapes of Python's own, which are read in C: urllib goes from one percent sign to the next,
            # and a Vietnamese text has hundreds.
            escapes = written.replace(b"\\", b"\\\\").replace(b"%", b"\\x")
            written = escapes.decode("unicode_escape").encode("latin-1")
        except UnicodeDecodeError:
            # A percent sign that begins nothing stands for itself.
            written = unquote_to_bytes(written)
    return written.decode("utf-8", "replace")


def is_cross_site(request: Request, base_url: str) -> bool:
    """By `Sec-Fetch-Site` (W3C Fetch Metadata), or from a browser that has none by `Origin` (Fetch standard).

    Safari sends the former from 16.4 on. Our own page may lie at several hosts: the canonical one,
    the one that was asked, and the one that was asked of the front end. A page elsewhere chooses none
    of them. What sends neither header is no browser that a stranger's page could use.
    """
    if told := request.headers.get("Sec-Fetch-Site"):
        return told == "cross-site"
    origin = request.headers.get("Origin")
    if origin is None:
        return False
    ours = {urlsplit(base_url).netloc, request.host, request.headers.get("X-Forwarded-Host", "")}
    # Compared as it is: `null`, of a page without an origin, is nobody's, and a malformed one too.
    return origin.partition("://")[2] not in ours - {""}
