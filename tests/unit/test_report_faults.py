"""The faults of reliability.md §4.2 and §4.3 that a report must survive, and where each is tried.

F30 test_week, test_week_boundary          F31 test_archive_contract (the store's own clock dates)
F32 test_report_service (shows up after)   F33 below; tests/e2e/test_chaos
F34 test_report_service (second run)       F35 below
F36 test_report_service (skipped Mondays)  F37 test_report_service (before the week has settled)
F38 test_report_service (mid-week)         F39 tests/e2e/test_chaos; test_corrections (breaks off)
F40 test_report_service (outlives lease)   F41 below
F42 below                                  F43 scripts/benching/report_week; test_report_mail (none)
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
from office import SENDER, W47, W48, W49, Desk, monday

MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def recipients(desk: Desk) -> list[str]:
    return [recipient.email for recipient in desk.box.recipients]


@pytest.mark.parametrize("workers", [2, 3, 10])
def test_f33_crons_at_once_give_each_recipient_one_mail(desk: Desk, workers: int) -> None:
    desk.receive(W48.begins_at, 5)
    desk.now = monday(W48)

    def run(number: int) -> None:
        report_ward(desk.context, desk.mailer, SENDER, desk.box, owner=f"w{number}")

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(run, range(workers)))
    assert desk.report(monday(W48) + 16 * MINUTE).is_done
    assert sorted(desk.mailer.recipients) == sorted(recipients(desk))


@pytest.mark.parametrize("late", [timedelta(hours=5), timedelta(days=3), timedelta(days=6, hours=16)])
def test_f35_a_late_cron_reports_the_same_week_with_the_same_figures(desk: Desk, late: timedelta) -> None:
    desk.receive(W48.begins_at, 5)
    desk.receive(W48.ends_at + timedelta(hours=1), 2)
    (report,) = desk.report(monday(W48) + late).closed
    assert (report.week, report.tally.total) == (W48, 5)


def test_f41_a_clock_that_jumps_back_neither_reports_again_nor_steals_a_lease(desk: Desk) -> None:
    desk.receive(W48.begins_at, 2)
    desk.report(monday(W48))
    before = list(desk.mailer.sent)
    for back in (timedelta(minutes=5), timedelta(days=2), timedelta(days=30)):
        assert desk.report(monday(W48) - back).closed == ()
    assert desk.mailer.sent == before
    assert desk.report(monday(W49)).closed[0].week == W49


def test_f42_a_head_deleted_by_hand_is_read_off_the_reports_and_nothing_is_sent_again(desk: Desk) -> None:
    for week in (W47, W48):
        desk.receive(week.begins_at, 2)
        desk.report(monday(week))
    before = list(desk.mailer.sent)
    desk.store.heads.clear()
    assert desk.report(monday(W48) + MINUTE).closed == ()
    assert desk.mailer.sent == before
    desk.receive(W49.begins_at)
    (report,) = desk.report(monday(W49)).closed
    assert report.number == 3
    assert verify_reports(desk.store, desk.store, desk.ward).holds == 3


@pytest.mark.parametrize("at", range(0, 20, 2))
def test_f44_a_query_that_dies_half_way_leaves_the_same_figures_for_the_next_run(desk: Desk, at: int) -> None:
    desk.receive(W48.begins_at, 20, text="Đèn hỏng ở ngõ 12")

    class Breaking:
        """The archive, whose stream breaks off once."""

        breaks = True

        def __getattr__(self, name: str) -> object:
            return getattr(desk.store, name)

        def in_week(self, ward: str, week: Week) -> Iterator[StoredSubmission]:
            for number, one in enumerate(desk.store.in_week(ward, week)):
                if number == at and Breaking.breaks:
                    Breaking.breaks = False
                    raise StoreUnavailable("cut")
                yield one

    context = replace(desk.context, archive=Breaking())
    desk.now = monday(W48)
    first = report_ward(context, desk.mailer, SENDER, desk.box, owner="a")
    assert (first.problem, first.closed, desk.mailer.sent) == ("store_cut", (), [])
    (report,) = report_ward(context, desk.mailer, SENDER, desk.box, owner="b").closed
    whole = Desk()
    whole.receive(W48.begins_at, 20, text="Đèn hỏng ở ngõ 12")
    assert report.tally == whole.report(monday(W48)).closed[0].tally


def test_f45_one_ward_that_raises_does_not_keep_three_hundred_from_their_report(desk: Desk) -> None:
    wards = [f"{number:05d}" for number in range(1, 302)]
    boxes = [replace(desk.box, ward=replace(desk.box.ward, code=code)) for code in wards]
    context = desk.context

    def render(report: object, suggestions: object) -> bytes:
        if report.box.ward.code == "00007":
            raise ZeroDivisionError
        return desk.context.render(report, suggestions)

    desk.now = monday(W48)
    outcomes = report_all(replace(context, render=render), desk.mailer, SENDER, boxes, owner="w")
    assert [outcome.ward for outcome in outcomes if not outcome.is_done] == ["00007"]
    assert len(desk.mailer.sent) == 300 * len(recipients(desk))


@pytest.mark.parametrize("count", [100, pytest.param(3000, marks=pytest.mark.long)])
def test_f45_with_a_task_a_ward_neither_one_that_raises_nor_one_that_hangs_delays_the_others(
    desk: Desk, count: int, tmp_path: Path
) -> None:
    wards = [f"{number:05d}" for number in range(1, count + 1)]
    boxes = {code: replace(desk.box, ward=replace(desk.box.ward, code=code)) for code in wards}
    desk.store = SqliteStore(tmp_path / "x.db", lambda: desk.now)
    desk.now = W48.begins_at
    for number, code in enumerate(wards * 5):
        desk.store.add(f"{code}-{number}", submission(ward=code), "")
    context, let_go, hung = desk.context, threading.Event(), threading.Event()

    def render(report: WeeklyReport, suggestions: Iterable[Suggestion]) -> bytes:
        if report.box.ward.code == "00007":
            raise ZeroDivisionError
        if report.box.ward.code == "00008":
            hung.set()
            let_go.wait()
        return context.render(report, suggestions)

    queue = MemoryQueue()
    assert fan_out(queue, boxes.values(), url="https://x") == []
    desk.now = monday(W48)

    def run(ward: str) -> bool:
        """As the queue's call of `report` with this ward."""
        made = replace(context, render=render)
        return report_all(made, desk.mailer, SENDER, [boxes[ward]], owner=ward)[0].is_done

    with ThreadPoolExecutor(4) as pool:
        runs = {ward: pool.submit(run, ward) for ward, _ in queue.put_in}
        try:
            done = [ward for ward, future in runs.items() if ward != "00008" and future.result()]
            assert (hung.is_set(), runs["00008"].done()) == (True, False), "the others did not wait for it"
        finally:
            let_go.set()
        assert runs["00008"].result()
    assert set(wards) - set(done) == {"00007", "00008"}
    assert {desk.store.report(ward, W48).tally.total for ward in done} == {5}
    desk.store.close()


