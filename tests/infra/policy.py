"""What must hold of everything that is deployed, whatever the Terraform files look like."""

import re
from collections.abc import Callable, Iterator

from homthu.adapters.firestore.queries import COMPOSITE_INDEXES, EXPIRING, UNINDEXED
from homthu.bootstrap.start import NEEDS
from homthu.config import BadSettings, read_settings
from homthu.domain.secret import SecretPurpose
from homthu.http.responses import SECURITY
from infra.operation_policy import OPERATION
from infra.roots import Resources
from infra.tables import FUNCTION, JOBS, MEMBER, PUBLIC, ROUTES, SCHEDULES
from main import TARGETS

#: What each function may do with the store. Nobody deletes but who erases.
_STORE = "datastore.entities."
PERMISSIONS = {
    "submit": {"create", "get"},
    "board": {"get", "list"},
    "withdraw": {"create", "delete", "get", "list", "update"},
    "desk": {"create", "get", "list", "update"},
    "report": {"create", "delete", "get", "list", "update"},
    "watch": {"get", "list"},
}
#: Settings that a function can do without, yet reads.
OPTIONAL = {
    "form": {"HOMTHU_MODE"},
    "submit": {"HOMTHU_MODE"},
    "report": {"HOMTHU_QUEUE", "HOMTHU_BOUNCES_TO"},
    "watch": {"HOMTHU_QUEUE", "HOMTHU_BOUNCES_TO"},
    "desk": {"HOMTHU_BOUNCES_TO"},
}
#: Which secret serves which purpose.
SECRETS = {
    SecretPurpose.REFERENCES: "homthu-secret",
    SecretPurpose.RECEIPTS: "homthu-receipts",
    SecretPurpose.DESK: "homthu-desk",
}
BUILD_ROLES = {"roles/logging.logWriter", "roles/storage.objectViewer"}

Check = Callable[[Resources], Iterator[str]]


def functions(found: Resources) -> Iterator[str]:
    """There are those of functions/main.py that a route or a job leads to, each by its own account."""
    deployed = found.of(FUNCTION)
    if set(deployed) != (PUBLIC | JOBS) & set(TARGETS):
        yield f"functions are {sorted(deployed)}"
    accounts = {one["service_config"][0]["service_account_email"] for one in deployed.values()}
    builder = found.of("google_service_account")["build"]["id"]
    if len(accounts) != len(deployed):
        yield "two functions share an account"
    for name, one in deployed.items():
        build, service = one["build_config"][0], one["service_config"][0]
        if build["entry_point"] != name:
            yield f"{name} starts {build['entry_point']}"
        if build["environment_variables"] != {"GOOGLE_FUNCTION_SOURCE": "functions/main.py"}:
            yield f"{name} is not built from functions/main.py"
        if build["service_account"] != builder:
            yield f"{name} is built by a default account"
        most = 3 if name in PUBLIC else _at_once(found)
        if service["min_instance_count"] != 0 or service["max_instance_count"] > most:
            yield f"{name} may cost more than it should"
        if service["environment_variables"]["THREADS"] != str(service["max_instance_request_concurrency"]):
            yield f"{name} has another number of threads than of requests"


def who_may_call(found: Resources) -> Iterator[str]:
    """The world calls the public functions, the scheduler the others, and nobody else anything."""
    scheduler = found.of("google_service_account")["scheduler"]["member"]
    bindings = found.all("google_cloud_run_v2_service_iam_member")
    callers = sorted((one["name"], one["role"], one["member"]) for one in bindings)
    wanted = [(f"homthu-{name}", "roles/run.invoker", "allUsers") for name in PUBLIC]
    wanted += [(f"homthu-{name}", "roles/run.invoker", scheduler) for name in JOBS]
    if callers != sorted(wanted):
        yield f"who may call: {callers}"
    for name, one in found.of(FUNCTION).items():
        ingress = "ALLOW_ALL" if name in PUBLIC else "ALLOW_INTERNAL_ONLY"
        if one["service_config"][0]["ingress_settings"] != ingress:
            yield f"{name} has ingress {one['service_config'][0]['ingress_settings']}"


