"""Fetches public pages of other deployments: bounded in time and size, never following a redirect."""

import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from email.message import Message
from http.client import HTTPException
from typing import IO

SECONDS = 10
MOST_BYTES = 2_000_000


class Unreachable(Exception):
    """No usable answer; `code` names the sentence in `register.reason`, `detail` fills it."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


#: Gives the body behind a URL, or raises `Unreachable`.
Fetch = Callable[[str], bytes]


class _StayThere(urllib.request.HTTPRedirectHandler):
    """A register or a form that sends its reader elsewhere is just what is being looked for."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        """Follow nothing."""
        fp.close()
        raise Unreachable("redirect")


def fetch(url: str) -> bytes:
    """The body of a page. The scheme has been checked: https, or http on this machine."""
    opener = urllib.request.build_opener(_StayThere)
    try:
        with opener.open(url, timeout=SECONDS) as answer:
            body: bytes = answer.read(MOST_BYTES + 1)
    except urllib.error.HTTPError as error:
        error.close()
        raise Unreachable("status", str(error.code)) from None
    except OSError as error:
        raise _reason(error) from None
    except HTTPException as error:
        raise Unreachable("network", type(error).__name__) from None
    if len(body) > MOST_BYTES:
        raise Unreachable("too_large")
    return body


def _reason(error: OSError) -> Unreachable:
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, TimeoutError):
        return Unreachable("timeout")
    if isinstance(cause, ssl.SSLError):
        return Unreachable("certificate")
    return Unreachable("network", str(cause))
