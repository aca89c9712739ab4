"""What is inside a page rather than beside it: style, script, icon, and the policy naming them."""

import hashlib
import re
from base64 import b64encode
from urllib.parse import quote

from homthu.record import record

#: The one Trusted Types policy that a script of ours creates: it allows the address of the service worker.
_TRUSTED_TYPES = "homthu"
_BLOCK_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACED_STYLE = re.compile(r"(?<=[:;,{]) | (?=\{)")


@record
class Page:
    """A finished page and the Content-Security-Policy that allows exactly what it holds."""

    html: bytes
    csp: str


def shrink_style(source: str) -> str:
    """A style sheet without comments, line ends and redundant spaces."""
    lines = (_SPACED_STYLE.sub("", line.strip()) for line in _BLOCK_COMMENT.sub("", source).splitlines())
    return checked("".join(line if line.endswith(tuple("{};,")) else line + " " for line in lines if line))


def checked(source: str) -> str:
    """The source, if it stays inside the element it is inlined into; else raise `ValueError`."""
    if "</" in source or "<!--" in source:
        raise ValueError("an inlined file would end or open the element around it")
    return source


def data_uri(svg: bytes) -> str:
    """An SVG image as an address, so that no second request is needed for the icon."""
    return "data:image/svg+xml," + quote(svg.decode().strip(), safe=" =:/'(),;")


def policy(style: str, script: str, *, speaks: bool = False) -> str:
    """The policy of a page with this inline style and script; an empty script allows none.

    Only a page that `speaks` may play recordings, from here.

    Workers and the manifest are not inline; they keep room for working offline.
    """
    directives = [
        "default-src 'none'",
        *([f"script-src {_hash(script)}"] if script else []),
        "trusted-types " + (_TRUSTED_TYPES if script else "'none'"),
        f"style-src {_hash(style)}",
        "img-src 'self' data:",
        "connect-src 'self'",
        *(["media-src 'self'"] if speaks else []),
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ]
    return "; ".join(directives)


def _hash(source: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"
