"""Whose fault a refusal is decides whether a mail stays owed; a mail goes only to whom it was made for."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from homthu.domain.reports.edition import WEEKLY, Edition, EditionKind
from homthu.domain.reports.ledger import Delivery, DeliveryState
from homthu.ports import MailBlocked, MailNotSent, MailRefused
from homthu.services.handover import BLOCKED_WAIT
from homthu.services.resend import resend
from homthu.services.run_reports import report_ward
from homthu.services.watch import watch
from report_harness import SENDER, W47, W48, ReportHarness, monday

NOT_OURS = MailBlocked("not_allowed 553 5.7.1")
NO_MAILBOX = MailRefused("no_mailbox 550 5.1.1")
MONDAY = monday(W48)
HOUR = timedelta(hours=1)


@pytest.fixture
def harness() -> ReportHarness:
    harness = ReportHarness()
    harness.receive(W48.begins_at)
    return harness


@pytest.fixture
def one(harness: ReportHarness) -> str:
    return harness.box.recipients[0].email


def states(harness: ReportHarness) -> dict[str, tuple[DeliveryState, str]]:
    return {each.recipient: (each.state, each.reason) for each in harness.store.deliveries(harness.ward, W48)}


def all_in(harness: ReportHarness, state: DeliveryState, reason: str) -> dict[str, tuple[DeliveryState, str]]:
    return {each.email: (state, reason) for each in harness.box.recipients}


def test_a_week_refused_for_our_set_up_goes_out_whole_once_that_is_mended(harness: ReportHarness) -> None:
    for each in harness.box.recipients:
        harness.mailer.fail_for(each.email, NOT_OURS)
    assert harness.report(MONDAY).owed == 3
    assert states(harness) == all_in(harness, DeliveryState.BLOCKED, NOT_OURS.reason)
    for each in harness.box.recipients:
        harness.mailer.fail_for(each.email, None)
    assert harness.report(MONDAY + BLOCKED_WAIT).is_well
    assert states(harness) == all_in(harness, DeliveryState.SENT, "")
    assert len(harness.mailer.sent) == 3


def test_what_is_blocked_waits_an_hour_lest_an_account_be_locked_unless_somebody_asks(
    harness: ReportHarness,
) -> None:
    harness.mailer.fail_next(MailBlocked("login_refused 535 5.7.8", for_all=True))
    harness.report(MONDAY)
    assert states(harness) == all_in(harness, DeliveryState.BLOCKED, "login_refused 535 5.7.8")
    for minutes in range(1, 60, 10):
        assert harness.report(MONDAY + timedelta(minutes=minutes)).tried == ()
    assert len(harness.mailer.attempts) == 1
    assert harness.report(MONDAY + timedelta(minutes=55), at_once=True).is_well


def test_a_server_that_cannot_be_reached_is_tried_once_in_a_run_and_nothing_is_blocked(
    harness: ReportHarness,
) -> None:
    harness.mailer.fail_next(MailNotSent("unreachable", for_all=True))
    harness.report(MONDAY)
    assert states(harness) == all_in(harness, DeliveryState.PENDING, "unreachable")
    assert len(harness.mailer.attempts) == 1
    assert harness.report(MONDAY + timedelta(minutes=1)).is_well


def test_one_address_that_is_gone_bounces_and_everybody_else_has_the_report(
    harness: ReportHarness, one: str
) -> None:
    harness.mailer.fail_for(one, NO_MAILBOX)
    outcome = harness.report(MONDAY)
    assert (outcome.is_done, outcome.is_well) == (True, False)
    assert states(harness)[one] == (DeliveryState.BOUNCED, NO_MAILBOX.reason)


def test_refusals_spread_over_two_runs_are_judged_together(harness: ReportHarness, one: str) -> None:
    """The first run saw one refused and two not reached; only the second shows that all are alike."""
    harness.mailer.fail_for(one, NO_MAILBOX)
    for each in harness.box.recipients[1:]:
        harness.mailer.fail_for(each.email, MailNotSent("busy"))
    harness.report(MONDAY)
    assert states(harness)[one][0] is DeliveryState.BOUNCED
    for each in harness.box.recipients[1:]:
        harness.mailer.fail_for(each.email, NO_MAILBOX)
    harness.report(MONDAY + HOUR)
    assert states(harness) == all_in(harness, DeliveryState.BLOCKED, "all_refused 550 5.1.1")


def test_refusals_of_different_kinds_are_each_addresss_own(harness: ReportHarness) -> None:
    codes = ["no_mailbox 550 5.1.1", "mailbox_closed 550 5.2.1", "bad_address 553 5.1.3"]
    for each, code in zip(harness.box.recipients, codes, strict=True):
        harness.mailer.fail_for(each.email, MailRefused(code))
    assert harness.report(MONDAY).bounced == 3


def test_the_only_recipient_whose_mailbox_is_gone_has_bounced(harness: ReportHarness, one: str) -> None:
    harness.box = replace(harness.box, recipients=harness.box.recipients[:1])
    harness.mailer.fail_for(one, NO_MAILBOX)
    harness.report(MONDAY)
    assert states(harness) == {one: (DeliveryState.BOUNCED, NO_MAILBOX.reason)}


def test_what_is_blocked_is_withdrawn_when_its_address_leaves_the_box(
    harness: ReportHarness, one: str
) -> None:
    harness.mailer.fail_for(one, NOT_OURS)
    harness.report(MONDAY)
    others = harness.box.recipients[1:]
    harness.box = replace(harness.box, recipients=(*others, replace(others[0], email="moi@example.org")))
    assert harness.report(MONDAY + HOUR).is_well
    assert states(harness)[one] == (DeliveryState.WITHDRAWN, NOT_OURS.reason)
    assert watch(harness.store, harness.store, harness.store, lambda: harness.now, harness.box) == []
    assert "moi@example.org" not in harness.mailer.attempts, "the report was not made for them"


def test_a_mail_that_could_not_be_made_goes_out_once_the_set_up_is_mended(harness: ReportHarness) -> None:
    harness.now = MONDAY
    bad = replace(SENDER, host="gopy_phuong.vn")
    report_ward(harness.context, harness.mailer, bad, harness.box, owner="w")
    assert states(harness) == all_in(harness, DeliveryState.BLOCKED, "bad_message")
    assert harness.mailer.attempts == []
    assert harness.report(MONDAY + HOUR).is_well
    assert len(harness.mailer.sent) == 3


def test_a_strangers_row_is_never_mailed_and_is_told(
    harness: ReportHarness, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who can write into the store must not have the report mailed to himself."""
    harness.report(MONDAY)
    [first, *_] = harness.store.deliveries(harness.ward, W48)
    stranger = "ke-la@evil.example"
    harness.store.owe(Delivery(id=f"{first.id}x", ward=harness.ward, week=W48, recipient=stranger))
    harness.store.owe(
        Delivery(
            id="x",
            ward=harness.ward,
            week=W48,
            edition=Edition(EditionKind.CORRECTION, "9"),
            recipient=stranger,
        )
    )
    for hours in range(1, 4):
        assert not harness.report(MONDAY + hours * HOUR, at_once=True).is_done
    assert stranger not in harness.mailer.attempts
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {one["severity"] for one in told if one["event"] == "delivery_to_a_stranger"} == {"ERROR"}
    assert stranger not in json.dumps(told)
    alarms = {
        one.kind: one
        for one in watch(harness.store, harness.store, harness.store, lambda: harness.now, harness.box)
    }
    assert alarms["delivery_to_stranger"].recipients == (stranger,)


