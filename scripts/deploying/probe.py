"""Sends one marked submission and deletes it: the only way to check that `submit` may store.

No function may delete, so the maintainer's own account does it, and only this one document: deleting it
succeeds only if it was stored. It never meets a report, which closes only past weeks.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from homthu.adapters.firestore.queries import SUBMISSIONS
from homthu.adapters.randomness import random_bytes
from homthu.domain.fields import Field
from homthu.domain.submissions.reference import format_reference, id_of, make_key, reference_of

from deploying.failures import Stopped
from deploying.smoke import form_fields
from deploying.web import Answer, ask_web

MARK = "[KIỂM TRA HỆ THỐNG] Phiếu thử khi triển khai, được xóa ngay."
_GOOGLE = "https://firestore.googleapis.com"
_ATTEMPTS = 3
_PAUSE_SECONDS = 2
_LOG = "xem nhật ký của hàm submit; quyền của nó ở infra/functions.tf / see the log of submit, and its rights"


@dataclass(frozen=True, kw_only=True)
class Probe:
    """A submission that is not sent yet, and the document that it will become."""

    key: str
    project: str
    id: str

    @property
    def reference(self) -> str:
        """What its receipt shows."""
        return format_reference(reference_of(self.key))

    @property
    def path(self) -> str:
        """The document's name in Firestore's API."""
        return f"projects/{self.project}/databases/(default)/documents/{SUBMISSIONS}/{self.id}"


def make_probe(secret: str, project: str) -> Probe:
    """A new probe, whose id can be computed beforehand with the deployment's secret."""
    key = make_key(random_bytes(16))
    return Probe(key=key, project=project, id=id_of(reference_of(key), bytes.fromhex(secret)))


def send_and_withdraw(probe: Probe, url: str, place: str, *, token: str, environ: Mapping[str, str]) -> bool:
    """Send it, see its receipt, delete it; False if the box takes none now. Raise `Stopped`."""
    fields = form_fields(ask_web("GET", f"{url}/g/{place}").text)
    if Field.QUESTIONNAIRE not in fields:
        return False
    fields |= {Field.KEY: probe.key, Field.TEXT: MARK}
    try:
        sent = ask_web("POST", f"{url}/gui", urlencode(fields).encode())
    finally:
        # After a failure or a Ctrl+C as well: it may have been stored, and only its answer lost.
        gone = _withdraw(probe, token, environ)
    if gone.status == 200:
        if sent.status == 200 and probe.reference in sent.text:
            return True
        raise Stopped(f"phiếu thử được lưu nhưng /gui báo {sent.status} / stored, yet no receipt", _LOG)
    if gone.status == 404:
        raise Stopped(f"phiếu thử không được lưu, /gui báo {sent.status} / it was not stored", _LOG)
    raise Stopped(
        f"không xóa được phiếu thử / it could not be withdrawn: {gone.status or gone.text[:80]}",
        _by_hand(probe),
    )


def _withdraw(probe: Probe, token: str, environ: Mapping[str, str]) -> Answer:
    """Delete the document; a passing fault is tried again."""
    emulator = environ.get("FIRESTORE_EMULATOR_HOST")
    google = f"http://{emulator}" if emulator else _GOOGLE
    for attempt in range(_ATTEMPTS):
        if attempt:
            time.sleep(_PAUSE_SECONDS)
        gone = ask_web(
            "DELETE",
            f"{google}/v1/{probe.path}?currentDocument.exists=true",
            headers={"Authorization": f"Bearer {token}"},
        )
        if gone.status == 404 and attempt:
            # Deleted by the attempt before, whose answer was lost: whether it was there is not known.
            return Answer(status=0, text="lost")
        if gone.status not in (0, 429) and gone.status < 500:
            break
    return gone


def _by_hand(probe: Probe) -> str:
    return (
        "xóa đúng tài liệu này trước 7 giờ sáng thứ Hai, nếu không báo cáo sẽ tính nó (404: đã xóa rồi) / "
        "delete just this document before Monday 07:00, or the report counts it (404: it is gone already). "
        "Cần quyền datastore.entities.delete / the right that is needed:\n"
        '    curl --fail -X DELETE -H "Authorization: Bearer $(gcloud auth print-access-token)" \\\n'
        f"      '{_GOOGLE}/v1/{probe.path}'"
    )
