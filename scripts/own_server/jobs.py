"""Runs in a container what systemd's timers run elsewhere, at the same times."""

import signal
import subprocess
import sys
import threading

import environment
from homthu.adapters.clock import system_clock
from local.schedule import Job, Scheduler

from own_server.layout import Layout
from own_server.people import tell_people
from own_server.settings import ServerSettings

#: As in infra/own-server/*.timer; a test holds the two together.
JOBS = [
    Job(name="backup", function="backup", path="", cron="30 2 * * *"),
    Job(name="drill", function="drill", path="", cron="0 4 * * 0"),
    Job(name="notes", function="notes", path="", cron="40 9 * * 1"),
]
_LOOK_SECONDS = 600.0


def run_jobs(layout: Layout, settings: ServerSettings) -> None:
    """Run what is due, and look every ten minutes, until told to stop."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())

    def tell(job: str) -> None:
        tell_people(
            layout.data, settings, f"Hòm thư góp ý: việc «{job}» của máy chủ chưa xong, máy vẫn thử lại"
        )

    scheduler = Scheduler(JOBS, _call, layout.data / "server-jobs.json", system_clock, tell=tell)
    threading.Thread(target=scheduler.run_forever, args=(stop,), daemon=True).start()
    # The box has just begun.
    while not stop.wait(_LOOK_SECONDS):
        _call("look", "")


def _call(command: str, _: str) -> int:
    """Run one of our own commands in a process of its own; 200 if it did its work."""
    script = str(environment.ROOT / "scripts" / "hom-thu")
    return 200 if subprocess.run([sys.executable, script, command], check=False).returncode == 0 else 500
