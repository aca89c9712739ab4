"""How a deploy fails: with the step, the cause, and the command to run next."""

import re
from dataclasses import dataclass


class ToolFailed(Exception):
    """A program ended with an error; `said` is what it wrote last."""

    def __init__(self, command: list[str], said: str) -> None:
        super().__init__(" ".join(command[:6]))
        self.command = command
        self.said = said


class Stopped(Exception):
    """The deploy cannot continue; `cause` says why and `advice` what to do next."""

    def __init__(self, cause: str, advice: str) -> None:
        super().__init__(cause)
        self.cause = cause
        self.advice = advice


@dataclass(frozen=True, kw_only=True)
class Known:
    """A failure that has been seen before, by what the tools say of it.

    `passes` is true where it goes away by itself within minutes, so that one more try is worth making.
    In `advice`, `PROJECT` stands for the project's id.
    """

    pattern: str
    cause: str
    advice: str
    passes: bool = False


AGAIN = "đợi 2 phút rồi chạy lại đúng lệnh này / wait two minutes, then run this command again"
_BY_HAND = "scripts/deploy --project PROJECT -- terraform"
RIGHTS = (
    "người quản trị dự án cấp quyền theo infra/README.md, «Rights», rồi chạy lại; vừa được cấp thì đợi "
    "2 phút / "
    "have the project's owner give the rights that infra/README.md, «Rights», lists"
)
#: The six regions to which Google holds projects that it restricts (cloud.google.com/build/docs/locations);
#: the nearest to Viet Nam of them is asia-east1.
OTHER_REGION = (
    'region = "asia-east1" trong infra/deployments/PROJECT.toml; nếu cơ sở dữ liệu đã tạo rồi, thêm '
    "database_region = NƠI CŨ: dữ liệu ở yên chỗ cũ. Hoặc xin Google mở vùng này: "
    "https://cloud.google.com/support / the functions go to asia-east1, the database stays where it is"
)

#: The more specific ones first. Sources: docs of the services named, the issues of hashicorp/terraform-
#: provider-google given by number, and infra/decisions/0008.
KNOWN = (
    Known(
        pattern=r"caller does not have permission.{0,300}google_firebase_project|Terms of Service",
        cause="Điều khoản Firebase chưa được chấp nhận / Firebase's terms have not been accepted",
        advice="mở https://console.firebase.google.com, «Add project», chọn dự án này, đồng ý, rồi chạy lại",
    ),
    Known(
        pattern=r"cannot run builds in this region",
        cause="Google không cho dự án này đóng gói ở vùng ấy / no builds for this project in this region",
        advice=OTHER_REGION,
    ),
    Known(
        # «Domain restricted sharing», the default for organisations since 3 May 2024.
        pattern=r"allowedPolicyMemberDomains|permitted customer|domain[- ]restricted|allUsers.*not permitted",
        cause="Tổ chức cấm trang công khai (allUsers) / the organisation forbids what anybody may call",
        advice="gửi quản trị viên của tổ chức mục «An organisation's policy» trong infra/README.md; "
        "họ nới cho riêng dự án này, rồi chạy lại / have its administrator allow it for this project",
    ),
    Known(
        # #18956, #20571: Cloud Functions looks whether the builder may read before the right has spread.
        pattern=r"gcf-v2-sources\S* denied|missing permission on the build service account",
        cause="Quyền của tài khoản đóng gói chưa kịp có hiệu lực / the builder's rights have not spread yet",
        advice=AGAIN,
        passes=True,
    ),
    Known(
        pattern=r"Error acquiring the state lock",
        cause="Có lần triển khai khác đang chạy hoặc bị ngắt / another deploy runs, or was cut off",
        advice=f"đợi lần kia xong; nếu chắc không còn ai chạy: {_BY_HAND} force-unlock MÃ_KHÓA",
    ),
    Known(
        pattern=r"BILLING_DISABLED|billing (account|to be enabled|is disabled)",
        cause="Dự án chưa gắn tài khoản thanh toán / the project has no billing account",
        advice="gắn ở https://console.cloud.google.com/billing/linkedaccount rồi chạy lại",
    ),
    Known(
        pattern=r"RESOURCE_EXHAUSTED|[Qq]uota",
        cause="Hết hạn mức của Google / a quota of Google's is used up",
        advice=AGAIN,
    ),
    Known(
        # #20917: the console makes the release when it makes a database.
        pattern=r"(Error 409|already exists).{0,300}google_firebaserules_release",
        cause="Quy tắc truy cập đã có sẵn trong dự án / the release of rules is there already",
        advice=f"{_BY_HAND} import google_firebaserules_release.firestore "
        "projects/PROJECT/releases/cloud.firestore",
    ),
    Known(
        pattern=r"Error 409|already exists",
        cause="Có thứ đã tồn tại mà Terraform không biết / something exists that Terraform does not know",
        advice=f"{_BY_HAND} import ĐỊA_CHỈ MÃ: địa chỉ ở dòng «with …» phía trên; "
        "infra/OPERATE.md, «Already exists»",
    ),
    Known(
        pattern=r"SERVICE_DISABLED|has not been used in project",
        cause="Dịch vụ vừa bật chưa kịp có hiệu lực / a service is too new to work yet",
        advice=AGAIN,
        passes=True,
    ),
    Known(
        pattern=r"caller does not have permission|Permission '[\w.]+' denied",
        cause="Tài khoản đang dùng thiếu quyền / the account that is logged in lacks a right",
        advice=RIGHTS,
    ),
    Known(
        pattern=r"PERMISSION_?.*DENIED|Error 403",
        cause="Quyền vừa cấp chưa kịp có hiệu lực / a right is too new to work yet",
        advice=f"{AGAIN}; lần thứ hai vẫn vậy thì / the second time: {RIGHTS}",
        passes=True,
    ),
    Known(
        pattern=r"Reauthentication|invalid_grant|UNAUTHENTICATED|Error 401",
        cause="Phiên đăng nhập đã hết hạn / the login has expired",
        advice="gcloud auth login",
    ),
)


def explain(failure: ToolFailed, project: str) -> Stopped:
    """The failure in words, from what is known of such failures."""
    if known := _known(failure):
        return Stopped(known.cause, known.advice.replace("PROJECT", project))
    tool = failure.command[0].rpartition("/")[2]
    return Stopped(
        f"{tool} báo lỗi, xem các dòng ngay trên / {tool} failed, see the lines above",
        "sửa theo thông báo ấy rồi chạy lại; chạy lại không làm hỏng gì / it is safe to run again",
    )


def passes(failure: ToolFailed) -> bool:
    """Whether the failure goes away by itself within minutes."""
    known = _known(failure)
    return known is not None and known.passes


def _known(failure: ToolFailed) -> Known | None:
    # Before its errors Terraform lists what it did well, and there the same names stand; and it breaks
    # its lines with a bar in front.
    said = failure.said[max(0, failure.said.find("Error")) :].replace("\u2502", " ")
    return next((known for known in KNOWN if re.search(known.pattern, said, re.I | re.S)), None)
