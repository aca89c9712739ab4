"""The real functions over a memory store behind a real server, for a browser to talk to."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from citizen_side import PLACE
from citizen_side import Site as Parts
from flask import Flask, Response, request
from homthu.http import form, submit
from homthu.http.errors import Handler
from homthu.http.parts import SubmitParts
from werkzeug.serving import WSGIRequestHandler, make_server

FORM = f"/g/{PLACE}"
#: How often a server looks whether it is to stop: its test waits for that.
SHUTDOWN_SECONDS = 0.02
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass
class Live:
    """A box being served: its parts, its address, and every request it has seen."""

    parts: Parts
    url: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)

    @property
    def posts(self) -> int:
        """How many forms reached the server."""
        return self.asked.count(("POST", "/gui"))


class Silent(WSGIRequestHandler):
    """Says nothing: the record is what the tests read."""

    def log(self, type: str, message: str, *args: object) -> None:
        """Drop a line."""


def _app(handler: Handler) -> Wsgi:
    app = Flask("test", static_folder=None)

    def run(path: str = "") -> Response:
        return handler(request)

    methods = ["GET", "HEAD", "POST", "OPTIONS"]
    for rule in ("/", "/<path:path>"):
        app.add_url_rule(rule, f"run{rule}", run, methods=methods, provide_automatic_options=False)
    return app.wsgi_app


@contextmanager
def serving(parts: Parts) -> Iterator[Live]:
    """Serve these parts until the block ends."""
    live = Live(parts)
    functions = {"form": _app(form.make(parts)), "submit": _app(submit.make(cast(SubmitParts, parts)))}

    def site(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        live.asked.append((environ["REQUEST_METHOD"], path))
        # To pack a page takes longer than most of what is tried here; tests/http look at packed pages.
        environ["HTTP_ACCEPT_ENCODING"] = "identity"
        return functions["submit" if path == "/gui" else "form"](environ, start_response)

    server = make_server("127.0.0.1", 0, site, threaded=True, request_handler=Silent)
    live.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=[SHUTDOWN_SECONDS], daemon=True)
    thread.start()
    try:
        yield live
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
