"""What must hold of how a deployment is watched and deployed on."""

import json
import re
from collections.abc import Iterator
from typing import Any

from homthu.domain.reports.alarm import AlarmKind
from infra.roots import Resources
from infra.tables import JOBS, PUBLIC

#: What a permission ends with that changes nothing.
LOOKING = {"get", "getIamPolicy", "getMetadata", "list", "use"}


def alerts(found: Resources) -> Iterator[str]:
    """A person is told about a failing job or function, errors for citizens, and the bill."""
    channel = found.one("google_monitoring_notification_channel")["id"]
    policies = found.of("google_monitoring_alert_policy")
    for name, one in policies.items():
        if one["notification_channels"] != [channel] or one["enabled"] is False:
            yield f"nobody is told about {name}"
    yield from _failures(found, policies["failures"])
    yield from _errors(policies["errors"])
    people = policies["people"]["conditions"][0]["condition_matched_log"][0]["filter"]
    if not all(f"cloudaudit.googleapis.com/{log}" in people for log in ("data_access", "activity")):
        yield "nobody is told of some ways to the data"
    if found.one("google_billing_budget")["all_updates_rule"][0]["monitoring_notification_channels"] != [
        channel
    ]:
        yield "nobody is told about the bill"


def _failures(found: Resources, policy: dict[str, Any]) -> Iterator[str]:
    failures = policy["conditions"][0]["condition_matched_log"][0]["filter"]
    for job in found.of("google_cloud_scheduler_job").values():
        if f'"{job["name"]}"' not in failures:
            yield f"nobody is told when {job['name']} fails"
    for name in PUBLIC | JOBS:
        if not _names(failures, name):
            yield f"nobody is told when {name} logs an error"


def _errors(policy: dict[str, Any]) -> Iterator[str]:
    errors = policy["conditions"][0]["condition_threshold"][0]["filter"]
    if not all(_names(errors, name) for name in PUBLIC) or '"5xx"' not in errors:
        yield "nobody is told about error pages"
    if policy["conditions"][0]["condition_threshold"][0]["threshold_value"] > 0:
        yield "a ward's few forms fail unseen"


def _names(filter: str, function: str) -> bool:
    """Whether the pattern of services in a filter covers a function."""
    return any(
        re.fullmatch(pattern, f"homthu-{function}") for pattern in re.findall(r"homthu-\([a-z|]+\)", filter)
    )


def outside(found: Resources) -> Iterator[str]:
    """Each public function, and whether reports are in time, is looked at from outside, and a person "
    "is told."""
    looks = found.of("google_monitoring_uptime_check_config")
    if set(looks) != PUBLIC | {"report"}:
        yield f"looked at from outside are {sorted(looks)}"
    condition = found.of("google_monitoring_alert_policy")["down"]["conditions"][0]
    threshold = condition["condition_threshold"][0]
    filter = threshold["filter"]
    for name, one in looks.items():
        http = one["http_check"][0]
        if f'"{one["uptime_check_id"]}"' not in filter:
            yield f"nobody is told when {name} does not answer"
        if not (http["use_ssl"] and http["validate_ssl"]) or len(one["selected_regions"]) < 3:
            yield f"{name} is looked at carelessly"
        if int(one["period"][:-1]) > int(threshold["aggregations"][0]["alignment_period"][:-1]):
            yield f"{name} is looked at more rarely than the alert looks back"
    if threshold["evaluation_missing_data"] != "EVALUATION_MISSING_DATA_ACTIVE":
        yield "no look at all passes for a good one"


def levels(found: Resources) -> Iterator[str]:
    """Two service levels that leave a budget, and somebody is told when it is spent fast."""
    slos = found.of("google_monitoring_slo")
    if set(slos) != {"taken", "reported"}:
        yield f"the levels are {sorted(slos)}"
    for name, one in slos.items():
        if not 0.9 < one["goal"] < 1 or one["rolling_period_days"] != 28:
            yield f"{name} leaves no budget"
    if slos.get("taken") and slos["taken"]["name"] not in json.dumps(
        found.of("google_monitoring_alert_policy")["budget_spent"]["conditions"]
    ):
        yield "nobody is told when the budget is spent"


def dashboard(found: Resources) -> Iterator[str]:
    """One page shows what is taken, owed, stuck, failing and slow, of services and metrics that there are."""
    shown = json.loads(found.one("google_monitoring_dashboard")["dashboard_json"])
    filters = [
        one["timeSeriesQuery"]["timeSeriesFilter"]["filter"]
        for tile in shown["mosaicLayout"]["tiles"]
        for one in tile["widget"]["xyChart"]["dataSets"]
    ]
    metrics = {one["name"]: one["filter"] for one in found.all("google_logging_metric")}
    for name, filter in metrics.items():
        if not any(f'user/{name}"' in one for one in filters):
            yield f"{name} is counted and not shown"
        if not set(re.findall(r'"(report_\w+|delivery_\w+)"', filter)) <= set(AlarmKind):
            yield f"{name} counts what the watch never says"
    wanted = ("homthu-submit", "reports-owed", "mails-stuck", '"5xx"', "request_latencies")
    if missing := [one for one in wanted if not any(one in filter for filter in filters)]:
        yield f"not shown: {missing}"


def pipeline(found: Resources) -> Iterator[str]:
    """A run of the repository may plan, one of a version's tag may deploy, no other repository may either."""
    pools = found.all("google_iam_workload_identity_pool")
    if not pools:
        return
    repository = "to-chuc/hom-thu"
    provider = found.one("google_iam_workload_identity_pool_provider")
    if provider["attribute_condition"] != f"assertion.repository == '{repository}'":
        yield f"who may ask: {provider['attribute_condition']}"
    deploys = provider["attribute_mapping"]["attribute.deploys"]
    if "refs/tags/v" not in deploys or ":environment:production'" not in deploys:
        yield f"who may deploy: {deploys}"
    accounts = found.of("google_service_account")
    acts = {
        (one["service_account_id"], one["role"], one["member"].partition("/attribute.")[2])
        for one in found.all("google_service_account_iam_member")
        if "principalSet:" in one["member"]
    }
    user = "roles/iam.workloadIdentityUser"
    wanted = {
        (accounts["plan"]["name"], user, f"repository/{repository}"),
        (accounts["deploy"]["name"], user, f"deploys/{repository}"),
    }
    if acts != wanted:
        yield f"who acts as the pipeline: {sorted(acts)}"
    planner = found.of("google_project_iam_custom_role")["plan"]["permissions"]
    for permission in planner:
        if permission.rpartition(".")[2] not in LOOKING or permission.startswith("datastore.entities."):
            yield f"a plan may {permission}"
    members = found.all("google_storage_bucket_iam_member")
    if any(one["role"] != "roles/storage.objectViewer" for one in members):
        yield "a plan may change what lies in a bucket"


OPERATION = [alerts, outside, levels, dashboard, pipeline]
