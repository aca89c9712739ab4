"""The course of a deploy: from what is missing to what a person still has to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

import segno
from environment import ROOT
from homthu.adapters.box_files.folder import load_boxes
from homthu.adapters.clock import system_clock
from homthu.config import BOXES
from python_notice import runtime_notice

from deploying.archive import make_archive
from deploying.checks import missing, still_samples
from deploying.deployment import Deployment, read_deployment
from deploying.failure import Stopped
from deploying.gcloud import Gcloud
from deploying.history import History, digest_of
from deploying.live import PATIENCE_SECONDS, look_at
from deploying.secret_manager import KEYS, make_secrets
from deploying.specimen import make_specimen, send_and_withdraw
from deploying.story import Story, ask
from deploying.terraform import Terraform
from deploying.trial import run_job, run_patiently

INFRA = ROOT / "infra"
_STEPS = 8


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the person asked for."""

    project: str
    plan_only: bool = False
    rollback: bool = False
    destroy: bool = False
    is_sure: bool = False
    try_report: bool = False
    without_trial: bool = False
    look_at: str | None = None
    patience_seconds: float = PATIENCE_SECONDS


class Course:
    """One run. Every step may raise `DeployFailed`."""

    def __init__(self, wish: Wish, environ: Mapping[str, str]) -> None:
        self._wish = wish
        self._mail = environ.get("HOMTHU_MAIL", "")
        # What is meant for a box on this machine must not reach the tools.
        kept = {name: value for name, value in environ.items() if not name.startswith("HOMTHU_")}
        self._gcloud = Gcloud(wish.project, kept)
        self._work = ROOT / ".deploy" / wish.project
        path = Path("infra", "deployments", f"{wish.project}.toml")
        self._deployment: Deployment = read_deployment(ROOT, path)
        self._bucket = f"{wish.project}-{self._deployment.name}-state"
        self._history = History(self._gcloud, self._bucket)
        self._story = Story(_STEPS)
        #: What was not seen, for a person to do.
        self._left: list[str] = []

    def run(self) -> None:
        """All steps, or those up to the one that the person wants no more of."""
        self._check()
        archive = self._pack()
        self._prepare()
        variables = self._variables(archive)
        if not self._change(variables):
            return
        outputs = self._outputs()
        if self._wish.destroy:
            self._say_destroyed()
            return
        url = self._wish.look_at or outputs["url"]
        self._look(url.rstrip("/"), variables["secret_versions"]["secret"])
        self._run_report(outputs)
        self._say_done(outputs)

    def _check(self) -> None:
        with self._story.step("Kiểm tra những gì cần có / what is needed"):
            found = missing(self._gcloud, self._deployment, has_mail_setting=bool(self._mail))
            for one in found:
                self._story.tell(f"✗ {one}")
            if found:
                raise Stopped(
                    f"thiếu {len(found)} thứ kể trên / {len(found)} things are missing",
                    "làm từng việc trên rồi chạy lại; chưa có gì thay đổi / nothing was changed",
                )
            self._story.tell(f"đủ; đang đăng nhập / logged in as {self._gcloud.account()}")
            if notice := runtime_notice():
                self._story.tell(notice)
            if not self._gcloud.has_bucket(self._bucket):
                self._story.tell(
                    "lần đầu: nếu dự án chưa dùng Firebase, hãy chấp nhận điều khoản trước ở "
                    "https://console.firebase.google.com / accept Firebase's terms first"
                )

    def _pack(self) -> Path:
        with self._story.step("Đóng gói mã nguồn / the archive"):
            archive = self._work / "functions.zip"
            if self._wish.rollback:
                archive = self._work / "rollback.zip"
                digest = self._history.fetch_previous(archive)
                self._story.tell(f"bản trước / the one before: {digest}")
                return archive
            make_archive(ROOT, archive)
            self._story.tell(f"{archive.stat().st_size:,} B, {digest_of(archive)}")
            return archive

    def _prepare(self) -> None:
        """The bucket of the state, and the secrets: what Terraform neither makes nor knows."""
        with self._story.step("Nơi giữ trạng thái và bí mật / state and secrets"):
            gcloud, deployment = self._gcloud, self._deployment
            if self._wish.plan_only:
                self._story.tell("chỉ lập kế hoạch: không tạo gì / planned only: nothing is made")
                return
            gcloud.enable_services()
            is_new = gcloud.ensure_bucket(self._bucket, deployment.region)
            self._story.tell(f"gs://{self._bucket}: {'đã tạo / made' if is_new else 'có sẵn / there'}")
            make_secrets(gcloud, deployment, self._story)
            if deployment.sends_by_smtp and self._mail and self._mail != self._kept_mail():
                gcloud.make_secret(f"{deployment.name}-mail", self._mail.encode(), deployment.region)
                self._story.tell(f"{deployment.name}-mail: đã ghi bản mới / a new version")

    def _kept_mail(self) -> str | None:
        secret = f"{self._deployment.name}-mail"
        version = self._gcloud.newest_version(secret)
        return self._gcloud.secret(secret, version) if version else None

    def _variables(self, archive: Path) -> dict[str, Any]:
        name = self._deployment.name
        # Before a first deploy there is none yet, and its number will be 1.
        versions = {key: self._gcloud.newest_version(f"{name}-{key}") or "1" for key in KEYS.values()}
        if self._deployment.sends_by_smtp:
            versions["mail"] = self._gcloud.newest_version(f"{name}-mail") or "1"
        return {
            **self._deployment.values,
            "project_id": self._wish.project,
            "archive": str(archive),
            "secret_versions": versions,
        }

    def _change(self, variables: dict[str, Any]) -> bool:
        """Plan, ask, apply; whether there is something to look at afterwards."""
        wish, story = self._wish, self._story
        terraform = self._terraform()
        with story.step("Lập kế hoạch / the plan"):
            self._work.mkdir(parents=True, exist_ok=True)
            if wish.plan_only and not self._gcloud.has_bucket(self._bucket):
                terraform = terraform.for_a_first_plan()
                terraform.init(None)
            else:
                terraform.init(self._bucket)
            plan = terraform.plan(variables, destroy=wish.destroy)
            counts = [plan.count(action) for action in ("create", "update", "delete")]
            story.tell(f"tạo / create {counts[0]}, sửa / update {counts[1]}, xóa / delete {counts[2]}")
        if wish.plan_only:
            print("\nChỉ lập kế hoạch: chưa có gì thay đổi / planned only: nothing was changed.")
            return False
        if not plan.is_empty and not wish.is_sure and not ask("Thực hiện kế hoạch này / apply this plan?"):
            print("Chỉ có nơi giữ trạng thái và bí mật / only the state's bucket and the secrets were made.")
            return False
        with story.step("Thực hiện / apply (lần đầu khoảng 10 phút / ten minutes the first time)"):
            if plan.is_empty:
                story.tell("không có gì phải đổi / nothing to change")
            else:
                # The plan may have waited for its answer longer than a token lasts.
                self._terraform().apply()
            if not wish.destroy:
                self._history.add(Path(variables["archive"]), system_clock())
        return True

    def _terraform(self) -> Terraform:
        environ = {**self._gcloud.environ, "GOOGLE_OAUTH_ACCESS_TOKEN": self._gcloud.token()}
        return Terraform(INFRA, self._work, environ)

    def _outputs(self) -> dict[str, Any]:
        return self._terraform().outputs()

    def _look(self, url: str, secret_version: str) -> None:
        with self._story.step(f"Xem hòm thư đang chạy / look at the box: {url}"):
            for seen in look_at(url, self._place, patience_seconds=self._wish.patience_seconds):
                self._story.tell(f"✓ {seen}")
            if self._wish.without_trial:
                self._story.tell("không gửi phiếu thử / no trial submission: --without-trial")
                self._left.append("chưa thử lưu phiếu / that submissions are stored was not tried")
            else:
                self._try_submission(url, secret_version)

    def _try_submission(self, url: str, secret_version: str) -> None:
        """One marked submission, stored and withdrawn; or a word why there was none."""
        tell, gcloud, name = self._story.tell, self._gcloud, self._deployment.name
        secret = gcloud.secret(f"{name}-secret", secret_version)
        specimen = make_specimen(secret, self._wish.project)
        # Told before it is sent: whatever happens then, it can be found.
        tell(f"phiếu thử / the trial submission: {specimen.path}")
        at = f"{system_clock().astimezone(UTC):%H:%M} UTC"
        if not send_and_withdraw(specimen, url, self._place, token=gcloud.token(), environ=gcloud.environ):
            tell("hòm thư đang đóng hoặc tạm dừng: không gửi / the box is closed or paused: none was sent")
            self._left.append(
                "khi hòm thư mở, triển khai lại để thử lưu phiếu / deploy again when the box is open"
            )
            return
        tell("✓ phiếu thử đã được lưu và đã xóa / a marked submission was stored and withdrawn")
        tell(
            f"  thư cảnh báo «{name}: a person read or changed the database» sắp tới là do việc này / "
            f"the alert of this name that follows is this: {gcloud.account()}, {at}, delete, one document"
        )

    def _run_report(self, outputs: Mapping[str, Any]) -> None:
        """The rehearsal, and the report itself if that is wanted: both as the scheduler calls them."""
        jobs, region = outputs["jobs"], outputs["region"]
        with self._story.step("Diễn tập báo cáo / rehearse the report"):
            patience = self._wish.patience_seconds
            run_patiently(
                self._gcloud, jobs["rehearsal"], region, function=jobs["report"], patience_seconds=patience
            )
            self._story.tell(
                "✓ lập được báo cáo của mọi phường, đường gửi thư thông; chưa gửi thư nào / "
                "every ward's report can be made and mail would leave; nothing was sent"
            )
            if self._wish.try_report:
                run_job(self._gcloud, jobs["report"], region, function=jobs["report"])
                self._story.tell(
                    "✓ báo cáo chạy xong, không còn nợ thư nào / the report ran, and owes nothing"
                )

    def _say_done(self, outputs: Mapping[str, Any]) -> None:
        with self._story.step("Xong / done"):
            url = f"{outputs['url']}/g/{self._place}"
            print(f"\n  {url}\n")
            segno.make(url, error="m", micro=False).terminal(compact=True)
            print("\n  Còn phải làm / what a person still has to do:")
            steps = [*outputs["next_steps"], *still_samples(), *self._left]
            if not self._wish.try_report:
                steps.append(
                    "gửi thử báo cáo thật / send the report in earnest: scripts/deploy … --try-report"
                )
            for step in [*steps, "in áp phích / print the posters: scripts/make-posters"]:
                print(f"  - {step}")
            for record in outputs["dns_records"]:
                print(f"    DNS: {record}")

    def _say_destroyed(self) -> None:
        print(
            "\nĐã gỡ hàm, lịch và địa chỉ. Dữ liệu, bản sao lưu và bí mật còn nguyên."
            "\nFunctions, jobs and routes are gone. Data, backups and secrets are as they were."
        )

    @property
    def _place(self) -> str:
        return next(iter(load_boxes(BOXES).by_ward.values())).places[0].code
