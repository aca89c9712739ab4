"""Runs the jobs of infra/schedules.json on one machine, as the cloud's scheduler would.

A job is due when it has not been done since its last time on the calendar, so a machine that was off on
Monday morning reports when it is switched on again. A function that answers anything but 200 is called again,
after a minute and then ever later, up to ten minutes.
"""

import json
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from environment import ROOT
from homthu.domain.week import ICT

SCHEDULES = ROOT / "infra" / "schedules.json"
#: The only zone there is here; a small Linux may have no zone database, and this zone needs none.
ZONE = "Asia/Ho_Chi_Minh"
_STEP_SECONDS = 20
#: After failing for this long a job is reported, and the box counts as unhealthy.
LATE = timedelta(minutes=30)
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(minutes=10)
#: A monthly job is due within this many days.
_MOST_DAYS = 32
_LONG_AGO = "1970-01-01T00:00:00+00:00"


@dataclass(frozen=True, kw_only=True)
class Job:
    """One line of the schedule; `cron` has five fields, each a number or `*`, in Viet Nam's time."""

    name: str
    function: str
    path: str
    cron: str

    def last_due(self, now: datetime) -> datetime:
        """The newest time at or before `now` at which the job was due, within a month."""
        minute = now.astimezone(ICT).replace(second=0, microsecond=0)
        for _ in range(_MOST_DAYS):
            first = minute.replace(hour=0, minute=0)
            while self._is_on(minute) and minute >= first:
                if self._is_at(minute):
                    return minute
                minute -= timedelta(minutes=1)
            minute = first - timedelta(minutes=1)
        raise ValueError(f"{self.name}: {self.cron!r} is never due in a month")

    def _is_at(self, at: datetime) -> bool:
        return _match(self.cron.split()[:2], (at.minute, at.hour))

    def _is_on(self, at: datetime) -> bool:
        return _match(self.cron.split()[2:], (at.day, at.month, at.isoweekday() % 7))


def _match(fields: list[str], values: tuple[int, ...]) -> bool:
    return all(field in ("*", str(value)) for field, value in zip(fields, values, strict=True))


def read_jobs(path: Path = SCHEDULES) -> list[Job]:
    """The jobs of the schedule file. Raise `ValueError` for one in another zone than Viet Nam's."""
    jobs = json.loads(path.read_text("utf-8"))
    if strangers := [job["job"] for job in jobs if job["zone"] != ZONE]:
        raise ValueError(f"{path.name}: {', '.join(strangers)}: only {ZONE} can be run here")
    return [
        Job(name=job["job"], function=job["function"], path=job["path"], cron=job["cron"]) for job in jobs
    ]


class Scheduler:
    """Calls what is due. `call` posts to a path of a function and returns the HTTP status."""

    def __init__(
        self,
        jobs: list[Job],
        call: Callable[[str, str], int],
        state: Path,
        clock: Callable[[], datetime],
        *,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._jobs = jobs
        self._call = call
        self._state = state
        self._clock = clock
        self._tell = tell
        self._waits: dict[str, tuple[datetime, timedelta]] = {}
        #: Since when each failing job has failed, and whether that was told.
        self._failing: dict[str, tuple[datetime, bool]] = {}

    def run_due(self) -> list[str]:
        """Run every job that is due now; return the names of those that succeeded."""
        now = self._clock()
        before = self._read()
        done = dict(before)
        succeeded = []
        for job in self._jobs:
            due = job.last_due(now)
            # On its first start a box owes nothing for the time before.
            last = datetime.fromisoformat(done.setdefault(job.name, now.isoformat()))
            # Done at a time that is still to come, by a clock that was ahead, it may be owed by this one.
            is_done = due <= last <= now + _FIRST_WAIT
            if is_done or now < self._waits.get(job.name, (now, _FIRST_WAIT))[0] <= now + _LONGEST_WAIT:
                continue
            if self._call(job.function, job.path) == 200:
                done[job.name] = now.isoformat()
                self._waits.pop(job.name, None)
                self._failing.pop(job.name, None)
                succeeded.append(job.name)
            else:
                wait = self._waits.get(job.name, (now, _FIRST_WAIT))[1]
                self._waits[job.name] = (now + wait, min(wait * 2, _LONGEST_WAIT))
                self._note_failed(job.name, now)
        if done != before:
            self._write(done)
        return succeeded

    def late(self) -> list[str]:
        """The jobs that have failed for so long that somebody was told."""
        return [name for name, (_, is_told) in list(self._failing.items()) if is_told]

    def _note_failed(self, name: str, now: datetime) -> None:
        since, is_told = self._failing.get(name, (now, False))
        # By a clock that was set back it began in the future: counted anew.
        since = min(since, now)
        if not is_told and now - since >= LATE:
            self._tell(name)
            is_told = True
        self._failing[name] = since, is_told

    def run_forever(self, stop: threading.Event) -> None:
        """Look for due jobs until told to stop; a fault of ours is shown and does not end it."""
        while not stop.wait(_STEP_SECONDS):
            try:
                self.run_due()
            except OSError as error:
                print(f"lịch / schedule: {error}", file=sys.stderr)

    def _read(self) -> dict[str, str]:
        try:
            state: dict[str, str] = json.loads(self._state.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except ValueError:
            # Torn by a full disk or a power cut. A job that is called once too often finds nothing to do.
            return {job.name: _LONG_AGO for job in self._jobs}
        return state

    def _write(self, done: dict[str, str]) -> None:
        partial = self._state.with_suffix(".tmp")
        partial.write_text(json.dumps(done, indent=2) + "\n", "utf-8")
        partial.replace(self._state)
