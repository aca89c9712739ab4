"""Mistakes that Terraform itself refuses, with the provider's schemas."""

from collections.abc import Iterable

import pytest
from infra.roots import Root

pytestmark = pytest.mark.terraform
#: name: (file, what is there, what a person might write, what Terraform says to it)
INVALID = {
    "misspelt argument": (
        "schedule.tf",
        "  time_zone   ",
        "  timezone    ",
        'argument named "timezone" is not expected',
    ),
    "unknown block": (
        "schedule.tf",
        "retry_config {",
        "retries {",
        'Blocks of type "retries" are not expected',
    ),
    "missing argument": (
        "firestore.tf",
        "  location_id                       = coalesce(var.database_region, var.region)\n",
        "",
        'The argument "location_id" is required',
    ),
    "missing nested argument": (
        "schedule.tf",
        "      service_account_email = google_service_account.scheduler.email\n",
        "",
        'The argument "service_account_email" is required',
    ),
    "missing service of a route": (
        "hosting.tf",
        "          service_id = google_cloudfunctions2_function.this[rewrites.value.function].name\n",
        "",
        'The argument "service_id" is required',
    ),
    "block given twice": (
        "schedule.tf",
        "  http_target {",
        '  http_target {\n    uri = "https://x.example/"\n  }\n  http_target {',
        'No more than 1 "http_target" blocks are allowed',
    ),
    "wrong type": (
        "functions.tf",
        "min_instance_count               = 0",
        'min_instance_count               = "none"',
        "a number is required",
    ),
    "list for a text": ("schedule.tf", "= each.value.cron", "= [each.value.cron]", "string required"),
    "unknown resource": (
        "firestore.tf",
        'resource "google_firestore_index"',
        'resource "google_firestore_indices"',
        "does not support resource type",
    ),
    "unknown attribute read": (
        "build.tf",
        "google_service_account.build.member",
        "google_service_account.build.members",
        'exported attribute named "members"',
    ),
    "computed argument set": (
        "functions.tf",
        "    timeout_seconds  ",
        '    uri = "x"\n    timeout_seconds  ',
        "value for unconfigurable attribute",
    ),
    "value that is not one of those allowed": (
        "firestore.tf",
        '"POINT_IN_TIME_RECOVERY_ENABLED"',
        '"ENABLED"',
        "expected point_in_time_recovery_enablement to be one of",
    ),
    "both recurrences": (
        "firestore.tf",
        "  daily_recurrence {}",
        "  daily_recurrence {}\n  weekly_recurrence {}",
        "exactly one of daily_recurrence",
    ),
    "two targets": (
        "schedule.tf",
        "  http_target {",
        '  pubsub_target {\n    topic_name = "t"\n  }\n  http_target {',
        "exactly one of http_target",
    ),
    "too many retries": ("schedule.tf", "retry_count          = 5", "retry_count          = 30", "0 to 5"),
    "backups kept too long": (
        "firestore.tf",
        '"${28 * local.day_seconds}s"',
        '"20000000s"',
        "at most 8467200s",
    ),
    "reference to nothing": (
        "schedule.tf",
        "google_service_account.scheduler.email",
        "google_service_account.schedule.email",
        "has not been declared",
    ),
    "misspelt provider argument": (
        "versions.tf",
        "  billing_project  ",
        "  billing_projects ",
        'argument named "billing_projects" is not expected',
    ),
}
#: name: (file, what is there, what a person might write, what Terraform says when it plans)
UNPLANNABLE = {
    "ingress that does not exist": (
        "functions.tf",
        '"ALLOW_INTERNAL_ONLY"',
        '"INTERNAL_ONLY"',
        "expected ingress_settings to be one of",
    ),
    "a route to a job": (
        "routes.json",
        '"function": "submit"',
        '"function": "report"',
        "leads to a function that is not public",
    ),
    "the report made public": (
        "functions.tf",
        'sends reports"\n      public      = false',
        'sends reports"\n      public      = true',
        "report is public; a job's function",
    ),
    "a job for a public function": (
        "schedules.json",
        '"function": "report"',
        '"function": "form"',
        "is public; a job's function",
    ),
    "a zone that does not exist": (
        "schedules.json",
        "Asia/Ho_Chi_Minh",
        "Asia/Hanoi",
        "a name from the tz database",
    ),
    "a deadline beyond the scheduler's": (
        "functions.tf",
        "requests = 1, seconds = 900",
        "requests = 1, seconds = 1800",
        "15s to 1800s",
    ),
}


#: One for each way in which Terraform finds a mistake; the others are found in the same ways.
TELLING = {
    *("misspelt argument", "missing nested argument", "wrong type", "computed argument set", "two targets"),
    *("reference to nothing", "the report made public", "a zone that does not exist"),
}


def names_of(mistakes: Iterable[str]) -> list[object]:
    return [pytest.param(name, marks=() if name in TELLING else pytest.mark.long) for name in mistakes]


@pytest.mark.parametrize("name", names_of(INVALID))
def test_terraform_refuses(root: Root, name: str) -> None:
    file, old, new, says = INVALID[name]
    root.edit(file, old, new)
    assert says in root.complaints()


@pytest.mark.parametrize("name", names_of(UNPLANNABLE))
def test_terraform_does_not_plan(root: Root, name: str) -> None:
    file, old, new, says = UNPLANNABLE[name]
    root.edit(file, old, new)
    done = root.run("plan", "-input=false", "-no-color")
    assert done.returncode == 1, done.stdout
    assert says in " ".join(done.stderr.replace("\u2502", " ").split()), done.stderr
