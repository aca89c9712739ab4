"""Lets in only the browser of the person at this terminal: no page of the web, no other machine.

The page is on loopback, which every page that this browser shows can speak to, and every user of this
machine. So: the name asked for must be ours (else a stranger's name could be pointed here, DNS
rebinding); a post must come from our own page; and everything wants a cookie that is given once, for a
key that stands in the printed address.
"""

import secrets
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
KEY = "khoa"
_NAMES = frozenset({"127.0.0.1", "localhost"})
#: The port of http, which a browser leaves out of the host that it asks for.
_PORT_UNTOLD = 80
_METHODS = ("GET", "HEAD", "POST")


class Guard:
    """Stands before the pages of one port. `refuse` makes a page from a reason's key."""

    def __init__(self, pages: Wsgi, port: int, refuse: Callable[[str], bytes]) -> None:
        self._pages = pages
        self._hosts = {f"{name}:{port}" for name in _NAMES}
        if port == _PORT_UNTOLD:
            self._hosts |= _NAMES
        self._refuse = refuse
        #: A browser sends a host's cookies to all its ports: each set-up has a name of its own.
        self._cookie = f"hom-thu-{port}"
        self._pass = secrets.token_urlsafe(32)
        self._key: str | None = secrets.token_urlsafe(24)

    @property
    def key(self) -> str:
        """The key in the printed address; empty once it was used."""
        return self._key or ""

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        host, method = environ.get("HTTP_HOST", ""), environ["REQUEST_METHOD"]
        if host not in self._hosts or method not in _METHODS:
            return self._say("setup.door.stranger", start_response)
        if method == "POST" and not self._is_ours(environ, host):
            return self._say("setup.door.stranger", start_response)
        if method == "GET" and self._takes_key(environ):
            # The key is used up and disappears from the address, the history and the Referer.
            start_response("303 See Other", [("Location", "/"), *self._headers(), self._cookie_header()])
            return [b""]
        if not self._has_pass(environ):
            return self._say("setup.door.text", start_response)
        return self._pages(environ, start_response)

    def _is_ours(self, environ: dict[str, Any], host: str) -> bool:
        """Whether a post was sent by a page of this very address: every browser says so in `Origin`."""
        return str(environ.get("HTTP_ORIGIN", "")) == f"http://{host}"

    def _takes_key(self, environ: dict[str, Any]) -> bool:
        given = parse_qs(environ.get("QUERY_STRING", "")).get(KEY, [""])[0]
        if not given or self._key is None or not secrets.compare_digest(given.encode(), self._key.encode()):
            return False
        self._key = None
        return True

    def _has_pass(self, environ: dict[str, Any]) -> bool:
        # By hand: of a cookie that another program of this host set, a parser may refuse the whole line.
        pairs = [part.partition("=") for part in environ.get("HTTP_COOKIE", "").split(";")]
        given = [value.strip() for name, _, value in pairs if name.strip() == self._cookie]
        return any(secrets.compare_digest(one.encode(), self._pass.encode()) for one in given)

    def _cookie_header(self) -> tuple[str, str]:
        return ("Set-Cookie", f"{self._cookie}={self._pass}; HttpOnly; SameSite=Strict; Path=/")

    def _headers(self) -> list[tuple[str, str]]:
        return [
            ("Cache-Control", "no-store"),
            ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "same-origin"),
        ]

    def _say(self, key: str, start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = self._refuse(key)
        about = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
        start_response("403 Forbidden", [*self._headers(), *about])
        return [body]
