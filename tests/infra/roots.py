"""Copies of the Terraform roots that a test may change, and what Terraform says about them."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import shared

from infra import states

PROJECT = Path(__file__).parents[2]
INFRA = PROJECT / "infra"
#: Any file does for the archive: only its digest counts.
ARCHIVE = INFRA / "routes.json"
VARIABLES: dict[str, Any] = {
    "project_id": "gop-y-thu-nghiem",
    "archive": str(ARCHIVE),
    "sender": "bao-cao@gopy.example.org",
    "bounces_to": "tra-lai@example.org",
    "alert_email": "van-hanh@example.org",
    "mail": {"way": "ses", "role_arn": "arn:aws:iam::123456789012:role/homthu-report"},
    "secret_versions": {"secret": "3", "receipts": "1", "desk": "2"},
    "custom_domain": "gopy.example.org",
    "wards_at_once": 5,
    "repository": "to-chuc/hom-thu",
    "budget": {"billing_account": "000000-000000-000000", "amount": 5},
}
#: The setting that names a root's state to Terraform.
_STATE = "TF_HTTP_ADDRESS"
_BACKEND = 'terraform {\n  backend "http" {}\n}\n'


def missing() -> str:
    """What is needed and not there, as a sentence; empty if Terraform can run."""
    if shutil.which("terraform"):
        return ""
    return "Terraform is missing: install it, 1.7 or later (1.5 runs all but `terraform test`)."


class Root:
    """A root in a folder of its own, with a state of its own."""

    def __init__(self, folder: Path, environ: Mapping[str, str], state: str) -> None:
        self.folder = folder
        # Every call names its own configuration: the machine's may point anywhere.
        self.environ = {**os.environ, "TF_CLI_CONFIG_FILE": os.devnull, **environ, _STATE: state}

    def copy(self, folder: Path) -> "Root":
        """Another one in the same state, to be changed."""
        shutil.copytree(self.folder, folder)
        state = self.environ[_STATE]
        other = Root(folder, self.environ, states.new_address(state.rpartition("/")[0]))
        states.copy_state(state, other.environ[_STATE])
        return other

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["terraform", *arguments], cwd=self.folder, env=self.environ, text=True, capture_output=True
        )

    def succeed(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout

    def set(self, **variables: Any) -> None:
        """Change variables."""
        path = self.folder / "test.auto.tfvars.json"
        known = json.loads(path.read_text()) if path.exists() else {}
        path.write_text(json.dumps({**known, **variables}))

    def edit(self, file: str, old: str, new: str) -> None:
        """Change the configuration; what is to be changed has to be there."""
        path = self.folder / file
        text = path.read_text("utf-8")
        assert old in text, f"{file}: {old!r}"
        path.write_text(text.replace(old, new, 1), "utf-8")

    def complaints(self) -> str:
        """What `terraform validate` finds, in one line; empty if nothing."""
        answer = json.loads(self.run("validate", "-json").stdout)
        found = (f"{one['summary']}: {one.get('detail', '')}" for one in answer["diagnostics"])
        return " | ".join(found).replace("\n", " ")

    def plan(self) -> dict[str, list[str]]:
        """What an apply would do to each resource that it would not leave alone."""
        self.succeed("plan", "-input=false", "-no-color", "-out=plan")
        changes = json.loads(self.succeed("show", "-json", "plan"))["resource_changes"]
        actions = {one["address"]: one["change"]["actions"] for one in changes}
        return {address: done for address, done in actions.items() if done not in (["no-op"], ["read"])}

    def apply_plan(self) -> None:
        """Do what was planned last."""
        self.succeed("apply", "-input=false", "-no-color", "plan")

    def apply(self) -> None:
        self.succeed("apply", "-input=false", "-auto-approve", "-no-color")

    def resources(self) -> "Resources":
        """Everything in the state."""
        shown = json.loads(self.succeed("show", "-json"))["values"]
        outputs = {name: one["value"] for name, one in shown["outputs"].items()}
        return Resources(shown["root_module"]["resources"], outputs)


class Resources:
    """Resources with all their values, by type and key, and what the configuration gives out."""

    def __init__(self, resources: list[dict[str, Any]], outputs: dict[str, Any]) -> None:
        self._resources = resources
        self.outputs = outputs

    def all(self, kind: str) -> list[dict[str, Any]]:
        """Those of a type."""
        return [one["values"] for one in self if one["type"] == kind]

    def of(self, kind: str) -> dict[str, dict[str, Any]]:
        """Those of a type, by their `for_each` key, or their name."""
        found = {str(one.get("index", one["name"])): one["values"] for one in self if one["type"] == kind}
        assert len(found) == len(self.all(kind)), f"two {kind} have the same key"
        return found

    def one(self, kind: str) -> dict[str, Any]:
        (values,) = self.all(kind)
        return values

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self._resources)


def make_root(source: Path, folder: Path, environ: Mapping[str, str], variables: dict[str, Any]) -> Root:
    """A copy with nothing applied."""
    place, before = _prepared(source, environ)
    return _made(source, folder, dict(environ), variables, place, before)


def applied_root(environ: Mapping[str, str]) -> Root:
    """A copy of infra/ that has been applied, once for all; not to be changed."""
    root: Root = shared.once(_applied, tuple(sorted(environ.items())), *_prepared(INFRA, environ))
    return root


def _prepared(source: Path, environ: Mapping[str, str]) -> tuple[str, Path]:
    """Where states are kept, and the folder of an initialised copy."""
    place = shared.once(states.serving)
    # What `init` makes depends on the provider and the source alone: once is enough for all copies.
    return place, shared.once(_initialised, source, tuple(sorted(environ.items())), place)


def _made(
    source: Path, folder: Path, environ: dict[str, str], variables: dict[str, Any], place: str, before: Path
) -> Root:
    root = _copied(source, folder, environ, place)
    root.set(**variables)
    shutil.copytree(before / ".terraform", folder / ".terraform")
    return root


def _copied(source: Path, folder: Path, environ: Mapping[str, str], place: str) -> Root:
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns(".terraform", "*.tfstate*", "ses"))
    (folder / "backend_override.tf").write_text(_BACKEND)
    return Root(folder, environ, states.new_address(place))


@contextmanager
def _initialised(source: Path, environ: tuple[tuple[str, str], ...], place: str) -> Iterator[Path]:
    """A copy in which `terraform init` has run."""
    with tempfile.TemporaryDirectory() as folder:
        root = _copied(source, Path(folder, "root"), dict(environ), place)
        root.succeed("init", "-input=false", "-no-color")
        yield root.folder


@contextmanager
def _applied(environ: tuple[tuple[str, str], ...], place: str, before: Path) -> Iterator[Root]:
    with tempfile.TemporaryDirectory() as folder:
        root = _made(INFRA, Path(folder, "root"), dict(environ), VARIABLES, place, before)
        root.apply()
        yield root
