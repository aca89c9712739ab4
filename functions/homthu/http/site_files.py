"""The few files that a citizen's page may ask for beside itself: pictures, recordings, worker, manifest."""

import hashlib
import json
import mimetypes
from collections.abc import Mapping
from pathlib import Path

from flask import Request, Response
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from homthu.domain.boxes.clip import KINDS
from homthu.http.request import RequestRefused
from homthu.http.responses import BARE_CSP, SECURITY

#: Style and script are inlined into the pages, so only images are served from /assets/.
_SERVED_SUFFIXES = (".svg", ".png")
#: The worker fetches the pages that it keeps, and nothing else.
_WORKER_CSP = BARE_CSP + "; connect-src 'self'"


def asset(assets: Mapping[str, bytes], name: str) -> Response:
    """A picture; its address changes with it, so caches may keep it for a day."""
    content = assets.get(name)
    if content is None or not name.endswith(_SERVED_SUFFIXES):
        raise RequestRefused(404)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return _file(content, kind, "public, max-age=86400")


def clip(path: Path, request: Request) -> Response:
    """A question read aloud, also in parts, as telephones ask for it (RFC 9110, 14.2)."""
    content = path.read_bytes()
    response = _file(content, KINDS[path.suffix], "public, max-age=86400")
    response.set_etag(hashlib.sha256(content).hexdigest()[:16])
    try:
        response.make_conditional(request, accept_ranges=True, complete_length=len(content))
    except RequestedRangeNotSatisfiable:
        raise RequestRefused(416) from None
    return response


def worker(assets: Mapping[str, bytes]) -> Response:
    """The service worker: asked for anew each time, so that a mended one replaces it at once."""
    return _file(assets["sw.js"], "text/javascript; charset=utf-8", "no-cache", csp=_WORKER_CSP)


def manifest(name: str) -> Response:
    """What a phone needs to put the box on its home screen."""
    content = {
        "name": name,
        "short_name": name,
        "lang": "vi",
        "start_url": "/",
        "display": "browser",
        "background_color": "#f7f4ee",
        "theme_color": "#9d1519",
        "icons": [{"src": "/assets/favicon.svg", "type": "image/svg+xml", "sizes": "any"}],
    }
    body = json.dumps(content, ensure_ascii=False).encode()
    return _file(body, "application/manifest+json", "public, max-age=86400")


def _file(content: bytes, kind: str, cache: str, *, csp: str = BARE_CSP) -> Response:
    response = Response(content, content_type=kind)
    response.headers.extend(SECURITY)
    response.headers["Content-Security-Policy"] = csp
    response.headers["Cache-Control"] = cache
    return response
