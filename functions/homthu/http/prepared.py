"""An answer whose bytes and headers are known beforehand, handed to the server as they are."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class PreparedResponse(Response):
    """A response that skips werkzeug's work on headers.

    Setting some fifteen headers and composing them again costs about as much as all else that a
    request for the form needs; here they are a list that was made once. They are not in `headers`:
    whoever would change them must make another answer.
    """

    def __init__(self, body: bytes, status: int, headers: list[tuple[str, str]]) -> None:
        super().__init__(status=status)
        self._body = body
        self._line = f"{status} {HTTPStatus(status).phrase}"
        self._prepared = [*headers, ("Content-Length", str(len(body)))] if status != 304 else headers

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        start_response(self._line, self._prepared)
        return () if environ["REQUEST_METHOD"] == "HEAD" or self.status_code == 304 else (self._body,)
