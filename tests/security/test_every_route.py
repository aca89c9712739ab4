"""Every route of infra/routes.json: looking changes nothing, and every answer carries every header."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from citizen_side import PLACE
from local.site import read_routes
from security.test_headers import check_headers
from security.test_privacy import AGENTS
from served_box import ServedBox, served, whole_form

#: By the function that answers.
PATHS = {
    "submit": ["/gui", "/gui/", "/tra-cuu/danh-gia", "/tra-cuu/danh-gia/"],
    "board": [
        *("/.well-known/hom-thu-gop-y.json", "/.well-known/hom-thu-gop-y/07207.json"),
        *("/ket-qua", "/ket-qua/07207", "/ket-qua/khong-co", "/ket-qua/%0A"),
        *("/tra-cuu", "/tra-cuu/", "/tra-cuu?ma=x", "/suc-khoe"),
    ],
    "withdraw": ["/tra-cuu/rut", "/tra-cuu/rut/"],
    "desk": [
        "/xu-ly",
        "/xu-ly/",
        "/xu-ly/gia-mao",
        "/xu-ly/ban",
        "/xu-ly/phieu",
        "/xu-ly/lam",
        "/xu-ly/duyet",
        "/xu-ly/viec",
        "/xu-ly/bao",
        "/xu-ly/don-vi/gia-mao",
    ],
    "form": [
        *("/", f"/g/{PLACE}", f"/g/{PLACE}?m=kiosk", "/da-gui?p=x", "/luu-gi", f"/phieu-giay/{PLACE}"),
        *("/sw.js", "/manifest.webmanifest", "/assets/favicon.svg"),
        *("/khong-co", "/robots.txt", "/static/x", "/%0A"),
    ],
}
ALL = [path for paths in PATHS.values() for path in paths]
METHODS = ("GET", "HEAD", "OPTIONS")


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedBox]:
    with served(tmp_path_factory.mktemp("routes")) as box:
        yield box


def test_the_paths_lead_to_every_route() -> None:
    routes = read_routes()
    taken = set()
    for function, paths in PATHS.items():
        for path in paths:
            bare = path.partition("?")[0].replace("%0A", "\n")
            route = next(route for route in routes if route[0].fullmatch(bare))
            assert route[1] == function, path
            taken.add(route)
    assert taken == set(routes)


@pytest.mark.parametrize("method", [*METHODS, "TRACE", "PUT", "DELETE", "FOO"])
@pytest.mark.parametrize("path", ALL)
def test_every_answer_carries_every_header(box: ServedBox, path: str, method: str) -> None:
    answer = box.request(method, path)
    assert answer.status < 500
    assert (answer.status == 405) == (method not in METHODS)
    check_headers(answer)


def test_looking_changes_nothing(box: ServedBox) -> None:
    sent = box.send(whole_form("9" * 32))
    box.reference(sent)
    paths = [*ALL, sent.headers["Location"]]
    before = everything_in(box.data)
    for agent, path, method in itertools.product(AGENTS, paths, METHODS):
        assert box.request(method, path, headers={"User-Agent": agent}).status < 500
    assert everything_in(box.data) == before
    box.send(whole_form("8" * 32))
    assert everything_in(box.data) != before


def everything_in(folder: Path) -> dict[str, bytes]:
    """Every file by its name, but SQLite's shared memory and the note when the box's jobs were done."""
    files = {path.name: path for path in folder.rglob("*") if path.is_file()}
    noted = {name for name in files if name.endswith("-shm")} | {"schedule.json"}
    return {name: path.read_bytes() for name, path in files.items() if name not in noted}
