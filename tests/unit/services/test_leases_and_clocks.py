"""Workers that are cut off or slow, and clocks that are wrong: every week is reported, once, and told."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from homthu.domain.reports.ledger import LEASE
from homthu.domain.submissions.submission import StoredSubmission
from homthu.domain.week import Week
from homthu.ports import MailNotSent
from homthu.services.claim import claim_ward
from homthu.services.rehearse import rehearse_wards
from homthu.services.run_reports import report_ward
from homthu.services.verify import verify_reports
from homthu.services.watch import watch
from local.schedule import Job, Scheduler
from report_harness import SENDER, W47, W48, W49, ReportHarness, monday

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
W50, W51 = W49.shift(1), W49.shift(2)


@pytest.fixture
def harness() -> ReportHarness:
    return ReportHarness()


class Died(Exception):
    """The process is gone."""


class Steps:
    """The store and the mailer of one worker, seen call by call."""

    def __init__(self, harness: ReportHarness, at_step: Callable[[int], None]) -> None:
        self._desk = harness
        self._at_step = at_step
        self.taken = 0

    def around(self, real: object) -> "Seen":
        return Seen(self, real)

    def step(self) -> None:
        self.taken += 1
        self._at_step(self.taken)

    def report(self) -> object:
        store = self.around(self._desk.store)
        context = replace(
            self._desk.context, archive=store, ledger=store, cases=store, finder=store, reviews=store
        )
        return report_ward(context, self.around(self._desk.mailer), SENDER, self._desk.box, owner="w")


class Seen:
    """Every call, and every answer of a stream, is a step before and after which a worker may end."""

    def __init__(self, steps: Steps, real: object) -> None:
        self._steps = steps
        self._real = real

    def __getattr__(self, name: str) -> object:
        method = getattr(self._real, name)

        def call(*arguments: object, **options: object) -> object:
            self._steps.step()
            result = method(*arguments, **options)
            self._steps.step()
            return self._streamed(result) if isinstance(result, Iterator) else result

        return call

    def _streamed(self, stream: Iterator[object]) -> Iterator[object]:
        for one in stream:
            yield one
            self._steps.step()


def two_weeks(harness: ReportHarness) -> None:
    """Two weeks that are owed, with a few submissions each."""
    harness.receive(W47.begins_at, 3, text="Đèn hỏng ở ngõ 12")
    harness.receive(W48.begins_at + DAY, 2)
    harness.now = monday(W48)


def is_whole(harness: ReportHarness) -> None:
    """Every week is reported once and right, the chain holds, everybody has every report."""
    reports = list(harness.store.reports(harness.ward, W47))
    assert [(one.week, one.number, one.tally.total) for one in reports] == [(W47, 1, 3), (W48, 2, 2)]
    assert verify_reports(harness.store, harness.store, harness.ward).fault == ""
    head = harness.store.head(harness.ward)
    assert head is not None
    assert (head.last_week, head.pending, head.is_held(harness.now)) == (W48, "", False)
    by_recipient: dict[str, set[bytes]] = {}
    for mail in harness.mailer.sent:
        by_recipient.setdefault(mail.recipient, set()).add(mail.message)
    assert [len(mails) for mails in by_recipient.values()] == [2] * len(harness.box.recipients)


def steps_of_a_whole_run() -> int:
    harness = ReportHarness()
    two_weeks(harness)
    steps = Steps(harness, lambda _: None)
    steps.report()
    is_whole(harness)
    return steps.taken


def also_long(*parts: object) -> list[object]:
    """The first part at each change, the others by `scripts/test --all`."""
    return [parts[0], *(pytest.param(part, marks=pytest.mark.long) for part in parts[1:])]


@pytest.mark.parametrize("part", also_long(*range(4)))
def test_a_worker_cut_off_at_any_step_is_followed_by_one_that_ends_the_work(part: int) -> None:
    count = steps_of_a_whole_run()
    assert count > 80
    for last in range(1 + part, count + 1, 4):
        harness = ReportHarness()
        two_weeks(harness)

        def die(step: int, last: int = last) -> None:
            if step >= last:
                raise Died

        # Dead, it does not even let go of the ward.
        with suppress(Died):
            Steps(harness, die).report()
        harness.now += LEASE + MINUTE
        for _ in range(3):
            if report_ward(harness.context, harness.mailer, SENDER, harness.box, owner="next").is_done:
                break
            harness.now += LEASE + MINUTE
        is_whole(harness)


@pytest.mark.parametrize("jump", [*also_long(20 * MINUTE, -20 * MINUTE), *also_long(-18 * DAY, 18 * DAY)])
def test_a_clock_that_jumps_at_any_step_costs_nothing(jump: timedelta) -> None:
    for at in range(1, steps_of_a_whole_run() + 1, 3):
        harness = ReportHarness()
        two_weeks(harness)

        def leap(step: int, harness: ReportHarness = harness, at: int = at) -> None:
            if step == at:
                harness.now += jump

        Steps(harness, leap).report()
        harness.now = monday(W48) + MINUTE
        for _ in range(3):
            report_ward(harness.context, harness.mailer, SENDER, harness.box, owner="next")
            harness.now += 11 * MINUTE
        is_whole(harness)
        copies = Counter((mail.recipient, mail.message) for mail in harness.mailer.sent)
        assert set(copies.values()) == {1}, "nobody gets a report twice"


@pytest.mark.long
def test_a_report_that_takes_hours_is_made_by_the_one_that_began_it(harness: ReportHarness) -> None:
    harness.receive(W48.begins_at, 4000)
    others: list[str] = []

    class Slow:
        """An archive that needs ten minutes for each thousand."""

        def __getattr__(self, name: str) -> object:
            return getattr(harness.store, name)

        def in_week(self, ward: str, week: Week) -> Iterator[StoredSubmission]:
            for number, one in enumerate(harness.store.in_week(ward, week), 1):
                yield one
                if number % 1000 == 500:
                    harness.now += 10 * MINUTE
                    others.append(harness.report(harness.now).problem)

    harness.now = monday(W48)
    context = replace(harness.context, archive=Slow())
    outcome = report_ward(context, harness.mailer, SENDER, harness.box, owner="slow")
    assert (outcome.problem, [one.tally.total for one in outcome.closed]) == ("", [4000])
    assert harness.now > monday(W48) + 4 * LEASE
    assert set(others) == {"ward_busy"}
    assert len(harness.mailer.sent) == len(harness.box.recipients)


def test_a_lease_of_a_clock_that_was_ahead_holds_nobody_for_as_long_as_that(harness: ReportHarness) -> None:
    harness.now = monday(W48) + 18 * DAY
    ahead = claim_ward(harness.store, lambda: harness.now, ward=harness.ward, owner="ahead")
    assert harness.report(monday(W48)).is_done
    head = harness.store.head(harness.ward)
    ahead.release()
    assert harness.store.head(harness.ward) == head


def test_a_mail_put_off_by_a_clock_that_was_ahead_is_tried_by_the_right_one(harness: ReportHarness) -> None:
    first = harness.box.recipients[0].email
    harness.mailer.fail_for(first, MailNotSent("busy"))
    harness.report(monday(W48) + 4 * DAY)
    assert [one.recipient for one in harness.report(monday(W48)).tried] == [first]
    assert harness.report(monday(W48)).tried == (), "its own wait holds"


# A clock that was ahead by 18 days when W48 was due: found by use.


def closed_ahead(harness: ReportHarness) -> None:
    harness.receive(W48.begins_at, 2)
    harness.report(monday(W48) + 18 * DAY)
    assert [one.week for one in harness.store.reports(harness.ward, W48)] == [W48, W49, W50]


def test_the_mondays_of_weeks_that_were_closed_ahead_are_not_passed_over_in_silence(
    harness: ReportHarness,
) -> None:
    closed_ahead(harness)
    for week in (W48, W49, W50):
        outcome = harness.report(monday(week) + 1 * DAY)
        assert (outcome.closed, outcome.problem, outcome.is_done) == ((), "clock_behind", False), week
        [alarm] = watch(harness.store, harness.store, harness.store, lambda: harness.now, harness.box)
        assert (alarm.kind, alarm.week) == ("clock_behind", W50)
        [rehearsed] = rehearse_wards(harness.context, SENDER, [harness.box], check_store=lambda: None)
        assert rehearsed.problem == "clock_behind"


def test_what_came_in_weeks_that_were_closed_ahead_is_told_as_late_in_the_next(
    harness: ReportHarness,
) -> None:
    closed_ahead(harness)
    harness.receive(W49.begins_at + DAY, 3)
    harness.receive(W51.begins_at + DAY, 1)
    (report,) = harness.report(monday(W51)).closed
    assert (report.week, report.tally.total, report.tally.count("late")) == (W51, 4, 3)
    assert watch(harness.store, harness.store, harness.store, lambda: harness.now, harness.box) == []


def test_a_clock_that_fell_behind_what_has_been_received_is_told(harness: ReportHarness) -> None:
    harness.receive(W47.begins_at, 2)
    harness.report(monday(W47))
    harness.receive(W48.ends_at - timedelta(hours=3), 1)
    outcome = harness.report(monday(W48) - 2 * DAY)
    assert outcome.problem == "clock_behind"
    [alarm] = watch(harness.store, harness.store, harness.store, lambda: harness.now, harness.box)
    assert (alarm.kind, alarm.reason) == ("clock_behind", "submission_received")
    assert harness.report(monday(W48)).is_done


@pytest.mark.parametrize("minutes", [-10, 0, 10])
def test_clocks_that_differ_by_minutes_are_no_matter(harness: ReportHarness, minutes: int) -> None:
    harness.report(monday(W48))
    harness.receive(monday(W48) + 5 * MINUTE, 1)
    assert harness.report(monday(W48) + minutes * MINUTE).is_done
    assert watch(harness.store, harness.store, harness.store, lambda: harness.now, harness.box) == []


# The schedule of a box on one machine.


class Clocked:
    """A schedule with one job on Mondays at 7, and what it called."""

    def __init__(self, folder: Path, *, status: int = 200) -> None:
        self.now = monday(W47)
        self.called: list[datetime] = []
        job = Job(name="report", function="report", path="/", cron="0 7 * * 1")
        self.scheduler = Scheduler([job], self._call, folder / "schedule.json", lambda: self.now)
        self.status = status

    def _call(self, function: str, path: str) -> int:
        self.called.append(self.now)
        return self.status

    def at(self, now: datetime) -> bool:
        """Whether the job was called at this time."""
        self.now = now
        before = len(self.called)
        self.scheduler.run_due()
        return len(self.called) > before


def test_a_job_done_by_a_clock_that_was_ahead_is_called_again_by_the_right_one(tmp_path: Path) -> None:
    box = Clocked(tmp_path)
    assert not box.at(monday(W47) + MINUTE), "a new box owes nothing"
    assert box.at(monday(W48) + 18 * DAY)
    assert box.at(monday(W48) + MINUTE)
    assert not box.at(monday(W48) + 2 * MINUTE)
    assert box.at(monday(W49) + MINUTE)


def test_a_wait_of_a_clock_that_was_ahead_ends_with_it(tmp_path: Path) -> None:
    box = Clocked(tmp_path, status=503)
    box.at(monday(W47) + MINUTE)
    assert box.at(monday(W48) + 18 * DAY)
    assert box.at(monday(W48) + MINUTE)
    assert not box.at(monday(W48) + MINUTE * 1.5)
