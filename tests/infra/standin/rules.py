"""What Google's provider refuses or replaces beyond what its schemas say; from its documentation."""

import functools
import re
import zoneinfo
from collections.abc import Callable, Iterator
from typing import Any

from infra.standin.wire import UNKNOWN

Path = tuple[str | int, ...]


def _matches(pattern: str) -> Callable[[Any], bool]:
    return lambda value: re.fullmatch(pattern, value) is not None


_seconds = _matches(r"\d+(\.\d{1,9})?s")


@functools.cache
def _zones() -> set[str]:
    return zoneinfo.available_timezones()


def _between(low: float, high: float) -> Callable[[Any], bool]:
    return lambda value: _seconds(value) and low <= float(value[:-1]) <= high


#: (type, dotted path): (what holds for a right value, in words)
RULES: dict[tuple[str, str], tuple[Callable[[Any], bool], str]] = {
    ("google_service_account", "account_id"): (
        _matches(r"[a-z]([-a-z0-9]{4,28}[a-z0-9])"),
        "6-30 lower-case letters, digits and hyphens",
    ),
    ("google_storage_bucket", "name"): (
        _matches(r"[a-z0-9][-_.a-z0-9]{1,61}[a-z0-9]"),
        "3-63 lower-case letters, digits, '.', '-' and '_'",
    ),
    ("google_project_iam_custom_role", "role_id"): (
        _matches(r"[a-zA-Z0-9_.]{3,64}"),
        "3-64 letters, digits, '_' and '.'",
    ),
    ("google_cloudfunctions2_function", "name"): (
        _matches(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?"),
        "kebab-case: it also names the Cloud Run service",
    ),
    ("google_cloud_scheduler_job", "schedule"): (lambda value: len(value.split()) == 5, "five cron fields"),
    ("google_cloud_scheduler_job", "time_zone"): (
        lambda value: value in _zones(),
        "a name from the tz database",
    ),
    ("google_cloud_scheduler_job", "attempt_deadline"): (_between(15, 1800), "15s to 1800s"),
    ("google_cloud_scheduler_job", "retry_config.retry_count"): (lambda value: 0 <= value <= 5, "0 to 5"),
    ("google_cloud_scheduler_job", "retry_config.min_backoff_duration"): (_seconds, 'seconds ending in "s"'),
    ("google_cloud_scheduler_job", "retry_config.max_backoff_duration"): (_seconds, 'seconds ending in "s"'),
    ("google_firestore_backup_schedule", "retention"): (
        _between(1, 8_467_200),
        "at most 8467200s (14 weeks)",
    ),
    ("google_logging_project_exclusion", "name"): (
        _matches(r"[A-Za-z0-9][-_.A-Za-z0-9]{0,99}"),
        "at most 100 letters, digits, '-', '_' and '.'",
    ),
}
#: (type, dotted block): exactly one of these has to be given.
ONE_OF = {
    ("google_cloud_scheduler_job", ""): ("http_target", "pubsub_target", "app_engine_http_target"),
    ("google_firestore_backup_schedule", ""): ("daily_recurrence", "weekly_recurrence"),
}
#: A change of one of these arguments replaces the resource; `*` stands for any.
REPLACED: dict[str, tuple[str, ...]] = {
    "google_firebase_hosting_version": ("*",),
    "google_firebase_hosting_release": ("*",),
    "google_firebaserules_ruleset": ("*",),
    "google_firebaserules_release": ("name",),
    "google_firestore_index": ("*",),
    "google_firestore_field": ("database", "collection", "field"),
    "google_firestore_database": ("name", "location_id"),
    "google_cloudfunctions2_function": ("name", "location"),
    "google_storage_bucket": ("name", "location"),
    "google_storage_bucket_object": ("name", "bucket", "source"),
    "google_service_account": ("account_id",),
    "google_cloud_scheduler_job": ("name", "region"),
    "google_cloud_run_v2_service_iam_member": ("*",),
    "google_project_iam_member": ("*",),
    "google_monitoring_uptime_check_config": ("monitored_resource", "period"),
    "google_iam_workload_identity_pool": ("workload_identity_pool_id",),
}


def problems(kind: str, block: Any, value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Where a resource's configuration is wrong, and why."""
    if not isinstance(value, dict):
        return
    dotted = ".".join(part for part in path if isinstance(part, str))
    if names := ONE_OF.get((kind, dotted)):
        yield from _choice(names, value, path)
    for name, attribute in block.get("attributes", {}).items():
        if value.get(name) is not None:
            for message in _wrong(kind, dotted, name, attribute, value[name]):
                yield (*path, name), message
    for name, nested in block.get("block_types", {}).items():
        inner = value.get(name)
        if isinstance(inner, list):
            for i, item in enumerate(inner):
                yield from problems(kind, nested["block"], item, (*path, name, i))
        else:
            yield from problems(kind, nested["block"], inner, (*path, name))


def _choice(names: tuple[str, ...], value: dict[str, Any], path: Path) -> Iterator[tuple[Path, str]]:
    given = [name for name in names if value.get(name) not in (None, [])]
    if len(given) != 1 and not any(value.get(name) is UNKNOWN for name in names):
        yield path, f"exactly one of {', '.join(names)} must be given, not {', '.join(given) or 'none'}"


def _wrong(kind: str, dotted: str, name: str, attribute: Any, value: Any) -> Iterator[str]:
    if not attribute.get("optional") and not attribute.get("required"):
        yield f"value for unconfigurable attribute: {name} is decided by the provider"
        return
    if value is UNKNOWN:
        return
    if isinstance(value, str) and value not in attribute.get("enum", [value]):
        yield f"expected {name} to be one of {attribute['enum']}, got {value}"
    rule = RULES.get((kind, ".".join(filter(None, (dotted, name)))))
    if rule and not rule[0](value):
        yield f"{name} must be {rule[1]}, got {value!r}"
