"""At eleven at night: back to the revisions before, what differs, and Terraform itself, from any machine."""

import json
import re
import shutil
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from infra.google import Google
from infra.laptop import DEPLOYMENT, ID, QUICK, STATE, Laptop

pytestmark = [pytest.mark.terraform, pytest.mark.long]


def serving(laptop: Laptop) -> dict[str, str]:
    """The digest of the source that each function's requests go to."""
    services = json.loads((laptop.memory / "gcloud.json").read_text())["services"]
    found = {}
    for name, one in services.items():
        held = one["held"] or one["revisions"][-1]["name"]
        (revision,) = (each for each in one["revisions"] if each["name"] == held)
        found[name] = revision["settings"]["SOURCE_DIGEST"]
    return found


def test_a_rollback_shifts_all_functions_to_one_deploy_and_the_next_deploy_undoes_it(
    laptop: Laptop, box: str, google_api: Google
) -> None:
    assert laptop.deploy(*QUICK, box).returncode == 0
    (first,) = set(serving(laptop).values())
    (laptop.project / "web" / "assets" / "new.svg").write_text("<svg/>")
    assert laptop.deploy(*QUICK, box).returncode == 0
    (second,) = set(serving(laptop).values())
    # A rotation makes a revision of its own of those that read the secret: not what one goes back to.
    secrets = json.loads((laptop.memory / "gcloud.json").read_text())
    secrets["secrets"]["homthu-secret"].append("ab" * 32)
    (laptop.memory / "gcloud.json").write_text(json.dumps(secrets))
    assert laptop.deploy(*QUICK, box).returncode == 0
    released = len(google_api.releases)

    broken = laptop.deploy("--rollback", *QUICK, box, STUB_LACKS="homthu-report")
    assert broken.returncode == 1
    assert set(serving(laptop).values()) == {first, second}, "it broke off half-way"
    back = laptop.deploy("--rollback", *QUICK, box)
    assert back.returncode == 0, back.stdout[-3000:] + back.stderr
    assert set(serving(laptop).values()) == {first}
    assert len(google_api.releases) == released + 1, "the caches still held the pages of the newer one"
    assert "will be updated in-place" not in back.stdout, "nothing is built"

    forward = laptop.deploy(*QUICK, box)
    assert forward.returncode == 0, forward.stdout[-3000:] + forward.stderr
    assert "no longer rolled back: homthu-board, homthu-desk" in forward.stdout
    assert set(serving(laptop).values()) == {second}
    assert len(google_api.releases) == released + 2


def test_drift_is_found_from_another_machine_and_changes_nothing(
    laptop: Laptop, box: str, told: dict[str, dict[str, object]]
) -> None:
    assert laptop.deploy(*QUICK, box).returncode == 0
    shutil.rmtree(laptop.project / ".deploy")
    (laptop.project / "web" / "assets" / "not-deployed-yet.svg").write_text("<svg/>")
    none = laptop.deploy("--drift")
    assert none.returncode == 0, none.stdout[-3000:] + none.stderr
    assert "no drift" in none.stdout
    told["google_logging_project_exclusion"] = {"disabled": True}
    drift = laptop.deploy("--drift")
    assert drift.returncode == 2, drift.stdout[-3000:] + drift.stderr
    assert "≠ google_logging_project_exclusion.citizens" in drift.stdout
    assert "≠ google_cloudfunctions2_function" not in drift.stdout
    assert laptop.log.count("update-traffic") == 0


def lock(storage: str) -> str:
    """What a deploy leaves behind that was cut off; gives its number.

    The emulator keeps it, but does not refuse a second one, so that no deploy meets it here.
    """
    name = json.dumps({"name": "homthu/default.tflock"})
    info = json.dumps({"ID": "x", "Operation": "OperationTypeApply", "Who": "somebody@away", "Path": ""})
    parts = "".join(f"--part\r\nContent-Type: application/json\r\n\r\n{one}\r\n" for one in (name, info))
    url = f"{storage}/upload/storage/v1/b/{STATE}/o?uploadType=multipart"
    kind = {"Content-Type": "multipart/related; boundary=part"}
    with urlopen(Request(url, data=f"{parts}--part--\r\n".encode(), headers=kind)) as answer:
        return str(json.load(answer)["generation"])


def is_locked(storage: str) -> bool:
    try:
        urlopen(f"{storage}/storage/v1/b/{STATE}/o/homthu%2Fdefault.tflock").close()
    except HTTPError:
        return False
    return True


def test_a_lock_that_was_left_is_taken_away_from_another_machine(
    laptop: Laptop, box: str, storage: str
) -> None:
    """By the command that the failure names (tests/unit/scripts/test_deploying.py)."""
    assert laptop.deploy(*QUICK, box).returncode == 0
    number = lock(storage)
    assert is_locked(storage)
    shutil.rmtree(laptop.project / ".deploy")
    freed = laptop.deploy("--", "terraform", "force-unlock", "-force", number)
    assert freed.returncode == 0, freed.stdout[-2000:] + freed.stderr
    assert not is_locked(storage)


def test_what_exists_already_is_taken_over_by_the_command_that_the_failure_names(
    laptop: Laptop, box: str, refusals: dict[str, list[str]]
) -> None:
    refusals["google_firebaserules_release"] = [
        "Error creating Release: googleapi: Error 409: Requested entity already exists"
    ]
    stuck = laptop.deploy(*QUICK, box)
    assert stuck.returncode == 1
    named = re.search(rf"scripts/deploy --project {ID} -- (terraform import \S+ \S+)", stuck.stderr)
    assert named is not None, stuck.stderr
    taken = laptop.deploy("--", *named[1].split())
    assert taken.returncode == 0, taken.stdout[-3000:] + taken.stderr
    listed = laptop.deploy("--", "terraform", "state", "list")
    assert "google_firebaserules_release.firestore" in listed.stdout
    again = laptop.deploy(*QUICK, box)
    assert again.returncode == 0, again.stdout[-3000:] + again.stderr


@pytest.mark.parametrize(
    "words", [["terraform", "apply"], ["terraform", "destroy"], ["rm", "-r"], ["terraform"]]
)
def test_what_could_take_data_away_goes_no_way_past_the_deploy(laptop: Laptop, words: list[str]) -> None:
    done = laptop.deploy("--", *words)
    assert done.returncode == 1
    assert "giữ dữ liệu" in done.stderr
    assert laptop.log == ""


def test_a_province_can_become_a_ward_again(laptop: Laptop, box: str) -> None:
    laptop.describe("wards_at_once = 5\n" + DEPLOYMENT)
    assert laptop.deploy(*QUICK, box).returncode == 0
    laptop.describe(DEPLOYMENT)
    done = laptop.deploy(*QUICK, box)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    assert "google_cloud_tasks_queue.report[0] will be destroyed" in done.stdout
