"""Replaces functions-framework's own application, which costs as much as everything that we do.

The framework loads and starts the function, and its server calls the application that it made. From there
our handler is called directly (PEP 3333): no routing, no Flask context, and a finished page is sent before
a `Request` is built. What the framework's application did for every request is done here:

- every path and method reaches the function: the framework would answer `/robots.txt`, and Flask `/static/`,
  with an English page without our headers;
- a body that nobody read is drained before the answer is sent, or the connection might be reset; unlike
  there, only up to the size of a form, because a body may be endless;
- an exception that escapes the function becomes an answer, and the log names only its class and place;
- with `LOG_EXECUTION_ID`, as deployed, each line of the log names the execution of its request.
"""

import os
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import TYPE_CHECKING

from flask import Flask, Request, Response
from functions_framework import execution_id
from werkzeug.local import LocalProxy

from homthu.http.errors import Handler
from homthu.http.page_cache import FinishedAnswer
from homthu.http.request import MAX_BODY_BYTES
from homthu.http.responses import empty
from homthu.log import log_crash

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: The finished page that answers a request, or None if the request has to be handled.
Finished = Callable[["WSGIEnvironment"], FinishedAnswer | None]
#: What the framework takes for true.
_TRUE = ("y", "yes", "t", "true", "on", "1")


def adopt(app: Flask, handle: Handler) -> None:
    """Have the framework's application answer with this handler, and with nothing of its own."""
    finished: Finished | None = getattr(handle, "finished", None)
    answer = _application(handle)
    if os.environ.get("LOG_EXECUTION_ID") in _TRUE:
        answer = execution_id.WsgiMiddleware(_application(_with_execution_id(handle)))
    # Flask's documented place for middleware.
    app.wsgi_app = answer if finished is None else _at_once(finished, answer)  # type: ignore[method-assign, assignment]


def _application(handle: Handler) -> "WSGIApplication":
    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        request = Request(environ)
        try:
            response = handle(request)
        except Exception as error:
            log_crash("answer_crashed", error)
            response = empty(500)
        if not response.is_streamed:
            _read_the_rest(request)
        return response(environ, start_response)

    return answer


def _at_once(finished: Finished, inner: "WSGIApplication") -> "WSGIApplication":
    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        page = None if _has_body(environ) else finished(environ)
        if page is None:
            return inner(environ, start_response)
        start_response(page.line, page.headers)
        return (page.body,)

    return answer


def _has_body(environ: "WSGIEnvironment") -> bool:
    """Whether the headers of a request announce a body."""
    return environ.get("CONTENT_LENGTH", "0") not in ("", "0") or "HTTP_TRANSFER_ENCODING" in environ


def _read_the_rest(request: Request) -> None:
    if not _has_body(request.environ):
        return
    try:
        request.stream.read(MAX_BODY_BYTES)
    except Exception:
        # Each server raises errors of its own for a malformed or interrupted body; the answer is sent anyway.
        return


def _with_execution_id(handle: Handler) -> Handler:
    """Wrap a handler as the framework does; once, because what it does to stdout is shared by all threads."""
    asked: ContextVar[Request] = ContextVar("asked")
    wrapped = execution_id.set_execution_context(LocalProxy(asked), enable_id_logging=True)(handle)

    def named(request: Request) -> Response:
        asked.set(request)
        response: Response = wrapped(request)
        return response

    return named
