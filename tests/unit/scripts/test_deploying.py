"""The parts of scripts/deploy that a whole deploy shows too rarely: what goes wrong, and what is said."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from deploying.deployment import read_deployment
from deploying.failures import Stopped, ToolFailed, explain, passes
from deploying.smoke import look_at
from deploying.terraform import Plan

ROOT = Path(__file__).parents[3]
FORM = '<html><input type="hidden" name="questionnaire" value="q"><input type="radio" name="a" value="1">'
Answers = dict[tuple[str, str], tuple[int, str]]
SOUND: Answers = {
    ("GET", "/g/mot-cua"): (200, FORM),
    ("HEAD", "/gui"): (204, ""),
    ("GET", "/.well-known/hom-thu-gop-y.json"): (200, '{"service": "hom-thu-gop-y"}'),
    ("GET", "/suc-khoe"): (200, '{"reports": "in time"}'),
    ("POST", "/gui"): (200, '<html><input name="luc">'),
}


@contextmanager
def site(answers: Answers) -> Iterator[tuple[str, list[bytes]]]:
    """A box that answers like this, and 404 to all else; gives its address and the bodies it got."""
    bodies: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"] or 0)))
            status, text = answers.get((self.command, self.path), (404, ""))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_HEAD = do_POST = _answer  # noqa: N815 - the server's own names

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", bodies
        server.shutdown()


def test_a_sound_box_is_seen_with_a_key_that_stores_nothing() -> None:
    with site(SOUND) as (url, bodies):
        seen = look_at(url, "mot-cua", patience_seconds=0)
    assert len(seen) == 6
    # Shorter than any key (16 symbols): what `submit` does with it is tested in tests/http.
    assert b"questionnaire=q&a=1&key=kiem-tra" in bodies


def test_a_closed_box_is_not_sent_anything() -> None:
    with site({**SOUND, ("GET", "/g/mot-cua"): (200, "<html>Đã đóng")}) as (url, bodies):
        assert "not tried" in look_at(url, "mot-cua", patience_seconds=0)[-1]
    assert set(bodies) == {b""}


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ({("GET", "/g/mot-cua"): (500, "")}, "/g/mot-cua: 500"),
        ({("GET", "/g/mot-cua"): (200, "Hello from another app")}, "/g/mot-cua: 200"),
        ({("HEAD", "/gui"): (403, "")}, "/gui: 403"),
        ({("GET", "/.well-known/hom-thu-gop-y.json"): (404, "")}, "hom-thu-gop-y.json: 404"),
        ({("GET", "/suc-khoe"): (503, "")}, "/suc-khoe: 503"),
        ({("POST", "/gui"): (503, "")}, "/gui: 503"),
        ({("POST", "/gui"): (200, "<html>no review")}, "/gui: 200"),
        ({("GET", "/khong-co-trang-nay"): (200, FORM)}, "/khong-co-trang-nay: 200"),
    ],
)
def test_each_thing_that_is_wrong_is_named(broken: Answers, says: str) -> None:
    with site({**SOUND, **broken}) as (url, _), pytest.raises(Stopped) as raised:
        look_at(url, "mot-cua", patience_seconds=0)
    assert says in raised.value.cause
    assert "--rollback" in raised.value.advice


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        (
            "google_service_account.build: Creation complete\n"
            "Error: Error 403: The caller does not have permission\n\n  with google_firebase_project.this,",
            "console.firebase",
        ),
        (
            "google_firebase_project.this: Creation complete\ngoogle_billing_budget.this[0]: Creating...\n"
            "Error: Error 403: Permission denied on Cloud Run\n  with google_cloudfunctions2_function.this",
            "2 phút",
        ),
        ("Error acquiring the state lock", "scripts/deploy --project gop-y -- terraform force-unlock"),
        ("googleapi: Error 403: Cloud Run Admin API has not been used in project 1", "2 phút"),
        ("Error 409: Database already exists", "scripts/deploy --project gop-y -- terraform import"),
        (
            "Error: Error creating Release: googleapi: Error 409: Requested entity already exists\n\n"
            "\u2502   with google_firebaserules_release.firestore,",
            "import google_firebaserules_release.firestore projects/gop-y/releases/cloud.firestore",
        ),
        ("constraints/iam.allowedPolicyMemberDomains", "An organisation's policy"),
        (
            "Error: Error applying IAM policy for cloudrunv2 service: googleapi: Error 400: One or more "
            "users named in "
            "the policy do not belong to a permitted customer,  perhaps due to an organization policy.",
            "An organisation's policy",
        ),
        (
            "Error: googleapi: Error 400: due to quota restrictions, cannot run builds in this region. "
            "Please contact "
            "support",
            "database_region",
        ),
        (
            "Error: Build failed: Access to bucket gcf-v2-sources-1-asia-southeast1 denied. You must "
            "grant Storage "
            "Object Viewer permission",
            "2 phút",
        ),
        ("Error 403: The caller does not have permission\n  with google_logging_metric.forms,", "«Rights»"),
        ("Error: Permission 'run.services.setIamPolicy' denied on resource", "«Rights»"),
        ("Error 401: Request had invalid authentication credentials", "gcloud auth login"),
        ("BILLING_DISABLED", "linkedaccount"),
        ("RESOURCE_EXHAUSTED: Quota exceeded", "2 phút"),
        ("Error: something nobody has seen", "chạy lại"),
    ],
)
def test_a_failure_is_told_with_what_to_do_next(said: str, advice: str) -> None:
    assert advice in explain(ToolFailed(["/usr/bin/terraform", "apply"], said), "gop-y").advice


@pytest.mark.parametrize(
    ("said", "is_passing"),
    [
        ("Error: Access to bucket gcf-v2-sources-1-asia-southeast1 denied", True),
        ("Error 403: Cloud Run Admin API has not been used in project 1", True),
        ("Error 403: Permission denied on Cloud Run", True),
        ("Error 403: The caller does not have permission", False),
        ("Error 409: Database already exists", False),
        ("Error: due to quota restrictions, cannot run builds in this region", False),
        ("Error: something nobody has seen", False),
    ],
)
def test_only_what_goes_away_by_itself_is_tried_again(said: str, is_passing: bool) -> None:
    assert passes(ToolFailed(["terraform", "apply"], said)) is is_passing


@pytest.mark.parametrize(
    ("address", "actions", "is_lost"),
    [
        ("google_service_account_iam_member.report[0]", ["delete"], False),
        ('google_firestore_field.unindexed["cases.history"]', ["delete"], False),
        ('google_project_service.this["cloudtasks.googleapis.com"]', ["delete"], False),
        ("google_firebaserules_ruleset.closed", ["delete", "create"], False),
        ("google_firebase_hosting_custom_domain.this[0]", ["delete"], True),
        ('google_project_iam_custom_role.function["desk"]', ["delete"], True),
        ("google_firestore_database.this", ["delete", "create"], True),
        ("google_firestore_backup_schedule.daily", ["delete"], True),
        ('google_firestore_index.this["x"]', ["delete", "create"], False),
        ("google_firestore_database.this", ["update"], False),
        ('google_cloudfunctions2_function.this["form"]', ["delete"], False),
        ("google_firebase_hosting_version.this", ["create", "delete"], False),
        ('google_service_account.function["report"]', ["delete"], True),
    ],
)
def test_a_plan_that_loses_data_is_known(address: str, actions: list[str], is_lost: bool) -> None:
    assert bool(Plan({address: actions}).lost()) is is_lost


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[str], list[str]]:
    """The problems of a deployment file with this text."""
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "variables.tf").write_text((ROOT / "infra" / "variables.tf").read_text())

    def problems(text: str) -> list[str]:
        (tmp_path / "infra" / "a.toml").write_text(text)
        return read_deployment(tmp_path, Path("infra", "a.toml")).problems

    return problems


def test_the_example_is_right_but_for_its_addresses(folder: Callable[[str], list[str]]) -> None:
    example = (ROOT / "infra" / "deployments" / "example.toml").read_text("utf-8")
    assert [problem.split(":")[1].split()[0] for problem in folder(example)] == ["sender", "alert_email"]
    assert folder(example.replace("example.org", "gopy.vn")) == []


def test_every_line_of_the_example_may_lose_its_mark(folder: Callable[[str], list[str]]) -> None:
    """A line below a table would fall into it: a trial that may mail nobody else would mail everybody."""
    example = (ROOT / "infra" / "deployments" / "example.toml").read_text("utf-8")
    example = example.replace("example.org", "gopy.vn").replace('way = "smtp"\n', "")
    whole = re.sub(r"^# (?=[a-z_]+ = |\[)", "", example, flags=re.MULTILINE)
    assert "\nmail_only_to = " in whole
    assert "\n[budget]" in whole
    (problem,) = folder(whole)
    assert "boxes" in problem, "only that folder is not here"


def test_a_key_below_a_table_is_sent_above_it(folder: Callable[[str], list[str]]) -> None:
    text = 'sender = "a@b.vn"\nalert_email = "a@b.vn"\n[mail]\nway = "ses"\n'
    text += 'mail_only_to = ["a@b.vn"]\nrole = 1\n'
    above, unknown = folder(text)
    assert "«mail_only_to»" in above
    assert "above [mail]" in above
    assert "«role»" in unknown
    assert "role_arn" in unknown


def test_a_variable_that_deploy_fills_in_itself_is_not_the_persons(
    folder: Callable[[str], list[str]],
) -> None:
    text = 'sender = "a@b.vn"\nalert_email = "a@b.vn"\nmail = { way = "ses" }\nproject_id = "x"\n'
    assert len(folder(text)) == 1


def test_a_file_that_is_no_toml_is_told_with_its_line(folder: Callable[[str], list[str]]) -> None:
    problems = folder("sender = a@b.vn\nalert_email = “a@b.vn”\n")
    assert [problem.partition(": ")[0] for problem in problems] == ["infra/a.toml:1", "infra/a.toml:2"]
    assert "dấu nháy" in problems[0]


def test_a_file_saved_with_a_byte_order_mark_is_as_good(folder: Callable[[str], list[str]]) -> None:
    text = (
        (ROOT / "infra" / "deployments" / "example.toml").read_text("utf-8").replace("example.org", "gopy.vn")
    )
    assert folder(f"\ufeff{text}") == []


def test_a_missing_file_is_told_with_the_command_that_makes_it(tmp_path: Path) -> None:
    (problem,) = read_deployment(tmp_path, Path("infra", "deployments", "x.toml")).problems
    assert "cp infra/deployments/example.toml infra/deployments/x.toml" in problem
