"""The set-up page lets in the browser of whoever reads the terminal and nobody else; nothing comes alive."""

import contextlib
import json
import threading
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from homthu.adapters.clock import system_clock
from ports import free_port
from setting_up.new_ward import new_table
from setting_up.server import SetUpServer, make_set_up
from setting_up.steps import STEPS, Preview
from setting_up.wards import all_wards
from setting_up.workplace import Draft

FORM = "application/x-www-form-urlencoded"
HOSTILE = "<script>x=1</script>\"'><img src=x onerror=x>"


class Visitor:
    """Somebody who speaks to the port, with or without what a browser of ours would bring."""

    def __init__(self, port: int, address: str, data: Path) -> None:
        self.port, self.address, self.data = port, address, data
        self.origin = f"http://127.0.0.1:{port}"
        self.cookie = ""

    def ask(
        self, method: str, path: str, body: bytes = b"", **headers: str
    ) -> tuple[int, Mapping[str, str], str]:
        given = {"Cookie": self.cookie} | {name.replace("_", "-"): value for name, value in headers.items()}
        with contextlib.closing(HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request(method, path, body, {name: value for name, value in given.items() if value})
            answer = connection.getresponse()
            content = answer.read().decode("utf-8", "replace")
        return answer.status, {name.lower(): value for name, value in answer.headers.items()}, content

    def enter(self) -> None:
        status, headers, _ = self.ask("GET", self.address.removeprefix(self.origin))
        assert (status, headers["location"]) == (303, "/")
        self.cookie = headers["set-cookie"].partition(";")[0]

    def post(
        self, path: str, fields: Mapping[str, str], **headers: str
    ) -> tuple[int, Mapping[str, str], str]:
        ours = {"Origin": self.origin, "Content_Type": FORM}
        return self.ask("POST", path, urlencode(fields).encode(), **{**ours, **headers})


@pytest.fixture(scope="module")
def up_and_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SetUpServer, int, Path]]:
    data = tmp_path_factory.mktemp("set-up") / "data"
    up, port = make_set_up(data, system_clock), free_port()
    up.place.keep_draft(Draft(file="bac-giang.toml", table=new_table(up.place.shipped, all_wards()["07210"])))
    server = SetUpServer(up, port)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server, port, data
    up.wish.is_made.set()
    thread.join(10)
    assert not thread.is_alive()


@pytest.fixture(scope="module")
def inside(up_and_server: tuple[SetUpServer, int, Path]) -> Visitor:
    server, port, data = up_and_server
    visitor = Visitor(port, server.address, data)
    visitor.enter()
    return visitor


@pytest.fixture
def outside(inside: Visitor) -> Visitor:
    return Visitor(inside.port, inside.address, inside.data)


def test_the_key_opens_once_and_the_cookie_is_for_this_site_and_no_script(
    inside: Visitor, outside: Visitor
) -> None:
    status, headers, text = outside.ask("GET", inside.address.removeprefix(inside.origin))
    assert status == 403
    assert "set-cookie" not in headers
    assert "Bắc Giang" not in text


@pytest.mark.parametrize("path", ["/", "/phuong", "/xem/phieu", "/luu", "/chuyen/bac-giang.zip", "/setup.js"])
def test_nobody_reads_anything_without_the_cookie(outside: Visitor, path: str) -> None:
    for cookie in ("", f"hom-thu-{outside.port}=x", "hom-thu-1=x; a=b", "=;=", '"'):
        outside.cookie = cookie
        status, headers, text = outside.ask("GET", path)
        assert status == 403
        assert "Bắc Giang" not in text
        assert headers["content-security-policy"].startswith("default-src 'none'")


