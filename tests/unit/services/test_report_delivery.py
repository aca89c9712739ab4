"""How a frozen report reaches its recipients, whatever fails; and what `watch` says of those that do not."""

from dataclasses import replace
from datetime import timedelta

import pytest
from homthu.domain.reports.ledger import DeliveryState
from homthu.ports import MailNotSent, MailRefused, MailUnknown
from homthu.services.handover import wait_after
from homthu.services.run_reports import report_ward
from homthu.services.watch import watch
from report_harness import SENDER, W48, ReportHarness, monday

MINUTE = timedelta(minutes=1)


@pytest.fixture
def harness() -> ReportHarness:
    return ReportHarness()


def recipients(harness: ReportHarness) -> list[str]:
    return [recipient.email for recipient in harness.box.recipients]


def test_a_provider_that_is_busy_is_tried_again_later_and_not_before(harness: ReportHarness) -> None:
    harness.mailer.fail_next(MailNotSent("throttled"), times=len(recipients(harness)))
    outcome = harness.report(monday(W48))
    assert (outcome.is_done, outcome.owed) == (False, len(recipients(harness)))
    assert harness.report(monday(W48) + timedelta(seconds=59)).tried == ()
    assert harness.report(monday(W48) + MINUTE).is_done
    assert sorted(harness.mailer.recipients) == sorted(recipients(harness))


def test_waiting_doubles_up_to_ten_minutes() -> None:
    assert [wait_after(n) // MINUTE for n in (1, 2, 3, 4, 5, 50)] == [1, 2, 4, 8, 10, 10]


def test_one_refused_recipient_does_not_keep_the_others_from_their_report(harness: ReportHarness) -> None:
    refused, *others = recipients(harness)
    harness.mailer.fail_for(refused, MailRefused("no_mailbox"))
    outcome = harness.report(monday(W48))
    assert (outcome.is_done, outcome.bounced, outcome.is_well) == (True, 1, False)
    assert sorted(harness.mailer.recipients) == sorted(others)
    states = {d.recipient: (d.state, d.reason) for d in harness.store.deliveries(harness.ward, W48)}
    assert states[refused] == (DeliveryState.BOUNCED, "no_mailbox")


def test_an_address_that_cannot_be_written_to_stays_owed_and_does_not_stop_the_others(
    harness: ReportHarness,
) -> None:
    bad, *others = harness.box.recipients
    harness.box = replace(harness.box, recipients=(replace(bad, email="a@b\r\nBcc: c@d"), *others))
    outcome = harness.report(monday(W48))
    assert [(one.state, one.reason) for one in harness.store.owed(harness.ward)] == [
        (DeliveryState.BLOCKED, "bad_message")
    ]
    assert outcome.owed == 1
    assert sorted(harness.mailer.recipients) == sorted(recipient.email for recipient in others)


def test_a_report_whose_content_is_lost_stays_owed_and_is_told(harness: ReportHarness) -> None:
    harness.mailer.fail_next(MailNotSent("busy"), times=3)
    harness.report(monday(W48))

    class Forgetful:
        """The ledger without its contents."""

        def __getattr__(self, name: str) -> object:
            return getattr(harness.store, name)

        def content(self, name: str) -> bytes:
            raise LookupError(name)

    context = replace(harness.context, ledger=Forgetful())
    harness.now = monday(W48) + MINUTE
    outcome = report_ward(context, harness.mailer, SENDER, harness.box, owner="a")
    assert {delivery.reason for delivery in outcome.tried} == {"content_missing"}
    assert not outcome.is_done


def test_a_lost_answer_is_sent_again_as_the_very_same_mail(harness: ReportHarness) -> None:
    harness.mailer.fail_next(MailUnknown("no_answer"), taken=True)
    harness.report(monday(W48))
    assert harness.report(monday(W48) + MINUTE).is_done
    doubled = [mail for mail in harness.mailer.sent if mail.recipient == harness.mailer.sent[0].recipient]
    assert len(doubled) == 2
    assert doubled[0].message == doubled[1].message
    assert b"Message-ID: <" in doubled[0].message


def test_watch_is_silent_when_all_went_out(harness: ReportHarness) -> None:
    harness.report(monday(W48))
    assert watch(harness.store, harness.store, harness.store, lambda: harness.now, harness.box) == []


def test_watch_tells_of_a_missing_a_stuck_and_a_bounced_report(harness: ReportHarness) -> None:
    harness.now = monday(W48) + timedelta(hours=2)
    assert [
        alarm.kind
        for alarm in watch(harness.store, harness.store, harness.store, lambda: harness.now, harness.box)
    ] == ["report_missing"]
    refused, stuck, *_ = recipients(harness)
    harness.mailer.fail_for(refused, MailRefused("no_mailbox"))
    harness.mailer.fail_for(stuck, MailNotSent("busy"))
    harness.report(harness.now)
    alarms = {
        alarm.kind: alarm.reason
        for alarm in watch(harness.store, harness.store, harness.store, lambda: harness.now, harness.box)
    }
    assert alarms == {"delivery_stuck": "busy", "delivery_bounced": "no_mailbox"}


def test_watch_tells_when_the_counts_differ(harness: ReportHarness) -> None:
    harness.receive(W48.begins_at)
    harness.report(monday(W48))
    harness.receive(W48.begins_at)
    list(harness.store.assign_week(harness.ward, W48))
    harness.now = monday(W48) + timedelta(hours=2)
    assert [
        alarm.kind
        for alarm in watch(harness.store, harness.store, harness.store, lambda: harness.now, harness.box)
    ] == ["count_differs"]
