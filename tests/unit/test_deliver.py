"""Whose fault a refusal is decides whether a mail stays owed; a mail goes only to whom it was made for."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from homthu.domain.reports.edition import WEEKLY, Edition, EditionKind
from homthu.domain.reports.ledger import Delivery, DeliveryState
from homthu.ports import MailBlocked, MailNotSent, MailRefused
from homthu.services.deliver import BLOCKED_WAIT
from homthu.services.resend import resend
from homthu.services.run_reports import report_ward
from homthu.services.watch import watch
from office import SENDER, W47, W48, Desk, monday

NOT_OURS = MailBlocked("not_allowed 553 5.7.1")
NO_MAILBOX = MailRefused("no_mailbox 550 5.1.1")
MONDAY = monday(W48)
HOUR = timedelta(hours=1)


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.receive(W48.begins_at)
    return desk


@pytest.fixture
def one(desk: Desk) -> str:
    return desk.box.recipients[0].email


def states(desk: Desk) -> dict[str, tuple[DeliveryState, str]]:
    return {each.recipient: (each.state, each.reason) for each in desk.store.deliveries(desk.ward, W48)}


def all_in(desk: Desk, state: DeliveryState, reason: str) -> dict[str, tuple[DeliveryState, str]]:
    return {each.email: (state, reason) for each in desk.box.recipients}


def test_a_week_refused_for_our_set_up_goes_out_whole_once_that_is_mended(desk: Desk) -> None:
    for each in desk.box.recipients:
        desk.mailer.fail_for(each.email, NOT_OURS)
    assert desk.report(MONDAY).owed == 3
    assert states(desk) == all_in(desk, DeliveryState.BLOCKED, NOT_OURS.reason)
    for each in desk.box.recipients:
        desk.mailer.fail_for(each.email, None)
    assert desk.report(MONDAY + BLOCKED_WAIT).is_well
    assert states(desk) == all_in(desk, DeliveryState.SENT, "")
    assert len(desk.mailer.sent) == 3


def test_what_is_blocked_waits_an_hour_lest_an_account_be_locked_unless_somebody_asks(desk: Desk) -> None:
    desk.mailer.fail_next(MailBlocked("login_refused 535 5.7.8", for_all=True))
    desk.report(MONDAY)
    assert states(desk) == all_in(desk, DeliveryState.BLOCKED, "login_refused 535 5.7.8")
    for minutes in range(1, 60, 10):
        assert desk.report(MONDAY + timedelta(minutes=minutes)).tried == ()
    assert len(desk.mailer.attempts) == 1
    assert desk.report(MONDAY + timedelta(minutes=55), at_once=True).is_well


def test_a_server_that_cannot_be_reached_is_tried_once_in_a_run_and_nothing_is_blocked(desk: Desk) -> None:
    desk.mailer.fail_next(MailNotSent("unreachable", for_all=True))
    desk.report(MONDAY)
    assert states(desk) == all_in(desk, DeliveryState.PENDING, "unreachable")
    assert len(desk.mailer.attempts) == 1
    assert desk.report(MONDAY + timedelta(minutes=1)).is_well


def test_one_address_that_is_gone_bounces_and_everybody_else_has_the_report(desk: Desk, one: str) -> None:
    desk.mailer.fail_for(one, NO_MAILBOX)
    outcome = desk.report(MONDAY)
    assert (outcome.is_done, outcome.is_well) == (True, False)
    assert states(desk)[one] == (DeliveryState.BOUNCED, NO_MAILBOX.reason)


def test_refusals_spread_over_two_runs_are_judged_together(desk: Desk, one: str) -> None:
    """The first run saw one refused and two not reached; only the second shows that all are alike."""
    desk.mailer.fail_for(one, NO_MAILBOX)
    for each in desk.box.recipients[1:]:
        desk.mailer.fail_for(each.email, MailNotSent("busy"))
    desk.report(MONDAY)
    assert states(desk)[one][0] is DeliveryState.BOUNCED
    for each in desk.box.recipients[1:]:
        desk.mailer.fail_for(each.email, NO_MAILBOX)
    desk.report(MONDAY + HOUR)
    assert states(desk) == all_in(desk, DeliveryState.BLOCKED, "all_refused 550 5.1.1")


def test_refusals_of_different_kinds_are_each_addresss_own(desk: Desk) -> None:
    codes = ["no_mailbox 550 5.1.1", "mailbox_closed 550 5.2.1", "bad_address 553 5.1.3"]
    for each, code in zip(desk.box.recipients, codes, strict=True):
        desk.mailer.fail_for(each.email, MailRefused(code))
    assert desk.report(MONDAY).bounced == 3


def test_the_only_recipient_whose_mailbox_is_gone_has_bounced(desk: Desk, one: str) -> None:
    desk.box = replace(desk.box, recipients=desk.box.recipients[:1])
    desk.mailer.fail_for(one, NO_MAILBOX)
    desk.report(MONDAY)
    assert states(desk) == {one: (DeliveryState.BOUNCED, NO_MAILBOX.reason)}


def test_what_is_blocked_is_withdrawn_when_its_address_leaves_the_box(desk: Desk, one: str) -> None:
    desk.mailer.fail_for(one, NOT_OURS)
    desk.report(MONDAY)
    others = desk.box.recipients[1:]
    desk.box = replace(desk.box, recipients=(*others, replace(others[0], email="moi@example.org")))
    assert desk.report(MONDAY + HOUR).is_well
    assert states(desk)[one] == (DeliveryState.WITHDRAWN, NOT_OURS.reason)
    assert watch(desk.store, desk.store, lambda: desk.now, desk.box) == []
    assert "moi@example.org" not in desk.mailer.attempts, "the report was not made for them"


def test_a_mail_that_could_not_be_made_goes_out_once_the_set_up_is_mended(desk: Desk) -> None:
    desk.now = MONDAY
    bad = replace(SENDER, host="gopy_phuong.vn")
    report_ward(desk.context, desk.mailer, bad, desk.box, owner="w")
    assert states(desk) == all_in(desk, DeliveryState.BLOCKED, "bad_message")
    assert desk.mailer.attempts == []
    assert desk.report(MONDAY + HOUR).is_well
    assert len(desk.mailer.sent) == 3


def test_a_strangers_row_is_never_mailed_and_is_told(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Who can write into the store must not have the report mailed to himself."""
    desk.report(MONDAY)
    [first, *_] = desk.store.deliveries(desk.ward, W48)
    stranger = "ke-la@evil.example"
    desk.store.owe(Delivery(id=f"{first.id}x", ward=desk.ward, week=W48, recipient=stranger))
    desk.store.owe(
        Delivery(
            id="x",
            ward=desk.ward,
            week=W48,
            edition=Edition(EditionKind.CORRECTION, "9"),
            recipient=stranger,
        )
    )
    for hours in range(1, 4):
        assert not desk.report(MONDAY + hours * HOUR, at_once=True).is_done
    assert stranger not in desk.mailer.attempts
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {one["severity"] for one in told if one["event"] == "delivery_to_a_stranger"} == {"ERROR"}
    assert stranger not in json.dumps(told)
    alarms = {one.kind: one for one in watch(desk.store, desk.store, lambda: desk.now, desk.box)}
    assert alarms["delivery_to_stranger"].recipients == (stranger,)


