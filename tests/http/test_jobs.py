"""`report` and `watch` as the scheduler sees them."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from citizen_side import client
from fakes.memory_queue import MemoryQueue
from homthu.domain.boxes.box import Boxes
from homthu.http import report, watch
from homthu.ports import MailBlocked, MailNotSent, MailRefused, StoreUnavailable
from office import SENDER, W48, Desk, monday


class JobParts:
    """Implements the parts of `report` and `watch` over a desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.boxes = Boxes(by_ward={desk.ward: desk.box}, questionnaires={})
        self.mailer = desk.mailer
        self.sender = SENDER
        self.archive = self.ledger = self.desk_terms = desk.store
        self.clock = lambda: desk.now
        self.queue: MemoryQueue | None = None

    @property
    def context(self) -> object:
        return self.desk.context

    def random_bytes(self, count: int) -> bytes:
        return bytes(count)

    def bring_store_up_to_date(self) -> None:
        self.desk.store.bring_up_to_date()

    def check_store(self) -> None:
        self.desk.store.check()

    def write_alarm(self, box: object, alarms: object) -> bytes:
        return b"Subject: alarm\r\n\r\nalarm"


Logged = Callable[[], list[dict[str, object]]]


@pytest.fixture
def logged(capsys: pytest.CaptureFixture[str]) -> Logged:
    """What was logged since this was last asked."""
    return lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.receive(W48.begins_at)
    desk.now = monday(W48)
    return desk


def test_the_scheduler_is_answered_200_only_when_nothing_is_owed(desk: Desk) -> None:
    run = client(report.make(JobParts(desk)))
    desk.mailer.fail_next(MailNotSent("busy"))
    first = run.post("/")
    assert (first.status_code, first.json[0]["owed"]) == (503, 1)
    desk.now += timedelta(minutes=1)
    second = run.post("/")
    assert (second.status_code, second.json[0]["owed"]) == (200, 0)
    assert run.post("/").status_code == 200
    assert len(desk.mailer.sent) == 3


def test_an_address_that_bounced_is_an_error_in_the_log_but_calls_for_no_other_run(
    desk: Desk, logged: Logged
) -> None:
    desk.mailer.fail_next(MailRefused("no_mailbox 550 5.1.1"))
    answer = client(report.make(JobParts(desk))).post("/")
    assert (answer.status_code, answer.json[0]["bounced"]) == (200, 1)
    told = {one["event"]: one for one in logged()}
    assert (told["ward_reported"]["severity"], told["ward_reported"]["bounced"]) == ("ERROR", 1)


def test_a_login_that_fails_is_tried_once_in_a_run_over_all_wards(desk: Desk) -> None:
    parts = JobParts(desk)
    other = replace(desk.box, ward=replace(desk.box.ward, code="99999"))
    parts.boxes = Boxes(by_ward={desk.ward: desk.box, "99999": other}, questionnaires={})
    desk.mailer.fail_next(MailBlocked("login_refused 535 5.7.8", for_all=True), times=50)
    answer = client(report.make(parts)).post("/")
    assert (answer.status_code, [row["owed"] for row in answer.json]) == (503, [3, 3])
    assert len(desk.mailer.attempts) == 1
    # And as often when it is told: one alarm is tried, not one a ward.
    desk.now += timedelta(hours=2)
    assert client(watch.make(parts)).post("/").status_code == 503
    assert len(desk.mailer.attempts) == 2


def test_one_wards_defect_does_not_keep_another_from_its_report(desk: Desk) -> None:
    parts = JobParts(desk)
    broken = replace(desk.box, ward=replace(desk.box.ward, code="99999"), recipients=None)
    parts.boxes = Boxes(by_ward={"99999": broken, desk.ward: desk.box}, questionnaires={})
    answer = client(report.make(parts)).post("/")
    assert answer.status_code == 503
    assert [row["problem"] for row in answer.json] == ["crashed", ""]
    assert len(desk.mailer.sent) == 3


def test_nothing_is_reported_from_what_a_later_version_wrote(desk: Desk) -> None:
    class Later(JobParts):
        def bring_store_up_to_date(self) -> None:
            raise StoreUnavailable("newer_schema")

    answer = client(report.make(Later(desk))).post("/")
    assert (answer.status_code, answer.json) == (503, [{"problem": "store_newer_schema"}])
    assert desk.mailer.sent == []
    assert desk.store.head(desk.ward) is None


def test_one_ward_can_be_asked_for_and_no_other_is_touched(desk: Desk) -> None:
    parts = JobParts(desk)
    other = replace(desk.box, ward=replace(desk.box.ward, code="99999"))
    parts.boxes = Boxes(by_ward={"99999": other, desk.ward: desk.box}, questionnaires={})
    answer = client(report.make(parts)).post("/", json={"ward": desk.ward})
    assert (answer.status_code, [row["ward"] for row in answer.json]) == (200, [desk.ward])
    assert desk.store.head("99999") is None


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"ward": "00000"}', 404),
        (b'{"ward": 7}', 400),
        (b'{"ward": "07210", "x": 1}', 400),
        (b"[]", 400),
        (b"{", 400),
        (b"[" * 150, 400),
        (b" " * 201, 413),
    ],
)
def test_what_no_caller_of_ours_sends_is_refused_and_does_nothing(
    desk: Desk, body: bytes, status: int
) -> None:
    answer = client(report.make(JobParts(desk))).post("/", data=body)
    assert answer.status_code == status
    assert desk.store.head(desk.ward) is None


