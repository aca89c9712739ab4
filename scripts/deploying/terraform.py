"""Terraform on infra/, with the state of one project in its bucket."""

import json
import shutil
import subprocess
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploying.failures import Stopped
from deploying.programs import aloud, answer

#: What a plan may not delete, also to make it anew, unless it was named: data, and what could not be had
#: back as it was. Exact types: an index, an exemption or a binding of the same family is no data.
LASTING = {
    "google_firestore_backup_schedule",
    "google_firestore_database",
    "google_firebase_hosting_custom_domain",
    "google_firebase_hosting_site",
    "google_project_iam_custom_role",
    "google_service_account",
}
#: What --destroy leaves: data, the trace of who read it, and what could not be made
#: again as it was: an account's unique id, which Amazon trusts, and a role's name, for a week.
KEPT = (
    "google_firestore_",
    "google_firebaserules_",
    "google_firebase_project",
    "google_firebase_hosting_site",
    "google_firebase_hosting_custom_domain",
    "google_project_service",
    "google_logging_",
    "google_project_iam_audit_config",
    "google_project_iam_custom_role",
    "google_service_account",
    "google_iam_workload_identity_",
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
        shutil.copytree(self.folder, copy, ignore=shutil.ignore_patterns(".terraform", "ses", "decisions"))
        (copy / "backend_override.tf").write_text('terraform {\n  backend "local" {}\n}\n')
        return Terraform(copy, copy, self.environ)

    def init(self, bucket: str | None) -> None:
        """Install the provider and find the state."""
        where = [f"-backend-config=bucket={bucket}"] if bucket else []
        aloud(self._command("init", "-input=false", "-no-color", *where), self._environ)

    def plan(
        self,
        variables: Mapping[str, Any],
        *,
        destroy: bool = False,
        lose: Collection[str] | None = (),
        lock: bool = True,
    ) -> "Plan":
        """What would change; written down, so that just this is applied.

        Raise `Stopped` if something that lasts would go that is not named in `lose`; with None, say nothing.
        Without a lock a plan that nobody will apply keeps nobody from deploying, and can be seen by who may
        write nothing.
        """
        path = self.write_variables(variables)
        chosen = [f"-target={address}" for address in self._removable()] if destroy else []
        if destroy and not chosen:
            return Plan({})
        command = self._command(
            "plan", "-input=false", "-no-color", "-detailed-exitcode", f"-out={self._plan}"
        )
        command += [] if lock else ["-lock=false"]
        command += [f"-var-file={path}", *(["-destroy", *chosen] if destroy else [])]
        status = aloud(command, self._environ, right=(0, _CHANGED))
        shown = json.loads(answer(self._command("show", "-json", str(self._plan)), self._environ))
        plan = Plan({one["address"]: one["change"]["actions"] for one in shown.get("resource_changes", [])})
        if lost := [] if lose is None else [one for one in plan.lost() if one not in lose]:
            named = " ".join(f"--lose '{address}'" for address in lost)
            raise Stopped(
                f"kế hoạch sẽ xóa thứ không lấy lại được / the plan would delete for good: {', '.join(lost)}",
                "không áp dụng; xem lại thay đổi trong infra/ và tệp triển khai. Nếu đúng là muốn vậy / "
                f"nothing was changed; if it is meant: {named}",
            )
        return plan if status == _CHANGED else Plan({})

    def write_variables(self, variables: Mapping[str, Any]) -> Path:
        """Write the configuration's variables to a file."""
        path = self.work / "variables.tfvars.json"
        path.write_text(json.dumps(variables, indent=2, ensure_ascii=False) + "\n", "utf-8")
        return path

    def run(self, words: list[str], variables: Mapping[str, Any]) -> int:
        """A command of Terraform's own, at the terminal, with the state, the login and the variables."""
        path = self.write_variables(variables)
        given = {f"TF_CLI_ARGS_{name}": f"-var-file={path}" for name in ("console", "import", "plan")}
        return subprocess.run(self._command(*words), env={**self._environ, **given}, check=False).returncode

    def apply(self) -> None:
        """Make the changes of the last plan."""
        aloud(self._command("apply", "-input=false", "-no-color", str(self._plan)), self._environ)

    def outputs(self) -> dict[str, Any]:
        """The outputs of the configuration."""
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
        """What would be deleted, or replaced, though it should last."""
        return [
            address
            for address, done in self.actions.items()
            if "delete" in done and address.partition(".")[0] in LASTING
        ]

    def changed(self) -> list[str]:
        """What would not stay as it is."""
        return [address for address, done in self.actions.items() if done not in (["no-op"], ["read"])]
