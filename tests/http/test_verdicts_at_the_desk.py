"""What whoever wrote says of the answer is read at the desk, and what is not settled is in hand again."""

from dataclasses import replace

import pytest
from board_side import W47
from desk_side import MEMBERS, ONCE, DeskSite, words
from homthu.domain.boxes.box import Reads

ANSWER = {"tom_tat": "Chờ lâu ở quầy", "tra_loi": "Đã thêm một bàn.", "loai": "done"}
WARD = "07207"


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
    denied = "Đã trả lời, người gửi cho biết chưa được giải quyết"
    assert denied not in before
    assert denied in after
    site.act(reference, "reopen", seen=2, idempotency_key=f"{ONCE}-r")
    assert denied not in words(site.post("ban").text)
