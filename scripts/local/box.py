"""What runs beside the pages of a box on one machine: its schedule and its health check."""

import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from environment import version
from homthu.adapters.clock import system_clock
from homthu.bootstrap.start import start
from homthu.log import log
from homthu.ports import Clock
from own_server.facts import machine_facts
from own_server.office_command import ring
from own_server.people import tell_people
from own_server.settings import ServerSettings
from werkzeug.test import Client

from local import schedule
from local.health import HealthSite, Standing
from local.site import Site, Wsgi, build_paused_form

_Routes = list[tuple[Any, str]]


class LocalBox:
    """One process that serves a box: what it calls, when, and whom it alerts.

    Nothing starts before `begin`, which comes after the fork.
    """

    def __init__(
        self,
        data: Path,
        functions: Mapping[str, Wsgi],
        jobs: list[schedule.Job],
        settings: ServerSettings,
        clock: Clock = system_clock,
    ) -> None:
        self._data = data
        self._functions = functions
        self._settings = settings
        self._stop = threading.Event()
        self.scheduler = schedule.Scheduler(jobs, self._call, data / "schedule.json", clock, tell=self._tell)
        # A store of its own: connections must not cross the fork, and nothing is opened before it is used.
        self._standing = Standing(start("submit").probe, self._look)

    def site(self, routes: _Routes) -> Wsgi:
        """The pages, depending on the state of the box."""
        paused = {**self._functions, "form": build_paused_form()}
        return HealthSite(
            site=Site(self._functions, routes),
            paused=Site(paused, routes),
            standing=self._standing,
            version=version(),
        )

    def begin(self) -> None:
        """Start checking health and calling what is due."""
        self._standing.try_once()
        for run in (self._standing.run_forever, self.scheduler.run_forever):
            threading.Thread(target=run, args=(self._stop,), daemon=True).start()

    def stop(self) -> None:
        """Start nothing more."""
        self._stop.set()

    def _call(self, function: str, path: str) -> int:
        answer = Client(self._functions[function]).post(path)
        if function == "watch":
            self._ring_for(answer.get_data())
        return answer.status_code

    def _ring_for(self, body: bytes) -> None:
        """`watch` mails what it found; this also runs the office's own alarm command."""
        try:
            wards = sorted({f"{row['ward']} {row['kind']}" for row in json.loads(body)})
        except (ValueError, TypeError, KeyError):
            return
        if wards and self._settings.alarm_command:
            line = "Hòm thư góp ý cần kiểm tra: " + ", ".join(wards)
            if why := ring(self._settings.alarm_command, line, line):
                log("alarm_command_failed", "ERROR", reason=why)

    def _tell(self, job: str) -> None:
        line = f"Hòm thư góp ý: việc «{job}» chưa xong, máy vẫn thử lại"
        text = (
            f"{line}.\nMáy chủ: gõ hom-thu status để xem còn nợ gì và vì sao; journalctl -u hom-thu có đủ "
            f"chi tiết.\n\nThe job «{job}» has failed for half an hour and is being tried again: "
            "hom-thu status says what is owed and why."
        )
        tell_people(self._data, self._settings, line, text)

    def _look(self) -> Mapping[str, bool]:
        facts = {
            fact.name: fact.is_well for fact in machine_facts(self._data, self._settings, system_clock())
        }
        return {**facts, "jobs": not self.scheduler.late()}
