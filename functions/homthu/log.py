"""One log line per event: JSON that Cloud Logging reads, with ids, codes and counts only."""

import contextlib
import json
import sys
import traceback
from typing import Literal

Severity = Literal["INFO", "WARNING", "ERROR"]


def log(event: str, severity: Severity = "INFO", **fields: str | int | float | bool | None) -> None:
    """Write one event. Never pass anything that a citizen sent.

    The stream is looked up at each call: functions-framework swaps it to add its execution id.
    """
    entry = {"severity": severity, "event": event, **fields}
    # A log on a full disk must not cost the citizen the page that says so.
    with contextlib.suppress(OSError):
        sys.stdout.write(json.dumps(entry, ensure_ascii=False) + "\n")
        sys.stdout.flush()


def log_crash(event: str, error: BaseException) -> None:
    """Log an unforeseen exception: its class and where it was raised, not its text.

    The text of an exception may quote the request it came from.
    """
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-6:]))
    log(event, "ERROR", error=type(error).__name__, where=where)
