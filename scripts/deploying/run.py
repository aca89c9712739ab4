"""A deploy from beginning to end: from what is missing to what a person still has to do."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import segno
from environment import ROOT
from homthu.adapters.box_files.folder import load_boxes
from homthu.adapters.clock import system_clock
from local.python_notice import runtime_notice

from deploying.archive import make_archive
from deploying.boxes import box_problems, still_samples
from deploying.checks import forbidden_public, missing, missing_rights
from deploying.emergency import hand_over, shift_back, show_drift
from deploying.failures import OTHER_REGION, Stopped, ToolFailed, passes
from deploying.farewell import farewell_page
from deploying.history import digest_of
from deploying.rights import RightsNotAsked
from deploying.secret_manager import make_secrets
from deploying.session import Options, Session
from deploying.steps import ask
from deploying.terraform import Plan, Terraform
from deploying.verify import place_of, verify

#: How long a right that was just given may take until all of Google knows it.
_SPREADING_SECONDS = 120


class Deploy:
    """One run. Every step may raise `DeployFailed`."""

    def __init__(self, options: Options, environ: Mapping[str, str]) -> None:
        self._session = Session(options, environ)
        self._options = options
        self._gcloud = self._session.gcloud
        self._steps = self._session.steps

    def run(self) -> int:
        """All steps, or those until the person declines; the exit status."""
        options, session = self._options, self._session
        if options.terraform:
            return hand_over(session)
        self._check()
        if options.drift:
            return show_drift(session)
        if options.rollback and not options.rebuild:
            return shift_back(session)
        archive = self._pack()
        self._prepare()
        variables = session.variables(archive)
        if not self._change(variables):
            return 0
        if options.destroy:
            self._say_destroyed()
            return 0
        outputs = session.outputs()
        verify(session, outputs, variables["secret_versions"]["secret"])
        self._say_done(outputs)
        return 0

    def _check(self) -> None:
        with self._steps.step("Kiểm tra những gì cần có / what is needed"):
            gcloud, deployment = self._gcloud, self._session.deployment
            found = missing(gcloud, deployment, has_mail_setting=bool(self._session.mail))
            found += box_problems(ROOT, deployment, self._session.boxes())
            if not found:
                found += self._missing_in_google()
            for one in found:
                self._steps.tell(f"✗ {one}")
            if found:
                raise Stopped(
                    f"thiếu {len(found)} thứ kể trên / {len(found)} things are missing",
                    "làm từng việc trên rồi chạy lại; chưa có gì thay đổi / nothing was changed",
                )
            self._steps.tell(f"đủ; đang đăng nhập / logged in as {gcloud.account()}")
            if notice := runtime_notice():
                self._steps.tell(notice)

    def _missing_in_google(self) -> list[str]:
        """What is only known once somebody is logged in, with a project."""
        found: list[str] = []
        if not self._options.skip_rights:
            try:
                found += missing_rights(self._gcloud, self._session.deployment)
            except RightsNotAsked as refused:
                self._steps.tell(f"không hỏi được quyền / the rights could not be asked for: {refused}")
        if not self._gcloud.has_bucket(self._session.bucket):
            found += forbidden_public(self._gcloud)
            self._steps.tell(
                "lần đầu: nếu dự án chưa dùng Firebase, hãy chấp nhận điều khoản trước ở "
                "https://console.firebase.google.com / accept Firebase's terms first"
            )
        return found

    def _pack(self) -> Path:
        with self._steps.step("Đóng gói mã nguồn / the archive"):
            archive = self._session.work / "functions.zip"
            if self._options.rollback:
                digest = self._session.history.fetch_previous(archive)
                self._steps.tell(f"bản trước / the one before: {digest}")
                return archive
            make_archive(ROOT, archive, self._session.boxes())
            self._steps.tell(f"{archive.stat().st_size:,} B, {digest_of(archive)}")
            return archive

    def _prepare(self) -> None:
        """The bucket of the state, and the secrets: what Terraform neither makes nor knows."""
        with self._steps.step("Nơi giữ trạng thái và bí mật / state and secrets"):
            gcloud, deployment = self._gcloud, self._session.deployment
            if self._options.plan_only:
                self._steps.tell("chỉ lập kế hoạch: không tạo gì / planned only: nothing is made")
                return
            gcloud.enable_services()
            if not gcloud.has_bucket(self._session.bucket):
                self._try_build()
            is_new = gcloud.ensure_bucket(self._session.bucket, deployment.region)
            gcloud.limit_bucket(self._session.bucket)
            self._steps.tell(
                f"gs://{self._session.bucket}: {'đã tạo / made' if is_new else 'có sẵn / there'}"
            )
            make_secrets(gcloud, deployment, self._steps)
            if deployment.sends_by_smtp and self._session.mail and self._session.mail != self._kept_mail():
                gcloud.make_secret(f"{deployment.name}-mail", self._session.mail.encode(), deployment.region)
                self._steps.tell(f"{deployment.name}-mail: đã ghi bản mới / a new version")

    def _try_build(self) -> None:
        """Whether Google builds for this project in its region, before a database is bound to it."""
        region = self._session.deployment.region
        try:
            self._gcloud.ask_build(region)
        except ToolFailed as failure:
            if "cannot run builds in this region" in failure.said:
                raise Stopped(
                    f"{region}: Google không đóng gói cho dự án này ở đây / no builds for this project here",
                    OTHER_REGION.replace("PROJECT", self._options.project),
                ) from failure
            # Another cause says nothing about the region: the builds themselves have an account of their own.
            self._steps.tell(
                f"chưa thử đóng gói ở / no trial build in {region}: {failure.said[-200:].strip()}"
            )
            return
        self._steps.tell(f"✓ đóng gói được ở / builds are taken in {region}")

    def _kept_mail(self) -> str | None:
        secret = f"{self._session.deployment.name}-mail"
        version = self._gcloud.newest_version(secret)
        return self._gcloud.secret(secret, version) if version else None

    def _change(self, variables: dict[str, Any]) -> bool:
        """Plan, ask, apply; whether there is something to look at afterwards."""
        options, steps = self._options, self._steps
        terraform = self._session.terraform()
        with steps.step("Lập kế hoạch / the plan"):
            self._session.work.mkdir(parents=True, exist_ok=True)
            if options.plan_only and not self._gcloud.has_bucket(self._session.bucket):
                terraform = terraform.for_a_first_plan()
                terraform.init(None)
            else:
                terraform.init(self._session.bucket)
            plan = self._plan(terraform, variables)
            counts = [plan.count(action) for action in ("create", "update", "delete")]
            steps.tell(f"tạo / create {counts[0]}, sửa / update {counts[1]}, xóa / delete {counts[2]}")
        if options.plan_only:
            print("\nChỉ lập kế hoạch: chưa có gì thay đổi / planned only: nothing was changed.")
            return False
        if not plan.is_empty and not options.is_sure and not ask("Thực hiện kế hoạch này / apply this plan?"):
            print("Chỉ có nơi giữ trạng thái và bí mật / only the state's bucket and the secrets were made.")
            return False
        with steps.step("Thực hiện / apply (lần đầu khoảng 10 phút / ten minutes the first time)"):
            if options.destroy:
                self._bid_farewell()
            if plan.is_empty:
                steps.tell("không có gì phải đổi / nothing to change")
            else:
                self._apply(variables)
            if not options.destroy:
                self._session.history.add(Path(variables["archive"]), system_clock())
                outputs = self._session.outputs()
                if held := self._session.traffic(outputs).to_newest():
                    steps.tell(f"thôi quay lui / no longer rolled back: {', '.join(held)}")
                    self._session.hosting(outputs).release_again()
        return True

    def _plan(self, terraform: Terraform, variables: dict[str, Any]) -> Plan:
        options = self._options
        return terraform.plan(
            variables, destroy=options.destroy, lose=options.lose, lock=not options.plan_only
        )

    def _apply(self, variables: dict[str, Any]) -> None:
        """Apply; and once more, after a while, if what failed goes away by itself."""
        # The plan may have waited for an answer longer than a token lasts.
        terraform = self._session.terraform()
        try:
            terraform.apply()
        except ToolFailed as failure:
            if not passes(failure):
                raise
            seconds = min(_SPREADING_SECONDS, self._options.patience_seconds)
            self._steps.tell(
                f"quyền vừa cấp chưa kịp có hiệu lực: đợi {seconds:.0f} giây rồi làm nốt / "
                "a right has not spread yet: waiting, then the rest"
            )
            time.sleep(seconds)
            terraform = self._session.terraform()
            self._plan(terraform, variables)
            terraform.apply()

    def _bid_farewell(self) -> None:
        """Before the functions go: the routes that lead to them stay until another version is released."""
        outputs = self._session.outputs()
        if "site" in outputs:
            page = farewell_page(load_boxes(self._session.boxes()))
            self._session.hosting(outputs).show_only(page, "closed by scripts/deploy --destroy")
            self._steps.tell(f"✓ {outputs['site_url']}: trang báo đã ngừng / says that the box is closed")

    def _say_done(self, outputs: Mapping[str, Any]) -> None:
        with self._steps.step("Xong / done"):
            url = f"{outputs['url']}/g/{place_of(self._session)}"
            print(f"\n  {url}\n")
            segno.make(url, error="m", micro=False).terminal(compact=True)
            print("\n  Còn phải làm / what a person still has to do:")
            steps = [
                *outputs["next_steps"],
                *still_samples(self._session.boxes()),
                *self._session.left,
            ]
            if not self._options.try_report:
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
