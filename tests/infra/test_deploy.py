"""scripts/deploy from beginning to end: the true Terraform with Google's schemas, the state in a
bucket of the storage emulator, a gcloud that only remembers, and the true box to look at."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from canaries import HEADERS, Watch
from emulator import free_port
from infra.roots import PROJECT
from infra.test_archive import started

pytestmark = pytest.mark.terraform
ID = "gop-y-thu-nghiem"
STATE = f"{ID}-homthu-state"
SECRET = "5e" * 32
#: For a box that keeps its submissions elsewhere than in Firestore, where the trial would look for its own.
QUICK = ("--yes", "--without-trial", "--look-at")
DEPLOYMENT = """sender = "bao-cao@gopy.example.vn"
alert_email = "van-hanh@gopy.example.vn"
[mail]
way = "smtp"
"""


class Laptop:
    """A maintainer's machine: a copy of the project, the tools, and what they remember."""

    def __init__(self, folder: Path, environ: dict[str, str]) -> None:
        self.project = folder / "project"
        self.memory = folder / "memory"
        self.memory.mkdir()
        for name in ("functions", "infra", "scripts", "web"):
            shutil.copytree(
                PROJECT / name,
                self.project / name,
                ignore=shutil.ignore_patterns("__pycache__", ".terraform*"),
            )
        shutil.copy(PROJECT / "requirements.txt", self.project)
        # The installed environment, which a first run would spend minutes on.
        (self.project / ".venv").symlink_to(PROJECT / ".venv")
        self.describe(DEPLOYMENT)
        bin = folder / "bin"
        bin.mkdir()
        shutil.copy(Path(__file__).parent / "bin" / "gcloud", bin)
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("HOMTHU_")},
            **environ,
            "PATH": f"{bin}:{os.environ['PATH']}",
            "STUB_FOLDER": str(self.memory),
            "TF_CLI_CONFIG_FILE": os.devnull,
            "HOMTHU_MAIL": "smtp+starttls://u:mat-khau-that@mail.example.vn:587",
        }

    def describe(self, text: str) -> None:
        (self.project / "infra" / "deployments" / f"{ID}.toml").write_text(text)

    def deploy(self, *arguments: str, answer: str = "", **environ: str) -> "subprocess.CompletedProcess[str]":
        command = [str(self.project / ".venv" / "bin" / "python"), str(self.project / "scripts" / "deploy")]
        return subprocess.run(
            [*command, "--project", ID, *arguments],
            env={**self.environ, **environ},
            input=answer,
            capture_output=True,
            text=True,
            timeout=300,
        )

    @property
    def log(self) -> str:
        path = self.memory / "gcloud.log"
        return path.read_text() if path.exists() else ""


@pytest.fixture(scope="module")
def storage(terraform: None) -> Iterator[str]:
    """The address of the storage emulator, with the bucket that the stub will say it has made."""
    port = free_port()
    command = [sys.executable, "-m", "gcp_storage_emulator", "start", "--host=127.0.0.1", f"--port={port}"]
    server = subprocess.Popen(
        [*command, "--in-memory", f"--default-bucket={STATE}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "STORAGE_EMULATOR_HOST": f"127.0.0.1:{port}"},
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/storage/v1/b")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the true box, which stands in for the one in the cloud."""
    with serving(tmp_path_factory.mktemp("box")) as url:
        yield url


@contextlib.contextmanager
def serving(data: Path, **environ: str) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, str(PROJECT / "scripts" / "serve"), f"--port={port}", f"--data={data}"]
    clean = {k: v for k, v in os.environ.items() if not k.startswith("HOMTHU_")}
    log = data.with_name(f"{data.name}.log")
    with log.open("wb") as sink:
        server = subprocess.Popen(command, stdout=sink, stderr=sink, env={**clean, **environ})
    try:
        _wait_for(f"http://127.0.0.1:{port}/")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)
    Watch().assert_nothing_leaked(log, data)


