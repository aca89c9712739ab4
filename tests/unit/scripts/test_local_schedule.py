import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from local.schedule import Job, Scheduler, read_jobs

MONDAY_7 = datetime.fromisoformat("2026-11-30T07:00:00+07:00")
REPORT = Job(name="report", function="report", path="/", cron="0 7 * * 1")


class Machine:
    """A machine whose clock a test turns and whose functions answer as told."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self.now = now
        self.status = 200
        self.calls: list[datetime] = []
        self.called: set[tuple[str, str]] = set()
        self.state = folder / "schedule.json"

    def call(self, function: str, path: str) -> int:
        self.calls.append(self.now)
        self.called.add((function, path))
        return self.status

    def scheduler(self) -> Scheduler:
        return Scheduler([REPORT], self.call, self.state, lambda: self.now)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path, MONDAY_7 - timedelta(days=3))


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-30T07:00:00+07:00", "2026-11-30T07:00:00+07:00"),
        ("2026-11-30T00:00:00+00:00", "2026-11-30T07:00:00+07:00"),
        ("2026-11-30T06:59:59+07:00", "2026-11-23T07:00:00+07:00"),
        ("2026-12-06T23:59:00+07:00", "2026-11-30T07:00:00+07:00"),
    ],
)
def test_a_job_was_last_due_on_monday_at_seven(now: str, due: str) -> None:
    assert REPORT.last_due(datetime.fromisoformat(now)) == datetime.fromisoformat(due)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-12-01T01:59:00+07:00", "2026-11-01T02:00:00+07:00"),
        ("2026-12-01T02:00:00+07:00", "2026-12-01T02:00:00+07:00"),
        ("2026-12-31T23:59:00+07:00", "2026-12-01T02:00:00+07:00"),
    ],
)
def test_a_job_of_the_month_was_last_due_on_the_first(now: str, due: str) -> None:
    job = Job(name="retention", function="report", path="/retention", cron="0 2 1 * *")
    assert job.last_due(datetime.fromisoformat(now)) == datetime.fromisoformat(due)


def test_a_new_machine_owes_nothing_for_the_time_before_it_was_there(machine: Machine) -> None:
    assert machine.scheduler().run_due() == []
    assert machine.calls == []


def test_a_due_job_runs_once(machine: Machine) -> None:
    scheduler = machine.scheduler()
    scheduler.run_due()
    machine.now = MONDAY_7
    assert scheduler.run_due() == ["report"]
    machine.now += timedelta(hours=5)
    assert scheduler.run_due() == []
    assert len(machine.calls) == 1


def test_a_machine_that_was_off_on_monday_reports_when_it_is_on_again(machine: Machine) -> None:
    machine.scheduler().run_due()
    machine.now = MONDAY_7 + timedelta(days=2)
    assert machine.scheduler().run_due() == ["report"]


def test_a_job_that_did_not_succeed_is_called_again_ever_later(machine: Machine) -> None:
    scheduler = machine.scheduler()
    scheduler.run_due()
    machine.status = 503
    for minutes in range(30):
        machine.now = MONDAY_7 + timedelta(minutes=minutes)
        scheduler.run_due()
    assert [(at - MONDAY_7) // timedelta(minutes=1) for at in machine.calls] == [0, 1, 3, 7, 15, 25]
    machine.status = 200
    machine.now = MONDAY_7 + timedelta(minutes=35)
    assert scheduler.run_due() == ["report"]


def test_what_was_done_survives_a_restart(machine: Machine) -> None:
    machine.scheduler().run_due()
    machine.now = MONDAY_7
    machine.scheduler().run_due()
    machine.now += timedelta(minutes=1)
    assert machine.scheduler().run_due() == []


@pytest.mark.parametrize("torn", [b"", b'{"report": "2026-11-2', b"\xff\x00"])
def test_a_torn_state_costs_a_call_and_never_a_report(machine: Machine, torn: bytes) -> None:
    machine.state.write_bytes(torn)
    machine.now = MONDAY_7 + timedelta(hours=1)
    assert machine.scheduler().run_due() == ["report"]
    assert machine.scheduler().run_due() == []


def test_the_projects_own_schedule_can_be_read() -> None:
    assert {job.function for job in read_jobs()} == {"report", "watch"}


@pytest.mark.parametrize(
    ("now", "called"),
    [
        ("2026-11-27T08:00:00+07:00", ("report", "/rehearsal")),
        ("2026-11-30T07:00:00+07:00", ("report", "/")),
        ("2026-11-30T09:00:00+07:00", ("watch", "/")),
    ],
)
def test_each_job_of_the_week_calls_its_own_address_and_nothing_else(
    tmp_path: Path, now: str, called: tuple[str, str]
) -> None:
    at = datetime.fromisoformat(now)
    machine = Machine(tmp_path, at - timedelta(minutes=1))
    scheduler = Scheduler(read_jobs(), machine.call, machine.state, lambda: machine.now)
    assert scheduler.run_due() == []
    machine.now = at
    assert len(scheduler.run_due()) == 1
    assert machine.called == {called}


def test_a_rehearsal_that_failed_is_called_again_and_no_report_in_its_place(tmp_path: Path) -> None:
    machine = Machine(tmp_path, datetime.fromisoformat("2026-11-27T07:59:00+07:00"))
    scheduler = Scheduler(read_jobs(), machine.call, machine.state, lambda: machine.now)
    scheduler.run_due()
    machine.status = 503
    for _ in range(20):
        machine.now += timedelta(minutes=1)
        scheduler.run_due()
    assert len(machine.calls) > 3
    assert machine.called == {("report", "/rehearsal")}


def test_a_schedule_in_another_zone_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "schedules.json"
    path.write_text(
        json.dumps([{"job": "x", "function": "report", "path": "/", "cron": "0 7 * * 1", "zone": "UTC"}])
    )
    with pytest.raises(ValueError, match="x: only Asia/Ho_Chi_Minh"):
        read_jobs(path)
