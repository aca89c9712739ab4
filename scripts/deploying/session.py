"""What every mode of scripts/deploy works with: one project, its file, its state and its tools."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from environment import ROOT

from deploying.archive import make_archive
from deploying.boxes import gather_boxes
from deploying.deployment import Deployment, read_deployment
from deploying.failures import Stopped
from deploying.gcloud import Gcloud
from deploying.history import History
from deploying.hosting import Hosting
from deploying.rollback import Traffic
from deploying.secret_manager import KEYS
from deploying.smoke import PATIENCE_SECONDS
from deploying.steps import Steps
from deploying.terraform import Terraform

INFRA = ROOT / "infra"


@dataclass(frozen=True, kw_only=True)
class Options:
    """What the person asked for."""

    project: str
    plan_only: bool = False
    rollback: bool = False
    rebuild: bool = False
    destroy: bool = False
    drift: bool = False
    terraform: tuple[str, ...] = ()
    lose: tuple[str, ...] = ()
    is_sure: bool = False
    try_report: bool = False
    without_trial: bool = False
    skip_rights: bool = False
    look_at: str | None = None
    patience_seconds: float = PATIENCE_SECONDS

    @property
    def steps(self) -> int:
        """How many steps it takes."""
        if self.terraform:
            return 2
        if self.drift:
            return 3
        return 5 if self.rollback and not self.rebuild else 6 if self.destroy else 8


class Session:
    """One run of the command on one project."""

    def __init__(self, options: Options, environ: Mapping[str, str]) -> None:
        self.options = options
        #: HOMTHU_MAIL, if it was given.
        self.mail = environ.get("HOMTHU_MAIL", "")
        # Settings for a box on this machine must not reach the tools.
        kept = {name: value for name, value in environ.items() if not name.startswith("HOMTHU_")}
        self.gcloud = Gcloud(options.project, kept)
        self.work = ROOT / ".deploy" / options.project
        path = Path("infra", "deployments", f"{options.project}.toml")
        self.deployment: Deployment = read_deployment(ROOT, path)
        self.bucket = f"{options.project}-{self.deployment.name}-state"
        self.history = History(self.gcloud, self.bucket)
        self.steps = Steps(options.project, options.steps)
        #: What could not be checked, for a person to do.
        self.left: list[str] = []

    def boxes(self) -> Path:
        """The folder of this deployment's boxes."""
        return gather_boxes(ROOT, self.deployment, self.work)

    def variables(self, archive: Path) -> dict[str, Any]:
        """What infra/ is given."""
        name = self.deployment.name
        # Before a first deploy there is none yet, and its number will be 1.
        versions = {key: self.gcloud.newest_version(f"{name}-{key}") or "1" for key in KEYS.values()}
        if self.deployment.sends_by_smtp:
            versions["mail"] = self.gcloud.newest_version(f"{name}-mail") or "1"
        return {
            **self.deployment.variables,
            "project_id": self.options.project,
            "archive": str(archive),
            "secret_versions": versions,
        }

    def terraform(self) -> Terraform:
        """Terraform with a new token: an old one may have run out."""
        environ = {**self.gcloud.environ, "GOOGLE_OAUTH_ACCESS_TOKEN": self.gcloud.token()}
        return Terraform(INFRA, self.work, environ)

    def outputs(self) -> dict[str, Any]:
        """What the configuration gave out when it was applied."""
        return self.terraform().outputs()

    def connect(self) -> Terraform:
        """Terraform with the state of what is deployed. Raise `DeployFailed` if nothing is."""
        with self.steps.step("Nối với trạng thái / the state"):
            if not self.gcloud.has_bucket(self.bucket):
                raise Stopped(
                    f"chưa có gs://{self.bucket} / nothing has been deployed",
                    f"gcloud auth login; scripts/deploy --project {self.options.project}",
                )
            self.work.mkdir(parents=True, exist_ok=True)
            terraform = self.terraform()
            terraform.init(self.bucket)
            return terraform

    def deployed_archive(self) -> Path:
        """The source that is deployed, or this machine's if there is none yet."""
        archive = self.work / "functions.zip"
        if where := self.outputs().get("archive"):
            self.gcloud.copy(where, archive)
        else:
            make_archive(ROOT, archive, self.boxes())
        return archive

    def traffic(self, outputs: Mapping[str, Any]) -> Traffic:
        """Where the functions' requests go."""
        return Traffic(self.gcloud, outputs["region"], sorted(outputs["services"].values()))

    def hosting(self, outputs: Mapping[str, Any]) -> Hosting:
        """The site of the box."""
        return Hosting(self.gcloud, outputs["site"])
