"""The headers of every route and every refusal, those of the framework's own paths too."""

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from citizen_side import KEY, PLACE
from served_box import Answer, ServedBox, served, whole_form

#: Name, method, path, what is sent, and the status that must come.
REQUESTS = [
    ("landing", "GET", "/", None, 200),
    ("form", "GET", f"/g/{PLACE}", None, 200),
    ("form in English", "GET", f"/g/{PLACE}?l=en&c=to", None, 200),
    ("asset", "GET", "/assets/favicon.svg", None, 200),
    ("receipt gone", "GET", "/da-gui?p=x", None, 410),
    ("not found", "GET", "/khong-co", None, 404),
    ("robots.txt", "GET", "/robots.txt", None, 404),
    ("favicon.ico", "GET", "/favicon.ico", None, 404),
    ("static", "GET", "/static/x", None, 404),
    ("static's options", "OPTIONS", "/static/x", None, 204),
    ("line feed", "GET", "/%0A", None, 404),
    ("line feed at a place", "GET", "/g/nq-mc%0Ax", None, 404),
    ("long path", "GET", "/" + "a" * 300, None, 414),
    ("long query", "GET", "/?l=" + "a" * 3000, None, 414),
    ("options", "OPTIONS", "/", None, 204),
    ("warm up", "HEAD", "/gui", None, 204),
    ("back to the start", "GET", "/gui", None, 303),
    *((f"{m} {path}", m, path, None, 405) for path in ("/", "/gui") for m in ("TRACE", "PUT", "FOO")),
    ("stored", "POST", "/gui", whole_form(KEY), 303),
    ("review", "POST", "/gui", whole_form(""), 200),
    ("faulty", "POST", "/gui", whole_form(KEY, thai_do=""), 422),
    ("no place", "POST", "/gui", {"place": "x"}, 404),
    ("unknown field", "POST", "/gui", whole_form(KEY, la="1"), 400),
    ("too large", "POST", "/gui", whole_form(KEY, gop_y="a" * 40_000), 413),
]  # fmt: skip
NO_STORE = {"receipt gone", "stored", "review", "faulty", "back to the start", "receipt"}
_POLICY_ITEM = re.compile(r"[a-z][a-z0-9-]*=\(\)")


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedBox]:
    with served(tmp_path_factory.mktemp("headers")) as box:
        yield box


def ask(box: ServedBox, method: str, path: str, form: dict[str, str] | None) -> Answer:
    return box.send(form) if form else box.request(method, path)


@pytest.mark.parametrize(("name", "method", "path", "form", "status"), REQUESTS, ids=[r[0] for r in REQUESTS])
def test_every_answer_carries_every_header(
    box: ServedBox, name: str, method: str, path: str, form: dict[str, str] | None, status: int
) -> None:
    answer = ask(box, method, path, form)
    assert answer.status == status
    check_headers(answer)
    if name in NO_STORE or status >= 400:
        assert answer.headers["Cache-Control"] == "no-store"
    if method == "GET":
        # The second time what is kept is answered at once.
        again = ask(box, method, path, form)
        assert (again.status, again.body) == (answer.status, answer.body)
        assert _lasting(again.headers) == _lasting(answer.headers)


def _lasting(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers, without what a second changes."""
    return {name: re.sub(r"s-maxage=\d+", "", value) for name, value in headers.items() if name != "Date"}


def test_the_receipt_carries_every_header(box: ServedBox) -> None:
    receipt = box.get(box.send(whole_form("e" * 32)).headers["Location"])
    check_headers(receipt)
    assert (receipt.headers["Cache-Control"], receipt.headers["X-Robots-Tag"]) == ("no-store", "noindex")


def check_headers(answer: Answer) -> None:
    headers = answer.headers
    assert int(re.findall(r"max-age=(\d+)", headers["Strict-Transport-Security"])[0]) >= 31_536_000
    assert headers["Referrer-Policy"] == "same-origin"
    # A structured field (RFC 9651): a dictionary of inner lists. `camera=('none')` would be none.
    items = headers["Permissions-Policy"].split(", ")
    assert all(_POLICY_ITEM.fullmatch(item) for item in items)
    assert {"camera=()", "microphone=()", "geolocation=()"} <= set(items)
    assert (headers["X-Content-Type-Options"], headers["X-Frame-Options"]) == ("nosniff", "DENY")
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Set-Cookie" not in headers
    assert not re.search(r"\d", headers["Server"])
    check_policy(answer)


def check_policy(answer: Answer) -> None:
    """Nothing inline but what the policy names by its hash, and nothing named that is not there."""
    parts = answer.headers["Content-Security-Policy"].split(";")
    policy = {name: value for name, _, value in (part.strip().partition(" ") for part in parts)}
    assert (policy["default-src"], policy["base-uri"], policy["frame-ancestors"]) == ("'none'",) * 3
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "*" not in answer.headers["Content-Security-Policy"]
    if not answer.headers.get("Content-Type", "").startswith("text/html") or not answer.body:
        return
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    for tag in ("style", "script"):
        inline = re.findall(rf"<{tag}>(.*?)</{tag}>", answer.text, re.DOTALL)
        hashes = {
            "'sha256-" + base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() + "'"
            for one in inline
        }
        assert hashes == set(policy.get(f"{tag}-src", "").split()) - {"'self'"}
    assert not re.search(r"<[^>]+ (style|on\w+)=", answer.text)


def test_no_address_of_a_caller_and_no_words_are_in_the_log(box: ServedBox, tmp_path: Path) -> None:
    box.request("GET", "/khong-co", headers={"User-Agent": "canary-agent", "X-Forwarded-For": "203.0.113.77"})
    logged = box.logged()
    assert "canary" not in logged
    assert "203.0.113" not in logged
    assert "ip=" not in logged
