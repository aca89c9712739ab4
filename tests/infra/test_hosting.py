"""Where Firebase Hosting leads each address, by the engine of its own emulator (superstatic, npm)."""

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from homthu.http.responses import SECURITY
from infra.roots import Root
from local.site import read_routes
from web_checkers import checkers

pytestmark = pytest.mark.terraform
SCRIPT = Path(__file__).with_name("hosting.mjs")
#: What citizens, the committee and machines ask for, and what strangers try.
PATHS = [
    *(
        "/",
        "/g/bg-hcc",
        "/g/bg-hcc/",
        "/gui",
        "/gui/",
        "/da-gui",
        "/luu-gi",
        "/sw.js",
        "/manifest.webmanifest",
    ),
    *("/ket-qua", "/ket-qua/", "/ket-qua/07210", "/tra-cuu", "/tra-cuu/", "/suc-khoe", "/robots.txt"),
    *("/xu-ly", "/xu-ly/", "/xu-ly/abc/def", "/assets/form.css", "/phieu-giay/bg-hcc", "/a.b/c.d"),
    *(
        "/am-thanh/qcdc-v2/vi/chung",
        "/.well-known/hom-thu-gop-y.json",
        "/.well-known/hom-thu-gop-y/07210.json",
        "/ket-qua.html",
        "/GUI",
        "/gui%2F",
        "/g/%C4%91",
    ),
]
Ask = Callable[[str], tuple[str, dict[str, str]]]


@pytest.fixture(scope="module")
def ask(applied: Root, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """The service that an address is led to, or empty, and the headers of the answer."""
    version = applied.resources().one("google_firebase_hosting_version")["config"][0]
    config: dict[str, Any] = {
        "public": str(tmp_path_factory.mktemp("public")),
        "rewrites": [
            {"source": one["glob"], "run": {"serviceId": one["run"][0]["service_id"]}}
            for one in version["rewrites"]
        ],
        "headers": [
            {"source": one["glob"], "headers": [{"key": k, "value": v} for k, v in one["headers"].items()]}
            for one in version["headers"]
        ],
    }
    command = ["node", str(SCRIPT), str(checkers())]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(json.dumps(config))
        server.stdin.close()
        port = int(server.stdout.readline())

        def answered(path: str) -> tuple[str, dict[str, str]]:
            try:
                with urlopen(f"http://127.0.0.1:{port}{path}") as answer:
                    return answer.headers.get("X-Service", ""), dict(answer.headers)
            except HTTPError as refused:
                return "", dict(refused.headers)

        yield answered
        server.terminate()


def named(path: str) -> str:
    """The function that `scripts/serve` leads this to."""
    for pattern, function in read_routes():
        if pattern.fullmatch(path):
            return f"homthu-{function}"
    return ""


@pytest.mark.parametrize("path", PATHS)
def test_an_address_leads_to_the_same_function_in_the_cloud_and_on_one_machine(ask: Ask, path: str) -> None:
    service, headers = ask(path)
    assert service == named(path)
    given = {name.lower(): value for name, value in headers.items()}
    for name, value in SECURITY.items():
        assert given.get(name.lower(), value) == value


def test_what_the_province_reads_is_led_to_its_function_and_other_dot_paths_to_none(ask: Ask) -> None:
    """`**` skips what begins with a dot, so that this one address needs a route of its own."""
    assert ask("/.well-known/hom-thu-gop-y.json")[0] == "homthu-board"
    assert ask("/.well-known/hom-thu-gop-y/07210.json")[0] == "homthu-board"
    for stranger in ("/.env", "/.git/config", "/g/.well-known"):
        assert ask(stranger)[0] == "", stranger


def test_every_answer_of_hostings_own_has_its_headers(ask: Ask) -> None:
    _, headers = ask("/khong-co-trang-nay")
    for name in ("Strict-Transport-Security", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy"):
        assert headers[name] == SECURITY[name]