def rights(found: Resources) -> Iterator[str]:
    """Each account has the rights of the design and no others; no person has any."""
    accounts = found.of("google_service_account")
    roles = found.of("google_project_iam_custom_role")
    for name, permissions in PERMISSIONS.items():
        if {p.removeprefix(_STORE) for p in roles[name]["permissions"]} != permissions:
            yield f"{name} may {roles[name]['permissions']}"
    wanted = {(roles[name]["id"], accounts[name]["member"]) for name in PERMISSIONS}
    wanted |= {(role, accounts["build"]["member"]) for role in BUILD_ROLES}
    if found.all("google_iam_workload_identity_pool"):
        wanted |= {(roles[name]["id"], accounts[name]["member"]) for name in ("plan", "deploy")}
    granted = {(one["role"], one["member"]) for one in found.all(MEMBER)}
    for role, member in granted ^ wanted:
        yield f"role {role} of {member}"
    for one in found:
        if "_iam_" in one["type"] and one["type"].endswith(("_binding", "_policy")):
            yield f"{one['address']} takes rights away from others"
        if str(one["values"].get("member", "")).startswith(("user:", "group:", "domain:")):
            yield f"{one['address']} gives a person rights"


def data(found: Resources) -> Iterator[str]:
    """The database outlives mistakes, and no browser speaks to it."""
    database = found.one("google_firestore_database")
    for argument, value in {
        "delete_protection_state": "DELETE_PROTECTION_ENABLED",
        "deletion_policy": "ABANDON",
        "point_in_time_recovery_enablement": "POINT_IN_TIME_RECOVERY_ENABLED",
        "type": "FIRESTORE_NATIVE",
    }.items():
        if database[argument] != value:
            yield f"{argument} is {database[argument]}"
    backup = found.one("google_firestore_backup_schedule")
    if not backup["daily_recurrence"] or int(backup["retention"][:-1]) < 7 * 86400:
        yield "no daily backup that is kept for a week"
    rules = found.one("google_firebaserules_ruleset")["source"][0]["files"][0]["content"]
    if re.findall(r"allow[^;]*;", rules) != ["allow read, write: if false;"] or "{document=**}" not in rules:
        yield f"rules let clients in: {rules}"


def indexes(found: Resources) -> Iterator[str]:
    """The code's queries have the indexes they need, and exempt are and expire the fields that it names."""
    declared: dict[str, list[tuple[str, ...]]] = {}
    for one in found.all("google_firestore_index"):
        # Google adds the document's name by itself.
        fields = [field for field in one["fields"] if field["field_path"] != "__name__"]
        ways = {"ASCENDING": "", "DESCENDING": " DESC"}
        index = tuple(field["field_path"] + ways[field["order"]] for field in fields)
        declared.setdefault(one["collection"], []).append(index)
    if {c: sorted(f) for c, f in declared.items()} != {c: sorted(f) for c, f in COMPOSITE_INDEXES.items()}:
        yield f"indexes are {declared}"
    fields = found.all("google_firestore_field")
    exempt = {(one["collection"], one["field"]) for one in fields if not one["index_config"][0]["indexes"]}
    if exempt != {(collection, field) for collection, names in UNINDEXED.items() for field in names}:
        yield f"exempt from indexing are {sorted(exempt)}"
    expiring = {(one["collection"], one["field"]) for one in fields if one["ttl_config"]}
    if expiring != set(EXPIRING.items()):
        yield f"deleted by themselves are {sorted(expiring)}"


def settings(found: Resources) -> Iterator[str]:
    """Each function is given what it cannot do without, in values that it accepts, and no more."""
    for name, one in found.of(FUNCTION).items():
        service = one["service_config"][0]
        given = {k: v for k, v in service["environment_variables"].items() if k.startswith("HOMTHU_")}
        secret = {v["key"]: "smtp+starttls://u:p@h" for v in service["secret_environment_variables"]}
        if not NEEDS[name] <= set(given) | set(secret) <= NEEDS[name] | OPTIONAL.get(name, set()):
            yield f"{name} is given {sorted(given)} and the secrets {sorted(secret)}"
        try:
            read = read_settings({**given, **secret, "K_SERVICE": name}, NEEDS[name])
        except BadSettings as bad:
            yield f"{name} would not start: {bad}"
            continue
        wanted = {str(path): purpose for purpose, path in read.secrets.items()}
        mounted = {f"{v['mount_path']}/{v['versions'][0]['path']}": v for v in service["secret_volumes"]}
        if set(wanted) != set(mounted):
            yield f"{name} reads {sorted(wanted)}, mounted is {sorted(mounted)}"
        folders = [volume["mount_path"] for volume in service["secret_volumes"]]
        if len(set(folders)) < len(folders):
            yield f"{name} has two secrets on one folder"
        for path in set(wanted) & set(mounted):
            if mounted[path]["secret"] != SECRETS[wanted[path]]:
                yield f"{name} takes {mounted[path]['secret']} for the secret of {wanted[path]}"


