"""Plans that Terraform takes and our policy refuses."""

import pytest
from infra.roots import Root

from infra import policy

pytestmark = pytest.mark.terraform
#: name: (file, what is there, what a person might write, what the policy says once it is applied)
FORBIDDEN = {
    "every function public": (
        "functions.tf",
        "name, function in local.functions : name => function if function.public }",
        "name, function in local.functions : name => function }",
        "who may call",
    ),
    "jobs open to the internet": (
        "functions.tf",
        '"ALLOW_ALL" : "ALLOW_INTERNAL_ONLY"',
        '"ALLOW_ALL" : "ALLOW_ALL"',
        "report has ingress ALLOW_ALL",
    ),
    "submit may list": (
        "functions.tf",
        '["datastore.entities.create", "datastore.entities.get"]',
        '["datastore.entities.create", "datastore.entities.get", "datastore.entities.list"]',
        "submit may",
    ),
    "the desk may delete": (
        "functions.tf",
        '["datastore.entities.create", "datastore.entities.get", "datastore.entities.list", ',
        '["datastore.entities.delete", "datastore.entities.get", "datastore.entities.list", ',
        "desk may",
    ),
    "Google's own role": (
        "identities.tf",
        "  role     = each.value.id",
        '  role     = "roles/datastore.user"',
        "role roles/datastore.user",
    ),
    "a person with rights": (
        "build.tf",
        "  member     = google_service_account.build.member",
        '  member     = "user:someone@example.org"',
        "gives a person rights",
    ),
    "one account for all": (
        "functions.tf",
        "google_service_account.function[each.key].email",
        'google_service_account.function["report"].email',
        "share an account",
    ),
    "no delete protection": (
        "firestore.tf",
        'var.deletion_protection ? "DELETE_PROTECTION_ENABLED" :',
        'false ? "DELETE_PROTECTION_ENABLED" :',
        "delete_protection_state is",
    ),
    "a destroy that deletes data": (
        "firestore.tf",
        '? "ABANDON" : "DELETE"',
        '? "DELETE" : "DELETE"',
        "deletion_policy is DELETE",
    ),
    "no recovery to a point in time": (
        "firestore.tf",
        '"POINT_IN_TIME_RECOVERY_ENABLED"',
        '"POINT_IN_TIME_RECOVERY_DISABLED"',
        "point_in_time_recovery_enablement is",
    ),
    "backups kept for a day": ("firestore.tf", "28 * local", "1 * local", "no daily backup"),
    "rules that let readers in": (
        "firestore.tf",
        "allow read, write: if false;",
        "allow read; allow write: if false;",
        "rules let clients in",
    ),
    "an index forgotten": ("firestore.tf", '["ward", "week"]', '["week", "ward"]', "indexes are"),
    "nothing expires": ("firestore.tf", "  ttl_config {}\n", "", "deleted by themselves are []"),
    "submissions that expire": (
        "firestore.tf",
        '{ link_mails = "expires_at" }',
        '{ link_mails = "expires_at", submissions = "received_at" }',
        "deleted by themselves are",
    ),
    "cases that expire": (
        "firestore.tf",
        "  index_config {} # an empty one",
        '  dynamic "ttl_config" {\n    for_each = each.value.collection == "cases" ? [1] : []\n'
        "    content {}\n  }\n  index_config {} # an empty one",
        "('cases', 'history')",
    ),
    "an index of what only grows": (
        "firestore.tf",
        "  index_config {} # a time",
        '  index_config {\n    indexes {\n      order = "ASCENDING"\n    }\n  } # a time',
        "exempt from indexing are",
    ),
    "free text indexed": ("firestore.tf", ', "text"]', "]", "exempt from indexing are"),
    "a setting forgotten": (
        "functions.tf",
        '"HOMTHU_SECRET_REFERENCES", "HOMTHU_STORE"]\n    }\n    board',
        '"HOMTHU_STORE"]\n    }\n    board',
        "submit is given",
    ),
    "a setting in the wrong words": (
        "functions.tf",
        '"firestore://${var.project_id}/',
        '"datastore://${var.project_id}/',
        "would not start",
    ),
    "a secret mounted elsewhere": (
        "functions.tf",
        "path    = local.secret_file",
        'path    = "pepper"',
        "mounted is",
    ),
    "a secret for every function": (
        "secrets.tf",
        "  for_each  = local.secret_readers",
        '  for_each  = merge(local.secret_readers, { form-desk = { function = "form", secret = "desk" } })',
        "without need",
    ),
    "the desk's secret for the world": (
        "functions.tf",
        '"HOMTHU_MODE", "HOMTHU_SECRET_RECEIPTS"]',
        '"HOMTHU_MODE", "HOMTHU_SECRET_DESK", "HOMTHU_SECRET_RECEIPTS"]',
        "form is given",
    ),
    "two secrets swapped": (
        "secrets.tf",
        'HOMTHU_SECRET_DESK       = "desk"',
        'HOMTHU_SECRET_DESK       = "receipts"',
        "for the secret of desk",
    ),
    "two secrets on one folder": (
        "functions.tf",
        '"${local.secret_folder}/${secret_volumes.value}"',
        "local.secret_folder",
        "has two secrets on one folder",
    ),
    "another time zone for one job": (
        "schedule.tf",
        "= each.value.zone",
        '= "Etc/UTC"',
        "runs 0 7 * * 1 Etc/UTC",
    ),
    "a deadline below the function's time": (
        "schedule.tf",
        "local.limits.job.seconds + 60",
        "local.limits.job.seconds - 60",
        "called again while it still runs",
    ),
    "a token for a path": (
        "schedule.tf",
        '.service_config[0].uri}/"',
        '.service_config[0].uri}${each.value.path}"',
        "rehearsal calls",
    ),
    "a rehearsal that sends the report": (
        "schedule.tf",
        ".service_config[0].uri}${each.value.path}",
        ".service_config[0].uri}/",
        "rehearsal calls",
    ),
    "a rehearsal on Monday": ("schedules.json", "0 8 * * 5", "0 8 * * 1", "rehearsal runs 0 8 * * 1"),
    "no rehearsal": (
        "schedule.tf",
        "job.job => job }",
        'job.job => job if job.job != "rehearsal" }',
        "jobs are",
    ),
    "routes in another order": (
        "hosting.tf",
        "for_each = local.routes\n",
        "for_each = reverse(local.routes)\n",
        "routes are",
    ),
    "a referrer policy that breaks the form": ("hosting.tf", '"same-origin"', '"no-referrer"', "headers are"),
    "submit's requests logged": (
        "logging.tf",
        'name, function in local.functions : "${var.name}-${name}" if function.public',
        'name, function in local.functions : "${var.name}-${name}" if name == "form"',
        "exclusion of submit is wrong",
    ),
    "logs for a quarter": ("logging.tf", "= var.log_days", "= 90", "more than 30 days"),
    "reading that leaves no trace": (
        "logging.tf",
        '"DATA_READ", "DATA_WRITE"',
        '"DATA_WRITE"',
        "reading is traced",
    ),
    "a queue that anybody fills": (
        "queue.tf",
        "member   = google_service_account.function[each.key].member",
        'member   = "allUsers"',
        "who may fill the queue",
    ),
    "a citizens' function that acts as the scheduler": (
        "queue.tf",
        "member             = google_service_account.function[each.key].member",
        'member             = google_service_account.function["submit"].member',
        "who may act as another",
    ),
    "a right to every queue's administration": (
        "queue.tf",
        "roles/cloudtasks.enqueuer",
        "roles/cloudtasks.admin",
        "who may fill the queue",
    ),
    "a queue for fewer instances than it calls": (
        "functions.tf",
        "instances = var.wards_at_once",
        "instances = 1",
        "wards at once for",
    ),
    "a queue that gives up at once": (
        "queue.tf",
        "max_attempts  = 20",
        "max_attempts  = 1",
        "gives up early",
    ),
    "a public bucket": ("build.tf", '"enforced"', '"inherited"', "can be made public"),
    "images for ever": ("build.tf", 'action = "DELETE"', 'action = "KEEP"', "old images stay"),
    "an expensive function": (
        "functions.tf",
        "min_instance_count               = 0",
        "min_instance_count               = 1",
        "may cost more",
    ),
    "built from the wrong place": ("functions.tf", '"functions/main.py"', '"main.py"', "is not built from"),
    "fewer threads than requests": (
        "functions.tf",
        'THREADS = tostring(local.limits[each.value.public ? "public" : "job"].requests)',
        'THREADS = "4"',
        "another number of threads",
    ),
}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_the_policy_refuses(root: Root, name: str) -> None:
    file, old, new, says = FORBIDDEN[name]
    root.edit(file, old, new)
    root.apply()
    assert says in " | ".join(policy.violations(root.resources()))
