"""What must be there before anything is changed; everything that is missing is reported at once."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping

from deploying.deployment import Deployment
from deploying.gcloud import Gcloud
from deploying.rights import lacking_permissions

_OLDEST_TERRAFORM = (1, 5)


def missing(gcloud: Gcloud, deployment: Deployment, *, has_mail_setting: bool) -> list[str]:
    """Everything about the tools, the file and Google that must be fixed first, and how."""
    found = [*_tools(gcloud.environ), *deployment.problems]
    if shutil.which("gcloud", path=gcloud.environ["PATH"]):
        found += _google(gcloud, deployment, has_mail_setting=has_mail_setting)
    return found


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


def missing_rights(gcloud: Gcloud, deployment: Deployment) -> Iterator[str]:
    """What the logged-in account may not do. Raise `RightsNotAsked`."""
    if lacking := lacking_permissions(gcloud, deployment.values):
        yield (
            f"tài khoản này thiếu {len(lacking)} quyền: {', '.join(lacking)}. Nhờ chủ dự án làm theo "
            "infra/README.md, «Rights» / this account lacks these rights; have the owner give them"
        )


def forbidden_public(gcloud: Gcloud) -> Iterator[str]:
    """Whether an organisation forbids public pages, before the first of them is made."""
    if domains := gcloud.allowed_domains():
        yield (
            f"tổ chức chỉ cho cấp quyền cho {', '.join(domains)}, nên trang không thể công khai: gửi "
            "quản trị viên "
            "mục «An organisation's policy» trong infra/README.md / the organisation forbids public pages"
        )
