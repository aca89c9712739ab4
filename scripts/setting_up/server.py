"""Serves the set-up pages on loopback, until the box is to be served or the command is stopped."""

import errno
import logging
import threading
import time
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import waitress
from environment import ROOT
from flask import Flask, Response
from homthu.adapters.web_files import load_templates
from homthu.config import BOXES
from homthu.ports import Clock
from homthu.render.templates import make_environment
from homthu.render.texts import Texts
from waitress import wasyncore
from werkzeug.exceptions import HTTPException

from setting_up.context import MOST_UPLOAD, SetUp
from setting_up.emblem_page import add_emblem
from setting_up.guard import KEY, Guard, Wsgi
from setting_up.mail_page import add_mail
from setting_up.pages import PageMaker
from setting_up.previews import Previews
from setting_up.print_page import add_printing
from setting_up.question_page import add_questions
from setting_up.rehearsal_page import add_rehearsal
from setting_up.run_page import add_running
from setting_up.save_page import add_saving
from setting_up.site import add_pages, finish
from setting_up.transfer_page import add_transfer
from setting_up.words import load_words
from setting_up.workplace import Workplace

HOST = "127.0.0.1"
_ASSETS = {"setup.css": "text/css; charset=utf-8", "setup.js": "text/javascript; charset=utf-8"}
_THREADS = 4
#: Added before the pages of the steps, which match every other name.
_ROOMS = (
    add_emblem,
    add_questions,
    add_saving,
    add_printing,
    add_rehearsal,
    add_mail,
    add_transfer,
    add_running,
    add_pages,
)
#: The errors of a disk that cannot be written: full, over quota, or read-only.
_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO)
_STEP_SECONDS, _LAST_SECONDS = 0.5, 1.0


def make_app(up: SetUp) -> Flask:
    """The application with all pages, without the guard in front."""
    app = Flask("setting_up", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MOST_UPLOAD
    for add in _ROOMS:
        add(app, up)
    for name, kind in _ASSETS.items():
        content = (ROOT / "web" / "templates" / "setup" / name).read_bytes()
        app.add_url_rule(f"/{name}", name, _asset(content, kind))
    app.after_request(finish)

    def say(error: Exception) -> tuple[str, int]:
        """Answer with a sentence instead of the error's own words; nothing typed is lost."""
        if isinstance(error, HTTPException) and error.code and error.code < 500:
            key = {413: "setup.door.too_large"}.get(error.code, "setup.door.not_found")
            return up.page("message", sentence=up.texts(key)), error.code
        where = _place_of(error)
        if isinstance(error, OSError) and error.errno in _DISK:
            logging.getLogger("setting_up").error("%s %s", type(error).__name__, where)
            return up.page("message", sentence=up.texts("setup.door.disk", folder=up.place.data)), 507
        logging.getLogger("setting_up").error("%s %s", type(error).__name__, where)
        return up.page("message", sentence=up.texts("setup.door.failed", where=where)), 500

    def answer(error: Exception) -> tuple[str, int] | Response:
        if isinstance(error, HTTPException) and error.response is not None:
            return error.response  # type: ignore[return-value]
        return say(error)

    app.register_error_handler(Exception, answer)
    # Flask's documented place for middleware.
    app.wsgi_app = _one_change_at_a_time(app.wsgi_app)  # type: ignore[method-assign, assignment]
    return app


def _one_change_at_a_time(app: Wsgi) -> Wsgi:
    """Let each POST find the draft that the one before left: both read it, change it and store it whole."""
    turn = threading.Lock()

    def answer(environ: Any, start_response: Any) -> Iterable[bytes]:
        with turn if environ["REQUEST_METHOD"] == "POST" else nullcontext():
            return app(environ, start_response)

    return answer


def _asset(content: bytes, kind: str):  # type: ignore[no-untyped-def]
    return lambda: Response(content, content_type=kind)


def _place_of(error: Exception) -> str:
    """The innermost line of our code in a traceback."""
    trace, place = error.__traceback__, ""
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if path.is_relative_to(ROOT) and ".venv" not in path.parts:
            place = f"{path.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__}, {place}"


def make_set_up(data: Path, clock: Clock, shipped: Path = BOXES) -> SetUp:
    """Put together everything that the pages need."""
    texts, templates = load_words(), make_environment(load_templates())
    place = Workplace(data=data, shipped=shipped)
    return SetUp(
        place=place,
        texts=texts,
        pages=PageMaker(texts, templates),
        previews=Previews(place, clock, templates),
        clock=clock,
    )


def refusal(texts: Texts, key: str) -> bytes:
    """The page for a visitor without the key."""
    template = make_environment(load_templates()).get_template("setup/door.html")
    return template.render(t=texts, key=key).encode()


logging.getLogger("waitress.queue").setLevel(logging.ERROR)


class SetUpServer:
    """The server of the pages, on a port of loopback."""

    def __init__(self, up: SetUp, port: int) -> None:
        self._up = up
        app: Wsgi = make_app(up)
        self._guard = Guard(app, port, lambda key: refusal(up.texts, key))
        self._port = port
        self._map: dict[int, Any] = {}
        self._server = waitress.create_server(
            self._guard,
            map=self._map,
            host=HOST,
            port=port,
            threads=_THREADS,
            max_request_body_size=MOST_UPLOAD,
            ident=None,
            clear_untrusted_proxy_headers=True,
        )

    @property
    def address(self) -> str:
        """The address to open in a browser, once: it contains the key."""
        return f"http://{HOST}:{self._port}/?{KEY}={self._guard.key}"

    def run(self) -> str:
        """Serve until the box is to be started; return the host to serve it on. Raise `KeyboardInterrupt`."""
        wish, until = self._up.wish, float("inf")
        # waitress's own loop ends only by an exception, and leaves connections open.
        while time.monotonic() < until:
            wasyncore.loop(timeout=_STEP_SECONDS, map=self._map, count=1)
            if wish.is_made.is_set() and until == float("inf"):
                # The page that announces it is still being sent.
                until = time.monotonic() + _LAST_SECONDS
        self._server.task_dispatcher.shutdown()
        wasyncore.close_all(self._map, ignore_all=True)
        return wish.host
