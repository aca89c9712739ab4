"""One request to a web server, and its result."""

from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import Request, urlopen

_TIMEOUT_SECONDS = 20


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A response; if there was none, `status` is 0 and `text` says why."""

    status: int
    text: str


def ask_web(
    method: str, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> Answer:
    """Ask once; where a page leads on to another, that one answers."""
    request = Request(url, data=body, headers=dict(headers or {}), method=method)  # noqa: S310 - our own box's
    try:
        with urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310
            return Answer(status=answer.status, text=answer.read().decode(errors="replace"))
    except HTTPError as refused:
        with refused:
            return Answer(status=refused.code, text=refused.read().decode(errors="replace"))
    except (OSError, HTTPException) as error:
        return Answer(status=0, text=str(error))
