"""The mail to whoever types the figures again: once a week, while there is anything to be typed."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from board_side import CITIZENS_WORDS, W48
from citizen_side import NGO_QUYEN
from desk_side import CLERK, UNITS, DeskSite, clerk_site
from homthu.domain.reports.alarm import AlarmKind
from homthu.domain.reports.ledger import DeliveryState
from homthu.ports import MailBlocked, MailRefused
from homthu.render.report.anchor import plain_text
from homthu.services.clerk_mails import tell_clerks
from homthu.services.rekey import read_rekeying
from homthu.services.unit_mails import tell_units
from homthu.services.watch import watch


@pytest.fixture
def site() -> DeskSite:
    return clerk_site()


def run(site: DeskSite, days: int = 0) -> None:
    """The daily job, so many days later."""
    site.now += timedelta(days=days)
    boxes = list(site.boxes.by_ward.values())
    for outcome in (*tell_units(site.unit_post, boxes), *tell_clerks(site.clerk_post, boxes)):
        assert outcome.problem == ""


def mails(site: DeskSite, to: str = CLERK.email) -> list[str]:
    return [plain_text(mail.message) for mail in site.mailer.sent if mail.recipient == to]


def link_in(mail: str) -> str:
    found = re.search(r"https://\S+/xu-ly/nhap-lieu/(\S+)", mail)
    assert found
    return found[1]


def test_it_brings_the_link_and_the_sums_and_nothing_that_a_citizen_wrote(site: DeskSite) -> None:
    run(site)
    (mail,) = mails(site)
    sheet = read_rekeying(site.ledger, site.store, site.boxes, site.boxes.by_ward[NGO_QUYEN], site.now)
    assert sheet
    for total in (*sheet.totals[0][1].forms, *sheet.totals[0][1].answers):
        assert f"- {total.label}: {total.sum} ({total.rows} dòng)" in mail.replace("\n", " ")
    assert f"{len(sheet.to_type)} dòng" in mail
    assert CITIZENS_WORDS not in mail
    assert site.post("nhap", link_in(mail)).status_code == 200


def test_it_comes_once_a_week_however_often_the_job_runs(site: DeskSite) -> None:
    for _ in range(3):
        run(site)
    for _ in range(3):
        run(site, days=1)
    assert len(mails(site)) == 1
    site.receive(W48, 3)
    site.now = W48.ends_at + timedelta(minutes=30)
    site.close(W48)
    run(site)
    assert len(mails(site)) == 2


def test_it_waits_for_a_report_that_is_late(site: DeskSite) -> None:
    site.receive(W48, 3)
    site.now = W48.ends_at + timedelta(minutes=30)
    run(site)
    assert mails(site) == []
    site.close(W48)
    run(site, days=1)
    assert len(mails(site)) == 1


def test_who_is_done_is_left_in_peace(site: DeskSite) -> None:
    run(site)
    token = link_in(mails(site)[0])
    page = site.post("nhap", token).text
    keys = dict(re.findall(r'name="(dong\d+)" value="([0-9a-f]+)" form="xong"', page))
    site.post("nhap-xong", token, viec="typed", **keys)
    site.now = W48.ends_at + timedelta(minutes=30)
    site.close(W48)
    run(site)
    assert len(mails(site)) == 1


def test_what_could_not_go_stays_owed_and_goes_later(site: DeskSite) -> None:
    site.mailer.fail_for(CLERK.email, MailBlocked("bad_login"))
    run(site)
    assert mails(site) == []
    site.mailer.fail_for(CLERK.email, None)
    run(site, days=1)
    assert len(mails(site)) == 1


def test_of_a_clerk_who_left_the_mail_is_withdrawn(site: DeskSite) -> None:
    site.mailer.fail_for(CLERK.email, MailBlocked("bad_login"))
    run(site)
    other = replace(CLERK, email="khac@example.org")
    site.change_box(NGO_QUYEN, clerks=(other,))
    site.mailer.fail_for(CLERK.email, None)
    run(site, days=1)
    assert (mails(site), len(mails(site, other.email))) == ([], 1)
    states = {one.recipient: one.state for one in site.store.unit_mails.values()}
    assert states[CLERK.email] is DeliveryState.WITHDRAWN


def test_the_run_for_units_leaves_it_alone(site: DeskSite) -> None:
    site.change_box(NGO_QUYEN, units=UNITS)
    site.mailer.fail_for(CLERK.email, MailRefused("no_such_address"))
    run(site)
    run(site)
    assert [one.state for one in site.store.unit_mails.values()] == [DeliveryState.BOUNCED]


def test_the_operator_is_told_of_a_clerk_who_was_not_reached_until_the_next_week(site: DeskSite) -> None:
    site.mailer.fail_for(CLERK.email, MailRefused("no_such_address"))
    run(site)
    store, box = site.store, site.boxes.by_ward[NGO_QUYEN]

    def alarms() -> list[tuple[str, ...]]:
        found = watch(store, store, store, site.clock, box)
        return [one.recipients for one in found if one.kind is AlarmKind.CLERK_NOT_TOLD]

    assert alarms() == [(CLERK.email,)]
    site.mailer.fail_for(CLERK.email, None)
    site.now = W48.ends_at + timedelta(minutes=30)
    site.close(W48)
    run(site)
    assert alarms() == []
    assert len(mails(site)) == 1


def test_a_clerk_asks_for_a_link_as_a_recipient_does_and_gets_their_own_kind(site: DeskSite) -> None:
    answer = site.desk.post("/xu-ly", data={"phuong": NGO_QUYEN, "thu": CLERK.email.upper()})
    assert answer.status_code == 200
    (mail,) = mails(site)
    assert "Nhập liệu" in mail
    token = link_in(mail)
    assert site.post("nhap", token).status_code == 200
    assert site.post("ban", token).status_code == 403


def test_once_it_went_the_daily_run_reads_no_report_for_it(site: DeskSite) -> None:
    run(site)
    read: list[str] = []
    ledger = site.ledger

    class Counting:
        def __getattr__(self, name: str) -> object:
            read.append(name)
            return getattr(ledger, name)

    site.ledger = Counting()
    run(site, days=1)
    assert "reports" not in read


@pytest.mark.parametrize("left", [{"clerks": ()}, {"clerks": (), "target": ""}])
def test_of_a_clerk_who_left_after_their_mail_came_back_nobody_is_told_again(
    site: DeskSite, left: dict[str, object]
) -> None:
    site.mailer.fail_for(CLERK.email, MailRefused("no_such_address"))
    run(site)
    site.change_box(NGO_QUYEN, **left)
    run(site, days=1)
    found = watch(site.store, site.store, site.store, site.clock, site.boxes.by_ward[NGO_QUYEN])
    assert [one for one in found if one.kind is AlarmKind.CLERK_NOT_TOLD] == []


def test_an_address_that_was_put_right_is_told_the_same_week_and_the_wrong_one_forgotten(
    site: DeskSite,
) -> None:
    site.mailer.fail_for(CLERK.email, MailRefused("no_such_address"))
    run(site)
    right = replace(CLERK, email="dung@example.org")
    site.change_box(NGO_QUYEN, clerks=(right,))
    run(site, days=1)
    states = {one.recipient: one.state for one in site.store.unit_mails.values()}
    assert states == {CLERK.email: DeliveryState.WITHDRAWN, right.email: DeliveryState.SENT}


def test_after_a_week_in_which_no_mail_could_go_one_comes_and_not_two(site: DeskSite) -> None:
    site.mailer.fail_for(CLERK.email, MailBlocked("bad_login"))
    run(site)
    site.now = W48.ends_at + timedelta(minutes=30)
    site.close(W48)
    site.mailer.fail_for(CLERK.email, None)
    run(site)
    assert len(mails(site)) == 1


def test_a_clerk_who_is_put_back_before_the_mail_could_go_gets_it_the_same_week(site: DeskSite) -> None:
    site.mailer.fail_for(CLERK.email, MailBlocked("bad_login"))
    run(site)
    site.change_box(NGO_QUYEN, clerks=(replace(CLERK, email="khac@example.org"),))
    run(site, days=1)
    site.mailer.fail_for(CLERK.email, None)
    site.change_box(NGO_QUYEN, clerks=(CLERK,))
    run(site, days=1)
    assert len(mails(site)) == 1
