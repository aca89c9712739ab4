"""The verdict: whoever wrote says by their reference whether it was settled, once."""

from datetime import timedelta

import pytest
from board_side import ASSIGNED, BoardSite, answering, of_each_kind
from builders import WEEK
from homthu.domain.cases.case import ActionKind, CaseAction
from homthu.domain.cases.verdict import VerdictKind
from homthu.domain.submissions.reference import id_of
from homthu.ports import StoreUnavailable

W47 = WEEK.shift(-1)
FORM = "Việc này đã được giải quyết chưa?"


@pytest.fixture
def site() -> BoardSite:
    return BoardSite()


@pytest.fixture
def reference(site: BoardSite) -> str:
    (reference,) = site.receive(W47)
    site.close(W47)
    site.make_case(reference, answering())
    return reference


def ids(site: BoardSite, *references: str) -> list[str]:
    return [id_of(reference, site.secrets.current) for reference in references]


@pytest.mark.parametrize("kind", VerdictKind)
def test_who_has_the_reference_judges_the_answer_once(
    site: BoardSite, reference: str, kind: VerdictKind
) -> None:
    page = site.look_up(reference).text
    assert FORM in page
    assert reference not in page
    taken = site.judge(page, danh_gia=kind.value, gop_y="Đèn đã sáng lại.")
    assert taken.status_code == 200
    (verdict,) = site.store.verdicts.values()
    assert (verdict.kind, verdict.words, verdict.on) == (kind, "Đèn đã sáng lại.", site.now.date())
    assert [verdict.id] == ids(site, reference)
    again = site.look_up(reference).text
    assert FORM not in again
    assert "Ông/bà đã cho biết" in again


def test_a_second_verdict_changes_nothing_and_shows_the_first(site: BoardSite, reference: str) -> None:
    page = site.look_up(reference).text
    site.judge(page, danh_gia="settled")
    second = site.judge(page, danh_gia="not_settled", gop_y="Chưa")
    assert "Ông/bà đã cho biết: đã được giải quyết" in second.text
    (verdict,) = site.store.verdicts.values()
    assert (verdict.kind, verdict.words) == (VerdictKind.SETTLED, "")


def test_each_reference_of_a_matter_has_a_verdict_of_its_own(site: BoardSite) -> None:
    first, second = site.receive(W47, 2)
    site.close(W47)
    lead = site.make_case(first, answering())
    site.make_case(second, CaseAction(kind=ActionKind.JOIN, other=lead.id))
    for one, kind in ((first, "settled"), (second, "not_settled")):
        assert site.judge(site.look_up(one).text, danh_gia=kind).status_code == 200
    found = site.store.verdicts
    assert set(found) == set(ids(site, first, second))
    assert {verdict.case for verdict in found.values()} == {lead.id}


def test_nothing_is_judged_that_has_no_answer_or_is_still_promised(site: BoardSite) -> None:
    done, promised, came, declined, passed = site.receive(W47, 5)
    bare, assigned = site.receive(W47, 2)
    site.close(W47)
    for reference, answer in zip((done, promised, declined, passed, came), of_each_kind(), strict=True):
        site.make_case(reference, answer)
    site.make_case(assigned, ASSIGNED)
    shown = {one: FORM in site.look_up(one).text for one in (done, promised, came, declined, passed)}
    assert list(shown.values()) == [True, False, True, True, True]
    assert not any(FORM in site.look_up(one).text for one in (bare, assigned))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Xin chọn một trong ba câu"),
        ({"danh_gia": "x"}, "Xin chọn một trong ba câu"),
        ({"danh_gia": "partly", "gop_y": "Một " * 126}, "viết gọn trong 500 ký tự"),
        ({"danh_gia": "partly", "gop_y": "Gọi tôi 0912 345 678"}, "có thể có số điện thoại"),
    ],
)
def test_what_cannot_be_taken_comes_back_as_it_was_typed(
    site: BoardSite, reference: str, fields: dict[str, str], said: str
) -> None:
    back = site.judge(site.look_up(reference).text, **fields)
    assert back.status_code == 422
    assert said in back.text
    assert fields.get("gop_y", "").strip() in back.text
    assert not site.store.verdicts
    if "0912" in str(fields):
        assert site.judge(back.text, **fields, da_xem="1").status_code == 200


def test_a_permit_that_is_forged_old_or_of_an_answer_taken_back_is_refused(
    site: BoardSite, reference: str
) -> None:
    page = site.look_up(reference).text
    assert (
        site.submit.post("/tra-cuu/danh-gia", data={"phieu": "x", "danh_gia": "settled"}).status_code == 410
    )
    site.now += timedelta(hours=3)
    assert site.judge(page, danh_gia="settled").status_code == 410
    fresh = site.look_up(reference).text
    case = site.store.case(*ids(site, reference))
    event = case.history[0]
    reopened = case.after(
        type(event)(action=CaseAction(kind=ActionKind.REOPEN), who="A", on=event.on, idempotency_key="r")
    )
    site.store.replace_case(case, reopened)
    assert site.judge(fresh, danh_gia="settled").status_code == 410
    assert not site.store.verdicts


def test_a_store_that_does_not_answer_keeps_what_was_typed(site: BoardSite, reference: str) -> None:
    class Broken:
        def case(self, id: str) -> None:
            raise StoreUnavailable("timeout")

    page = site.look_up(reference).text
    site.cases = Broken()
    back = site.judge(page, danh_gia="partly", gop_y="Mới sửa một nửa")
    assert back.status_code == 503
    assert "Mới sửa một nửa" in back.text
    assert back.headers["Retry-After"]


def test_looking_gives_no_verdict_and_other_sites_send_none(site: BoardSite, reference: str) -> None:
    page = site.look_up(reference).text
    assert site.submit.get("/tra-cuu/danh-gia").status_code == 303
    permit = page.split('name="phieu" value="')[1].split('"')[0]
    sent = site.submit.post(
        "/tra-cuu/danh-gia",
        data={"phieu": permit, "danh_gia": "settled"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert sent.status_code == 400
    assert not site.store.verdicts


def test_a_form_that_was_withdrawn_says_nothing_any_more(site: BoardSite) -> None:
    first, second = site.receive(W47, 2)
    site.close(W47)
    lead = site.make_case(first, answering())
    site.make_case(second, CaseAction(kind=ActionKind.JOIN, other=lead.id))
    page = site.look_up(second).text
    sent = site.withdrawal.post("/tra-cuu/rut", data={"ma": second, "chac_chan": "1"})
    assert sent.status_code == 200
    assert FORM not in site.look_up(second).text
    assert site.judge(page, danh_gia="not_settled", gop_y="Nhà tôi số 5").status_code == 410
    assert not site.store.verdicts
    assert FORM in site.look_up(first).text, "the other one may judge"
