"""`report` and `watch` as the scheduler sees them."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest
from builders import SIGNS
from citizen_side import client
from fakes.memory_eraser import MemoryEraser
from fakes.memory_queue import MemoryQueue
from homthu.domain.boxes.box import Boxes
from homthu.domain.week import Week
from homthu.http import report, watch
from homthu.ports import MailBlocked, MailNotSent, MailRefused, StoreUnavailable
from homthu.services.claim import claim_ward
from homthu.services.erase_records import Wording
from report_harness import SENDER, W48, ReportHarness, monday


class JobParts:
    """Implements the parts of `report` and `watch` over a desk."""

    def __init__(self, harness: ReportHarness) -> None:
        self.desk = harness
        self.boxes = Boxes(by_ward={harness.ward: harness.box}, questionnaires={}, signs=SIGNS)
        self.mailer = harness.mailer
        self.sender = SENDER
        self.archive = self.ledger = self.desk_terms = self.unit_mails = harness.store
        self.clock = lambda: harness.now
        self.queue: MemoryQueue | None = None
        self.eraser = MemoryEraser(harness.store)
        self.forgotten: list[str] = []

    @property
    def context(self) -> object:
        return self.desk.context

    def wording(self, why: str) -> Wording:
        return Wording(notice="[…]", step=why, who="…")

    def forget_mails(self, ward: str, week: Week) -> int:
        self.forgotten.append(ward)
        return 0

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
def harness() -> ReportHarness:
    harness = ReportHarness()
    harness.receive(W48.begins_at)
    harness.now = monday(W48)
    return harness


def test_the_scheduler_is_answered_200_only_when_nothing_is_owed(harness: ReportHarness) -> None:
    run = client(report.make(JobParts(harness)))
    harness.mailer.fail_next(MailNotSent("busy"))
    first = run.post("/")
    assert (first.status_code, first.json[0]["owed"]) == (503, 1)
    harness.now += timedelta(minutes=1)
    second = run.post("/")
    assert (second.status_code, second.json[0]["owed"]) == (200, 0)
    assert run.post("/").status_code == 200
    assert len(harness.mailer.sent) == 3


def test_an_address_that_bounced_is_an_error_in_the_log_but_calls_for_no_other_run(
    harness: ReportHarness, logged: Logged
) -> None:
    harness.mailer.fail_next(MailRefused("no_mailbox 550 5.1.1"))
    answer = client(report.make(JobParts(harness))).post("/")
    assert (answer.status_code, answer.json[0]["bounced"]) == (200, 1)
    told = {one["event"]: one for one in logged()}
    assert (told["ward_reported"]["severity"], told["ward_reported"]["bounced"]) == ("ERROR", 1)


def test_a_login_that_fails_is_tried_once_in_a_run_over_all_wards(harness: ReportHarness) -> None:
    parts = JobParts(harness)
    other = replace(harness.box, ward=replace(harness.box.ward, code="99999"))
    parts.boxes = Boxes(by_ward={harness.ward: harness.box, "99999": other}, questionnaires={}, signs=SIGNS)
    harness.mailer.fail_next(MailBlocked("login_refused 535 5.7.8", for_all=True), times=50)
    answer = client(report.make(parts)).post("/")
    assert (answer.status_code, [row["owed"] for row in answer.json]) == (503, [3, 3])
    assert len(harness.mailer.attempts) == 1
    # And as often when it is told: one alarm is tried, not one a ward.
    harness.now += timedelta(hours=2)
    assert client(watch.make(parts)).post("/").status_code == 503
    assert len(harness.mailer.attempts) == 2


def test_one_wards_defect_does_not_keep_another_from_its_report(harness: ReportHarness) -> None:
    parts = JobParts(harness)
    broken = replace(harness.box, ward=replace(harness.box.ward, code="99999"), recipients=None)
    parts.boxes = Boxes(by_ward={"99999": broken, harness.ward: harness.box}, questionnaires={}, signs=SIGNS)
    answer = client(report.make(parts)).post("/")
    assert answer.status_code == 503
    assert [row["problem"] for row in answer.json] == ["crashed", ""]
    assert len(harness.mailer.sent) == 3


def test_nothing_is_reported_from_what_a_later_version_wrote(harness: ReportHarness) -> None:
    class Later(JobParts):
        def bring_store_up_to_date(self) -> None:
            raise StoreUnavailable("newer_schema")

    run = client(report.make(Later(harness)))
    for path in (report.REPORT, report.UNITS, report.RETENTION):
        answer = run.post(path)
        assert (answer.status_code, answer.json) == (503, [{"problem": "store_newer_schema"}]), path
    assert harness.mailer.sent == []
    assert harness.store.head(harness.ward) is None


def test_one_ward_can_be_asked_for_and_no_other_is_touched(harness: ReportHarness) -> None:
    parts = JobParts(harness)
    other = replace(harness.box, ward=replace(harness.box.ward, code="99999"))
    parts.boxes = Boxes(by_ward={"99999": other, harness.ward: harness.box}, questionnaires={}, signs=SIGNS)
    answer = client(report.make(parts)).post("/", json={"ward": harness.ward})
    assert (answer.status_code, [row["ward"] for row in answer.json]) == (200, [harness.ward])
    assert harness.store.head("99999") is None


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
    harness: ReportHarness, body: bytes, status: int
) -> None:
    answer = client(report.make(JobParts(harness))).post("/", data=body)
    assert answer.status_code == status
    assert harness.store.head(harness.ward) is None


@pytest.mark.parametrize(
    ("job", "path"),
    [
        *((report, path) for path in (report.REPORT, report.REHEARSAL, report.RETENTION, report.UNITS)),
        (watch, "/"),
    ],
)
def test_with_a_queue_every_ward_is_put_into_it_and_none_worked_on(
    harness: ReportHarness, job: ModuleType, path: str
) -> None:
    parts = JobParts(harness)
    parts.queue = MemoryQueue()
    other = replace(harness.box, ward=replace(harness.box.ward, code="99999"))
    parts.boxes = Boxes(by_ward={harness.ward: harness.box, "99999": other}, questionnaires={}, signs=SIGNS)
    answer = client(job.make(parts)).post(path, base_url="https://homthu-job-abc.a.run.app")
    assert (answer.status_code, answer.json) == (200, [])
    url = f"https://homthu-job-abc.a.run.app{path}"
    assert parts.queue.put_in == [(harness.ward, url), ("99999", url)]
    assert harness.mailer.sent == []
    assert parts.forgotten == []


def test_a_ward_is_rehearsed_and_watched_over_by_itself(harness: ReportHarness) -> None:
    """As its task calls; another ward's trouble is not told for it."""
    parts = JobParts(harness)
    broken = replace(harness.box, ward=replace(harness.box.ward, code="99999"), recipients=None)
    parts.boxes = Boxes(by_ward={"99999": broken, harness.ward: harness.box}, questionnaires={}, signs=SIGNS)
    parts.queue = MemoryQueue()
    rehearsed = client(report.make(parts)).post(report.REHEARSAL, json={"ward": harness.ward})
    assert (rehearsed.status_code, [row.get("ward") for row in rehearsed.json]) == (200, [None, harness.ward])
    watched = client(watch.make(parts)).post("/", json={"ward": harness.ward})
    assert {row["ward"] for row in watched.json} == {harness.ward}
    assert client(watch.make(parts)).post("/", json={"ward": "00000"}).status_code == 404
    assert parts.queue.put_in == []


