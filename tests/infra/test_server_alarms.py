"""Whatever fails on a server of one's own reaches a person, also when the mail server is what has failed."""

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from homthu.adapters.clock import system_clock
from infra.roots import PROJECT
from local import data_folder, schedule
from local.box import LocalBox
from local.site import build_functions
from own_server.office_command import ring
from own_server.people import tell_people
from own_server.settings import ServerSettings
from ports import free_port
from shell import succeed

COMMANDS = PROJECT / "infra/own-server/commands"
LINE = "Hòm thư góp ý cần xem: đĩa còn trống 0,2 GB"


class Gateway(BaseHTTPRequestHandler):
    """An SMS gateway of somebody's."""

    taken: list[tuple[str, dict[str, str]]]
    status = 200

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.taken.append((self.headers["Authorization"], json.loads(body)))
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def gateway(status: int = 200) -> Iterator[tuple[str, list[tuple[str, dict[str, str]]]]]:
    handler = type("Own", (Gateway,), {"taken": [], "status": status})
    server = HTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/send", handler.taken  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()


def test_the_example_that_writes_to_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "bao-dong.txt"
    monkeypatch.setenv("ALARM_FILE", str(file))
    assert ring(COMMANDS / "alarm-to-file", LINE, "…") == ""
    assert ring(COMMANDS / "alarm-to-file", "hai", "…") == ""
    first, second = file.read_text("utf-8").splitlines()
    assert first.endswith(LINE)
    assert second.endswith("hai")


def test_the_example_that_posts_to_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    with gateway() as (url, taken):
        monkeypatch.setenv("ALARM_URL", url)
        monkeypatch.setenv("ALARM_TOKEN", "khóa".encode().hex())
        assert ring(COMMANDS / "alarm-to-url", LINE, "…") == ""
    assert taken == [(f"Bearer {'khóa'.encode().hex()}", {"text": LINE})]


def test_a_gateway_that_takes_nothing_is_no_alarm(monkeypatch: pytest.MonkeyPatch) -> None:
    with gateway(500) as (url, _):
        monkeypatch.setenv("ALARM_URL", url)
        assert ring(COMMANDS / "alarm-to-url", LINE, "…") == "exit_1"
    assert ring(COMMANDS / "alarm-to-url", LINE, "…") == "exit_1"


def test_the_offices_command_is_told_no_setting_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = tmp_path / "command"
    command.write_text(f"#!/bin/sh\nenv > {tmp_path}/env\ncat > {tmp_path}/text\n")
    command.chmod(0o755)
    monkeypatch.setenv("HOMTHU_MAIL", "smtp+starttls://u:mat-khau@h:587")
    assert ring(command, LINE, "hai dòng\nnữa") == ""
    assert "HOMTHU" not in (tmp_path / "env").read_text()
    assert (tmp_path / "text").read_text("utf-8") == "hai dòng\nnữa"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A box whose mail server is down."""
    for name in [name for name in os.environ if name.startswith("HOMTHU_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOMTHU_MAIL", f"smtp+starttls://127.0.0.1:{free_port()}")
    monkeypatch.setenv("ALARM_FILE", str(tmp_path / "bao-dong.txt"))
    data = tmp_path / "data"
    for name, value in data_folder.new_or_existing_box(data, "http://127.0.0.1:8080").items():
        if name.startswith("HOMTHU_"):
            monkeypatch.setenv(name, value)
    return data


def rung(data: Path) -> list[str]:
    file = data.parent / "bao-dong.txt"
    return file.read_text("utf-8").splitlines() if file.exists() else []


SETTINGS = ServerSettings(alarm_command=COMMANDS / "alarm-to-file")


def test_with_the_mail_server_down_an_alarm_is_rung(data: Path) -> None:
    told = tell_people(data, SETTINGS, LINE)
    assert (told.mails, told.is_rung) == (0, True)
    assert [line.endswith(LINE) for line in rung(data)] == [True]
    assert not tell_people(data, ServerSettings(), LINE).is_anybody


def test_with_everything_in_order_it_is_mailed_and_rung(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOMTHU_MAIL", f"outbox:{data}/outbox")
    told = tell_people(data, SETTINGS, LINE)
    assert (told.mails, told.is_rung) == (2, True), "two wards, two operators"
    assert len(list((data / "outbox").glob("*.eml"))) == 2


def test_broken_box_files_are_told_too(data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "boxes").mkdir()
    monkeypatch.setenv("HOMTHU_BOXES", str(tmp_path / "boxes"))
    assert tell_people(data, SETTINGS, LINE).is_rung


def test_a_report_that_does_not_go_out_reaches_somebody_within_the_hour(data: Path) -> None:
    """The real functions, called by the real schedule; only the clock that it goes by is the test's."""
    succeed("seed-demo", "--weeks", "2", "--submissions", "30", "--data", data)
    (data / data_folder.MARK).unlink()
    jobs = schedule.read_jobs()
    functions = build_functions({job.function for job in jobs})
    now = [system_clock()]
    box = LocalBox(data, functions, jobs, SETTINGS, clock=lambda: now[0])
    # Everything is owed: the machine was off on Monday.
    (data / "schedule.json").write_text(json.dumps({job.name: "2026-01-01T00:00:00+00:00" for job in jobs}))
    # What is erased waits for no mail; a clerk is owed one, which goes the way that reports go.
    assert set(box.scheduler.run_due()) == {"retention"}
    assert box.scheduler.late() == [], "a mail server that restarts is no alarm"
    assert not [line for line in rung(data) if "«" in line]
    assert [line for line in rung(data) if "07207 delivery_" in line], "what watch finds is told at once"
    for _ in range(4):
        now[0] += timedelta(minutes=10)
        box.scheduler.run_due()
    assert set(box.scheduler.late()) == {"report", "watch", "rehearsal", "units"}
    told = [line for line in rung(data) if "«" in line]
    assert len(told) == 4, "each once"
    assert sum("«report»" in line for line in told) == 1
