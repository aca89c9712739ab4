"""Whether a form was sent from another site's page, by what the browser says of it."""

from urllib.parse import urlsplit

from flask import Request


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