def test_what_bounced_is_sent_again_as_it_was_frozen_when_somebody_asks(
    harness: ReportHarness, one: str
) -> None:
    harness.mailer.fail_for(one, NO_MAILBOX)
    harness.report(MONDAY)
    frozen = harness.store.report(harness.ward, W48)
    harness.mailer.fail_for(one, None)
    assert harness.report(MONDAY + HOUR).tried == (), "not by itself"
    assert [each.recipient for each in resend(harness.store, harness.ward, W48)] == [one]
    outcome = harness.report(MONDAY + HOUR)
    assert ([each.recipient for each in outcome.tried], outcome.closed, outcome.is_well) == ([one], (), True)
    assert harness.store.report(harness.ward, W48) == frozen
    bodies = {mail.message.split(b"Subject:")[1] for mail in harness.mailer.sent}
    assert len(bodies) == 1
    assert resend(harness.store, harness.ward, W48) == []


def test_one_recipient_may_have_again_what_the_server_had_taken(harness: ReportHarness, one: str) -> None:
    """A notice of non-delivery comes after the server's yes."""
    harness.report(MONDAY)
    assert resend(harness.store, harness.ward, W48) == []
    assert resend(harness.store, harness.ward, W48, recipient="ai-do@example.org") == []
    assert [each.recipient for each in resend(harness.store, harness.ward, W48, recipient=one.upper())] == [
        one
    ]
    harness.report(MONDAY + HOUR)
    assert harness.mailer.recipients.count(one) == 2


def test_only_the_edition_that_is_meant_is_sent_again(harness: ReportHarness, one: str) -> None:
    harness.report(MONDAY)
    assert resend(harness.store, harness.ward, W47, recipient=one) == []
    correction = Edition(EditionKind.CORRECTION, "1")
    assert resend(harness.store, harness.ward, W48, edition=correction, recipient=one) == []
    assert len(resend(harness.store, harness.ward, W48, edition=WEEKLY, recipient=one)) == 1


def test_a_server_that_is_busy_for_one_mail_is_tried_with_the_next(harness: ReportHarness) -> None:
    harness.mailer.fail_next(MailNotSent("busy 451"))
    harness.report(MONDAY)
    assert len(harness.mailer.attempts) == 3, "one that is busy says nothing of the others"
