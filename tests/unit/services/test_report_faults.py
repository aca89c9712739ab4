"""The faults that a report must survive, and where each is tried.

F30 test_week, test_week_boundary          F31 test_archive_contract (the store's own clock dates)
F32 test_report_service (shows up after)   F33 below; tests/e2e/test_chaos
F34 test_report_service (second run)       F35 below
F36 test_report_service (skipped Mondays)  F37 test_report_service (before the week has settled)
F38 test_report_service (mid-week)         F39 tests/e2e/test_chaos; test_corrections (breaks off)
F40 test_report_service (outlives lease)   F41 below
F42 below                                  F43 scripts/dev/benching/report_week; test_report_mail (none)
F44 below                                  F45 below
F46 test_report_service, test_corrections  F50 test_smtp_faults, test_ses_faults
F51 test_report_service (busy provider)    F52 below
F53 test_report_service (one refused)      F54 below
F55 test_smtp_faults (4xx)                 F56 test_smtp_faults (552)
F57 test_report_service (lost answer)      F58 test_ses_faults (lost answer is not repeated by the SDK)
F59 test_ses_faults, test_smtp_faults      F60 test_workbook (left out and said so); below
F61 test_report_mail, test_report_letter, test_workbook (hostile words)
F62 test_report_service (frozen recipients)
F63 does not arise: bounces are read from the server's answer, there is no event to come late
F64 test_outbox                            F65 test_report_mail (a week of none is reported too)
"""

import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from builders import submission
from fakes.memory_queue import MemoryQueue
from homthu.adapters.sqlite.store import SqliteStore
from homthu.domain.reports.ledger import DeliveryState
from homthu.domain.reports.suggestion import Suggestion
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.domain.submissions.submission import StoredSubmission
from homthu.domain.week import Week
from homthu.ports import MailNotSent, MailRefused, StoreUnavailable
from homthu.render.mail.message import MailTooLarge
from homthu.services.run_reports import fan_out, report_all, report_ward
from homthu.services.verify import verify_reports
from homthu.services.watch import watch
from report_harness import SENDER, W47, W48, W49, ReportHarness, monday

MINUTE = timedelta(minutes=1)


@pytest.fixture
def harness() -> ReportHarness:
    return ReportHarness()


def recipients(harness: ReportHarness) -> list[str]:
    return [recipient.email for recipient in harness.box.recipients]


@pytest.mark.parametrize("workers", [2, 3, 10])
def test_f33_crons_at_once_give_each_recipient_one_mail(harness: ReportHarness, workers: int) -> None:
    harness.receive(W48.begins_at, 5)
    harness.now = monday(W48)

    def run(number: int) -> None:
        report_ward(harness.context, harness.mailer, SENDER, harness.box, owner=f"w{number}")

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(run, range(workers)))
    assert harness.report(monday(W48) + 16 * MINUTE).is_done
    assert sorted(harness.mailer.recipients) == sorted(recipients(harness))


@pytest.mark.parametrize("late", [timedelta(hours=5), timedelta(days=3), timedelta(days=6, hours=16)])
def test_f35_a_late_cron_reports_the_same_week_with_the_same_figures(
    harness: ReportHarness, late: timedelta
) -> None:
    harness.receive(W48.begins_at, 5)
    harness.receive(W48.ends_at + timedelta(hours=1), 2)
    (report,) = harness.report(monday(W48) + late).closed
    assert (report.week, report.tally.total) == (W48, 5)


def test_f41_a_clock_that_jumps_back_neither_reports_again_nor_steals_a_lease(harness: ReportHarness) -> None:
    harness.receive(W48.begins_at, 2)
    harness.report(monday(W48))
    before = list(harness.mailer.sent)
    for back in (timedelta(minutes=5), timedelta(days=2), timedelta(days=30)):
        assert harness.report(monday(W48) - back).closed == ()
    assert harness.mailer.sent == before
    assert harness.report(monday(W49)).closed[0].week == W49


