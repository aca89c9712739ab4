"""The whole box as one WSGI application: each function by the framework, mounted by infra/routes.json."""

import json
import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import functions_framework
from environment import ROOT
from homthu.config import ServiceMode

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
SOURCE = ROOT / "functions" / "main.py"
ROUTES = ROOT / "infra" / "routes.json"


def build_functions(names: Iterable[str]) -> dict[str, Wsgi]:
    """Each function as the framework serves it in the cloud."""
    return {name: functions_framework.create_app(name, str(SOURCE)) for name in names}


def build_paused_form() -> Wsgi:
    """`form` as it is while the box accepts nothing: it offers no form and says so."""
    before = os.environ.get("HOMTHU_MODE")
    os.environ["HOMTHU_MODE"] = ServiceMode.PAUSED
    try:
        return build_functions(["form"])["form"]
    finally:
        if before is None:
            del os.environ["HOMTHU_MODE"]
        else:
            os.environ["HOMTHU_MODE"] = before


def read_routes(path: Path = ROUTES) -> list[tuple[re.Pattern[str], str]]:
    """The routing table as patterns, in order; `**` stands for any rest of a path."""
    return [(_pattern(route["path"]), route["function"]) for route in json.loads(path.read_text("utf-8"))]


def _pattern(path: str) -> re.Pattern[str]:
    # A path may hold a line feed (`%0A`): it must reach a function, too, which refuses it in words.
    return re.compile(".*".join(re.escape(part) for part in path.split("**")), re.DOTALL)


class Site:
    """Passes a request to the first function whose route matches its path, or else to the last route's."""

    def __init__(self, functions: Mapping[str, Wsgi], routes: list[tuple[re.Pattern[str], str]]) -> None:
        self._functions = functions
        self._routes = routes

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        path = environ.get("PATH_INFO", "/")
        found = (name for pattern, name in self._routes if pattern.fullmatch(path))
        # `OPTIONS *` has no path that a route could match (RFC 9110, 9.3.7).
        name = next(found, self._routes[-1][1])
        return self._functions[name](environ, start_response)


#: Stands at the head of every page of a box whose forms are invented. No style: the pages' own policy
#: allows none but theirs.
DEMO_NOTE = (
    '<p role="note"><strong>Hòm thư thử: phiếu và số liệu ở đây là bịa, không gửi cho ai.</strong><br>'
    '<span lang="en">A trial: the forms and figures here are invented and go to nobody.</span></p>'
)
_BODY = re.compile(rb"<body[^>]*>")
#: Headers that would make a cache or a browser take the marked page for the unmarked one.
_OF_THE_BARE_PAGE = {"content-length", "etag"}


class DemoSite:
    """The site of a box of invented forms: every page says so."""

    def __init__(self, site: Wsgi) -> None:
        self._site = site

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request, marked if it is a page."""
        bare = {**environ, "HTTP_ACCEPT_ENCODING": "identity"}
        bare.pop("HTTP_IF_NONE_MATCH", None)
        answer: dict[str, Any] = {}

        def keep(status: str, headers: list[tuple[str, str]], _: object = None) -> None:
            answer.update(status=status, headers=headers)

        chunks = self._site(bare, keep)
        try:
            body = b"".join(chunks)
        finally:
            getattr(chunks, "close", lambda: None)()
        kind = next((value for name, value in answer["headers"] if name.lower() == "content-type"), "")
        if not kind.startswith("text/html") or not (found := _BODY.search(body)):
            start_response(answer["status"], answer["headers"])
            return [body]
        body = body[: found.end()] + DEMO_NOTE.encode() + body[found.end() :]
        headers = [pair for pair in answer["headers"] if pair[0].lower() not in _OF_THE_BARE_PAGE]
        start_response(answer["status"], [*headers, ("Content-Length", str(len(body)))])
        return [body]
