"""Who has the set-up page's cookie gets in, whatever else the browser brings, and on whatever port."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from setting_up.guard import KEY, Guard


def pages(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [])
    return [b"in"]


def ask(guard: Guard, host: str, **environ: str) -> tuple[str, dict[str, str]]:
    said: list[Any] = []
    given = {"REQUEST_METHOD": "GET", "HTTP_HOST": host, **environ}
    list(guard(given, lambda status, headers: said.extend((status[:3], dict(headers)))))
    return said[0], said[1]


def a_guard(port: int, host: str) -> tuple[Guard, str]:
    """One whose key was spent, and the cookie that came of it."""
    guard = Guard(pages, port, str.encode)
    status, headers = ask(guard, host, QUERY_STRING=f"{KEY}={guard.key}")
    assert status == "303"
    return guard, headers["Set-Cookie"].partition(";")[0]


@pytest.mark.parametrize(
    "line",
    [
        "{ours}",
        "a=b; {ours}",
        'x={{"a":1}}; {ours}',
        "bad[name]=1; {ours}",
        "x=\xe9; {ours};",
        "=;;x;{ours}",
        'a="; {ours}',
        "hom-thu-8080=cu; {ours}",
        "{ours}; hom-thu-8080=\xe9",
    ],
)
def test_a_foreign_cookie_locks_nobody_out(line: str) -> None:
    guard, ours = a_guard(8080, "127.0.0.1:8080")
    assert ask(guard, "127.0.0.1:8080", HTTP_COOKIE=line.format(ours=ours))[0] == "200"
    name, _, value = ours.partition("=")
    for wrong in (f"x{name}={value}", f"{name}={value}x", f"{name}=", name, f"x={ours}", value, "\xe9"):
        assert ask(guard, "127.0.0.1:8080", HTTP_COOKIE=line.format(ours=wrong))[0] == "403"


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_on_port_80_a_browser_names_no_port(name: str) -> None:
    guard, ours = a_guard(80, name)
    post = {"REQUEST_METHOD": "POST", "HTTP_COOKIE": ours}
    assert ask(guard, name, HTTP_ORIGIN=f"http://{name}", **post)[0] == "200"
    assert ask(guard, name, HTTP_ORIGIN="http://evil.example", **post)[0] == "403"
    assert ask(guard, f"{name}:80", HTTP_COOKIE=ours)[0] == "200"
    for other in ("evil.example", "evil.example:80", f"{name}.evil.example", f"{name}:81", "", "[::1]"):
        assert ask(guard, other, HTTP_COOKIE=ours)[0] == "403"


def test_on_another_port_a_host_without_one_is_a_stranger() -> None:
    guard, ours = a_guard(8080, "localhost:8080")
    assert ask(guard, "localhost", HTTP_COOKIE=ours)[0] == "403"