def secrets(found: Resources) -> Iterator[str]:
    """No secret's value is in the state; each is read in one version, by those that need it."""
    accounts = found.of("google_service_account")
    for one in found:
        if one["type"] in ("google_secret_manager_secret_version", "google_service_account_key"):
            yield f"{one['address']} puts a secret into the state"
    readers: dict[str, set[str]] = {}
    for one in found.all("google_secret_manager_secret_iam_member"):
        readers.setdefault(one["secret_id"], set()).add(one["member"])
    for name, one in found.of(FUNCTION).items():
        service = one["service_config"][0]
        used = [(v["secret"], v["versions"][0]["version"]) for v in service["secret_volumes"]]
        used += [(v["secret"], v["version"]) for v in service["secret_environment_variables"]]
        for secret, version in used:
            if not version.isdecimal():
                yield f"{name} reads {secret} in version {version}"
            if accounts[name]["member"] not in readers.get(secret, set()):
                yield f"{name} may not read {secret}"
        may = {secret for secret, members in readers.items() if accounts[name]["member"] in members}
        if may - {secret for secret, _ in used}:
            yield f"{name} may read {may} without need"


def schedule(found: Resources) -> Iterator[str]:
    """The jobs are those of schedules.json, call their path with a token, and wait longer than a run."""
    jobs, services = found.of("google_cloud_scheduler_job"), found.of(FUNCTION)
    if set(jobs) != {job["job"] for job in SCHEDULES}:
        yield f"jobs are {sorted(jobs)}"
    for job in SCHEDULES:
        if job["job"] not in jobs:
            continue
        one = jobs[job["job"]]
        service, target = services[job["function"]]["service_config"][0], one["http_target"][0]
        if (one["schedule"], one["time_zone"]) != (job["cron"], job["zone"]):
            yield f"{job['job']} runs {one['schedule']} {one['time_zone']}"
        if int(one["attempt_deadline"][:-1]) <= service["timeout_seconds"]:
            yield f"{job['job']} is called again while it still runs"
        if one["retry_config"][0]["retry_count"] < 3:
            yield f"{job['job']} is hardly tried again"
        token = target["oidc_token"][0] if target["oidc_token"] else {"audience": None}
        if (one["http_target"][0]["http_method"], one["description"]) != ("POST", job["does"]):
            yield f"{job['job']} is called otherwise than it says"
        # The audience names the service alone: with a path in it the call is refused (401).
        if target["uri"] != service["uri"] + job["path"] or token["audience"] != f"{service['uri']}/":
            yield f"{job['job']} calls {target['uri']} with a token for {token['audience']}"


def _at_once(found: Resources) -> int:
    """How many wards are reported on at once."""
    queues = found.all("google_cloud_tasks_queue")
    return queues[0]["rate_limits"][0]["max_concurrent_dispatches"] if queues else 1


def queue(found: Resources) -> Iterator[str]:
    """A queue is known to the jobs, filled by them and nobody else, and calls as the scheduler."""
    accounts = found.of("google_service_account")
    jobs = {name: found.of(FUNCTION)[name]["service_config"][0] for name in ("report", "watch")}
    settings = {one["environment_variables"].get("HOMTHU_QUEUE", "") for one in jobs.values()}
    members = sorted(accounts[name]["member"] for name in jobs)
    fills = sorted(
        (one["name"], one["role"], one["member"]) for one in found.all("google_cloud_tasks_queue_iam_member")
    )
    acts = sorted(
        (one["service_account_id"], one["role"], one["member"])
        for one in found.all("google_service_account_iam_member")
        if "principalSet:" not in one["member"]
    )
    queues = found.all("google_cloud_tasks_queue")
    if not queues:
        if settings != {""} or fills or acts:
            yield f"there is no queue, yet {settings}, {fills}, {acts}"
        return
    (one,) = queues
    region, account = one["location"], accounts["scheduler"]["email"]
    if settings != {f"tasks://gop-y-thu-nghiem/{region}/{one['name']}?account={account}"}:
        yield f"the jobs are given the queue {settings}"
    if fills != [(one["name"], "roles/cloudtasks.enqueuer", member) for member in members]:
        yield f"who may fill the queue: {fills}"
    if acts != [
        (accounts["scheduler"]["name"], "roles/iam.serviceAccountUser", member) for member in members
    ]:
        yield f"who may act as another: {acts}"
    for service in jobs.values():
        if service["max_instance_count"] != _at_once(found):
            yield f"{_at_once(found)} wards at once for {service['max_instance_count']} instances"
    if one["retry_config"][0]["max_attempts"] < 10 or one["rate_limits"][0]["max_dispatches_per_second"] > 10:
        yield "the queue gives up early or hurries"


