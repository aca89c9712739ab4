"""The deployer's role covers everything that infra/ makes, and what looks only looks."""

import json
import re

from deploying.rights import ROLE
from infra.roots import INFRA

PERMISSIONS = set(json.loads(ROLE.read_text("utf-8"))["includedPermissions"])
#: What making, seeing, changing and removing a resource of each type takes, from Google's pages on IAM of
#: the service named. A policy of rights is seen and set, whatever it is on.
_ALL = ("create", "delete", "get", "update")
_POLICY = ("getIamPolicy", "setIamPolicy")
NEEDED: dict[str, tuple[str, tuple[str, ...]]] = {
    "google_artifact_registry_repository": ("artifactregistry.repositories", _ALL),
    "google_artifact_registry_repository_iam_member": ("artifactregistry.repositories", _POLICY),
    "google_billing_budget": ("", ()),  # on the billing account, which is no project's
    "google_cloud_run_v2_service_iam_member": ("run.services", _POLICY),
    "google_cloud_scheduler_job": ("cloudscheduler.jobs", (*_ALL, "run")),
    "google_cloud_tasks_queue": ("cloudtasks.queues", _ALL),
    "google_cloud_tasks_queue_iam_member": ("cloudtasks.queues", _POLICY),
    "google_cloudfunctions2_function": ("cloudfunctions.functions", (*_ALL, "sourceCodeSet")),
    "google_firebase_hosting_custom_domain": ("firebasehosting.sites", ("get", "update")),
    "google_firebase_hosting_release": ("firebasehosting.sites", ("get", "update")),
    "google_firebase_hosting_site": ("firebasehosting.sites", ("create", "get", "update")),
    "google_firebase_hosting_version": ("firebasehosting.sites", ("get", "update")),
    "google_firebase_project": ("firebase.projects", ("get", "update")),
    "google_firebaserules_release": ("firebaserules.releases", _ALL),
    "google_firebaserules_ruleset": ("firebaserules.rulesets", ("create", "delete", "get")),
    "google_firestore_backup_schedule": ("datastore.backupSchedules", _ALL),
    "google_firestore_database": ("datastore.databases", ("create", "getMetadata", "update")),
    "google_firestore_field": ("datastore.indexes", _ALL),
    "google_firestore_index": ("datastore.indexes", _ALL),
    "google_iam_workload_identity_pool": ("iam.workloadIdentityPools", _ALL),
    "google_iam_workload_identity_pool_provider": ("iam.workloadIdentityPoolProviders", _ALL),
    "google_logging_metric": ("logging.logMetrics", _ALL),
    "google_logging_project_bucket_config": ("logging.buckets", ("get", "update")),
    "google_logging_project_exclusion": ("logging.exclusions", _ALL),
    "google_monitoring_alert_policy": ("monitoring.alertPolicies", _ALL),
    "google_monitoring_custom_service": ("monitoring.services", _ALL),
    "google_monitoring_dashboard": ("monitoring.dashboards", _ALL),
    "google_monitoring_notification_channel": ("monitoring.notificationChannels", _ALL),
    "google_monitoring_slo": ("monitoring.slos", _ALL),
    "google_monitoring_uptime_check_config": ("monitoring.uptimeCheckConfigs", _ALL),
    "google_project_iam_audit_config": ("resourcemanager.projects", _POLICY),
    "google_project_iam_custom_role": ("iam.roles", _ALL),
    "google_project_iam_member": ("resourcemanager.projects", _POLICY),
    "google_project_service": ("serviceusage.services", ("enable", "get")),
    "google_secret_manager_secret_iam_member": ("secretmanager.secrets", _POLICY),
    "google_service_account": ("iam.serviceAccounts", (*_ALL, "actAs")),
    "google_service_account_iam_member": ("iam.serviceAccounts", _POLICY),
    "google_storage_bucket": ("storage.buckets", _ALL),
    "google_storage_bucket_iam_member": ("storage.buckets", _POLICY),
    "google_storage_bucket_object": ("storage.objects", ("create", "delete", "get")),
}


def test_the_role_covers_every_type_that_is_made() -> None:
    text = "".join(path.read_text("utf-8") for path in INFRA.glob("*.tf"))
    kinds = set(re.findall(r'^resource "(\w+)"', text, re.M))
    assert kinds == set(NEEDED)
    needed = {f"{on}.{verb}" for on, verbs in NEEDED.values() for verb in verbs}
    assert needed - PERMISSIONS == set()


def test_the_role_is_in_the_order_in_which_it_is_asked_for_and_names_each_once() -> None:
    listed = json.loads(ROLE.read_text("utf-8"))["includedPermissions"]
    assert listed == sorted(set(listed))


def test_the_deployer_reads_of_what_citizens_wrote_one_document_at_a_time_and_lists_none() -> None:
    """To take its marked submission away it deletes one; a list of them is nobody's to deploy with."""
    entities = {one for one in PERMISSIONS if one.startswith("datastore.entities.")}
    assert entities == {"datastore.entities.delete", "datastore.entities.get"}
