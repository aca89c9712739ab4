"""Has the scheduler call a job now, to check that it may, and that the function does its work."""

import time

from deploying.failures import Stopped
from deploying.gcloud import Gcloud

#: The longest that a job may take (`limits` in infra/functions.tf), and the log's way.
PATIENCE_SECONDS = 960
_OK = 200
_PAUSE_SECONDS = 3
#: Roles that were just given are known everywhere after a minute or two.
_AGAIN_SECONDS = 60


def run_patiently(gcloud: Gcloud, job: str, region: str, *, function: str, patience_seconds: float) -> None:
    """Call the job, repeatedly while it fails, until this much time is over. Raise `Stopped` then."""
    ends = time.monotonic() + patience_seconds
    while True:
        try:
            return run_job(gcloud, job, region, function=function)
        except Stopped:
            if time.monotonic() + _AGAIN_SECONDS > ends:
                raise
        time.sleep(_AGAIN_SECONDS)


def run_job(
    gcloud: Gcloud, job: str, region: str, *, function: str, patience_seconds: float = PATIENCE_SECONDS
) -> None:
    """Call the job and wait for its end. Raise `Stopped` if it failed or never ended."""
    before = gcloud.last_attempt(job).get("insertId")
    gcloud.run_job(job, region)
    ends = time.monotonic() + patience_seconds
    while time.monotonic() < ends:
        attempt = gcloud.last_attempt(job)
        if attempt and attempt.get("insertId") != before:
            status = attempt.get("httpRequest", {}).get("status")
            if attempt.get("severity") != "ERROR" and status == _OK:
                return
            said = attempt.get("jsonPayload", {}).get("status", "")
            raise Stopped(f"{job}: {status or ''} {said}".strip(), _log_of(function))
        time.sleep(_PAUSE_SECONDS)
    raise Stopped(f"{job}: chưa chạy xong / has not ended", _log_of(function))


def _log_of(function: str) -> str:
    return (
        f"xem nhật ký / see the log: gcloud functions logs read {function} --gen2 --limit=20; "
        "infra/OPERATE.md, «Friday» và / and «Monday»"
    )