def routes(found: Resources) -> Iterator[str]:
    """Hosting leads where routes.json says, and its headers are the code's own."""
    config = found.one("google_firebase_hosting_version")["config"][0]
    rewrites = [
        (one["glob"], one["run"][0]["service_id"], one["run"][0]["region"]) for one in config["rewrites"]
    ]
    region = found.one("google_firestore_database")["location_id"]
    if rewrites != [(route["path"], f"homthu-{route['function']}", region) for route in ROUTES]:
        yield f"routes are {rewrites}"
    (headers,) = (one["headers"] for one in config["headers"])
    if not headers.items() <= SECURITY.items() or "Strict-Transport-Security" not in headers:
        yield f"headers are {headers}"


def logs(found: Resources) -> Iterator[str]:
    """Citizens' requests are not logged, the rest not for long, and people's reading of data is."""
    exclusion = found.one("google_logging_project_exclusion")
    if 'log_id("run.googleapis.com/requests")' not in exclusion["filter"] or exclusion["disabled"]:
        yield f"the exclusion is {exclusion['filter']}"
    for name in PUBLIC | JOBS:
        if (f'"homthu-{name}"' in exclusion["filter"]) != (name in PUBLIC):
            yield f"the exclusion of {name} is wrong"
    if not 1 <= found.one("google_logging_project_bucket_config")["retention_days"] <= 30:
        yield "logs are kept for more than 30 days"
    audit = found.one("google_project_iam_audit_config")
    kinds = {one["log_type"]: set(one["exempted_members"]) for one in audit["audit_log_config"]}
    ours = {found.of("google_service_account")[name]["member"] for name in PUBLIC | JOBS}
    if audit["service"] != "datastore.googleapis.com" or kinds != {"DATA_READ": ours, "DATA_WRITE": ours}:
        yield f"reading is traced for {audit['service']}: {kinds}"


def mail(found: Resources) -> Iterator[str]:
    """Every function that mails is one that Amazon is to trust (infra/ses), and no other is."""
    accounts = found.of("google_service_account")
    mailing = {name: accounts[name]["unique_id"] for name in PUBLIC | JOBS if "HOMTHU_MAIL" in NEEDS[name]}
    if found.outputs["mail_accounts"] != mailing:
        yield f"Amazon trusts {sorted(found.outputs['mail_accounts'])}"


def source(found: Resources) -> Iterator[str]:
    """Each function's revision tells which source it is of."""
    digest = found.one("google_storage_bucket_object")["name"]
    for name, one in found.of(FUNCTION).items():
        told = one["service_config"][0]["environment_variables"].get("SOURCE_DIGEST", "none")
        if f"functions-{told}" not in digest:
            yield f"{name} does not tell its source: {told}"


def storage(found: Resources) -> Iterator[str]:
    """The source is nobody's to see, and old images go."""
    bucket = found.one("google_storage_bucket")
    if bucket["public_access_prevention"] != "enforced" or not bucket["uniform_bucket_level_access"]:
        yield "the bucket can be made public"
    policies = found.one("google_artifact_registry_repository")["cleanup_policies"]
    if {one["action"] for one in policies} != {"KEEP", "DELETE"}:
        yield "old images stay"


CHECKS: list[Check] = [
    *(functions, who_may_call, rights, data, indexes, settings),
    *(secrets, schedule, queue, routes, logs, mail, source, storage),
    *OPERATION,
]


def violations(found: Resources) -> list[str]:
    """Everything that does not hold."""
    return [problem for check in CHECKS for problem in check(found)]
