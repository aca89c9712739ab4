"""Sends one marked submission and takes it away again: the only way to see that `submit` may store.

No function may delete, so the maintainer's own account does it, and just this one document: deleting it
succeeds only if it was stored. It never meets a report, which closes past weeks only.
"""

from collections.abc import Mapping
from urllib.parse import urlencode

from homthu.adapters.firestore.queries import SUBMISSIONS
from homthu.adapters.randomness import random_bytes
from homthu.domain.submissions.answers import TEXT_FIELD
from homthu.domain.submissions.reference import format_reference, id_of, make_key, reference_of

from deploying.failure import Stopped
from deploying.live import form_fields
from deploying.web import ask_web

MARK = "[KIỂM TRA HỆ THỐNG] Phiếu thử khi triển khai, được xóa ngay."
_GOOGLE = "https://firestore.googleapis.com"


def send_and_withdraw(
    url: str, place: str, *, secret: str, project: str, token: str, environ: Mapping[str, str]
) -> str:
    """Send it, see its receipt, delete it; gives what was seen. Raise `Stopped`."""
    fields = form_fields(ask_web("GET", f"{url}/g/{place}").text)
    if "questionnaire" not in fields:
        return "phiếu đang đóng, chưa thử gửi / the form is closed: sending was not tried"
    key = make_key(random_bytes(16))
    reference = reference_of(key)
    fields |= {"key": key, TEXT_FIELD: MARK}
    sent = ask_web("POST", f"{url}/gui", urlencode(fields).encode())
    id = id_of(reference, bytes.fromhex(secret))
    document = f"projects/{project}/databases/(default)/documents/{SUBMISSIONS}/{id}"
    # Also after a failure: it may have been stored, and only its answer lost.
    emulator = environ.get("FIRESTORE_EMULATOR_HOST")
    google = f"http://{emulator}" if emulator else _GOOGLE
    gone = ask_web(
        "DELETE",
        f"{google}/v1/{document}?currentDocument.exists=true",
        headers={"Authorization": f"Bearer {token}"},
    )
    if gone.status == 200:
        if sent.status == 200 and format_reference(reference) in sent.text:
            return "phiếu thử đã được lưu và đã xóa / a marked submission was stored and withdrawn"
        raise Stopped(f"phiếu thử được lưu nhưng /gui báo {sent.status} / stored, yet no receipt", _LOG)
    if gone.status == 404:
        raise Stopped(f"phiếu thử không được lưu, /gui báo {sent.status} / it was not stored", _LOG)
    raise Stopped(
        f"không xóa được phiếu thử / it could not be withdrawn: {gone.status}",
        f"xóa tài liệu này trong bảng điều khiển Firestore / delete this document: {SUBMISSIONS}/{id}",
    )


_LOG = "xem nhật ký của hàm submit; quyền của nó ở infra/functions.tf / see the log of submit, and its rights"
