"""The archive: the same bytes twice, and every function answers from it as Google would start it."""

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path, PurePosixPath
from typing import IO

import pytest
from canaries import HEADERS, Watch
from deploying.archive import make_archive
from homthu.adapters.box_files import BoxProblems
from infra.roots import PROJECT
from main import TARGETS
from ports import free_port
from secret_settings import secret_settings

_START_SECONDS = 60
#: What each function is asked, and the statuses of sound answers.
QUESTIONS = {
    "form": [("GET", "/", 200)],
    "submit": [("HEAD", "/gui", 204)],
    "board": [("GET", "/tra-cuu", 200)],
    "withdraw": [("GET", "/tra-cuu/rut", 200)],
    "desk": [("GET", "/xu-ly", 200)],
    "report": [("POST", "/rehearsal", 200), ("POST", "/", 200), ("POST", "/rehersal", 404)],
    "watch": [("POST", "/", 200)],
}


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive, unpacked where nothing else lies."""
    folder = tmp_path_factory.mktemp("archive")
    make_archive(PROJECT, folder / "functions.zip")
    with zipfile.ZipFile(folder / "functions.zip") as archive:
        archive.extractall(folder / "source")
    return folder / "source"


@contextmanager
def started(source: Path, target: str, python: str, environ: Mapping[str, str]) -> Iterator[HTTPConnection]:
    """A function, started by the framework's own command as the buildpack writes it."""
    port = free_port()
    # The buildpack hands the build's GOOGLE_FUNCTION_SOURCE and entry point on like this.
    given = {"FUNCTION_SOURCE": "functions/main.py", "FUNCTION_TARGET": target, "PORT": str(port), **environ}
    command = Path(python).with_name("functions-framework")
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(
            [str(command)],
            cwd=source,
            env={"PATH": os.environ["PATH"], **given},
            stdout=log,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            with closing(_connected(port, process, log)) as connection:
                yield connection
        finally:
            process.terminate()
            process.wait(20)
        log.seek(0)
        said = log.read()
        assert Watch().found_in(said) == [], said


def _connected(port: int, process: "subprocess.Popen[bytes]", log: IO[bytes]) -> HTTPConnection:
    ends = time.monotonic() + _START_SECONDS
    while time.monotonic() < ends and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.connect()
        except OSError:
            time.sleep(0.1)
            connection.close()
        else:
            return connection
    process.kill()
    log.seek(0)
    raise AssertionError(log.read().decode()[-2000:])


def settings(data: Path) -> dict[str, str]:
    data.mkdir(exist_ok=True)
    (data / "secret").write_text("ab" * 32)
    return {
        "HOMTHU_BASE_URL": "http://127.0.0.1:8080",
        **secret_settings(data / "secret"),
        "HOMTHU_STORE": f"sqlite://{data}/box.db",
        "HOMTHU_MAIL": f"outbox:{data}/outbox",
        "HOMTHU_SENDER": "hom-thu@example.org",
    }


def ask(connection: HTTPConnection, method: str, path: str) -> HTTPResponse:
    connection.request(method, path, headers=HEADERS)
    answer = connection.getresponse()
    answer.read()
    return answer


def test_the_same_files_make_the_same_bytes(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    for name in ("functions", "web"):
        shutil.copytree(PROJECT / name, copy / name)
    shutil.copy(PROJECT / "requirements.txt", copy)
    for path in copy.rglob("*"):
        os.utime(path, (1, 1))
    (copy / "functions" / "homthu" / "__pycache__").mkdir(exist_ok=True)
    (copy / "functions" / "homthu" / "__pycache__" / "left.pyc").write_bytes(b"left over")
    (copy / "functions" / "boxes" / ".bac-giang.toml.swp").write_bytes(b"an editor's")
    make_archive(PROJECT, tmp_path / "one.zip")
    make_archive(copy, tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


@pytest.mark.long
def test_a_ward_more_is_another_archive(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    for name in ("functions", "web"):
        shutil.copytree(PROJECT / name, copy / name)
    shutil.copy(PROJECT / "requirements.txt", copy)
    make_archive(copy, tmp_path / "one.zip")
    ward = (copy / "functions" / "boxes" / "ngo-quyen.toml").read_text().replace("07207", "99999")
    (copy / "functions" / "boxes" / "another.toml").write_text(ward.replace('code = "nq-', 'code = "zz-'))
    make_archive(copy, tmp_path / "two.zip")
    with zipfile.ZipFile(tmp_path / "one.zip") as one, zipfile.ZipFile(tmp_path / "two.zip") as two:
        more = set(two.namelist()) - set(one.namelist())
    assert "functions/boxes/compiled/99999.json.bz2" in more
    # Else the buckets that its places fall into.
    assert all(
        re.fullmatch(r"functions/boxes/compiled/(99999|[0-9a-f]{2})\.json(\.bz2)?", name) for name in more
    )


def test_of_a_faulty_box_there_is_no_archive(tmp_path: Path) -> None:
    boxes = shutil.copytree(PROJECT / "functions" / "boxes", tmp_path / "boxes")
    (boxes / "another.toml").write_text("schema = 1\n")
    with pytest.raises(BoxProblems):
        make_archive(PROJECT, tmp_path / "one.zip", boxes)
    assert not (tmp_path / "one.zip").exists()


def test_nothing_but_the_functions_goes_in(unpacked: Path) -> None:
    with zipfile.ZipFile(unpacked.with_name("functions.zip")) as archive:
        paths = [PurePosixPath(name) for name in archive.namelist()]
    assert {path.parts[0] for path in paths} == {"functions", "web", "requirements.txt"}
    names = [path.name for path in paths]
    assert not [name for name in names if name.startswith("test_") or name.endswith((".pyc", ".tf", ".db"))]


def test_the_buildpack_finds_the_framework(unpacked: Path) -> None:
    """Without such a line Google would install its own old framework first (buildpacks, lib.go)."""
    assert re.search(r"^functions-framework\b", (unpacked / "requirements.txt").read_text(), re.M)


@pytest.mark.long
def test_the_buildpack_compiles_every_file(unpacked: Path) -> None:
    compiled = subprocess.run([sys.executable, "-m", "compileall", "-q", "."], cwd=unpacked)
    assert compiled.returncode == 0


def test_the_functions_are_run_here_with_what_the_archive_asks_for(unpacked: Path) -> None:
    pins = re.findall(r"^([a-z0-9-]+)==(\S+)", (unpacked / "requirements.txt").read_text(), re.M)
    assert len(pins) > 20
    for name, version in pins:
        assert importlib.metadata.version(name) == version, name


def test_every_function_has_a_question() -> None:
    assert set(QUESTIONS) == set(TARGETS)


@pytest.mark.parametrize(
    "target", [pytest.param(one, marks=() if one == "report" else pytest.mark.long) for one in TARGETS]
)
def test_a_function_answers_from_the_archive(unpacked: Path, target: str, tmp_path: Path) -> None:
    with started(unpacked, target, sys.executable, settings(tmp_path / "data")) as connection:
        for method, path, status in QUESTIONS[target]:
            assert ask(connection, method, path).status == status, path


def test_the_caches_may_keep_pages_and_assets_but_no_answer_to_a_form(unpacked: Path, tmp_path: Path) -> None:
    """Hosting's network keeps what is public, and nothing else."""
    with started(unpacked, "form", sys.executable, settings(tmp_path / "data")) as connection:
        asset = ask(connection, "GET", "/assets/favicon.svg").headers["Cache-Control"]
        assert asset.startswith("public, max-age=")
        assert "s-maxage=" in ask(connection, "GET", "/g/bg-hcc").headers["Cache-Control"]
        assert ask(connection, "GET", "/da-gui?p=x").headers["Cache-Control"] == "no-store"
        # Hosting would keep a 404 for ten minutes by itself.
        assert ask(connection, "GET", "/nowhere").headers["Cache-Control"] == "no-store"


@pytest.mark.long
def test_a_function_without_its_settings_does_not_start(unpacked: Path, tmp_path: Path) -> None:
    with (
        pytest.raises(AssertionError, match="HOMTHU_BASE_URL"),
        started(unpacked, "form", sys.executable, {}),
    ):
        pass


@pytest.mark.long
def test_a_function_answers_with_nothing_installed_but_the_lock(unpacked: Path, tmp_path: Path) -> None:
    """The whole way of the buildpack: an empty environment, the requirements, then the function."""
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps"]
    subprocess.run([*pip, "-r", str(unpacked / "requirements.txt")], check=True)
    subprocess.run([str(python), "-m", "pip", "check"], check=True)
    for target, questions in QUESTIONS.items():
        with started(unpacked, target, str(python), settings(tmp_path / "data")) as connection:
            for method, path, status in questions:
                assert ask(connection, method, path).status == status, (target, path)
