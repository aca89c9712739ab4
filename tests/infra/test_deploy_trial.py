"""What a deploy tries when it has applied: a submission stored and withdrawn, the report rehearsed."""

import json
import sys
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from infra.laptop import ID, QUICK, SECRET, Laptop, serving
from infra.roots import PROJECT
from infra.test_archive import started
from ports import free_port
from secret_settings import secret_settings

pytestmark = [pytest.mark.terraform, pytest.mark.long]


def documents_of(emulator: str) -> dict[str, object]:
    """What is in the collection of submissions."""
    url = f"http://{emulator}/v1/projects/{ID}/databases/(default)/documents/submissions"
    with urlopen(Request(url, headers={"Authorization": "Bearer owner"})) as answer:
        found: dict[str, object] = json.load(answer)
    return found


@pytest.fixture
def cloud(laptop: Laptop, tmp_path: Path, firestore_emulator: str) -> dict[str, str]:
    """The settings of a box that keeps submissions where the deploy looks, under the same secret."""
    kept = json.dumps({"secrets": {"homthu-secret": [SECRET]}, "jobs": {}})
    (laptop.memory / "gcloud.json").write_text(kept)
    (tmp_path / "secret").write_text(SECRET)
    laptop.environ["FIRESTORE_EMULATOR_HOST"] = firestore_emulator
    return {
        **secret_settings(tmp_path / "secret"),
        "HOMTHU_STORE": f"firestore://{ID}/(default)",
        "FIRESTORE_EMULATOR_HOST": firestore_emulator,
    }


@pytest.mark.emulator
def test_a_deploy_stores_and_withdraws_a_submission_and_has_the_report_rehearsed(
    laptop: Laptop, cloud: dict[str, str], tmp_path: Path, storage: str, firestore_emulator: str
) -> None:
    """The box and `report` are true, and over the same Firestore; the job's address comes from the state."""
    outbox = tmp_path / "outbox"
    settings = {
        **cloud,
        "HOMTHU_BASE_URL": "https://gopy.example.org",
        "HOMTHU_SENDER": "hom-thu@example.org",
        "HOMTHU_MAIL": f"outbox:{outbox}",
    }
    with (
        serving(tmp_path / "data", **cloud) as url,
        started(PROJECT, "report", sys.executable, settings) as report,
    ):
        done = laptop.deploy(
            *("--yes", "--look-at", url),
            STUB_FUNCTION=f"http://{report.host}:{report.port}",
        )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    assert "a marked submission was stored and withdrawn" in done.stdout
    assert "the alert of this name that follows is this: bao-tri@example.org, " in done.stdout
    assert "every ward's report can be made and mail would leave; nothing was sent" in done.stdout
    assert documents_of(firestore_emulator) == {}
    assert not outbox.exists()
    assert SECRET not in done.stdout + laptop.log


@pytest.mark.emulator
def test_a_rehearsal_that_finds_a_fault_fails_the_deploy(
    laptop: Laptop, cloud: dict[str, str], tmp_path: Path, box: str, storage: str
) -> None:
    """`report` is true, and its mail server is not there."""
    settings = {
        **cloud,
        "HOMTHU_BASE_URL": "https://gopy.example.org",
        "HOMTHU_SENDER": "hom-thu@example.org",
        "HOMTHU_MAIL": f"smtp+starttls://u:p@127.0.0.1:{free_port()}",
    }
    with started(PROJECT, "report", sys.executable, settings) as report:
        done = laptop.deploy(
            *("--patience=0", *QUICK, box),
            STUB_FUNCTION=f"http://{report.host}:{report.port}",
        )
    assert done.returncode == 1
    assert "homthu-rehearsal: 503 INTERNAL" in done.stderr
    assert "gcloud functions logs read homthu-report " in done.stderr


@pytest.mark.emulator
@pytest.mark.usefixtures("cloud")
def test_a_submission_that_is_not_stored_fails_the_deploy(laptop: Laptop, box: str) -> None:
    """This box keeps it elsewhere: in Firestore there is nothing to withdraw."""
    done = laptop.deploy("--yes", "--look-at", box)
    assert done.returncode == 1
    assert "it was not stored" in done.stderr
    assert "scheduler jobs run" not in laptop.log


@pytest.mark.emulator
def test_a_paused_box_is_sent_nothing_and_the_person_is_told_to_come_back(
    laptop: Laptop, cloud: dict[str, str], tmp_path: Path, firestore_emulator: str
) -> None:
    with serving(tmp_path / "data", HOMTHU_MODE="paused", **cloud) as url:
        done = laptop.deploy("--yes", "--look-at", url)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    assert "the box is closed or paused: none was sent" in done.stdout
    assert "deploy again when the box is open" in done.stdout
    assert "the alert of this name" not in done.stdout
    assert documents_of(firestore_emulator) == {}
