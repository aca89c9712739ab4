"""What is asked of Google through its own command line."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploying.failure import ToolFailed
from deploying.programs import answer

#: The services that have to be on before Terraform can switch on the others.
_FIRST_SERVICES = (
    "serviceusage.googleapis.com",
    "cloudresourcemanager.googleapis.com",
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
        """Whether somebody pays."""
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
        """Make the private bucket of Terraform's state, unless it is there; whether it was made."""
        if self.has_bucket(name):
            return False
        self._of_project(
            *("storage", "buckets", "create", f"gs://{name}", "--location", region),
            *("--uniform-bucket-level-access", "--public-access-prevention"),
        )
        # An earlier state can be had back.
        self._of_project("storage", "buckets", "update", f"gs://{name}", "--versioning")
        return True

    def copy(self, source: str | Path, target: str | Path) -> None:
        """Copy between this machine and a bucket."""
        self._of_project("storage", "cp", str(source), str(target))

    def files(self, prefix: str) -> list[str]:
        """The names of the files in a bucket that begin so, sorted; none if there are none."""
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
        """Make a secret with its first version; the value goes through a pipe and is in no command."""
        if self._try("secrets", "describe", secret, "--project", self.project) is None:
            self._of_project(
                "secrets", "create", secret, "--replication-policy=user-managed", f"--locations={region}"
            )
        command = ["gcloud", "secrets", "versions", "add", secret, "--data-file=-", "--project", self.project]
        answer(command, self.environ, given=value)

    def run_job(self, job: str, region: str) -> None:
        """Have the scheduler call a job now."""
        self._of_project("scheduler", "jobs", "run", job, "--location", region)

    def job(self, job: str, region: str) -> dict[str, Any]:
        """What the scheduler knows of a job, `lastAttemptTime` and `status` among it."""
        found = self._of_project("scheduler", "jobs", "describe", job, "--location", region, "--format=json")
        described: dict[str, Any] = json.loads(found)
        return described

    def _of_project(self, *arguments: str) -> str:
        return self._plain(*arguments, "--project", self.project)

    def _plain(self, *arguments: str) -> str:
        return answer(["gcloud", *arguments], self.environ)

    def _try(self, *arguments: str) -> str | None:
        try:
            return self._plain(*arguments)
        except ToolFailed:
            return None