def test_what_bounced_is_sent_again_as_it_was_frozen_when_somebody_asks(desk: Desk, one: str) -> None:
    desk.mailer.fail_for(one, NO_MAILBOX)
    desk.report(MONDAY)
    frozen = desk.store.report(desk.ward, W48)
    desk.mailer.fail_for(one, None)
    assert desk.report(MONDAY + HOUR).tried == (), "not by itself"
    assert [each.recipient for each in resend(desk.store, desk.ward, W48)] == [one]
    outcome = desk.report(MONDAY + HOUR)
    assert ([each.recipient for each in outcome.tried], outcome.closed, outcome.is_well) == ([one], (), True)
    assert desk.store.report(desk.ward, W48) == frozen
    bodies = {mail.message.split(b"Subject:")[1] for mail in desk.mailer.sent}
    assert len(bodies) == 1
    assert resend(desk.store, desk.ward, W48) == []


def test_one_recipient_may_have_again_what_the_server_had_taken(desk: Desk, one: str) -> None:
    """A notice of non-delivery comes after the server's yes."""
    desk.report(MONDAY)
    assert resend(desk.store, desk.ward, W48) == []
    assert resend(desk.store, desk.ward, W48, recipient="ai-do@example.org") == []
    assert [each.recipient for each in resend(desk.store, desk.ward, W48, recipient=one.upper())] == [one]
    desk.report(MONDAY + HOUR)
    assert desk.mailer.recipients.count(one) == 2


def test_only_the_edition_that_is_meant_is_sent_again(desk: Desk, one: str) -> None:
    desk.report(MONDAY)
    assert resend(desk.store, desk.ward, W47, recipient=one) == []
    correction = Edition(EditionKind.CORRECTION, "1")
    assert resend(desk.store, desk.ward, W48, edition=correction, recipient=one) == []
    assert len(resend(desk.store, desk.ward, W48, edition=WEEKLY, recipient=one)) == 1


def test_a_server_that_is_busy_for_one_mail_is_tried_with_the_next(desk: Desk) -> None:
    desk.mailer.fail_next(MailNotSent("busy 451"))
    desk.report(MONDAY)
    assert len(desk.mailer.attempts) == 3, "one that is busy says nothing of the others"
