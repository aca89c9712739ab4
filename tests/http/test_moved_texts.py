"""A text moved at the desk, to those who receive petitions or back."""

from dataclasses import replace

import pytest
from board_side import W47
from citizen_side import NGO_QUYEN
from desk_side import MEMBERS, ONCE, PETITION, DeskSite, words
from homthu.domain.boxes.box import Reads
from homthu.domain.cases.case import ActionKind

TEXT = "Buổi sáng thứ Hai rất đông, đề nghị thêm một bàn. Gọi tôi 0912 345 678"
ANSWER = {"tom_tat": "Quầy chứng thực đông", "tra_loi": "Đã thêm một bàn từ 01/12/2026.", "loai": "done"}


@pytest.fixture
def site() -> DeskSite:
    return DeskSite()


@pytest.fixture
def reference(site: DeskSite) -> str:
    """A suggestion of a closed week."""
    (reference,) = site.receive(W47, text=TEXT)
    site.close(W47)
    return reference


def case_of(site: DeskSite, reference: str) -> object:
    return site.store.case(site.id_of(reference))


def test_one_press_moves_an_ordinary_text_to_those_who_receive_petitions(
    site: DeskSite, reference: str
) -> None:
    assert "1 góp ý để đọc, 0 góp ý" in words(site.post("ban").text)
    page = words(site.act(reference, "set_apart", seen=0).text)
    assert "Phó Bí thư Đảng ủy chuyển cho người nhận đơn" in page
    case = case_of(site, reference)
    assert [(step.action.kind, step.who) for step in case.history] == [
        (ActionKind.OPEN, MEMBERS[0].name),
        (ActionKind.SET_APART, MEMBERS[0].name),
    ]
    assert (case.is_petition, case.history[-1].on) == (True, site.now.date())
    assert "0 góp ý để đọc, 1 góp ý" in words(site.post("ban").text)
    assert "Buổi sáng thứ Hai" not in site.post("ban").text
    assert "gửi đơn hoặc đến nơi tiếp công dân" in site.look_up(reference).text
    assert site.act(reference, "answer", seen=2, **ANSWER).status_code == 400


@pytest.mark.parametrize("is_in_hand", [False, True])
def test_one_press_takes_back_what_was_no_petition(site: DeskSite, is_in_hand: bool) -> None:
    """From the list, or from its own page by whoever took it in hand first."""
    (reference,) = site.receive(W47, text=PETITION)
    site.close(W47)
    assert 'value="set_back"' in (site.take(reference) if is_in_hand else site.post("ban")).text
    if is_in_hand:
        assert "gửi đơn hoặc đến nơi tiếp công dân" in site.look_up(reference).text
    page = site.act(reference, "set_back", seen=int(is_in_hand)).text
    assert "xác định không phải khiếu nại, tố cáo" in words(page)
    case = case_of(site, reference)
    assert [(step.action.kind, step.who) for step in case.history] == [
        (ActionKind.OPEN, MEMBERS[0].name),
        (ActionKind.SET_BACK, MEMBERS[0].name),
    ]
    assert (case.is_petition, case.was_petition) == (False, True)
    assert "1 góp ý để đọc, 0 góp ý" in words(site.post("ban").text)
    assert "gửi đơn hoặc đến nơi tiếp công dân" not in site.look_up(reference).text
    assert site.act(reference, "answer", seen=2, **ANSWER).status_code == 200


def test_a_move_sent_twice_is_one_and_one_that_came_too_late_is_told(site: DeskSite, reference: str) -> None:
    for _ in range(2):
        assert site.act(reference, "set_apart", seen=0).status_code == 200
    assert len(case_of(site, reference).history) == 2
    late = site.act(reference, "set_apart", seen=0, idempotency_key="f" * 16)
    assert late.status_code == 409
    assert len(case_of(site, reference).history) == 2


def test_a_text_is_moved_back_by_those_alone_who_may_read_it_and_shows_its_source_only_then(
    site: DeskSite,
) -> None:
    (reference,) = site.receive(W47, text=PETITION)
    site.close(W47)
    reader = replace(MEMBERS[1], reads=frozenset({Reads.FIGURES, Reads.WORDS}))
    site.change_box(NGO_QUYEN, recipients=(MEMBERS[0], reader))
    assert 'value="set_back"' not in site.post("ban", site.pass_of(reader)).text
    asked = {"phieu": site.id_of(reference), "viec": "set_back", "lan": ONCE, "buoc": "0"}
    assert site.post("lam", site.pass_of(reader), **asked).status_code == 404
    listed = site.post("ban").text
    assert 'value="set_apart"' not in listed
    place = site.boxes.by_ward[NGO_QUYEN].places[0].name
    assert place not in words(listed)
    assert site.act(reference, "set_apart", seen=0).status_code == 400
    assert case_of(site, reference) is None
    assert place in words(site.act(reference, "set_back", seen=0).text)


def test_a_move_back_sent_twice_is_one_and_one_that_came_too_late_is_told(site: DeskSite) -> None:
    (reference,) = site.receive(W47, text=PETITION)
    site.close(W47)
    for _ in range(2):
        assert site.act(reference, "set_back", seen=0).status_code == 200
    assert site.act(reference, "set_back", seen=0, idempotency_key="f" * 16).status_code == 409
    assert len(case_of(site, reference).history) == 2


def test_who_asks_not_to_be_quoted_is_not_whatever_a_reader_finds(site: DeskSite) -> None:
    (reference,) = site.receive(W47, text=TEXT, do_not_quote=True)
    site.close(W47)
    listed = site.post("ban").text
    assert "0 góp ý để đọc, 1 góp ý" in words(listed)
    assert 'value="set_back"' not in listed
    assert site.act(reference, "set_back", seen=0).status_code == 400
    taken = site.take(reference).text
    assert "Người gửi xin không trích" in taken
    assert 'value="set_back"' not in taken
    assert site.act(reference, "set_back").status_code == 400
    assert case_of(site, reference).is_petition is True
