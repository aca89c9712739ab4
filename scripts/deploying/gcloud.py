"""The calls of Google's own command line."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploying.failures import ToolFailed
from deploying.programs import answer

#: What an archive in the state's bucket lives, and an earlier state: the archives hold the recipients'
#: addresses, and are of no use for a rollback by then.
ARCHIVE_DAYS = 90
#: A build that does nothing, to see whether it would be taken.
_BUILD = {
    "steps": [{"name": "gcr.io/cloud-builders/gcloud", "args": ["version"]}],
    "timeout": "120s",
    "options": {"logging": "CLOUD_LOGGING_ONLY"},  # else a bucket is made for its log
}
#: The services that have to be on before Terraform can switch on the others.
_FIRST_SERVICES = (
    "serviceusage.googleapis.com",
    "cloudresourcemanager.googleapis.com",
    "cloudbuild.googleapis.com",
    "storage.googleapis.com",
    "secretmanager.googleapis.com",
)


@dataclass(frozen=True)
class Gcloud:
    """One project. Every method may raise `ToolFailed`."""

    project: str
    environ: Mapping[str, str]

    def account(self) -> str:
        """Who is logged in; empty if nobody."""
        return self._plain("auth", "list", "--filter=status:ACTIVE", "--format=value(account)")

    def token(self) -> str:
        """A token for Terraform, so that one login does for both."""
        return self._plain("auth", "print-access-token")

    def has_project(self) -> bool:
        """Whether the project is there for this account."""
        return self._try("projects", "describe", self.project, "--format=value(lifecycleState)") == "ACTIVE"

    def has_billing(self) -> bool:
        """Whether the project has a billing account."""
        return (
            self._try("billing", "projects", "describe", self.project, "--format=value(billingEnabled)")
            == "True"
        )

    def enable_services(self) -> None:
        """Switch on what the first steps need."""
        self._of_project("services", "enable", *_FIRST_SERVICES)

    def has_bucket(self, name: str) -> bool:
        """Whether there is a bucket of this name."""
        return (
            self._try("storage", "buckets", "describe", f"gs://{name}", "--project", self.project) is not None
        )

    def ensure_bucket(self, name: str, region: str) -> bool:
        """Make the private bucket of Terraform's state, unless it exists; whether it was made."""
        if self.has_bucket(name):
            return False
        self._of_project(
            *("storage", "buckets", "create", f"gs://{name}", "--location", region),
            *("--uniform-bucket-level-access", "--public-access-prevention"),
        )
        # An earlier state can be recovered.
        self._of_project("storage", "buckets", "update", f"gs://{name}", "--versioning")
        return True

    def limit_bucket(self, name: str) -> None:
        """Expire what is in the state's bucket; the current state itself stays."""
        with _file(_lifecycle()) as path:
            self._of_project("storage", "buckets", "update", f"gs://{name}", f"--lifecycle-file={path}")

    def ask_build(self, region: str) -> None:
        """Start a build that does nothing, and do not wait for it. Raise `ToolFailed` if it is refused."""
        with _file(_BUILD) as path:
            self._of_project(
                *("builds", "submit", "--no-source", "--async", f"--config={path}", "--region", region)
            )

    def allowed_domains(self) -> list[str]:
        """Whom an organisation's policy lets be granted rights; empty if anybody, or if it cannot be read."""
        said = self._try(
            *("resource-manager", "org-policies", "describe", "iam.allowedPolicyMemberDomains"),
            *("--effective", "--project", self.project, "--format=json"),
        )
        allowed: list[str] = json.loads(said or "{}").get("listPolicy", {}).get("allowedValues", [])
        return allowed

    def copy(self, source: str | Path, target: str | Path) -> None:
        """Copy between this machine and a bucket."""
        self._of_project("storage", "cp", str(source), str(target))

    def files(self, prefix: str) -> list[str]:
        """The sorted names of the files in a bucket with this prefix; empty if there are none."""
        found = self._try("storage", "ls", f"{prefix}*", "--project", self.project)
        return sorted((found or "").split())

    def newest_version(self, secret: str) -> str | None:
        """The number of the newest enabled version of a secret, or None."""
        found = self._try(
            *("secrets", "versions", "list", secret, "--project", self.project),
            *("--filter=state=ENABLED", "--sort-by=~createTime", "--limit=1", "--format=value(name)"),
        )
        return found.rpartition("/")[2] if found else None

    def secret(self, secret: str, version: str) -> str:
        """The first line of a secret's version."""
        return self.lines_of_secret(secret, version)[0]

    def lines_of_secret(self, secret: str, version: str) -> list[str]:
        """Every line of a secret's version."""
        return self._of_project("secrets", "versions", "access", version, f"--secret={secret}").split()

    def make_secret(self, secret: str, value: bytes, region: str) -> None:
        """Make a secret with its first version; the value goes through a pipe and appears in no command."""
        if self._try("secrets", "describe", secret, "--project", self.project) is None:
            self._of_project(
                "secrets", "create", secret, "--replication-policy=user-managed", f"--locations={region}"
            )
        command = ["gcloud", "secrets", "versions", "add", secret, "--data-file=-", "--project", self.project]
        answer(command, self.environ, given=value)

    def run_job(self, job: str, region: str) -> None:
        """Have the scheduler call a job now."""
        self._of_project("scheduler", "jobs", "run", job, "--location", region)

    def last_attempt(self, job: str) -> dict[str, Any]:
        """The scheduler's newest record of an attempt that *ended*; empty if there is none.

        What `jobs describe` tells is when an attempt began (`lastAttemptTime`), which is no end.
        """
        found = self._of_project(
            *("logging", "read"),
            f'resource.type="cloud_scheduler_job" AND resource.labels.job_id="{job}" AND '
            'jsonPayload."@type"="type.googleapis.com/google.cloud.scheduler.logging.AttemptFinished"',
            *("--freshness=1h", "--order=desc", "--limit=1", "--format=json"),
        )
        entries: list[dict[str, Any]] = json.loads(found or "[]")
        return entries[0] if entries else {}

    def revisions(self, service: str, region: str) -> list[dict[str, Any]]:
        """The revisions of a Cloud Run service, as its API describes them."""
        found = self._of_project(
            *("run", "revisions", "list", "--service", service, "--region", region, "--format=json")
        )
        described: list[dict[str, Any]] = json.loads(found or "[]")
        return described

    def serving(self, service: str, region: str) -> list[dict[str, Any]]:
        """Where a service's requests go: its `status.traffic`."""
        found = self._of_project("run", "services", "describe", service, "--region", region, "--format=json")
        traffic: list[dict[str, Any]] = json.loads(found)["status"]["traffic"]
        return traffic

    def shift(self, service: str, region: str, revision: str | None) -> None:
        """Send all requests of a service to one revision; None means the newest at any time."""
        where = f"--to-revisions={revision}=100" if revision else "--to-latest"
        self._of_project("run", "services", "update-traffic", service, where, "--region", region)

    def _of_project(self, *arguments: str) -> str:
        return self._plain(*arguments, "--project", self.project)

    def _plain(self, *arguments: str) -> str:
        return answer(["gcloud", *arguments], self.environ)

    def _try(self, *arguments: str) -> str | None:
        try:
            return self._plain(*arguments)
        except ToolFailed:
            return None


@contextmanager
def _file(content: object) -> Iterator[str]:
    """The path of a file with this as JSON, as long as it is needed."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(content, file)
        file.flush()
        yield file.name


def _lifecycle() -> dict[str, Any]:
    delete = {"type": "Delete"}
    return {
        "rule": [
            {"action": delete, "condition": {"age": ARCHIVE_DAYS, "matchesPrefix": ["archives/"]}},
            {"action": delete, "condition": {"daysSinceNoncurrentTime": ARCHIVE_DAYS}},
        ]
    }