def test_a_queue_that_does_not_take_a_ward_makes_the_scheduler_call_again(harness: ReportHarness) -> None:
    parts = JobParts(harness)
    parts.queue = MemoryQueue(fails_after=0)
    answer = client(report.make(parts)).post("/")
    assert (answer.status_code, answer.json) == (503, [{"ward": harness.ward, "problem": "not_queued"}])
    parts.queue.fails_after = None
    assert client(report.make(parts)).post("/").status_code == 200
    assert [ward for ward, _ in parts.queue.put_in] == [harness.ward]


def test_the_addresses_of_the_schedule_are_those_that_report_knows() -> None:
    jobs = json.loads((Path(__file__).parents[2] / "infra" / "schedules.json").read_text("utf-8"))
    paths = {job["job"]: job["path"] for job in jobs if job["function"] == "report"}
    assert paths == {
        "report": report.REPORT,
        "rehearsal": report.REHEARSAL,
        "retention": report.RETENTION,
        "units": report.UNITS,
    }


def test_what_was_kept_long_enough_goes_and_a_ward_that_is_busy_is_called_again(
    harness: ReportHarness,
) -> None:
    parts = JobParts(harness)
    run = client(report.make(parts))
    run.post("/")
    harness.now += timedelta(days=800)
    claim = claim_ward(harness.store, lambda: harness.now, ward=harness.ward, owner="report")
    answer = run.post("/retention")
    assert (answer.status_code, answer.json[0]["problem"]) == (503, "ward_busy")
    claim.release()
    answer = run.post("/retention")
    assert (answer.status_code, answer.json[0]["answers"], parts.forgotten) == (200, 1, [harness.ward])
    assert len(harness.mailer.sent) == 3, "it sends nothing"