def test_f42_a_head_deleted_by_hand_is_read_off_the_reports_and_nothing_is_sent_again(
    harness: ReportHarness,
) -> None:
    for week in (W47, W48):
        harness.receive(week.begins_at, 2)
        harness.report(monday(week))
    before = list(harness.mailer.sent)
    harness.store.heads.clear()
    assert harness.report(monday(W48) + MINUTE).closed == ()
    assert harness.mailer.sent == before
    harness.receive(W49.begins_at)
    (report,) = harness.report(monday(W49)).closed
    assert report.number == 3
    assert verify_reports(harness.store, harness.store, harness.ward).holds == 3


@pytest.mark.parametrize("at", range(0, 20, 2))
def test_f44_a_query_that_dies_half_way_leaves_the_same_figures_for_the_next_run(
    harness: ReportHarness, at: int
) -> None:
    harness.receive(W48.begins_at, 20, text="Đèn hỏng ở ngõ 12")
    # As a run leaves them that died when all had their week: the others read a week once, before that.
    list(harness.store.assign_week(harness.ward, W48))

    class Breaking:
        """The archive, whose stream breaks off once."""

        breaks = True

        def __getattr__(self, name: str) -> object:
            return getattr(harness.store, name)

        def in_week(self, ward: str, week: Week) -> Iterator[StoredSubmission]:
            for number, one in enumerate(harness.store.in_week(ward, week)):
                if number == at and Breaking.breaks:
                    Breaking.breaks = False
                    raise StoreUnavailable("cut")
                yield one

    context = replace(harness.context, archive=Breaking())
    harness.now = monday(W48)
    first = report_ward(context, harness.mailer, SENDER, harness.box, owner="a")
    assert (first.problem, first.closed, harness.mailer.sent) == ("store_cut", (), [])
    (report,) = report_ward(context, harness.mailer, SENDER, harness.box, owner="b").closed
    whole = ReportHarness()
    whole.receive(W48.begins_at, 20, text="Đèn hỏng ở ngõ 12")
    assert report.tally == whole.report(monday(W48)).closed[0].tally


@pytest.mark.parametrize("step", ["unassigned", "assign_week", "count_in_week"])
def test_f44_a_week_that_was_read_once_and_not_closed_is_told_whole_by_the_next_run(
    harness: ReportHarness, step: str
) -> None:
    harness.receive(W48.begins_at, 20, text="Đèn hỏng ở ngõ 12")

    class Breaking:
        """The archive, of which one step is done and its answer lost, once."""

        breaks = True

        def __getattr__(self, name: str) -> object:
            real = getattr(harness.store, name)

            def broken(*given: object, **named: object) -> object:
                done = real(*given, **named)
                if step == "assign_week":
                    done = list(done)
                if Breaking.breaks:
                    Breaking.breaks = False
                    raise StoreUnavailable("cut")
                return done

            return broken if name == step else real

    context = replace(harness.context, archive=Breaking())
    harness.now = monday(W48)
    first = report_ward(context, harness.mailer, SENDER, harness.box, owner="a")
    assert (first.problem, first.closed, harness.mailer.sent) == ("store_cut", (), [])
    (report,) = report_ward(context, harness.mailer, SENDER, harness.box, owner="b").closed
    whole = ReportHarness()
    whole.receive(W48.begins_at, 20, text="Đèn hỏng ở ngõ 12")
    assert report.tally == whole.report(monday(W48)).closed[0].tally


def test_f45_one_ward_that_raises_does_not_keep_three_hundred_from_their_report(
    harness: ReportHarness,
) -> None:
    wards = [f"{number:05d}" for number in range(1, 302)]
    boxes = [replace(harness.box, ward=replace(harness.box.ward, code=code)) for code in wards]
    context = harness.context

    def render(report: object, suggestions: object) -> bytes:
        if report.box.ward.code == "00007":
            raise ZeroDivisionError
        return harness.context.render(report, suggestions)

    harness.now = monday(W48)
    outcomes = report_all(replace(context, render=render), harness.mailer, SENDER, boxes, owner="w")
    assert [outcome.ward for outcome in outcomes if not outcome.is_done] == ["00007"]
    assert len(harness.mailer.sent) == 300 * len(recipients(harness))


