"""Units: assigned a case, they get a link that opens it alone, are reminded, and say what they did."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from board_side import W47
from desk_side import MEMBERS, ONCE, PETITION, UNITS, DeskSite, words
from homthu.domain.cases.case import ActionKind, CaseState
from homthu.domain.reports.alarm import AlarmKind
from homthu.ports import MailNotSent, MailRefused, StoreUnavailable
from homthu.services.watch import watch
from unit_side import TEXT, assign, links, mails, open_task, report, run, token
from werkzeug.test import TestResponse

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


def test_assigning_mails_the_unit_a_link_that_holds_no_words(site: DeskSite, reference: str) -> None:
    assign(site, reference)
    (mail,) = mails(site)
    assert "hạn 04/12/2026" in mail
    assert "chứng thực" not in mail
    assert "0912" not in mail
    assert [one.recipient for one in site.mailer.sent] == [UNITS[0].email]


def test_following_the_link_shows_a_button_and_pressing_it_that_case_alone_masked(
    site: DeskSite, reference: str
) -> None:
    site.receive(W47, text="Góp ý khác")
    assign(site, reference)
    (link,) = links(site)
    door = site.desk.get(link.removeprefix("https://gopy.example.org"))
    assert door.status_code == 200
    assert "chứng thực" not in door.text
    page = open_task(site, link)
    assert page.status_code == 200
    shown = words(page.text)
    assert "Quầy chứng thực chờ lâu, gọi tôi số […]" in shown
    assert "Hạn 04/12/2026" in shown
    assert "0912" not in shown
    for name in (MEMBERS[0].name, "Góp ý khác", site.id_of(reference)):
        assert name not in shown


def test_a_unit_says_what_it_did_and_a_member_publishes_it(site: DeskSite, reference: str) -> None:
    assign(site, reference)
    (link,) = links(site)
    assert "Đã lưu" in report(site, link, "Đã thêm một bàn từ 27/11.").text
    case = site.store.case(site.id_of(reference))
    assert case.state is CaseState.ASSIGNED
    step = case.history[-1]
    assert (step.action.kind, step.who, step.on) == (ActionKind.REPORT, UNITS[0].name, site.now.date())
    assert "Đã thêm một bàn" not in site.board.get("/ket-qua/07207").text
    desk = words(site.post("phieu", phieu=site.id_of(reference)).text)
    assert "Bộ phận Một cửa báo đã làm Đã thêm một bàn từ 27/11." in desk
    # It stands in the form of the answer already, as done.
    page = site.post("phieu", phieu=site.id_of(reference)).text
    assert re.search(r'value="done" checked', page)
    answer = {"tom_tat": "Chờ lâu ở quầy", "tra_loi": "Đã thêm một bàn từ 27/11.", "loai": "done"}
    assert site.act(reference, "answer", seen=3, idempotency_key=f"{ONCE}-p", **answer).status_code == 200
    assert "Đã thêm một bàn" in site.board.get("/ket-qua/07207").text
    assert open_task(site, link).status_code == 403


def test_the_same_report_twice_is_one_and_a_late_one_keeps_what_was_typed(
    site: DeskSite, reference: str
) -> None:
    assign(site, reference)
    (link,) = links(site)
    report(site, link, "Một")
    report(site, link, "Một")
    assert len(site.store.case(site.id_of(reference)).history) == 3
    late = report(site, link, "Hai", once=f"{ONCE}-r2")
    assert late.status_code == 409
    assert "Hai</textarea>" in late.text
    assert len(site.store.case(site.id_of(reference)).history) == 3


def test_a_report_about_a_case_that_was_answered_meanwhile_is_given_back(
    site: DeskSite, reference: str
) -> None:
    assign(site, reference)
    (link,) = links(site)
    answer = {"tom_tat": "Chờ lâu ở quầy", "tra_loi": "Đã thêm một bàn.", "loai": "done"}
    site.act(reference, "answer", seen=2, idempotency_key=f"{ONCE}-p", **answer)
    typed = "Đã thêm <b>ba bàn</b>"
    late = report(site, link, typed)
    assert late.status_code == 403
    assert "Đã thêm &lt;b&gt;ba bàn&lt;/b&gt;</textarea>" in late.text
    for other in (f"{link}x", f"https://x/{site.pass_of(MEMBERS[0])}"):
        forged = report(site, other, typed)
        assert forged.status_code == 403
        assert "ba bàn" not in forged.text


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
def test_a_report_without_words_or_with_too_many_comes_back(
    site: DeskSite, reference: str, text: str
) -> None:
    assign(site, reference)
    assert report(site, links(site)[0], text).status_code == 422
    assert len(site.store.case(site.id_of(reference)).history) == 2


@pytest.mark.parametrize("is_reassigned", [False, True])
def test_what_a_unit_did_stays_done_when_the_author_of_the_first_form_withdraws(
    site: DeskSite, *, is_reassigned: bool
) -> None:
    first, second = (site.receive(W47, text=text)[0] for text in ("Quầy chờ lâu", "Đông quá, chờ cả buổi"))
    site.close(W47)
    site.take(first)
    ids = [site.id_of(one) for one in (first, second)]
    site.post("gop", gop0=f"{ids[0]}.1", gop1=f"{ids[1]}.0", viec_chinh=ids[0], lan=f"{ONCE}-j")
    assign(site, first, seen=2)
    report(site, links(site)[0], "Đã thêm một bàn", seen=3)
    if is_reassigned:
        assign(site, first, seen=4, don_vi=UNITS[1].name, idempotency_key=f"{ONCE}-b")
    before = len(site.mailer.sent)
    gone = site.withdrawal.post("/tra-cuu/rut", data={"ma": first, "chac_chan": "1"})
    assert gone.status_code == 200
    heir = site.store.case(ids[1])
    assert heir.assignment.text == UNITS[is_reassigned].name
    assert (heir.unit_report is None) is is_reassigned
    run(site, 1)
    assert len(site.mailer.sent) - before == is_reassigned


@pytest.mark.parametrize("seen", ["0" * 5000, "0000" + "9" * 30, "-1", "", "٢"])
def test_a_report_about_no_step_is_refused(site: DeskSite, reference: str, seen: str) -> None:
    assign(site, reference)
    (link,) = links(site)
    assert site.post("bao", token(link), lan=f"{ONCE}-r", buoc=seen, tra_loi="x").status_code == 400


def test_a_report_with_a_field_too_many_or_no_key_is_refused_and_stores_nothing(
    site: DeskSite, reference: str
) -> None:
    assign(site, reference)
    (link,) = links(site)
    sound = {"lan": f"{ONCE}-r", "buoc": "2", "tra_loi": "Đã sửa xong."}
    for changes in ({"la": "x"}, {"lan": "ngan"}):
        assert site.post("bao", token(link), **{**sound, **changes}).status_code == 400
    assert len(site.store.case(site.id_of(reference)).history) == 2
    assert site.post("bao", token(link), **sound).status_code == 200


def test_a_link_ends_with_the_assignment_and_with_the_address(site: DeskSite, reference: str) -> None:
    assign(site, reference)
    (link,) = links(site)
    site.act(reference, "assign", seen=2, idempotency_key=f"{ONCE}-b", don_vi=UNITS[1].name, han="2026-12-04")
    assert open_task(site, link).status_code == 403
    (other,) = links(site, UNITS[1].email)
    assert open_task(site, other).status_code == 200
    site.change_box(WARD, units=(UNITS[0], replace(UNITS[1], email="khac@example.org")))
    assert open_task(site, other).status_code == 403
    assert site.desk.get(other.removeprefix("https://gopy.example.org")).status_code == 403


def test_a_pass_of_a_unit_opens_nothing_else_and_a_member_s_no_case_of_a_unit(
    site: DeskSite, reference: str
) -> None:
    assign(site, reference)
    (link,) = links(site)
    for form in ("ban", "phieu", "lam", "duyet"):
        assert site.post(form, token(link), phieu=site.id_of(reference)).status_code == 403
    assert site.post("viec").status_code == 403
    assert site.act(reference, "report", seen=2, tra_loi="x").status_code == 400


def test_a_petition_is_assigned_without_a_mail_and_one_set_apart_later_is_shut(
    site: DeskSite, reference: str
) -> None:
    (petition,) = site.receive(W47, text=PETITION)
    list(site.store.assign_week(WARD, W47))
    site.take(petition)
    assign(site, petition)
    assert site.mailer.sent == []
    assign(site, reference)
    (link,) = links(site)
    site.act(reference, "set_apart", seen=2, idempotency_key=f"{ONCE}-s")
    assert open_task(site, link).status_code == 403
    run(site, 30)
    assert len(mails(site)) == 1


def test_what_was_withheld_is_not_shown_and_what_was_masked_only_so(site: DeskSite, reference: str) -> None:
    assign(site, reference)
    (link,) = links(site)
    site.decide(reference, "mask", ban_che="Quầy […] chờ lâu, gọi tôi số […]")
    assert "Quầy […] chờ lâu, gọi" in words(open_task(site, link).text)
    site.decide(reference, "withhold", buoc="1", vi_sao="insult")
    assert "không được chuyển đi" in words(open_task(site, link).text)


def test_a_store_that_does_not_answer_keeps_what_the_unit_typed(site: DeskSite, reference: str) -> None:
    assign(site, reference)
    (link,) = links(site)

    class Broken:
        def __getattr__(self, name: str) -> object:
            raise StoreUnavailable("timeout")

    site.cases, known = Broken(), site.cases
    busy = report(site, link, "Đã thêm một bàn")
    assert busy.status_code == 503
    assert 'action="/xu-ly/bao"' in busy.text
    assert 'value="Đã thêm một bàn"' in busy.text
    site.cases = known
    assert "Đã lưu" in report(site, link, "Đã thêm một bàn").text


def bounced(site: DeskSite, reference: str) -> TestResponse:
    """An assignment whose mail the unit's mail server refused."""
    site.mailer.fail_for(UNITS[0].email, MailRefused("no_such_address 550 5.1.1"))
    return assign(site, reference)


