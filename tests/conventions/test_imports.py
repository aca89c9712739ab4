"""What each function loads: only its own, because a citizen waits for it on a cold start."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from secret_settings import secret_settings

ROOT = Path(__file__).parents[2]
HEAVY = (
    *("google.cloud.firestore_v1", "grpc", "boto3", "botocore", "sqlite3", "smtplib", "xlsxwriter", "segno"),
    *("docx", "cryptography", "homthu.services.close", "homthu.render.mail.message"),
)
PROBE = """
import json, sys
sys.path.insert(0, {functions!r})
import main
getattr(main, {target!r})
print(json.dumps(sorted(sys.modules)))
"""


def loaded(target: str, folder: Path) -> set[str]:
    (folder / "secret").write_text("ab" * 32)
    environ = {
        "PATH": "",
        "HOMTHU_BASE_URL": "https://gopy.example.org",
        **secret_settings(folder / "secret"),
        "HOMTHU_STORE": "firestore://some-project/(default)",
        "HOMTHU_MAIL": "ses://ap-southeast-1",
        "HOMTHU_SENDER": "hom-thu@example.org",
    }
    probe = PROBE.format(functions=str(ROOT / "functions"), target=target)
    done = subprocess.run(
        [sys.executable, "-c", probe], env=environ, capture_output=True, text=True, check=True
    )
    # Before it there may be a warning of the Python that the tests run on.
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("target", ["form", "submit", "board"])
def test_a_citizens_function_starts_without_any_sdk(target: str, tmp_path: Path) -> None:
    assert [name for name in HEAVY if name in loaded(target, tmp_path)] == []


@pytest.mark.parametrize("target", ["report", "watch", "desk"])
def test_a_job_starts_without_connecting_to_anything(target: str, tmp_path: Path) -> None:
    unwanted = ("google.cloud.firestore_v1", "grpc", "boto3", "sqlite3", "smtplib")
    assert [name for name in unwanted if name in loaded(target, tmp_path)] == []


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