@pytest.mark.parametrize("count", [100, pytest.param(3000, marks=pytest.mark.long)])
def test_f45_with_a_task_a_ward_neither_one_that_raises_nor_one_that_hangs_delays_the_others(
    harness: ReportHarness, count: int, tmp_path: Path
) -> None:
    wards = [f"{number:05d}" for number in range(1, count + 1)]
    boxes = {code: replace(harness.box, ward=replace(harness.box.ward, code=code)) for code in wards}
    harness.store = SqliteStore(tmp_path / "x.db", lambda: harness.now)
    harness.now = W48.begins_at
    for number, code in enumerate(wards * 5):
        harness.store.add(f"{code}-{number}", submission(ward=code), "")
    context, let_go, hung = harness.context, threading.Event(), threading.Event()

    def render(report: WeeklyReport, suggestions: Iterable[Suggestion]) -> bytes:
        if report.box.ward.code == "00007":
            raise ZeroDivisionError
        if report.box.ward.code == "00008":
            hung.set()
            let_go.wait()
        return context.render(report, suggestions)

    queue = MemoryQueue()
    assert fan_out(queue, boxes, url="https://x", path="/report") == []
    harness.now = monday(W48)

    def run(ward: str) -> bool:
        """As the queue's call of `report` with this ward."""
        made = replace(context, render=render)
        return report_all(made, harness.mailer, SENDER, [boxes[ward]], owner=ward)[0].is_done

    with ThreadPoolExecutor(4) as pool:
        runs = {ward: pool.submit(run, ward) for ward, *_ in queue.put_in}
        try:
            done = [ward for ward, future in runs.items() if ward != "00008" and future.result()]
            assert (hung.is_set(), runs["00008"].done()) == (True, False), "the others did not wait for it"
        finally:
            let_go.set()
        assert runs["00008"].result()
    assert set(wards) - set(done) == {"00007", "00008"}
    assert {harness.store.report(ward, W48).tally.total for ward in done} == {5}
    harness.store.close()


@pytest.mark.parametrize("sent", [0, 1, 2])
def test_f52_a_provider_that_dies_after_some_recipients_leaves_only_the_others(
    harness: ReportHarness, sent: int
) -> None:
    class Dying:
        """A mailer that works so many times, then is gone."""

        left = sent

        def send(self, message: bytes, *, sender: str, recipient: str) -> None:
            if Dying.left == 0:
                raise MailNotSent("unreachable")
            Dying.left -= 1
            harness.mailer.send(message, sender=sender, recipient=recipient)

    harness.now = monday(W48)
    report_ward(harness.context, Dying(), SENDER, harness.box, owner="a")
    assert len(harness.mailer.sent) == sent
    assert harness.report(monday(W48) + MINUTE).is_done
    assert sorted(harness.mailer.recipients) == sorted(recipients(harness))


def test_f54_a_report_that_everybody_refuses_alike_stays_owed_for_it_is_our_fault(
    harness: ReportHarness,
) -> None:
    for recipient in recipients(harness):
        harness.mailer.fail_for(recipient, MailRefused("no_mailbox 550 5.1.1"))
    outcome = harness.report(monday(W48))
    assert (outcome.is_done, outcome.owed) == (False, 3)
    found = {(one.state, one.reason) for one in harness.store.deliveries(harness.ward, W48)}
    assert found == {(DeliveryState.BLOCKED, "all_refused 550 5.1.1")}
    [alarm] = watch(harness.store, harness.store, harness.store, lambda: harness.now, harness.box)
    assert (alarm.kind, alarm.count, alarm.reason) == ("delivery_blocked", 3, "all_refused 550 5.1.1")


def test_f60_a_mail_that_cannot_be_made_is_told_and_leaves_the_week_owed(harness: ReportHarness) -> None:
    def too_large(report: object, suggestions: object) -> bytes:
        raise MailTooLarge(8_000_000, 7_000_000)

    harness.receive(W48.begins_at)
    harness.now = monday(W48)
    context = replace(harness.context, render=too_large)
    outcome = report_ward(context, harness.mailer, SENDER, harness.box, owner="a")
    assert (outcome.problem, outcome.is_done) == ("mail_too_large", False)
    assert [
        alarm.kind
        for alarm in watch(harness.store, harness.store, harness.store, lambda: harness.now, harness.box)
    ] == ["report_missing"]
    assert harness.report(monday(W48) + MINUTE).closed[0].tally.total == 1