RETURNED = "Đơn vị chưa nhận được thư: thư ngày 24/11/2026 bị trả lại."


def test_a_mail_that_came_back_is_told_at_the_desk_until_the_case_is_done(
    site: DeskSite, reference: str
) -> None:
    page = bounced(site, reference)
    assert RETURNED in words(page.text)
    for form in ("ban", "in"):
        assert RETURNED in words(site.post(form).text)
    run(site, 1)
    assert RETURNED in words(site.post("ban").text)
    answer = {"tom_tat": "Chờ lâu", "tra_loi": "Đã thêm một bàn.", "loai": "done"}
    site.act(reference, "answer", seen=2, idempotency_key=f"{ONCE}-p", **answer)
    assert "bị trả lại" not in words(site.post("phieu", phieu=site.id_of(reference)).text)
    run(site)
    assert site.store.bounced_unit_mails(WARD) == []


def test_a_mail_that_came_back_is_told_no_more_once_another_unit_or_address_was_told(
    site: DeskSite, reference: str
) -> None:
    bounced(site, reference)
    assign(site, reference, don_vi=UNITS[1].name, buoc="2", idempotency_key=f"{ONCE}-b")
    assert "bị trả lại" not in words(site.post("ban").text)
    assign(site, reference, buoc="3", idempotency_key=f"{ONCE}-c")
    assert RETURNED in words(site.post("ban").text)
    site.change_box(WARD, units=(replace(UNITS[0], email="dung@example.org"), UNITS[1]))
    run(site, 1)
    assert "bị trả lại" not in words(site.post("ban").text)
    assert len(mails(site, "dung@example.org")) == 1


def test_the_watch_alarms_for_units_that_were_not_told(site: DeskSite, reference: str) -> None:
    bounced(site, reference)
    site.mailer.fail_for(UNITS[1].email, MailNotSent("busy"))
    assign(site, reference, don_vi=UNITS[1].name, buoc="2", idempotency_key=f"{ONCE}-b")

    def look() -> list[tuple[str, tuple[str, ...]]]:
        alarms = watch(site.store, site.store, site.store, site.clock, site.boxes.by_ward[WARD])
        return [(one.reason, one.recipients) for one in alarms if one.kind is AlarmKind.UNIT_NOT_TOLD]

    # What could not go today is tried again by itself.
    assert look() == [("no_such_address 550 5.1.1", (UNITS[0].email,))]
    site.now += timedelta(days=1)
    assert ("busy", (UNITS[1].email,)) in look()
    site.mailer.fail_for(UNITS[1].email, None)
    run(site)
    assert look() == []
