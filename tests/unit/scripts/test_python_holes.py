"""Which Python has which hole, at every boundary, and how it is said."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from homthu.python_holes import HOLES, Version, exposure_of
from local.python_notice import notice_for, runtime_notice
from secret_settings import secret_settings
from served_box import served

ROOT = Path(__file__).parents[3]
FOLDING, BYTES = "CVE-2024-6923", "CVE-2026-1299"


@pytest.mark.parametrize(
    ("version", "holes", "mended_in"),
    [
        ((3, 9, 25), (FOLDING, BYTES), (3, 10, 20)),
        ((3, 10, 14), (FOLDING, BYTES), (3, 10, 20)),
        ((3, 10, 15), (BYTES,), (3, 10, 20)),
        ((3, 10, 19), (BYTES,), (3, 10, 20)),
        ((3, 11, 2), (FOLDING, BYTES), (3, 11, 15)),
        ((3, 11, 9), (FOLDING, BYTES), (3, 11, 15)),
        ((3, 11, 10), (BYTES,), (3, 11, 15)),
        ((3, 11, 14), (BYTES,), (3, 11, 15)),
        ((3, 12, 4), (FOLDING, BYTES), (3, 12, 13)),
        ((3, 12, 5), (BYTES,), (3, 12, 13)),
        ((3, 12, 12), (BYTES,), (3, 12, 13)),
        ((3, 13, 0), (BYTES,), (3, 13, 12)),
        ((3, 13, 11), (BYTES,), (3, 13, 12)),
        ((3, 14, 0), (BYTES,), (3, 14, 3)),
        ((3, 14, 2), (BYTES,), (3, 14, 3)),
    ],
)
def test_a_version_below_a_boundary_has_the_hole(
    version: Version, holes: tuple[str, ...], mended_in: Version
) -> None:
    exposure = exposure_of(version)
    assert exposure is not None
    assert (exposure.holes, exposure.mended_in) == (holes, mended_in)


@pytest.mark.parametrize(
    "version", [(3, 10, 20), (3, 11, 15), (3, 12, 13), (3, 13, 12), (3, 14, 3), (3, 15, 0), (4, 0, 0)]
)
def test_a_version_at_the_last_boundary_or_of_a_later_line_has_none(version: Version) -> None:
    assert exposure_of(version) is None
    assert notice_for(version) == ""


def test_the_version_that_is_recommended_has_no_hole_itself() -> None:
    for boundary in {one for lines in HOLES.values() for one in lines}:
        if exposure := exposure_of((*boundary[:2], 0)):
            assert exposure_of(exposure.mended_in) is None


def test_a_person_is_told_in_both_languages_what_is_open_and_what_mends_it() -> None:
    vietnamese, english = notice_for((3, 11, 2)).splitlines()
    for words in (vietnamese, english):
        assert all(part in words for part in ("3.11.2", FOLDING, BYTES, "3.11.15"))
    assert vietnamese.startswith("Lưu ý")


def test_a_deploy_tells_of_the_line_of_python_that_terraform_asks_for() -> None:
    assert 'runtime           = "python313"' in (ROOT / "infra" / "functions.tf").read_text("utf-8")
    assert "3.13.12" in runtime_notice()
    assert BYTES in runtime_notice()
    assert FOLDING not in runtime_notice()


def test_only_functions_that_write_mail_warn_and_once(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("ab" * 32)
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("HOMTHU_")},
        "HOMTHU_BASE_URL": "https://gopy.example.org",
        **secret_settings(tmp_path / "secret"),
        "HOMTHU_STORE": f"sqlite://{tmp_path}/box.db",
        "HOMTHU_MAIL": f"outbox:{tmp_path}/outbox",
        "HOMTHU_SENDER": "hom-thu@example.org",
        "PYTHONPATH": str(ROOT / "functions"),
    }
    writing, others = ("report", "watch", "desk"), ("form", "submit", "board", "withdraw")
    # A version that has both holes, whichever Python the tests run on; each function in a process of its own.
    probe = f"""
import os, sys
sys.version_info = (3, 11, 7, 'final', 0)
import main
for target in {(*writing, *others)}:
    if not os.fork():
        for _ in range(2):
            getattr(main, target)
        sys.exit()
    assert os.wait()[1] == 0, target
"""
    done = subprocess.run(
        [sys.executable, "-c", probe], env=environ, capture_output=True, text=True, check=True
    )
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert events == [
        {
            "severity": "WARNING",
            "event": "python_has_holes",
            "function": target,
            "python": "3.11.7",
            "holes": f"{FOLDING} {BYTES}",
            "mended_in": "3.11.15",
        }
        for target in writing
    ]


def test_whoever_serves_a_box_or_makes_a_report_by_hand_is_told(tmp_path: Path) -> None:
    with served(tmp_path) as box:
        said = box.logged()
    command = [sys.executable, str(ROOT / "scripts" / "report"), "--ward", "07207", "--data", str(box.data)]
    done = subprocess.run([*command, "--dry-run"], capture_output=True, text=True, check=True)
    notice = notice_for(sys.version_info[:3])
    for printed in (said, done.stderr):
        assert ("Lưu ý: Python" in printed) == bool(notice)
        assert notice in printed
    assert "Python" not in done.stdout
