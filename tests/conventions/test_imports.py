"""What each function loads: only its own, because a citizen waits for it on a cold start."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from deploying.archive import make_archive
from secret_settings import secret_settings

ROOT = Path(__file__).parents[2]
HEAVY = (
    *("google.cloud.firestore_v1", "grpc", "boto3", "botocore", "sqlite3", "smtplib", "xlsxwriter", "segno"),
    *("docx", "cryptography", "homthu.services.close", "homthu.render.mail.message"),
)
#: Starts each function in a process of its own, which has loaded no more than what all of them load.
PROBE = """
import json, os, sys
sys.path.insert(0, {functions!r})
import main
for target in {targets!r}:
    if not os.fork():
        getattr(main, target)
        print(json.dumps([target, sorted(sys.modules)]), flush=True)
        os._exit(0)
    assert os.wait()[1] == 0, target
"""
CITIZENS, JOBS = ("form", "submit", "board"), ("report", "watch", "desk")
#: Starts `form` as the framework does, and asks it for a first form.
FIRST_FORM = """
import json, sys
import functions_framework
before = set(sys.modules)
client = functions_framework.create_app("form", "functions/main.py").test_client()
assert client.get("/g/bg-hcc", headers={"Accept-Encoding": "gzip"}).status_code == 200
loaded = {name: module for name, module in sys.modules.items() if name not in before}
modules = [module for name, module in loaded.items() if name.startswith("homthu")]
ours = [value for module in modules for value in vars(module).values()]
#: What was compiled from text while the process started: the methods of dataclasses.
compiled = {
    value.__qualname__
    for value in ours
    if isinstance(value, type) and value.__module__ in loaded
    if any(getattr(method, "__code__", None) and method.__code__.co_filename == "<string>"
           for method in vars(value).values())
}
print(json.dumps({"loaded": sorted(loaded), "compiled": sorted(compiled)}))
"""
#: Our modules that a first form loads, beside templates; whoever needs one more looks whether a form does.
MOST_OF_OURS = 90
#: What no form needs, though it is small: each costs every start what citizens wait for.
NOT_FOR_A_FORM = (
    *HEAVY,
    *("tomllib", "brotli", "email.mime", "homthu.services"),
    *("homthu.adapters.box_files.files", "homthu.adapters.box_files.signs"),
    *("homthu.domain.submissions.signs", "homthu.domain.submissions.likeness"),
    *("homthu.domain.boxes.directory", "homthu.render.page.directory_view", "homthu.render.page.stored_view"),
    *("homthu.domain.cases", "homthu.domain.reports", "homthu.domain.releases", "homthu.render.page.script"),
)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """What each function loads."""
    folder = tmp_path_factory.mktemp("loaded")
    (folder / "secret").write_text("ab" * 32)
    environ = {
        "PATH": "",
        "HOMTHU_BASE_URL": "https://gopy.example.org",
        **secret_settings(folder / "secret"),
        "HOMTHU_STORE": "firestore://some-project/(default)",
        "HOMTHU_MAIL": "ses://ap-southeast-1",
        "HOMTHU_SENDER": "hom-thu@example.org",
    }
    probe = PROBE.format(functions=str(ROOT / "functions"), targets=(*CITIZENS, *JOBS))
    done = subprocess.run(
        [sys.executable, "-c", probe], env=environ, capture_output=True, text=True, check=True
    )
    # Beside these lines there may be a warning of the Python that the tests run on, which is an object.
    said = map(json.loads, done.stdout.splitlines())
    return {line[0]: set(line[1]) for line in said if isinstance(line, list)}


@pytest.mark.parametrize("target", CITIZENS)
def test_a_citizens_function_starts_without_any_sdk(target: str, loaded: dict[str, set[str]]) -> None:
    assert f"homthu.http.{target}" in loaded[target]
    assert [name for name in HEAVY if name in loaded[target]] == []


def test_a_first_form_from_the_archive_loads_no_more_than_it_needs_and_compiles_no_class(
    tmp_path: Path,
) -> None:
    """Half of what a start took over a bare function's was the compiling of dataclasses (decision 43)."""
    make_archive(ROOT, tmp_path / "functions.zip")
    shutil.unpack_archive(tmp_path / "functions.zip", tmp_path / "source")
    (tmp_path / "secret").write_text("ab" * 32)
    environ = {"PATH": "", "HOMTHU_BASE_URL": "https://gopy.example.org"}
    done = subprocess.run(
        [sys.executable, "-c", FIRST_FORM],
        cwd=tmp_path / "source",
        env={**environ, **secret_settings(tmp_path / "secret")},
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    unneeded = tuple(f"{name}." for name in NOT_FOR_A_FORM)
    assert [name for name in found["loaded"] if f"{name}.".startswith(unneeded)] == []
    # A week is ordered, and made by the thousand.
    assert found["compiled"] == ["Week"]
    assert len([name for name in found["loaded"] if name.startswith("homthu")]) <= MOST_OF_OURS


@pytest.mark.parametrize("target", JOBS)
def test_a_job_starts_without_connecting_to_anything(target: str, loaded: dict[str, set[str]]) -> None:
    unwanted = ("google.cloud.firestore_v1", "grpc", "boto3", "sqlite3", "smtplib")
    assert [name for name in unwanted if name in loaded[target]] == []


def test_an_unknown_target_gets_the_frameworks_own_message() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "functions_framework",
            "--source",
            str(ROOT / "functions" / "main.py"),
            "--target",
            "nope",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "nope" in done.stderr
