"""What would stop or mislead the first deploy of a project: each is named, with what to do, in time."""

import os

import pytest
from deploying.failures import Stopped
from deploying.gcloud import Gcloud
from deploying.job_check import run_job
from deploying.rights import needed_permissions
from infra.google import Google
from infra.laptop import DEPLOYMENT, ID, QUICK, Laptop

pytestmark = pytest.mark.terraform
CHANGING = ("buckets create", "secrets create", "versions add", "storage cp")


def test_a_region_without_builds_is_found_before_a_database_is_bound_to_it(laptop: Laptop) -> None:
    done = laptop.deploy("--yes", STUB_LACKS="builds")
    assert done.returncode == 1
    assert "asia-southeast1: Google không đóng gói" in done.stderr
    assert 'region = "asia-east1"' in done.stderr
    assert "wait two minutes" not in done.stderr
    for changing in CHANGING:
        assert changing not in laptop.log


@pytest.mark.long
def test_a_trial_build_that_fails_otherwise_says_nothing_of_the_region(laptop: Laptop) -> None:
    done = laptop.deploy(answer="k\n", STUB_LACKS="builder")
    assert done.returncode == 0, done.stderr
    assert "no trial build in asia-southeast1: " in done.stdout
    assert "builds are taken" not in done.stdout


def test_missing_rights_are_all_named_before_anything_is_made(laptop: Laptop, google_api: Google) -> None:
    google_api.lacking = {"run.services.setIamPolicy", "firebasehosting.sites.update"}
    done = laptop.deploy("--yes")
    assert done.returncode == 1
    assert "thiếu 2 quyền: firebasehosting.sites.update, run.services.setIamPolicy" in done.stdout
    assert "infra/README.md, «Rights»" in done.stdout
    for changing in (*CHANGING, "enable"):
        assert changing not in laptop.log
    assert set(google_api.asked) == set(needed_permissions({}))


@pytest.mark.long
def test_missing_rights_stop_nobody_who_does_not_want_them_asked_for(
    laptop: Laptop, google_api: Google
) -> None:
    google_api.lacking = {"run.services.setIamPolicy"}
    skipped = laptop.deploy("--plan", "--skip-rights")
    assert skipped.returncode == 0, skipped.stdout + skipped.stderr


@pytest.mark.long
def test_a_right_that_google_does_not_know_stops_nobody_and_is_said(
    laptop: Laptop, google_api: Google
) -> None:
    google_api.unknown = {"run.services.setIamPolicy"}
    done = laptop.deploy("--plan")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the rights could not be asked for: 400" in done.stdout


def test_rights_that_only_a_queue_or_a_pipeline_needs_are_asked_for_only_then() -> None:
    few, all_of_them = needed_permissions({}), needed_permissions({"repository", "wards_at_once"})
    more = set(all_of_them) - set(few)
    assert more
    assert {one.partition(".")[0] for one in more} == {"cloudtasks", "iam"}
    assert all("workloadIdentity" in one for one in more if one.startswith("iam."))


def test_an_organisation_that_forbids_public_pages_is_told_beforehand(laptop: Laptop) -> None:
    done = laptop.deploy("--yes", STUB_LACKS="public")
    assert done.returncode == 1
    assert "An organisation's policy" in done.stdout
    assert "C01abcdef" in done.stdout
    for changing in (*CHANGING, "enable"):
        assert changing not in laptop.log


@pytest.mark.long
def test_a_right_that_has_not_spread_costs_a_wait_and_not_the_deploy(
    laptop: Laptop, box: str, refusals: dict[str, list[str]]
) -> None:
    refusals["google_cloudfunctions2_function"] = [
        "Error creating function: Access to bucket gcf-v2-sources-1-asia-southeast1 denied. You must "
        "grant Storage "
        "Object Viewer permission"
    ]
    done = laptop.deploy("--patience=0", *QUICK, box)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr
    assert "a right has not spread yet" in done.stdout


@pytest.mark.long
def test_what_an_organisation_refuses_at_the_apply_is_told_as_what_it_is(
    laptop: Laptop, box: str, refusals: dict[str, list[str]]
) -> None:
    refusals["google_cloud_run_v2_service_iam_member"] = [
        "Error applying IAM policy for cloudrunv2 service: googleapi: Error 400: One or more users "
        "named in the "
        "policy do not belong to a permitted customer,  perhaps due to an organization policy."
    ]
    done = laptop.deploy("--patience=0", *QUICK, box)
    assert done.returncode == 1
    assert "the organisation forbids what anybody may call" in done.stderr
    again = laptop.deploy(*QUICK, box)
    assert again.returncode == 0, again.stdout[-4000:] + again.stderr


@pytest.mark.long
def test_a_domain_whose_records_are_not_made_yet_does_not_fail_the_deploy(
    laptop: Laptop, box: str, told: dict[str, dict[str, object]]
) -> None:
    laptop.describe('custom_domain = "gopy.example.vn"\n' + DEPLOYMENT)
    told["google_firebase_hosting_custom_domain"] = {"host_state": "HOST_UNHOSTED"}
    away = laptop.deploy("--yes", "--without-trial", "--patience=0")
    assert f"look at the box: https://{ID}.web.app" in away.stdout, "the address that works already"
    waiting = laptop.deploy(*QUICK, box)
    assert waiting.returncode == 0, waiting.stdout[-4000:] + waiting.stderr
    assert "https://gopy.example.vn: chưa chạy (HOST_UNHOSTED)" in waiting.stdout
    told["google_firebase_hosting_custom_domain"] = {"host_state": "HOST_ACTIVE"}
    active = laptop.deploy("--yes", "--without-trial", "--patience=0")
    assert "look at the box: https://gopy.example.vn" in active.stdout


def test_a_job_has_ended_when_the_scheduler_says_so_and_not_when_it_began(laptop: Laptop) -> None:
    where = {"region": "asia-southeast1", "function": "homthu-report"}
    environ = {**os.environ, **laptop.environ}
    gcloud = Gcloud(ID, {**environ, "STUB_LACKS": "endless"})
    with pytest.raises(Stopped) as raised:
        run_job(gcloud, "homthu-rehearsal", **where, patience_seconds=1)
    assert "has not ended" in raised.value.cause
    run_job(Gcloud(ID, environ), "homthu-rehearsal", **where, patience_seconds=1)
    with pytest.raises(Stopped) as raised:
        run_job(
            Gcloud(ID, {**environ, "STUB_LACKS": "rehearsal"}),
            "homthu-rehearsal",
            **where,
            patience_seconds=1,
        )
    assert "homthu-rehearsal: 500 INTERNAL" in raised.value.cause
