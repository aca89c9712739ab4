"""What stands in the place of the framework's own application: the same answers, and its duties."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import functions_framework
import pytest
from citizen_side import KEY, PLACE
from flask import Flask, Request, Response
from homthu.http.framework import adopt
from homthu.http.request import MAX_BODY_BYTES, RequestRefused
from homthu.http.responses import page_response, refusal
from homthu.render.page.inline import Page
from secret_settings import secret_settings
from werkzeug.test import EnvironBuilder, run_wsgi_app

MAIN = Path(__file__).parents[2] / "functions" / "main.py"
PAGES = ("/", f"/g/{PLACE}", "/luu-gi", f"/phieu-giay/{PLACE}")
PAGE = Page(html=b"<p>x", csp="")


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """`form` as the framework makes it."""
    secret = tmp_path_factory.mktemp("secrets") / "secret"
    secret.write_text("ab" * 32)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "HOMTHU_BASE_URL": "https://gopy.example.org",
            **secret_settings(secret),
        }.items():
            patch.setenv(name, value)
        yield functions_framework.create_app("form", str(MAIN))


def ask(app: Any, path: str, **options: Any) -> tuple[str, list[tuple[str, str]], bytes, bool]:
    """Status line, headers, body, and whether a `Request` was made for it."""
    seen: list[dict[str, Any]] = []

    def seeing(environ: dict[str, Any], start_response: Any) -> Any:
        seen.append(environ)
        return app(environ, start_response)

    body, status, headers = run_wsgi_app(seeing, EnvironBuilder(path, **options).get_environ(), buffered=True)
    return status, sorted(headers), b"".join(body), "werkzeug.request" in seen[0]


@pytest.mark.parametrize("encoding", ["", "gzip", "gzip, deflate, br"])
@pytest.mark.parametrize("path", PAGES)
def test_a_finished_page_is_answered_at_once_and_alike(form: Flask, path: str, encoding: str) -> None:
    options: dict[str, Any] = {"headers": {"Accept-Encoding": encoding, "Cookie": "x=1", "User-Agent": "a"}}
    ask(form, path, **options)
    # What is asked with a query is never answered at once.
    status, headers, body, is_request = ask(form, f"{path}?x=1", **options)
    assert (status, is_request) == ("200 OK", True)
    assert ask(form, path, **options) == (status, headers, body, False)
    assert ("Content-Length", str(len(body))) in headers


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"method": "HEAD"}, 200),
        ({"method": "OPTIONS"}, 204),
        ({"method": "POST", "data": {"key": KEY}}, 405),
        ({"method": "TRACE"}, 405),
        ({"method": "FOO"}, 405),
        ({"headers": {"If-None-Match": "*"}}, 304),
        ({"headers": {"Content-Length": "3"}, "input_stream": BytesIO(b"abc")}, 200),
        ({"query_string": "l=" + "a" * 3000}, 414),
    ],
)
def test_what_is_no_plain_get_is_never_answered_at_once(
    form: Flask, options: dict[str, Any], status: int
) -> None:
    ask(form, "/")
    answer = ask(form, "/", **options)
    assert (int(answer[0][:3]), answer[3]) == (status, True)


@pytest.mark.parametrize(
    "path", ["/robots.txt", "/favicon.ico", "/static/x", "//g//x", "/g/nq-mc/", "/G/NQ-MC"]
)
def test_every_path_reaches_the_function(form: Flask, path: str) -> None:
    for method in ("GET", "OPTIONS", "PUT"):
        environ = EnvironBuilder(method=method).get_environ() | {"PATH_INFO": path}
        _, status, headers = run_wsgi_app(form, environ, buffered=True)
        assert int(status[:3]) in {"GET": (404, 308), "OPTIONS": (204,), "PUT": (405,)}[method]
        assert "Content-Security-Policy" in headers


class Endless(BytesIO):
    """A body without end, of which is counted what was read."""

    taken = 0

    def read(self, size: int | None = -1) -> bytes:
        assert size is not None
        assert size > 0, "all of it was asked for"
        self.taken += size
        return b"x" * size

    readinto = None  # type: ignore[assignment]


def adopted(handle: Callable[[Request], Response]) -> Flask:
    app = Flask("adopted")
    adopt(app, handle)
    return app


def taken_of_a_body(handle: Callable[[Request], Response]) -> int:
    body = Endless()
    environ = EnvironBuilder(method="POST").get_environ()
    environ |= {"wsgi.input": body, "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    environ.pop("CONTENT_LENGTH", None)
    run_wsgi_app(adopted(handle), environ, buffered=True)
    return body.taken


def test_a_body_that_nobody_read_is_read_as_far_as_a_form_may_go() -> None:
    assert taken_of_a_body(lambda _: page_response(PAGE)) == MAX_BODY_BYTES
    assert taken_of_a_body(lambda _: refusal(PAGE, 413)) == 0


def test_a_body_that_breaks_off_costs_nobody_the_answer() -> None:
    class Broken(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError("gone")

    environ = EnvironBuilder(method="POST").get_environ() | {"wsgi.input": Broken(), "CONTENT_LENGTH": "9"}
    body, status, _ = run_wsgi_app(adopted(lambda _: page_response(PAGE)), environ, buffered=True)
    assert (status, b"".join(body)) == ("200 OK", PAGE.html)


@pytest.mark.parametrize("error", [ValueError("secret words"), RequestRefused(404)])
def test_what_escapes_the_function_is_an_answer_that_says_nothing(
    error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: Request) -> Response:
        raise error

    status, headers, body, _ = ask(adopted(fail), "/g/secret")
    said = capsys.readouterr()
    assert (status, body) == ("500 INTERNAL SERVER ERROR", b"")
    assert ("Cache-Control", "no-store") in headers
    assert json.loads(said.out)["error"] == type(error).__name__
    assert "secret" not in said.out + said.err


LOGGED = """
import sys, functions_framework
from concurrent.futures import ThreadPoolExecutor
from werkzeug.test import EnvironBuilder, run_wsgi_app
app = functions_framework.create_app("form", sys.argv[1])
def ask(n):
    headers = {"Function-Execution-Id": f"id{n}"} if n else {}
    return run_wsgi_app(app, EnvironBuilder("/khong-co", headers=headers).get_environ(), buffered=True)[1]
with ThreadPoolExecutor(20) as pool:
    assert set(pool.map(ask, range(200))) == {"404 NOT FOUND"}
"""


def test_each_line_of_the_log_names_its_own_execution(tmp_path: Path) -> None:
    """As deployed (infra/functions.tf); the one request that came without an id is given one."""
    (tmp_path / "secret").write_text("ab" * 32)
    environ = {"HOMTHU_BASE_URL": "https://gopy.example.org", **secret_settings(tmp_path / "secret")}
    done = subprocess.run(
        [sys.executable, "-c", LOGGED, str(MAIN)],
        env={"PATH": os.environ["PATH"], **environ, "LOG_EXECUTION_ID": "true"},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert {line["event"] for line in lines} == {"request_refused"}
    ids = [line["logging.googleapis.com/labels"]["execution_id"] for line in lines]
    assert len(set(ids)) == 200
    assert set(ids) > {f"id{n}" for n in range(1, 200)}
