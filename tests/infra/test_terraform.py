"""What the Terraform files are like, and what becomes of them: plan, apply, again, destroy."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from infra.roots import ARCHIVE, INFRA, VARIABLES, Root

from infra import policy

FILES = [*sorted(INFRA.glob("*.tf")), *sorted((INFRA / "ses").glob("*.tf"))]
#: What Cloud Shell's Terraform 1.5.7 does not know, and the version that brought it.
TOO_NEW = {
    r"\bephemeral\b": "1.10",
    r"^\s*removed\s*\{": "1.7",
    r"provider::": "1.8",
    r"\btemplatestring\(": "1.9",
    r"\w+_wo\b": "1.11",
    r"\bissensitive\(": "1.8",
    r"^\s*mock_provider\b": "1.7",
    r"^\s*override_(?:resource|data|module)\b": "1.7",
    r"^\s*import\s*\{[^}]*for_each": "1.7",
    r"\bephemeralasnull\(": "1.10",
    r"\buse_lockfile\b": "1.10",
}
#: Long-lived resources: no deploy may ever replace or delete one.
LASTING = ("google_firestore_", "google_firebaserules_", "google_firebase_project", "google_service_account")
pytestmark = pytest.mark.terraform


@pytest.mark.parametrize(
    "text",
    [
        "removed {\n  from = x.y\n}",
        'import {\n  for_each = local.x\n  id = "x"\n}',
        'mock_provider "google" {}',
        "override_resource {\n  target = x.y\n}",
        "x = provider::google::name_from_id(var.x)",
        "x = issensitive(var.x)",
        'x = templatestring(var.x, { a = "b" })',
        'ephemeral "random_password" "x" {}',
        "x = ephemeralasnull(var.x)",
        "  secret_data_wo = var.x",
        "  use_lockfile = true",
    ],
)
def test_what_is_too_new_is_known_when_it_is_seen(text: str) -> None:
    assert any(re.search(pattern, text, re.M) for pattern in TOO_NEW)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_file_runs_on_cloud_shells_terraform(path: Path) -> None:
    text = path.read_text("utf-8")
    for pattern, since in TOO_NEW.items():
        assert not re.search(pattern, text, re.M), f"{pattern} needs Terraform {since}"
    for name, body in re.findall(r'^variable "(\w+)" \{(.*?)^\}', text, re.M | re.S):
        others = set(re.findall(r"\bvar\.(\w+)", body)) - {name}
        assert not others, f"variable {name} is checked against {others}, which needs Terraform 1.9"


def test_every_variable_and_output_says_what_it_is() -> None:
    for path in FILES:
        for kind, name, body in re.findall(
            r'^(variable|output) "(\w+)" \{(.*?)^\}', path.read_text("utf-8"), re.M | re.S
        ):
            assert re.search(r"^  description = ", body, re.M) or re.search(
                r"^  description +=", body, re.M
            ), name
            assert kind == "output" or re.search(r"^  type +=", body, re.M), f"{name} has no type"


def test_nothing_that_terraform_makes_for_itself_is_committed() -> None:
    listed = subprocess.run(["git", "ls-files", "."], cwd=INFRA, capture_output=True, text=True, check=True)
    made = [path for path in listed.stdout.split() if ".terraform" in path or ".tfstate" in path]
    assert made == [".terraform.lock.hcl"], "the provider's version, which everybody should have"


def test_the_files_are_formatted(terraform: None) -> None:
    environ = {**os.environ, "TF_CLI_CONFIG_FILE": os.devnull}
    command = ["terraform", "fmt", "-check", "-recursive", "-diff", str(INFRA)]
    done = subprocess.run(command, capture_output=True, text=True, env=environ)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_schemas_are_those_of_the_version_we_ask_for() -> None:
    schema = json.loads((Path(__file__).parent / "standin" / "schema-google-beta.json").read_text())
    asked = re.search(
        r'source  = "hashicorp/google-beta"\n\s+version = "~> (\d+)\.', (INFRA / "versions.tf").read_text()
    )
    assert asked is not None
    assert schema["provider_version"].split(".")[0] == asked[1]


def test_everybody_gets_the_provider_that_was_tested() -> None:
    schema = json.loads((Path(__file__).parent / "standin" / "schema-google-beta.json").read_text())
    lock = (INFRA / ".terraform.lock.hcl").read_text()
    assert re.findall(r'version +(?:=) "([^"]+)"', lock) == [schema["provider_version"]]
    constraint = re.search(r'constraints = "([^"]+)"', lock)
    assert constraint is not None
    assert f'version = "{constraint[1]}"' in (INFRA / "versions.tf").read_text()


def test_the_configuration_is_valid(root: Root) -> None:
    assert root.complaints() == ""


def test_a_second_plan_is_empty(applied: Root) -> None:
    done = applied.run("plan", "-input=false", "-detailed-exitcode", "-no-color")
    assert done.returncode == 0, done.stdout


def test_all_that_is_deployed_keeps_the_policy(applied: Root) -> None:
    assert policy.violations(applied.resources()) == []


def test_a_ward_alone_has_no_queue_and_a_province_gets_one_without_a_new_database(deployed: Root) -> None:
    deployed.set(wards_at_once=1)
    deployed.apply()
    found = deployed.resources()
    assert (policy.violations(found), found.all("google_cloud_tasks_queue")) == ([], [])
    deployed.set(wards_at_once=8)
    changes = deployed.plan()
    assert {address: done for address, done in changes.items() if done != ["create"]} == {
        f'google_cloudfunctions2_function.this["{name}"]': ["update"] for name in ("report", "watch")
    }
    deployed.apply_plan()
    assert policy.violations(deployed.resources()) == []


@pytest.mark.long
def test_terraforms_own_tests_pass(root: Root) -> None:
    (root.folder / "test.auto.tfvars.json").unlink()  # `terraform test` would read it, too
    said = root.succeed("test", "-no-color")
    passed = re.search(r"Success! (\d+) passed, 0 failed", said)
    assert passed is not None, said
    assert int(passed[1]) == 7


def test_another_archive_redeploys_the_functions_and_touches_no_data(deployed: Root, tmp_path: Path) -> None:
    archive = tmp_path / "functions.zip"
    archive.write_bytes(b"another source")
    deployed.set(archive=str(archive))
    changes = deployed.plan()
    redeployed = {address for address, actions in changes.items() if actions == ["update"]}
    assert redeployed == {
        f'google_cloudfunctions2_function.this["{name}"]' for name in policy.PUBLIC | policy.JOBS
    }
    assert set(changes) - redeployed == {
        "google_storage_bucket_object.source",
        "google_firebase_hosting_release.this",
    }


@pytest.mark.long
def test_the_same_archive_from_another_folder_changes_nothing(deployed: Root, tmp_path: Path) -> None:
    other = Path(shutil.copy(ARCHIVE, tmp_path / "other.zip"))
    deployed.set(archive=str(other))
    assert deployed.plan() == {}
    other.write_bytes(b"another source")
    assert deployed.plan()["google_storage_bucket_object.source"] == ["delete", "create"]
    deployed.apply_plan()
    assert deployed.resources().one("google_storage_bucket_object")["source"] == str(other)


def test_changed_rules_are_released_anew(deployed: Root) -> None:
    """Google replaces a ruleset, and refuses to delete one that is released."""
    deployed.edit("firestore.tf", "if false;", "if request.auth != null;")
    changes = deployed.plan()
    anew = ["delete", "create"]
    assert changes == {
        "google_firebaserules_release.firestore": anew,
        "google_firebaserules_ruleset.closed": anew,
    }


@pytest.mark.long
def test_the_functions_can_leave_a_region_in_which_google_does_not_build(deployed: Root) -> None:
    deployed.set(region="asia-east1", database_region="asia-southeast1")
    touched = {address.partition(".")[0] for address in deployed.plan()}
    assert not touched & {"google_firestore_database", "google_service_account"}
    deployed.apply_plan()
    found = deployed.resources()
    assert found.one("google_firestore_database")["location_id"] == "asia-southeast1"
    assert {one["location"] for one in found.all(policy.FUNCTION)} == {"asia-east1"}


def test_the_records_of_the_domain_and_of_its_certificate_are_given_out(
    deployed: Root, told: dict[str, dict[str, object]]
) -> None:
    def update(*records: tuple[str, str, str]) -> list[dict[str, object]]:
        rows = [
            {"domain_name": name, "type": kind, "rdata": value, "required_action": "ADD"}
            for name, kind, value in records
        ]
        desired = [{"domain_name": "gopy.example.org", "records": rows}]
        return [{"check_time": "", "desired": desired, "discovered": []}]

    leads = ("gopy.example.org", "A", "199.36.158.100")
    proves = ("_acme-challenge.gopy.example.org", "TXT", "abc")
    verification = [{"dns": update(leads, proves), "http": []}]
    told["google_firebase_hosting_custom_domain"] = {
        "host_state": "HOST_UNHOSTED",
        "required_dns_updates": update(leads),
        "cert": [{"state": "CERT_VALIDATING", "type": "GROUPED", "verification": verification}],
    }
    deployed.apply()
    outputs = deployed.resources().outputs
    assert outputs["domain_state"] == "HOST_UNHOSTED"
    assert outputs["dns_records"] == [
        {"name": name, "type": kind, "value": value, "action": "ADD"} for name, kind, value in (leads, proves)
    ]


@pytest.mark.parametrize(
    ("secret", "readers"),
    [
        pytest.param("secret", {"board", "submit", "withdraw"}, marks=pytest.mark.long),
        pytest.param("receipts", {"form", "submit"}, marks=pytest.mark.long),
        ("desk", {"desk", "report"}),
    ],
)
def test_a_rotated_secret_changes_the_functions_that_read_it_only(
    deployed: Root, secret: str, readers: set[str]
) -> None:
    deployed.set(secret_versions={**VARIABLES["secret_versions"], secret: "9"})
    assert deployed.plan() == {
        f'google_cloudfunctions2_function.this["{name}"]': ["update"] for name in readers
    }


def test_pausing_changes_what_citizens_see_and_nothing_else(deployed: Root) -> None:
    deployed.set(mode="paused")
    assert set(deployed.plan()) == {
        'google_cloudfunctions2_function.this["form"]',
        'google_cloudfunctions2_function.this["submit"]',
        "google_firebase_hosting_release.this",  # which empties the caches of the form
    }


def test_smtp_keeps_the_policy(deployed: Root) -> None:
    deployed.set(mail={"way": "smtp"}, secret_versions={**VARIABLES["secret_versions"], "mail": "2"})
    deployed.apply()
    assert policy.violations(deployed.resources()) == []


@pytest.mark.long
def test_a_destroy_leaves_the_database_to_google(deployed: Root) -> None:
    """Terraform forgets the database without deleting it: its policy is to abandon it."""
    assert deployed.resources().one("google_firestore_database")["deletion_policy"] == "ABANDON"
    deployed.succeed("destroy", "-input=false", "-auto-approve", "-no-color")
    assert deployed.succeed("state", "list").strip() == ""


def test_a_new_function_is_one_entry_and_one_route(deployed: Root) -> None:
    deployed.edit(
        "functions.tf",
        "  functions = {\n",
        '  functions = {\n    later = {\n      description = "Shows what came of it"\n      public = true\n'
        '      look = { path = "/sau", method = "GET", status = 200 }\n'
        '      permissions = ["datastore.entities.get"]\n      settings = ["HOMTHU_STORE"]\n    }\n',
    )
    deployed.edit(
        "routes.json", '  {"path": "/**"', '  {"path": "/sau", "function": "later"},\n  {"path": "/**"'
    )
    deployed.apply()
    found = deployed.resources()
    service = found.of(policy.FUNCTION)["later"]["service_config"][0]
    assert service["environment_variables"]["HOMTHU_STORE"].startswith("firestore://")
    assert found.of("google_project_iam_custom_role")["later"]["permissions"] == ["datastore.entities.get"]
    rewrites = found.one("google_firebase_hosting_version")["config"][0]["rewrites"]
    assert ("/sau", "homthu-later") in [(one["glob"], one["run"][0]["service_id"]) for one in rewrites]
