"""The checks after a deploy: the pages, one submission stored and deleted, the report rehearsed."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from homthu.adapters.box_files.folder import load_boxes
from homthu.adapters.clock import system_clock

from deploying.job_check import run_job, run_patiently
from deploying.probe import make_probe, send_and_withdraw
from deploying.session import Session
from deploying.smoke import look_at

_ACTIVE = "HOST_ACTIVE"


def verify(session: Session, outputs: Mapping[str, Any], secret_version: str) -> None:
    """Check everything. Raise `DeployFailed` for the first thing that is wrong."""
    address = _address(session, outputs)
    url = (session.options.look_at or address).rstrip("/")
    with session.steps.step(f"Xem hòm thư đang chạy / look at the box: {url}"):
        place = place_of(session)
        for seen in look_at(url, place, patience_seconds=session.options.patience_seconds):
            session.steps.tell(f"✓ {seen}")
        if session.options.without_trial:
            session.steps.tell("không gửi phiếu thử / no trial submission: --without-trial")
            session.left.append("chưa thử lưu phiếu / that submissions are stored was not tried")
        else:
            _try_submission(session, url, place, secret_version)
    _rehearse(session, outputs)


def place_of(session: Session) -> str:
    """The code of the place that is checked: the first ward's first."""
    return next(iter(load_boxes(session.boxes()).by_ward.values())).places[0].code


def _address(session: Session, outputs: Mapping[str, Any]) -> str:
    """Where the box answers already: a domain of one's own does once its records are made and seen."""
    state = outputs.get("domain_state", "")
    if state in ("", _ACTIVE):
        return str(outputs["url"])
    session.left.append(
        f"{outputs['url']}: chưa chạy ({state}). Tạo các bản ghi DNS dưới đây, đợi, rồi triển khai lại; "
        "chậm quá 30 "
        "ngày thì tên miền bị gỡ, triển khai lại sẽ cho bản ghi mới / not active yet: make the records "
        "below, "
        "then deploy again; after 30 days without them the domain is dropped and a deploy gives new ones"
    )
    return str(outputs["site_url"])


def _try_submission(session: Session, url: str, place: str, secret_version: str) -> None:
    """One marked submission, stored and deleted; or a sentence why there was none."""
    tell, gcloud, name = session.steps.tell, session.gcloud, session.deployment.name
    secret = gcloud.secret(f"{name}-secret", secret_version)
    probe = make_probe(secret, session.options.project)
    # Printed before it is sent: whatever happens then, it can be found.
    tell(f"phiếu thử / the trial submission: {probe.path}")
    at = f"{system_clock().astimezone(UTC):%H:%M} UTC"
    if not send_and_withdraw(probe, url, place, token=gcloud.token(), environ=gcloud.environ):
        tell("hòm thư đang đóng hoặc tạm dừng: không gửi / the box is closed or paused: none was sent")
        session.left.append(
            "khi hòm thư mở, triển khai lại để thử lưu phiếu / deploy again when the box is open"
        )
        return
    tell("✓ phiếu thử đã được lưu và đã xóa / a marked submission was stored and withdrawn")
    tell(
        f"  thư cảnh báo «{name}: a person read or changed the database» sắp tới là do việc này / "
        f"the alert of this name that follows is this: {gcloud.account()}, {at}, delete, one document"
    )


def _rehearse(session: Session, outputs: Mapping[str, Any]) -> None:
    """The rehearsal, and the report itself if requested: both as the scheduler calls them."""
    jobs, region = outputs["jobs"], outputs["region"]
    with session.steps.step("Diễn tập báo cáo / rehearse the report"):
        patience = session.options.patience_seconds
        run_patiently(
            session.gcloud, jobs["rehearsal"], region, function=jobs["report"], patience_seconds=patience
        )
        session.steps.tell(
            "✓ lập được báo cáo của mọi phường, đường gửi thư thông; chưa gửi thư nào / "
            "every ward's report can be made and mail would leave; nothing was sent"
        )
        if session.options.try_report:
            run_job(session.gcloud, jobs["report"], region, function=jobs["report"])
            session.steps.tell("✓ báo cáo chạy xong, không còn nợ thư nào / the report ran, and owes nothing")
