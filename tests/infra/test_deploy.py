"""scripts/deploy from beginning to end: the true Terraform with Google's schemas, the state in a
bucket of the storage emulator, a gcloud that only remembers, and the true box to look at."""

import json
import re
from urllib.request import urlopen

import pytest
from infra.google import Google
from infra.laptop import DEPLOYMENT, ID, QUICK, STATE, Laptop
from ports import free_port

pytestmark = pytest.mark.terraform


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
    assert "builds are taken in asia-southeast1" in first.stdout
    (archives, noncurrent) = json.loads((laptop.memory / "lifecycle.json").read_text())["rule"]
    assert archives["condition"] == {"age": 90, "matchesPrefix": ["archives/"]}
    assert noncurrent["condition"] == {"daysSinceNoncurrentTime": 90}, "the state itself is current"
    runs = re.findall(r"scheduler jobs run (\S+) --location asia-southeast1 --project (\S+)", laptop.log)
    assert runs == [("homthu-rehearsal", ID), ("homthu-report", ID)]

    second = laptop.deploy(*QUICK, box)
    assert second.returncode == 0, second.stdout[-4000:] + second.stderr
    assert "No changes." in second.stdout
    assert "nothing to change" in second.stdout
    assert laptop.log.count("scheduler jobs run homthu-rehearsal") == 2, "every deploy rehearses"
    assert laptop.log.count("scheduler jobs run homthu-report") == 1, "without --try-report no mail is sent"
    assert laptop.log.count("secrets versions add") == 4, "a secret is made once"
    assert laptop.log.count("storage cp") == 1, "an archive is kept once"


@pytest.mark.long
def test_the_secrets_are_in_no_state_no_plan_and_no_command(laptop: Laptop, box: str, storage: str) -> None:
    done = laptop.deploy(*QUICK, box)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr
    secrets = json.loads((laptop.memory / "gcloud.json").read_text())["secrets"]
    (mail,) = secrets.pop("homthu-mail")
    peppers = [one.strip() for (one,) in secrets.values()]
    assert set(secrets) == {"homthu-secret", "homthu-receipts", "homthu-desk"}
    assert [len(bytes.fromhex(one)) for one in peppers] == [32, 32, 32]
    assert len(set(peppers)) == 3
    assert mail == laptop.environ["HOMTHU_MAIL"]
    state = json.dumps(state_of(storage))
    assert "google_cloudfunctions2_function" in state
    kept = "".join(
        path.read_text(errors="replace") for path in (laptop.project / ".deploy").rglob("*") if path.is_file()
    )
    for secret in (*peppers, "mat-khau-that"):
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
        pytest.param("login", "gcloud auth login", marks=pytest.mark.long),
        pytest.param("project", f"gcloud projects create {ID}", marks=pytest.mark.long),
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
    assert re.search(r"Plan: \d+ to add, 0 to change, 0 to destroy", done.stdout)
    assert "nothing was changed" in done.stdout
    for changing in ("buckets create", "secrets create", "enable", "versions add", "storage cp"):
        assert changing not in laptop.log


@pytest.mark.long
def test_no_is_an_answer(laptop: Laptop) -> None:
    done = laptop.deploy(answer="k\n")
    assert done.returncode == 0
    assert "only the state's bucket and the secrets were made" in done.stdout
    assert "storage cp" not in laptop.log


@pytest.mark.long
def test_a_rollback_can_build_the_archive_before_anew(laptop: Laptop, box: str) -> None:
    assert laptop.deploy(*QUICK, box).returncode == 0
    first = (laptop.project / ".deploy" / ID / "functions.zip").read_bytes()
    (laptop.project / "web" / "assets" / "new.svg").write_text("<svg/>")
    assert laptop.deploy(*QUICK, box).returncode == 0
    assert (laptop.project / ".deploy" / ID / "functions.zip").read_bytes() != first
    back = laptop.deploy("--rollback", "--rebuild", *QUICK, box)
    assert back.returncode == 0, back.stdout[-3000:] + back.stderr
    assert (laptop.project / ".deploy" / ID / "functions.zip").read_bytes() == first
    assert 'google_cloudfunctions2_function.this["form"] will be updated in-place' in back.stdout


@pytest.mark.long
def test_without_an_earlier_archive_there_is_no_way_back(laptop: Laptop, box: str) -> None:
    assert laptop.deploy(*QUICK, box).returncode == 0
    done = laptop.deploy("--rollback", "--rebuild", *QUICK, box)
    assert done.returncode == 1
    assert "nothing was deployed before" in done.stderr
    quick = laptop.deploy("--rollback", *QUICK, box)
    assert quick.returncode == 1
    assert f"--project {ID} --rollback --rebuild" in quick.stderr


@pytest.mark.long
def test_a_destroy_leaves_the_data_and_a_page_that_says_so(
    laptop: Laptop, box: str, storage: str, google_api: Google
) -> None:
    assert laptop.deploy(*QUICK, box).returncode == 0
    gone = laptop.deploy("--destroy", "--yes")
    assert gone.returncode == 0, gone.stdout[-3000:] + gone.stderr
    assert "Hòm thư góp ý điện tử này đã ngừng hoạt động" in google_api.shown()
    for ward in ("phường Bắc Giang", "phường Ngô Quyền"):
        assert ward in google_api.shown()
    state = json.dumps(state_of(storage)["resources"])
    for kept in ("google_firestore_database", "google_firestore_index", "google_firebaserules_release"):
        assert kept in state
    for removed in ("google_cloudfunctions2_function", "google_cloud_scheduler_job", "allUsers"):
        assert removed not in state
    again = laptop.deploy(*QUICK, box)
    assert again.returncode == 0, again.stdout[-3000:] + again.stderr


@pytest.mark.long
def test_a_plan_that_would_delete_data_is_not_applied(laptop: Laptop, box: str) -> None:
    assert laptop.deploy(*QUICK, box).returncode == 0
    laptop.describe(DEPLOYMENT.replace("[mail]", 'region = "asia-east1"\n[mail]'))
    done = laptop.deploy(*QUICK, box)
    assert done.returncode == 1
    assert "would delete for good: google_firestore_database.this" in done.stderr
    assert "--lose 'google_firestore_database.this'" in done.stderr


@pytest.mark.long
def test_a_box_that_does_not_answer_is_told_with_the_way_back(laptop: Laptop) -> None:
    done = laptop.deploy("--yes", "--look-at", f"http://127.0.0.1:{free_port()}", "--patience=0")
    assert done.returncode == 1
    assert "no answer" in done.stderr
    assert "--rollback" in done.stderr


@pytest.mark.long
@pytest.mark.parametrize("job", ["rehearsal", "report"])
def test_a_job_that_fails_fails_the_deploy(laptop: Laptop, box: str, job: str) -> None:
    done = laptop.deploy("--try-report", "--patience=0", *QUICK, box, STUB_LACKS=job)
    assert done.returncode == 1
    assert f"homthu-{job}: 500 INTERNAL" in done.stderr
    assert "gcloud functions logs read homthu-report " in done.stderr, "both jobs call this function"
    assert ("jobs run homthu-report" in laptop.log) is (job == "report"), "what fails is not done in earnest"
