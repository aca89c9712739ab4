"""The mails that a unit gets: reminded in time and once, owed until sent, withdrawn when all is done."""

from dataclasses import replace
from datetime import timedelta

import pytest
from board_side import W47
from desk_side import ONCE, UNITS, DeskSite
from homthu.domain.cases.unit_mail import UnitMailKind
from homthu.domain.reports.ledger import DeliveryState
from homthu.ports import MailNotSent
from unit_side import ASSIGN, TEXT, assign, links, mails, open_task, report, run

WARD = "07207"


@pytest.fixture
def site() -> DeskSite:
    made = DeskSite()
    made.change_box(WARD, units=UNITS)
    return made


@pytest.fixture
def reference(site: DeskSite) -> str:
    (reference,) = site.receive(W47, text=TEXT)
    site.close(W47)
    site.take(reference)
    return reference


def test_a_unit_is_reminded_two_working_days_before_and_the_day_after_and_not_when_done(
    site: DeskSite, reference: str
) -> None:
    # Tuesday 24 November; the day is Friday 4 December.
    assign(site, reference)
    sent = []
    for _ in range(16):
        run(site, 1)
        sent += [(site.now.date().isoformat(), mail) for mail in mails(site)[1 + len(sent) :]]
    assert [day for day, _ in sent] == ["2026-12-02", "2026-12-07"]
    assert "hạn 04/12/2026" in sent[0][1]
    assert "quá hạn 3 ngày" in sent[1][1]
    assert "chứng thực" not in sent[0][1]
    for link in links(site):
        assert open_task(site, link).status_code == 200


def test_no_reminder_follows_a_report(site: DeskSite, reference: str) -> None:
    assign(site, reference)
    report(site, links(site)[0], "Đã làm xong")
    for _ in range(16):
        run(site, 1)
    assert len(mails(site)) == 1


def test_one_reminder_names_every_case_of_the_day(site: DeskSite) -> None:
    references = site.receive(W47, 3)
    site.close(W47)
    for number, reference in enumerate(references):
        site.act(reference, "open", seen=0, idempotency_key=f"{ONCE}-o{number}")
        site.act(reference, "assign", idempotency_key=f"{ONCE}-a{number}", **ASSIGN)
    site.now += timedelta(days=8)
    run(site)
    run(site)
    reminder = mails(site)[-1]
    assert len(mails(site)) == 4
    assert reminder.count("hạn 04/12/2026") == 3


def test_a_machine_that_was_off_reminds_when_it_is_on_again(site: DeskSite, reference: str) -> None:
    assign(site, reference)
    run(site, 9)
    assert len(mails(site)) == 2
    run(site, 1)
    assert len(mails(site)) == 2


def test_a_mail_that_could_not_go_is_owed_and_goes_with_the_next_run(site: DeskSite, reference: str) -> None:
    site.mailer.fail_next(MailNotSent("busy"))
    assign(site, reference)
    (owed,) = site.store.owed_unit_mails(WARD)
    assert (owed.state, owed.kind) == (DeliveryState.PENDING, UnitMailKind.ASSIGNED)
    site.now += timedelta(minutes=2)
    run(site)
    assert len(mails(site)) == 1
    assert site.store.owed_unit_mails(WARD) == []


def test_a_mail_that_was_never_noted_is_noted_by_the_next_run(site: DeskSite, reference: str) -> None:
    assign(site, reference)
    site.store.unit_mails.clear()
    site.mailer.sent.clear()
    run(site, 1)
    assert len(mails(site)) == 1


def test_a_mail_about_a_case_that_is_done_is_withdrawn(site: DeskSite, reference: str) -> None:
    site.mailer.fail_next(MailNotSent("busy"))
    assign(site, reference)
    site.act(reference, "close", seen=2, idempotency_key=f"{ONCE}-c", ly_do="Trùng")
    site.now += timedelta(hours=1)
    run(site)
    assert mails(site) == []
    assert [mail.state for mail in site.store.unit_mails.values()] == [DeliveryState.WITHDRAWN]


def test_an_address_that_was_corrected_is_told_once(site: DeskSite, reference: str) -> None:
    assign(site, reference)
    right = replace(UNITS[0], email="dung@example.org")
    site.change_box(WARD, units=(right, UNITS[1]))
    for _ in range(2):
        run(site)
    (link,) = links(site, right.email)
    assert open_task(site, link).status_code == 200
    for units in ((replace(right, email=right.email.upper()), UNITS[1]), UNITS):
        site.change_box(WARD, units=units)
        run(site)
    assert len(site.mailer.sent) == 2


def test_a_mail_still_owed_to_an_address_that_was_corrected_goes_to_the_other_alone(
    site: DeskSite, reference: str
) -> None:
    site.mailer.fail_next(MailNotSent("busy"))
    assign(site, reference)
    right = replace(UNITS[0], email="dung@example.org")
    site.change_box(WARD, units=(right, UNITS[1]))
    site.now += timedelta(hours=1)
    run(site)
    assert [one.recipient for one in site.mailer.sent] == [right.email]


def test_a_mail_withdrawn_goes_when_the_case_comes_back(site: DeskSite, reference: str) -> None:
    site.mailer.fail_next(MailNotSent("busy"))
    assign(site, reference)
    site.act(reference, "set_apart", seen=2, idempotency_key=f"{ONCE}-s")
    site.now += timedelta(hours=1)
    run(site)
    assert [mail.state for mail in site.store.unit_mails.values()] == [DeliveryState.WITHDRAWN]
    site.act(reference, "set_back", seen=3, idempotency_key=f"{ONCE}-t")
    for _ in range(2):
        run(site, 1)
    assert len(mails(site)) == 1
