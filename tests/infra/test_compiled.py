"""What the archive holds compiled: it is used, it says what its sources say, and an edited text wins."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

import pytest
from deploying.archive import make_archive
from deploying.compiling import compiled_files
from homthu.adapters.compiled import (
    find_script,
    find_template,
    parse_toml,
    script_name,
    table_name,
    template_name,
)
from homthu.adapters.web_files import load_templates
from homthu.render.templates import make_environment, recipe
from infra.roots import PROJECT
from secret_settings import secret_settings

FORM = "/g/bg-hcc"
#: Starts `form` as the framework does, asks it for pages, and tells their digests and what was loaded.
PROBE = """
import hashlib, json, sys
import functions_framework
client = functions_framework.create_app("form", "functions/main.py").test_client()
pages = [hashlib.sha256(client.get(path).data).hexdigest() for path in sys.argv[1:]]
slow = ("tomllib", "homthu.adapters.box_files.lines", "homthu.render.page.script")
parsers = [name for name in slow if name in sys.modules]
print(json.dumps({"pages": pages, "parsers": parsers}))
"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive") / "functions.zip"
    make_archive(PROJECT, path)
    return path


@pytest.fixture
def unpacked(archive: Path, tmp_path: Path) -> Path:
    shutil.unpack_archive(archive, tmp_path / "source")
    return tmp_path / "source"


def run(source: Path, *paths: str) -> "subprocess.CompletedProcess[str]":
    secret = source.parent / "secret"
    secret.write_text("ab" * 32)
    environ = {"HOMTHU_BASE_URL": "https://gopy.example.org", **secret_settings(secret)}
    return subprocess.run(
        [sys.executable, "-c", PROBE, *paths],
        cwd=source,
        env={"PATH": os.environ["PATH"], **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def asked(source: Path, *paths: str) -> dict[str, list[str]]:
    done = run(source, *paths)
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
    return found


def edit(path: Path, change: Callable[[str], str]) -> None:
    before = path.read_text("utf-8")
    path.write_text(change(before), "utf-8")
    assert path.read_text("utf-8") != before


def test_a_start_from_the_archive_parses_nothing_and_says_the_same(unpacked: Path) -> None:
    paths = (FORM, f"{FORM}?l=en&c=to", f"{FORM}?m=nhap-phieu", "/", "/luu-gi", "/phieu-giay/bg-hcc", "/none")
    packed, checkout = asked(unpacked, *paths), asked(PROJECT, *paths)
    assert packed["parsers"] == []
    assert checkout["parsers"] == ["tomllib", "homthu.render.page.script"]
    assert packed["pages"] == checkout["pages"]


def test_a_box_file_put_beside_the_index_stops_the_start_and_is_named(unpacked: Path) -> None:
    """It would not be read, and the ward in it would silently be absent."""
    shutil.copy(PROJECT / "functions/boxes/bac-giang.toml", unpacked / "functions/boxes")
    done = run(unpacked, FORM)
    assert done.returncode != 0
    assert "bac-giang.toml: " in done.stderr


def test_an_edited_template_and_sentence_show_at_the_next_start(unpacked: Path) -> None:
    pages = [asked(unpacked, FORM)["pages"]]
    edit(
        unpacked / "web/templates/page/form.html",
        lambda text: text.replace("<ul", "<ul id=x", 1),
    )
    pages.append(asked(unpacked, FORM)["pages"])
    edit(unpacked / "web/text/page.vi.toml", lambda text: text.replace('= "', '= "! '))
    pages.append(asked(unpacked, FORM)["pages"])
    assert len({page for (page,) in pages}) == 3


@pytest.mark.long
def test_what_is_compiled_does_not_depend_on_the_run_that_compiles_it(tmp_path: Path) -> None:
    source = "import sys; from pathlib import Path; from deploying.archive import make_archive"
    digests = set()
    for seed in ("1", "2"):
        target = tmp_path / f"{seed}.zip"
        command = f"{source}; make_archive(Path(sys.argv[1]), Path(sys.argv[2]))"
        folders = os.pathsep.join((str(PROJECT / "functions"), str(PROJECT / "scripts")))
        environ = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": folders}
        subprocess.run([sys.executable, "-c", command, str(PROJECT), str(target)], env=environ, check=True)
        digests.add(sha256(target.read_bytes()).hexdigest())
    assert len(digests) == 1


def compile_into(folder: Path, sources: Sequence[str]) -> Path:
    """A folder of what was compiled from a project with these sentences alone."""
    for number, source in enumerate(sources):
        path = folder / "web" / "text" / f"{number}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, "utf-8")
    shutil.copytree(PROJECT / "web" / "assets", folder / "web" / "assets")
    for name, content in compiled_files(folder):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder / "functions" / "compiled"


def test_a_table_that_json_would_change_is_left_to_be_parsed(tmp_path: Path) -> None:
    plain, dated, faulty = 'a = ["ă", 1, 1.5, true]\n', "day = 2026-11-20\n", "a = \n"
    folder = compile_into(tmp_path, (plain, dated, faulty))
    assert [path.name for path in folder.glob("*.json")] == [table_name(plain)]
    for source in (plain, dated):
        assert parse_toml(source, folder) == tomllib.loads(source)
    with pytest.raises(tomllib.TOMLDecodeError):
        parse_toml(faulty, folder)


def test_the_compiled_table_is_what_is_read(tmp_path: Path) -> None:
    (tmp_path / table_name("a = 1\n")).write_text('{"a": 2}')
    assert parse_toml("a = 1\n", tmp_path) == {"a": 2}
    assert parse_toml("a = 1 \n", tmp_path) == {"a": 1}


def test_the_shrunk_script_is_what_goes_out(tmp_path: Path) -> None:
    (tmp_path / script_name("var a = 1;")).write_text("shrunk()")
    assert find_script("var a = 1;", tmp_path) == "shrunk()"
    assert find_script("var a = 2;", tmp_path) is None


def test_every_template_of_a_function_is_compiled_and_two_engines_share_none(unpacked: Path) -> None:
    def find(wanted: str) -> dict[str, object] | None:
        return find_template(wanted, unpacked / "functions" / "compiled")

    sources = {
        name: text for name, text in load_templates().items() if not name.startswith(("print/", "setup/"))
    }
    assert len(sources) > 20
    names = {template_name(recipe(name, text)) for name, text in sources.items()}
    assert {path.name for path in (unpacked / "functions" / "compiled").glob("*.py")} == names
    one, two = make_environment(sources, find), make_environment(sources, find)
    for name in sources:
        assert one.get_template(name).root_render_func.__globals__["environment"] is one
        assert two.get_template(name).root_render_func is not one.get_template(name).root_render_func
