"""Suggestions that say the same, made one matter at the desk: marked, joined, answered once, parted."""

import re

import pytest
from board_side import W47
from desk_side import MEMBERS, ONCE, PETITION, DeskSite, words
from homthu.domain.boxes.box import Reads, Recipient
from werkzeug.test import TestResponse

TEXTS = ("Đèn đường ngõ 12 hỏng", "Đèn ngõ 12 không sáng tối nào cũng vậy cả nhà sợ", "Chờ lâu ở quầy")
FIGURES = Recipient(name="Lãnh đạo", email="lanh-dao@example.org", reads=frozenset({Reads.FIGURES}))


@pytest.fixture
def site() -> DeskSite:
    site = DeskSite()
    site.references = [site.receive(W47, text=text)[0] for text in (*TEXTS, PETITION)]
    site.close(W47)
    return site


def mark(site: DeskSite, number: int) -> str:
    """What the box beside a suggestion carries."""
    case = site.store.case(site.id_of(site.references[number]))
    return f"{site.id_of(site.references[number])}.{len(case.history) if case else 0}"


def join(site: DeskSite, *numbers: int, token: str | None = None, **fields: str) -> TestResponse:
    marks = {f"gop{place}": mark(site, number) for place, number in enumerate(numbers)}
    lead = site.id_of(site.references[numbers[0]])
    return site.post("gop", token, **{**marks, "viec_chinh": lead, "lan": ONCE, **fields})


def case_of(site: DeskSite, number: int) -> object:
    return site.store.case(site.id_of(site.references[number]))


def test_what_was_marked_is_shown_again_before_it_is_joined(site: DeskSite) -> None:
    page = site.post("ban").text
    boxes = dict(re.findall(r'type="checkbox" name="(gop\d+)" value="([^"]+)" form="gop"', page))
    assert len(boxes) == 3, "a petition is nobody else's matter"
    asked = site.post("gop", **boxes)
    assert [text in asked.text for text in TEXTS] == [True] * 3
    named = set(re.findall(r"Góp ý (47-\d\d)", words(page))) - {""}
    assert len(set(re.findall(r"Góp ý (47-\d\d)", words(asked.text))) & named) == 3
    assert not any(case_of(site, number) for number in range(4))
    assert "ít nhất hai" in site.post("gop", gop0=mark(site, 0)).text


def test_joined_they_are_one_case_which_every_sender_is_told_of(site: DeskSite) -> None:
    page = join(site, 0, 1)
    assert page.status_code == 200
    assert "Đã lưu" in page.text
    assert "– 2 phiếu" in words(site.post("ban").text)
    assert TEXTS[1] in words(page.text), "the other form stands on the page of the first"
    answer = {"tom_tat": "Đèn ngõ 12", "tra_loi": "Đã thay bóng.", "loai": "done"}
    done = site.act(site.references[0], "answer", seen=2, idempotency_key=f"{ONCE}-answer", **answer)
    assert done.status_code == 200
    for number in (0, 1):
        assert "Đã thay bóng." in site.look_up(site.references[number]).text
    assert "Đã thay bóng." not in site.look_up(site.references[2]).text


def test_an_answer_repeats_none_of_those_who_are_told_of_it(site: DeskSite) -> None:
    join(site, 0, 1)
    quoted = {"tom_tat": "Đèn", "tra_loi": "Ngõ 12 không sáng tối nào cũng vậy cả nhà sợ", "loai": "done"}
    page = site.act(site.references[0], "answer", seen=2, idempotency_key=f"{ONCE}-q", **quoted)
    assert (page.status_code, "chép lại lời" in page.text) == (422, True)


def test_parted_each_stands_by_itself_and_both_steps_are_in_the_history(site: DeskSite) -> None:
    join(site, 0, 1)
    page = site.act(site.references[1], "part", seen=2, idempotency_key=f"{ONCE}-part").text
    assert "tách ra thành việc riêng" in words(page)
    assert (case_of(site, 1).joined_to, case_of(site, 0).forms) == ("", 1)
    assert "tách một phiếu" in words(site.post("phieu", phieu=site.id_of(site.references[0])).text)


def test_a_form_sent_twice_joins_once_and_of_two_members_the_second_is_told(site: DeskSite) -> None:
    stale = {"gop0": mark(site, 0), "gop1": mark(site, 1), "gop2": mark(site, 2)}
    assert join(site, 0, 1, **stale).status_code == 200
    assert join(site, 0, 1, **stale).status_code == 200
    assert case_of(site, 0).forms == 3
    late = join(site, 2, 1, **stale, lan=f"{ONCE}-other", viec_chinh=site.id_of(site.references[2]))
    assert late.status_code == 409
    assert "Có góp ý chưa gộp được" in late.text
    assert case_of(site, 0).forms == 3


def test_no_form_joins_what_its_sender_may_not_read_or_what_is_set_apart(site: DeskSite) -> None:
    assert join(site, 0, 3).status_code == 400
    site.change_box("07207", recipients=(MEMBERS[0], FIGURES))
    assert join(site, 0, 1, token=site.pass_of(FIGURES)).status_code == 404
    for action in ("join", "gather", "release"):
        site.take(site.references[2])
        refused = site.act(site.references[2], action, seen=1, idempotency_key=f"{ONCE}-{action}")
        assert refused.status_code == 400
    for wrong in ("x", ".", "A.0", f"{'a' * 65}.0", f"{mark(site, 0)}0000"):
        assert site.post("gop", gop0=wrong).status_code in (400, 404)
    assert not any(case_of(site, number) and case_of(site, number).joined_to for number in range(4))


def test_one_press_takes_what_is_a_petition_out_of_its_matter(site: DeskSite) -> None:
    join(site, 0, 1)
    site.act(site.references[1], "set_apart", seen=2, idempotency_key=f"{ONCE}-apart")
    assert (case_of(site, 1).is_petition, case_of(site, 0).forms) == (True, 1)
    assert "xin ông/bà gửi đơn" in site.look_up(site.references[1]).text
    assert not site.store.case(site.id_of(site.references[0])).is_petition


def test_what_the_office_often_answers_is_put_behind_what_was_typed_and_nothing_is_stored(
    site: DeskSite,
) -> None:
    site.take(site.references[0])
    before = site.snapshot()
    page = site.post("phieu", phieu=site.id_of(site.references[0])).text
    names = re.findall(r"<option>([^<]+)</option>", page)
    assert names == [one.name for one in site.boxes.by_ward["07207"].answers] != []
    typed = {"tom_tat": "Đèn", "tra_loi": "Đã cử người xem.", "loai": "done"}
    draft = site.post("mau", phieu=site.id_of(site.references[0]), mau=names[0], viec="answer", **typed).text
    box = re.search(r'<textarea id="tra_loi"[^>]*>\n(.*?)</textarea>', draft, re.DOTALL)
    assert box
    assert box[1] == f"Đã cử người xem.\n{site.boxes.by_ward['07207'].answers[0].text}"
    assert "Chưa lưu" not in draft
    assert site.snapshot() == before
    assert site.post("mau", phieu=site.id_of(site.references[0]), mau="no such", **typed).status_code == 200
