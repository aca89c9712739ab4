"""Terraform on infra/, with the state of one project in its bucket."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploying.failure import Stopped
from deploying.programs import aloud, answer

#: What no command of ours may take away: data, the trace of who read it, and what could not be made
#: again as it was: an account's unique id, which Amazon trusts, and a role's name, for a week.
KEPT = (
    "google_firestore_",
    "google_firebaserules_",
    "google_firebase_project",
    "google_firebase_hosting_site",
    "google_project_service",
    "google_logging_",
    "google_project_iam_audit_config",
    "google_project_iam_custom_role",
    "google_service_account",
)
_CHANGED = 2


@dataclass(frozen=True)
class Terraform:
    """One project's. `work` holds what Terraform keeps on this machine."""

    folder: Path
    work: Path
    environ: Mapping[str, str]

    def for_a_first_plan(self) -> "Terraform":
        """The same with an empty state on this machine: to see a plan before there is a bucket."""
        copy = self.work / "first-plan"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.folder, copy, ignore=shutil.ignore_patterns(".terraform*", "ses", "decisions"))
        (copy / "backend_override.tf").write_text('terraform {\n  backend "local" {}\n}\n')
        return Terraform(copy, copy, self.environ)

    def init(self, bucket: str | None) -> None:
        """Fetch the provider and find the state."""
        where = [f"-backend-config=bucket={bucket}"] if bucket else []
        aloud(self._command("init", "-input=false", "-no-color", *where), self._environ)

    def plan(self, variables: Mapping[str, Any], *, destroy: bool = False) -> "Plan":
        """What would change; written down, so that just this is applied. Raise `Stopped` if data would go."""
        path = self.work / "variables.tfvars.json"
        path.write_text(json.dumps(variables, indent=2, ensure_ascii=False) + "\n", "utf-8")
        chosen = [f"-target={address}" for address in self._removable()] if destroy else []
        if destroy and not chosen:
            return Plan({})
        command = self._command(
            "plan", "-input=false", "-no-color", "-detailed-exitcode", f"-out={self._plan}"
        )
        command += [f"-var-file={path}", *(["-destroy", *chosen] if destroy else [])]
        status = aloud(command, self._environ, right=(0, _CHANGED))
        shown = json.loads(answer(self._command("show", "-json", str(self._plan)), self._environ))
        plan = Plan({one["address"]: one["change"]["actions"] for one in shown.get("resource_changes", [])})
        if lost := plan.lost():
            raise Stopped(
                f"kế hoạch sẽ xóa dữ liệu / the plan would delete data: {', '.join(lost)}",
                "không áp dụng; xem lại thay đổi trong infra/ và tệp triển khai / nothing was changed",
            )
        return plan if status == _CHANGED else Plan({})

    def apply(self) -> None:
        """Make the changes of the last plan."""
        aloud(self._command("apply", "-input=false", "-no-color", str(self._plan)), self._environ)

    def outputs(self) -> dict[str, Any]:
        """What the configuration gives out."""
        found = json.loads(answer(self._command("output", "-json"), self._environ))
        return {name: one["value"] for name, one in found.items()}

    def _removable(self) -> list[str]:
        listed = answer(self._command("state", "list"), self._environ).splitlines()
        return [address for address in listed if not address.startswith((*KEPT, "data."))]

    @property
    def _plan(self) -> Path:
        return self.work / "plan"

    @property
    def _environ(self) -> dict[str, str]:
        # Each project's own folder, so that two projects' states cannot be mixed up.
        return {**self.environ, "TF_DATA_DIR": str(self.work / "terraform"), "TF_IN_AUTOMATION": "1"}

    def _command(self, *arguments: str) -> list[str]:
        return ["terraform", f"-chdir={self.folder}", *arguments]


@dataclass(frozen=True)
class Plan:
    """The actions on each resource."""

    actions: Mapping[str, list[str]]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be done."""
        return not self.actions

    def count(self, action: str) -> int:
        """How many resources are created, updated or deleted."""
        return sum(action in done for done in self.actions.values())

    def lost(self) -> list[str]:
        """The resources with data that would be deleted, also to be made anew. An index is no data."""
        return [
            address
            for address, done in self.actions.items()
            if "delete" in done
            and address.startswith(KEPT)
            and not address.startswith("google_firestore_index")
        ]