def _wait_for(url: str) -> None:
    for _ in range(300):
        try:
            with urlopen(Request(url, headers=HEADERS), timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")


@pytest.fixture
def laptop(google: dict[str, str], storage: str, tmp_path: Path) -> Iterator[Laptop]:
    yield Laptop(tmp_path, {**google, "GOOGLE_BACKEND_STORAGE_CUSTOM_ENDPOINT": f"{storage}/storage/v1/b"})
    forget = Request(f"{storage}/storage/v1/b/{STATE}/o/homthu%2Fdefault.tfstate", method="DELETE")
    # Not there if the test ended before an apply.
    with contextlib.suppress(HTTPError), urlopen(forget):
        pass


def state_of(storage: str) -> dict[str, object]:
    with urlopen(f"{storage}/download/storage/v1/b/{STATE}/o/homthu%2Fdefault.tfstate?alt=media") as answer:
        state: dict[str, object] = json.load(answer)
    return state


def test_two_deploys_from_nothing_to_nothing_to_change(laptop: Laptop, box: str, storage: str) -> None:
    first = laptop.deploy("--try-report", *QUICK, box)
    assert first.returncode == 0, first.stdout[-4000:] + first.stderr
    assert f"https://{ID}.web.app/g/" in first.stdout
    assert "Còn phải làm" in first.stdout
    assert "trial form came back for review" in first.stdout
    assert "that submissions are stored was not tried" in first.stdout
    assert "every ward's report can be made and mail would leave" in first.stdout
    assert "report ran, and owes nothing" in first.stdout
    assert f"storage buckets create gs://{STATE} --location asia-southeast1" in laptop.log
    assert "--public-access-prevention" in laptop.log
    runs = re.findall(r"scheduler jobs run (\S+) --location asia-southeast1 --project (\S+)", laptop.log)
    assert runs == [("homthu-rehearsal", ID), ("homthu-report", ID)]

    second = laptop.deploy(*QUICK, box)
    assert second.returncode == 0, second.stdout[-4000:] + second.stderr
    assert "No changes." in second.stdout
    assert "nothing to change" in second.stdout
    assert laptop.log.count("scheduler jobs run homthu-rehearsal") == 2, "every deploy rehearses"
    assert laptop.log.count("scheduler jobs run homthu-report") == 1, "without --try-report no mail is sent"
    assert laptop.log.count("secrets versions add") == 2, "a secret is made once"
    assert laptop.log.count("storage cp") == 1, "an archive is kept once"


def test_the_secrets_are_in_no_state_no_plan_and_no_command(laptop: Laptop, box: str, storage: str) -> None:
    done = laptop.deploy(*QUICK, box)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr
    secrets = json.loads((laptop.memory / "gcloud.json").read_text())["secrets"]
    (pepper,), (mail,) = secrets["homthu-secret"], secrets["homthu-mail"]
    assert bytes.fromhex(pepper.strip())
    assert len(pepper.strip()) == 64
    assert mail == laptop.environ["HOMTHU_MAIL"]
    state = json.dumps(state_of(storage))
    assert "google_cloudfunctions2_function" in state
    kept = "".join(
        path.read_text(errors="replace") for path in (laptop.project / ".deploy").rglob("*") if path.is_file()
    )
    for secret in (pepper.strip(), "mat-khau-that"):
        assert secret not in state + kept + laptop.log + done.stdout + done.stderr


def test_everything_that_is_missing_is_said_at_once_and_nothing_changes(laptop: Laptop) -> None:
    laptop.describe(
        'sendr = "bao-cao@example.org"\nalert_email = "van-hanh@example.org"\n[mail]\nway = "smtp"\n'
    )
    box = laptop.project / "functions" / "boxes" / "bac-giang.toml"
    box.write_text(box.read_text("utf-8").replace('code = "07210"', 'code = "7210"'), "utf-8")
    done = laptop.deploy("--yes", STUB_LACKS="billing", HOMTHU_MAIL="")
    assert done.returncode == 1
    for words in (
        "có phải «sender»?",
        "thiếu «sender»",
        "alert_email còn là địa chỉ mẫu",
        "bac-giang.toml",
        "gcloud billing projects link",
        "đặt trước lệnh HOMTHU_MAIL=",
        "thiếu 6 thứ",
    ):
        assert words in done.stdout + done.stderr, words
    for changing in ("buckets create", "secrets create", "enable", "versions add"):
        assert changing not in laptop.log


@pytest.mark.parametrize(
    ("lacks", "says"),
    [
        ("login", "gcloud auth login"),
        ("project", f"gcloud projects create {ID}"),
        ("billing", "billing projects link"),
    ],
)
def test_a_missing_piece_is_named_with_the_next_command(laptop: Laptop, lacks: str, says: str) -> None:
    done = laptop.deploy("--yes", STUB_LACKS=lacks)
    assert done.returncode == 1
    assert says in done.stdout
    assert "Làm tiếp" in done.stderr


def test_no_terraform_and_no_gcloud_are_said_together(laptop: Laptop) -> None:
    done = laptop.deploy(PATH="/nonexistent")
    assert done.returncode == 1
    assert "chưa có gcloud" in done.stdout
    assert "chưa có terraform" in done.stdout


def test_a_plan_changes_nothing(laptop: Laptop) -> None:
    done = laptop.deploy("--plan")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    assert re.search(r"Plan: \d\d to add, 0 to change, 0 to destroy", done.stdout)
    assert "nothing was changed" in done.stdout
    for changing in ("buckets create", "secrets create", "enable", "versions add", "storage cp"):
        assert changing not in laptop.log


def test_no_is_an_answer(laptop: Laptop) -> None:
    done = laptop.deploy(answer="k\n")
    assert done.returncode == 0
    assert "only the state's bucket and the secrets were made" in done.stdout
    assert "storage cp" not in laptop.log


def test_a_rollback_brings_the_archive_before_back(laptop: Laptop, box: str) -> None:
    def deployed() -> str:
        variables = json.loads((laptop.project / ".deploy" / ID / "variables.tfvars.json").read_text())
        return Path(variables["archive"]).name

    assert laptop.deploy(*QUICK, box).returncode == 0
    first = (laptop.project / ".deploy" / ID / "functions.zip").read_bytes()
    (laptop.project / "web" / "assets" / "new.svg").write_text("<svg/>")
    assert laptop.deploy(*QUICK, box).returncode == 0
    assert (laptop.project / ".deploy" / ID / "functions.zip").read_bytes() != first
    back = laptop.deploy("--rollback", *QUICK, box)
    assert back.returncode == 0, back.stdout[-3000:] + back.stderr
    assert deployed() == "rollback.zip"
    assert (laptop.project / ".deploy" / ID / "rollback.zip").read_bytes() == first
    assert 'google_cloudfunctions2_function.this["form"] will be updated in-place' in back.stdout


def test_without_an_earlier_archive_there_is_no_way_back(laptop: Laptop, box: str) -> None:
    assert laptop.deploy(*QUICK, box).returncode == 0
    done = laptop.deploy("--rollback", *QUICK, box)
    assert done.returncode == 1
    assert "nothing was deployed before" in done.stderr


def test_a_destroy_leaves_the_data_for_the_next_deploy(laptop: Laptop, box: str, storage: str) -> None:
    assert laptop.deploy(*QUICK, box).returncode == 0
    gone = laptop.deploy("--destroy", "--yes")
    assert gone.returncode == 0, gone.stdout[-3000:] + gone.stderr
    state = json.dumps(state_of(storage)["resources"])
    for kept in ("google_firestore_database", "google_firestore_index", "google_firebaserules_release"):
        assert kept in state
    for removed in ("google_cloudfunctions2_function", "google_cloud_scheduler_job", "allUsers"):
        assert removed not in state
    again = laptop.deploy(*QUICK, box)
    assert again.returncode == 0, again.stdout[-3000:] + again.stderr


def test_a_plan_that_would_delete_data_is_not_applied(laptop: Laptop, box: str) -> None:
    assert laptop.deploy(*QUICK, box).returncode == 0
    laptop.describe(DEPLOYMENT.replace("[mail]", 'region = "asia-east1"\n[mail]'))
    done = laptop.deploy(*QUICK, box)
    assert done.returncode == 1
    assert "would delete data: google_firestore_database.this" in done.stderr
    assert "Làm tiếp" in done.stderr


def test_a_box_that_does_not_answer_is_told_with_the_way_back(laptop: Laptop) -> None:
    done = laptop.deploy("--yes", "--look-at", f"http://127.0.0.1:{free_port()}", "--patience=0")
    assert done.returncode == 1
    assert "no answer" in done.stderr
    assert "--rollback" in done.stderr


@pytest.mark.parametrize("job", ["rehearsal", "report"])
def test_a_job_that_fails_fails_the_deploy(laptop: Laptop, box: str, job: str) -> None:
    done = laptop.deploy("--try-report", "--patience=0", *QUICK, box, STUB_LACKS=job)
    assert done.returncode == 1
    assert f"homthu-{job}: mã lỗi / status 13" in done.stderr
    assert "gcloud functions logs read homthu-report " in done.stderr, "both jobs call this function"
    assert ("jobs run homthu-report" in laptop.log) is (job == "report"), "what fails is not done in earnest"


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
        "HOMTHU_SECRET": str(tmp_path / "secret"),
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
            STUB_STATE=f"{storage}/download/storage/v1/b/{STATE}/o/homthu%2Fdefault.tfstate?alt=media",
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
            STUB_STATE=f"{storage}/download/storage/v1/b/{STATE}/o/homthu%2Fdefault.tfstate?alt=media",
        )
    assert done.returncode == 1
    assert "homthu-rehearsal: mã lỗi / status 14" in done.stderr
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