def test_a_guessed_key_is_none(outside: Visitor) -> None:
    for key in ("", "x", "x" * 32, "%C3%A9", "%00"):
        assert outside.ask("GET", f"/?khoa={key}")[0] == 403


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1",
        "127.0.0.1:1",
        "[::1]:{port}",
        "127.0.0.1.nip.io:{port}",
        "",
    ],
)
def test_another_name_for_this_machine_is_refused(inside: Visitor, host: str) -> None:
    """DNS rebinding: a stranger's page has its own name pointed at this port."""
    status, _, text = inside.ask("GET", "/phuong", Host=host.format(port=inside.port) or " ")
    assert status in (400, 403)
    assert "Bắc Giang" not in text


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "null",
        "http://evil.example",
        "http://127.0.0.1:1",
        "http://localhost:{port}",
        "https://127.0.0.1:{port}",
    ],
)
def test_a_post_from_elsewhere_changes_nothing(inside: Visitor, origin: str) -> None:
    before = (inside.data / "setting-up.json").read_bytes()
    status, _, _ = inside.post("/phuong", {"ward.name": "Khác"}, Origin=origin.format(port=inside.port))
    assert status == 403
    assert (inside.data / "setting-up.json").read_bytes() == before


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
def test_other_methods_are_refused(inside: Visitor, method: str) -> None:
    assert inside.ask(method, "/phuong")[0] in (403, 405)


def test_looking_writes_nothing(inside: Visitor) -> None:
    def state() -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in inside.data.rglob("*") if path.is_file()}

    before = state()
    pages = [
        "/",
        "/?tim=bac+giang",
        "/luu",
        "/luu?xong=1",
        "/in",
        "/tap-duot",
        "/thu-dien-tu",
        "/chuyen",
        "/chay",
        "/cau-hoi",
    ]
    pages += [step.address for step in STEPS] + [f"{step.address}?them=1" for step in STEPS]
    pages += [f"/xem/{which}?so=3" for which in Preview]
    for path in pages:
        for method in ("GET", "HEAD"):
            assert inside.ask(method, path)[0] == 200, path
    for path in ("/chon", "/mo", "/bo", "/bieu-trung"):
        assert inside.ask("GET", path)[0] in (404, 405), path
    assert state() == before


def test_every_page_forbids_what_is_not_ours_and_every_preview_forbids_more(inside: Visitor) -> None:
    for path in ("/", "/phuong", "/khong-co", *(f"/xem/{which}" for which in Preview)):
        _, headers, _ = inside.ask("GET", path)
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert (
            "frame-ancestors 'self'" in policy
            if path.startswith("/xem")
            else "frame-ancestors 'none'" in policy
        )
        assert "sandbox" in policy if path.startswith("/xem") else "script-src 'self'" in policy
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"


def test_what_is_typed_comes_alive_on_no_page_and_in_no_preview(inside: Visitor) -> None:
    draft = (inside.data / "setting-up.json").read_bytes()
    for step in STEPS:
        fields = {field.path: HOSTILE for field in (*step.fields, *step.after)}
        if step.rows:
            keys = ("name", "email", "code", "kind", "former_ward", "opens", "closes", "reads_words")
            fields |= {f"{step.rows}.0.{key}": HOSTILE for key in keys} | {"paste": f"{HOSTILE}\t{HOSTILE}"}
        assert inside.post(step.address, fields)[0] == 303
    inside.post("/cau-hoi", {"lam": "chep", "bo": "qcdc-v2"})
    inside.post("/cau-hoi", {"q.0.text_vi": HOSTILE, "text_label.vi": HOSTILE, "new_text": HOSTILE})
    paths = ["/", "/luu", "/cau-hoi", *(step.address for step in STEPS), *(f"/xem/{one}" for one in Preview)]
    for path in paths:
        status, _, text = inside.ask("GET", path)
        assert status == 200, path
        assert "<script>x=1" not in text, path
        assert "<img src=x" not in text, path
    assert (
        json.loads((inside.data / "setting-up.json").read_text("utf-8"))["table"]["ward"]["name"] == HOSTILE
    )
    (inside.data / "setting-up.json").write_bytes(draft)


def test_what_is_too_large_is_refused_and_nothing_is_kept_of_it(inside: Visitor) -> None:
    before = (inside.data / "setting-up.json").read_bytes()
    # Whoever goes on sending after the refusal is cut off.
    with contextlib.suppress(OSError):
        assert inside.post("/phuong", {"ward.name": "x" * 7_000_000})[0] == 413
    assert (inside.data / "setting-up.json").read_bytes() == before
