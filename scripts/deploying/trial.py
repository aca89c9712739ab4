"""Has the scheduler call a job now, to see that it may, and that the function does its work."""

import time

from deploying.failure import Stopped
from deploying.gcloud import Gcloud

PATIENCE_SECONDS = 300
_PAUSE_SECONDS = 3
#: Roles that were just given are known everywhere after a minute or two.
_AGAIN_SECONDS = 60


def run_patiently(gcloud: Gcloud, job: str, region: str, *, function: str, patience_seconds: float) -> None:
    """Call the job, and again while it fails, until so much time is over. Raise `Stopped` then."""
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
    before = gcloud.job(job, region).get("lastAttemptTime")
    gcloud.run_job(job, region)
    ends = time.monotonic() + patience_seconds
    while time.monotonic() < ends:
        described = gcloud.job(job, region)
        if described.get("lastAttemptTime", before) != before:
            # google.rpc.Status: without a code, or with 0, all went well.
            code = described.get("status", {}).get("code", 0)
            if code == 0:
                return
            raise Stopped(f"{job}: mã lỗi / status {code}", _log_of(function))
        time.sleep(_PAUSE_SECONDS)
    raise Stopped(f"{job}: chưa chạy xong / has not ended", _log_of(function))


def _log_of(function: str) -> str:
    return (
        f"xem nhật ký / see the log: gcloud functions logs read {function} --gen2 --limit=20; "
        "README, «Friday» và / and «Monday»"
    )
