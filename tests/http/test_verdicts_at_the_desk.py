"""What whoever wrote says of the answer is read at the desk, and what is not settled is in hand again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from board_side import W47
from desk_side import MEMBERS, ONCE, DeskSite, words
from homthu.domain.boxes.box import Reads

ANSWER = {"tom_tat": "Chờ lâu ở quầy", "tra_loi": "Đã thêm một bàn.", "loai": "done"}
WARD = "07207"
DENIED = "Đã trả lời, người gửi cho biết chưa được giải quyết"


@pytest.fixture
def site() -> DeskSite:
    return DeskSite()


@pytest.fixture
def reference(site: DeskSite) -> str:
    (reference,) = site.receive(W47, text="Quầy chứng thực chờ lâu")
    site.close(W47)
    site.take(reference)
    assert site.act(reference, "answer", **ANSWER).status_code == 200
    return reference


def judge(site: DeskSite, reference: str, kind: str, said: str = "") -> None:
    taken = site.judge(site.look_up(reference).text, danh_gia=kind, gop_y=said, da_xem="1")
    assert taken.status_code == 200


def is_denied(site: DeskSite) -> bool:
    return DENIED in words(site.post("ban").text)


def join(site: DeskSite, lead: str, other: str) -> None:
    """Deal with another form in the case of the first."""
    cases = {id: site.store.case(id) for id in map(site.id_of, (lead, other))}
    marks = [f"{id}.{len(case.history) if case else 0}" for id, case in cases.items()]
    joined = site.post("gop", gop0=marks[0], gop1=marks[1], viec_chinh=site.id_of(lead), lan=f"{ONCE}-join")
    assert joined.status_code in (200, 303)


@pytest.fixture
def same(site: DeskSite) -> str:
    """Another form of the week that says the same, in other words."""
    (reference,) = site.receive(W47, text="Hẻm nhà tôi tối thui đi lại sợ lắm")
    return reference


def test_a_member_reads_what_was_said_masked(site: DeskSite, reference: str) -> None:
    judge(site, reference, "partly", "Mới một bàn, gọi tôi 0912 345 678")
    shown = words(site.post("phieu", phieu=site.id_of(reference)).text)
    assert "24/11/2026: được giải quyết một phần Mới một bàn, gọi tôi […]" in shown


def test_words_like_a_denunciation_are_for_readers_of_petitions_alone(site: DeskSite, reference: str) -> None:
    judge(site, reference, "not_settled", "Tôi tố cáo ông A nhận phong bì")
    reader = replace(MEMBERS[0], reads=frozenset({Reads.WORDS}))
    others = replace(MEMBERS[1], reads=frozenset({Reads.PETITIONS, Reads.WORDS}))
    site.change_box(WARD, recipients=(reader, others))
    pages = [
        words(site.post("phieu", site.pass_of(one), phieu=site.id_of(reference)).text)
        for one in (reader, others)
    ]
    assert ["phong bì" in page for page in pages] == [False, True]
    assert all("chưa được giải quyết" in page for page in pages)


def test_what_is_not_settled_is_in_hand_again_until_something_is_done(site: DeskSite, reference: str) -> None:
    before = words(site.post("ban").text)
    judge(site, reference, "not_settled")
    after = words(site.post("ban").text)
    assert DENIED not in before
    assert DENIED in after
    site.act(reference, "reopen", seen=2, idempotency_key=f"{ONCE}-r")
    assert not is_denied(site)


@pytest.mark.parametrize("is_first", [True, False])
def test_the_newest_of_two_that_deny_counts(
    site: DeskSite, same: str, reference: str, *, is_first: bool
) -> None:
    join(site, reference, same)
    first, second = sorted((reference, same), key=site.id_of, reverse=not is_first)
    judge(site, first, "not_settled")
    site.now += timedelta(days=1)
    seen = len(site.store.case(site.id_of(reference)).history)
    site.act(reference, "answer", seen=seen, idempotency_key=f"{ONCE}-again", **ANSWER)
    assert not is_denied(site)
    site.now += timedelta(days=1)
    judge(site, second, "not_settled")
    assert is_denied(site)


def test_what_is_not_settled_stands_where_another_form_joins_it(
    site: DeskSite, same: str, reference: str
) -> None:
    judge(site, reference, "not_settled")
    site.now += timedelta(days=1)
    join(site, reference, same)
    assert is_denied(site)


@pytest.mark.parametrize("is_done_since", [False, True])
def test_what_is_not_settled_stands_when_the_author_of_the_answered_form_withdraws(
    site: DeskSite, same: str, reference: str, *, is_done_since: bool
) -> None:
    join(site, reference, same)
    judge(site, same, "not_settled")
    if is_done_since:
        site.now += timedelta(days=1)
        seen = len(site.store.case(site.id_of(reference)).history)
        site.act(reference, "answer", seen=seen, idempotency_key=f"{ONCE}-again", **ANSWER)
    site.now += timedelta(days=1)
    left = site.withdrawal.post("/tra-cuu/rut", data={"ma": reference, "chac_chan": "1"})
    assert left.status_code == 200
    assert site.store.case(site.id_of(same)).answer
    assert is_denied(site) is not is_done_since
