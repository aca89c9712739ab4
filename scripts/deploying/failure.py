"""How a deploy fails: with the step, the cause, and the command to give next."""

import re
from dataclasses import dataclass


class ToolFailed(Exception):
    """A program that was started ended badly; `said` is what it wrote last."""

    def __init__(self, command: list[str], said: str) -> None:
        super().__init__(" ".join(command[:6]))
        self.command = command
        self.said = said


class Stopped(Exception):
    """The deploy cannot go on; `cause` says why and `advice` what to do next."""

    def __init__(self, cause: str, advice: str) -> None:
        super().__init__(cause)
        self.cause = cause
        self.advice = advice


@dataclass(frozen=True, kw_only=True)
class Known:
    """A failure that has been seen before, by what the tools say of it."""

    pattern: str
    cause: str
    advice: str


AGAIN = "đợi 2 phút rồi chạy lại đúng lệnh này / wait two minutes, then run this command again"

#: In the order of what is more particular. Sources: docs of the services named, and infra/decisions/0008.
KNOWN = (
    Known(
        pattern=r"caller does not have permission.{0,300}google_firebase_project|Terms of Service",
        cause="Điều khoản Firebase chưa được chấp nhận / Firebase's terms have not been accepted",
        advice="mở https://console.firebase.google.com, «Add project», chọn dự án này, đồng ý, rồi chạy lại",
    ),
    Known(
        pattern=r"allowedPolicyMemberDomains|domain[- ]restricted|allUsers.*not permitted",
        cause="Tổ chức cấm hàm công khai / the organisation forbids public functions",
        advice="xin quản trị viên của tổ chức nới chính sách iam.allowedPolicyMemberDomains cho dự án",
    ),
    Known(
        pattern=r"Error acquiring the state lock",
        cause="Có lần triển khai khác đang chạy hoặc bị ngắt / another deploy runs, or was cut off",
        advice="đợi lần kia xong; nếu chắc không còn ai chạy: terraform -chdir=infra force-unlock MÃ_KHÓA",
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
        pattern=r"Error 409|already exists",
        cause="Có thứ đã tồn tại mà Terraform không biết / something exists that Terraform does not know",
        advice="xem README, «When something fails», mục «already exists»",
    ),
    Known(
        pattern=r"SERVICE_DISABLED|has not been used in project|PERMISSION_?.*DENIED|Error 403",
        cause="Quyền hoặc dịch vụ vừa bật chưa kịp có hiệu lực / a right or service is too new to work yet",
        advice=AGAIN,
    ),
    Known(
        pattern=r"Reauthentication|invalid_grant|UNAUTHENTICATED|Error 401",
        cause="Phiên đăng nhập đã hết hạn / the login has expired",
        advice="gcloud auth login",
    ),
)


def explain(failure: ToolFailed) -> Stopped:
    """The failure in words, by what is known of such failures."""
    # Before its errors Terraform lists what it did well, and there the same names stand.
    said = failure.said[max(0, failure.said.find("Error")) :]
    for known in KNOWN:
        if re.search(known.pattern, said, re.I | re.S):
            return Stopped(known.cause, known.advice)
    tool = failure.command[0].rpartition("/")[2]
    return Stopped(
        f"{tool} báo lỗi, xem các dòng ngay trên / {tool} failed, see the lines above",
        "sửa theo thông báo ấy rồi chạy lại; chạy lại không làm hỏng gì / it is safe to run again",
    )