@pytest.mark.parametrize("sent", [0, 1, 2])
def test_f52_a_provider_that_dies_after_some_recipients_leaves_only_the_others(desk: Desk, sent: int) -> None:
    class Dying:
        """A mailer that works so many times, then is gone."""

        left = sent

        def send(self, message: bytes, *, sender: str, recipient: str) -> None:
            if Dying.left == 0:
                raise MailNotSent("unreachable")
            Dying.left -= 1
            desk.mailer.send(message, sender=sender, recipient=recipient)

    desk.now = monday(W48)
    report_ward(desk.context, Dying(), SENDER, desk.box, owner="a")
    assert len(desk.mailer.sent) == sent
    assert desk.report(monday(W48) + MINUTE).is_done
    assert sorted(desk.mailer.recipients) == sorted(recipients(desk))


def test_f54_a_report_that_everybody_refuses_alike_stays_owed_for_it_is_our_fault(desk: Desk) -> None:
    for recipient in recipients(desk):
        desk.mailer.fail_for(recipient, MailRefused("no_mailbox 550 5.1.1"))
    outcome = desk.report(monday(W48))
    assert (outcome.is_done, outcome.owed) == (False, 3)
    found = {(one.state, one.reason) for one in desk.store.deliveries(desk.ward, W48)}
    assert found == {(DeliveryState.BLOCKED, "all_refused 550 5.1.1")}
    [alarm] = watch(desk.store, desk.store, lambda: desk.now, desk.box)
    assert (alarm.kind, alarm.count, alarm.reason) == ("delivery_blocked", 3, "all_refused 550 5.1.1")


def test_f60_a_mail_that_cannot_be_made_is_told_and_leaves_the_week_owed(desk: Desk) -> None:
    def too_large(report: object, suggestions: object) -> bytes:
        raise MailTooLarge(8_000_000, 7_000_000)

    desk.receive(W48.begins_at)
    desk.now = monday(W48)
    context = replace(desk.context, render=too_large)
    outcome = report_ward(context, desk.mailer, SENDER, desk.box, owner="a")
    assert (outcome.problem, outcome.is_done) == ("mail_too_large", False)
    assert [alarm.kind for alarm in watch(desk.store, desk.store, lambda: desk.now, desk.box)] == [
        "report_missing"
    ]
    assert desk.report(monday(W48) + MINUTE).closed[0].tally.total == 1
