"""What has to be there before anything is changed; everything that is missing is said at once."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping

from homthu.adapters.box_files.folder import load_boxes
from homthu.adapters.box_files.problems import BoxProblems
from homthu.adapters.box_files.samples import find_samples
from homthu.adapters.web_files import load_texts
from homthu.config import BOXES
from homthu.render.problems import describe

from deploying.deployment import Deployment
from deploying.gcloud import Gcloud

_OLDEST_TERRAFORM = (1, 5)


def missing(gcloud: Gcloud, deployment: Deployment, *, has_mail_setting: bool) -> list[str]:
    """Everything that has to be put right first, each with how."""
    found = [*_tools(gcloud.environ), *deployment.problems, *_boxes()]
    if shutil.which("gcloud", path=gcloud.environ["PATH"]):
        found += _google(gcloud, deployment, has_mail_setting=has_mail_setting)
    return found


def still_samples() -> list[str]:
    """What the box files still have from the examples, and must not when citizens come."""
    texts = load_texts("vi")
    heading = "thay trước khi dùng thật / replace before real use"
    return [f"{heading}: {describe(sample, texts)}" for sample in find_samples(BOXES)]


def _tools(environ: Mapping[str, str]) -> Iterator[str]:
    if not shutil.which("gcloud", path=environ["PATH"]):
        yield "chưa có gcloud: dùng Cloud Shell, hoặc cài theo https://cloud.google.com/sdk/docs/install"
    if not shutil.which("terraform", path=environ["PATH"]):
        yield "chưa có terraform: dùng Cloud Shell, hoặc cài theo https://developer.hashicorp.com/terraform/install"
        return
    command = ["terraform", "version", "-json"]
    said = subprocess.run(command, env=dict(environ), capture_output=True, check=False).stdout
    version = json.loads(said or b"{}").get("terraform_version", "0.0")
    if tuple(int(part) for part in version.split(".")[:2]) < _OLDEST_TERRAFORM:
        yield f"terraform {version} quá cũ, cần 1.5 trở lên / is too old, 1.5 or later is needed"


def _boxes() -> Iterator[str]:
    texts = load_texts("vi")
    try:
        load_boxes(BOXES)
    except BoxProblems as bad:
        yield from (describe(problem, texts) for problem in bad.problems)


def _google(gcloud: Gcloud, deployment: Deployment, *, has_mail_setting: bool) -> Iterator[str]:
    if not gcloud.account():
        yield "chưa đăng nhập: gcloud auth login / nobody is logged in"
        return
    if not gcloud.has_project():
        project = gcloud.project
        yield f"không thấy dự án: gcloud projects create {project}, hoặc xin quyền / no project {project}"
        return
    if not gcloud.has_billing():
        yield (
            f"dự án chưa gắn tài khoản thanh toán: gcloud billing projects link {gcloud.project} "
            "--billing-account=MÃ (gcloud billing accounts list) / nobody pays for the project"
        )
    secret = f"{deployment.name}-mail"
    if deployment.sends_by_smtp and not has_mail_setting and not gcloud.newest_version(secret):
        yield (
            "gửi bằng SMTP nhưng chưa có mật khẩu: một lần này, đặt trước lệnh "
            "HOMTHU_MAIL='smtp+starttls://TÊN:MẬT_KHẨU@MÁY:587' / set HOMTHU_MAIL once, it is kept secret"
        )
