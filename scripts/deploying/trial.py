"""Has the scheduler call the report once, to see that it may, and that mail leaves."""

import time

from deploying.failure import Stopped
from deploying.gcloud import Gcloud

PATIENCE_SECONDS = 300
_PAUSE_SECONDS = 3


def run_job(gcloud: Gcloud, job: str, region: str, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
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
            raise Stopped(f"{job}: mã lỗi / status {code}", _log_of(job))
        time.sleep(_PAUSE_SECONDS)
    raise Stopped(f"{job}: chưa chạy xong / has not ended", _log_of(job))


def _log_of(job: str) -> str:
    return f"xem nhật ký / see the log: gcloud functions logs read {job} --gen2 --limit=20"