def test_a_rehearsal_tells_what_it_saw_and_sends_nothing(harness: ReportHarness, logged: Logged) -> None:
    answer = client(report.make(JobParts(harness))).post("/rehearsal")
    assert answer.status_code == 200
    mail, ward = answer.json
    assert mail == {"mail": ""}
    assert (ward["ward"], ward["week"], ward["problem"]) == (harness.ward, "2026-W48", "")
    assert ward["mail_bytes"] > 0
    assert harness.mailer.attempts == []
    assert harness.store.head(harness.ward) is None
    assert harness.mailer.checked == ((harness.box.operator.email,), ward["mail_bytes"])
    assert [(one["event"], one["severity"]) for one in logged()] == [
        ("ward_rehearsed", "INFO"),
        ("mail_rehearsed", "INFO"),
    ]


def test_a_rehearsal_that_fails_is_answered_503_and_logged_as_an_error(
    harness: ReportHarness, logged: Logged
) -> None:
    parts = JobParts(harness)
    harness.mailer.fail_check(MailBlocked("login_refused 535 5.7.8", said="auth: no", for_all=True))
    answer = client(report.make(parts)).post("/rehearsal")
    assert (answer.status_code, answer.json[0]) == (503, {"mail": "login_refused 535 5.7.8"})
    told = {one["event"]: one for one in logged()}
    assert told["mail_rehearsed"]["severity"] == told["mail_not_taken"]["severity"] == "ERROR"
    assert told["mail_not_taken"]["said"] == "auth: no"
    harness.mailer.fail_check(None)

    def gone() -> None:
        raise StoreUnavailable("full")

    parts.check_store = gone
    answer = client(report.make(parts)).post("/rehearsal")
    assert (answer.status_code, answer.json[1]["problem"]) == (503, "store_full")
    assert [(one["event"], one["severity"]) for one in logged()][-2] == ("ward_rehearsed", "ERROR")


@pytest.mark.parametrize("path", ["/rehersal", "/rehearsal/", "/Rehearsal", "/report", "/robots.txt"])
def test_a_misspelt_address_is_not_taken_for_the_report(harness: ReportHarness, path: str) -> None:
    assert client(report.make(JobParts(harness))).post(path).status_code == 404
    assert harness.mailer.attempts == []
    assert harness.store.head(harness.ward) is None


@pytest.mark.parametrize("job", [report, watch])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "TRACE"])
def test_only_post_runs_a_job(harness: ReportHarness, job: object, method: str) -> None:
    run = client(job.make(JobParts(harness)))
    assert run.open("/", method=method).status_code == 405
    assert harness.mailer.sent == []
    assert harness.store.head(harness.ward) is None


def test_watch_writes_to_the_operator_once_for_the_same_trouble(harness: ReportHarness) -> None:
    run = client(watch.make(JobParts(harness)))
    for _ in range(2):
        answer = run.post("/")
        assert (answer.status_code, answer.json[0]["kind"]) == (200, "report_missing")
    first, second = harness.mailer.sent
    assert first.recipient == harness.box.operator.email
    assert first.message == second.message


def test_an_alarm_that_reaches_nobody_is_tried_again(harness: ReportHarness) -> None:
    run = client(watch.make(JobParts(harness)))
    harness.mailer.fail_next(MailNotSent("busy"))
    assert run.post("/").status_code == 503
    assert run.post("/").status_code == 200


def test_watch_says_nothing_when_all_went_out(harness: ReportHarness) -> None:
    client(report.make(JobParts(harness))).post("/")
    harness.mailer.sent.clear()
    assert client(watch.make(JobParts(harness))).post("/").json == []
    assert harness.mailer.sent == []