def test_with_a_queue_every_ward_is_put_into_it_and_none_reported_on(desk: Desk) -> None:
    parts = JobParts(desk)
    parts.queue = MemoryQueue()
    other = replace(desk.box, ward=replace(desk.box.ward, code="99999"))
    parts.boxes = Boxes(by_ward={desk.ward: desk.box, "99999": other}, questionnaires={})
    answer = client(report.make(parts)).post("/", base_url="https://homthu-report-abc.a.run.app")
    assert (answer.status_code, answer.json) == (200, [])
    url = "https://homthu-report-abc.a.run.app"
    assert parts.queue.put_in == [(desk.ward, url), ("99999", url)]
    assert desk.mailer.sent == []


def test_a_queue_that_does_not_take_a_ward_makes_the_scheduler_call_again(desk: Desk) -> None:
    parts = JobParts(desk)
    parts.queue = MemoryQueue(fails_after=0)
    answer = client(report.make(parts)).post("/")
    assert (answer.status_code, answer.json) == (503, [{"ward": desk.ward, "problem": "not_queued"}])
    parts.queue.fails_after = None
    assert client(report.make(parts)).post("/").status_code == 200
    assert [ward for ward, _ in parts.queue.put_in] == [desk.ward]


def test_the_addresses_of_the_schedule_are_those_that_report_knows() -> None:
    jobs = json.loads((Path(__file__).parents[2] / "infra" / "schedules.json").read_text("utf-8"))
    paths = {job["job"]: job["path"] for job in jobs if job["function"] == "report"}
    assert paths == {"report": report.REPORT, "rehearsal": report.REHEARSAL}


def test_a_rehearsal_tells_what_it_saw_and_sends_nothing(desk: Desk, logged: Logged) -> None:
    answer = client(report.make(JobParts(desk))).post("/rehearsal")
    assert answer.status_code == 200
    mail, ward = answer.json
    assert mail == {"mail": ""}
    assert (ward["ward"], ward["week"], ward["problem"]) == (desk.ward, "2026-W48", "")
    assert ward["mail_bytes"] > 0
    assert desk.mailer.attempts == []
    assert desk.store.head(desk.ward) is None
    assert desk.mailer.checked == ((desk.box.operator.email,), ward["mail_bytes"])
    assert [(one["event"], one["severity"]) for one in logged()] == [
        ("ward_rehearsed", "INFO"),
        ("mail_rehearsed", "INFO"),
    ]


def test_a_rehearsal_that_fails_is_answered_503_and_logged_as_an_error(desk: Desk, logged: Logged) -> None:
    parts = JobParts(desk)
    desk.mailer.fail_check(MailBlocked("login_refused 535 5.7.8", said="auth: no", for_all=True))
    answer = client(report.make(parts)).post("/rehearsal")
    assert (answer.status_code, answer.json[0]) == (503, {"mail": "login_refused 535 5.7.8"})
    told = {one["event"]: one for one in logged()}
    assert told["mail_rehearsed"]["severity"] == told["mail_not_taken"]["severity"] == "ERROR"
    assert told["mail_not_taken"]["said"] == "auth: no"
    desk.mailer.fail_check(None)

    def gone() -> None:
        raise StoreUnavailable("full")

    parts.check_store = gone
    answer = client(report.make(parts)).post("/rehearsal")
    assert (answer.status_code, answer.json[1]["problem"]) == (503, "store_full")
    assert [(one["event"], one["severity"]) for one in logged()][-2] == ("ward_rehearsed", "ERROR")


@pytest.mark.parametrize("path", ["/rehersal", "/rehearsal/", "/Rehearsal", "/report", "/robots.txt"])
def test_a_misspelt_address_is_not_taken_for_the_report(desk: Desk, path: str) -> None:
    assert client(report.make(JobParts(desk))).post(path).status_code == 404
    assert desk.mailer.attempts == []
    assert desk.store.head(desk.ward) is None


@pytest.mark.parametrize("job", [report, watch])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "TRACE"])
def test_only_post_runs_a_job(desk: Desk, job: object, method: str) -> None:
    run = client(job.make(JobParts(desk)))
    assert run.open("/", method=method).status_code == 405
    assert desk.mailer.sent == []
    assert desk.store.head(desk.ward) is None


def test_watch_writes_to_the_operator_once_for_the_same_trouble(desk: Desk) -> None:
    run = client(watch.make(JobParts(desk)))
    for _ in range(2):
        answer = run.post("/")
        assert (answer.status_code, answer.json[0]["kind"]) == (200, "report_missing")
    first, second = desk.mailer.sent
    assert first.recipient == desk.box.operator.email
    assert first.message == second.message


def test_an_alarm_that_reaches_nobody_is_tried_again(desk: Desk) -> None:
    run = client(watch.make(JobParts(desk)))
    desk.mailer.fail_next(MailNotSent("busy"))
    assert run.post("/").status_code == 503
    assert run.post("/").status_code == 200


def test_watch_says_nothing_when_all_went_out(desk: Desk) -> None:
    client(report.make(JobParts(desk))).post("/")
    desk.mailer.sent.clear()
    assert client(watch.make(JobParts(desk))).post("/").json == []
    assert desk.mailer.sent == []
