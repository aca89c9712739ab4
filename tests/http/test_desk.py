"""The committee's desk: what a member sees, and what becomes of a suggestion."""

import re
from datetime import timedelta

import pytest
from board_side import RESULTS, W46, W47, W48
from citizen_side import BAC_GIANG
from desk_side import MEMBERS, ONCE, PETITION, DeskSite, words
from homthu.domain.cases.case import ActionKind, CaseState
from homthu.ports import Conflict, StoreUnavailable
from homthu.services.desk import PAGE_SIZE

TEXT = "Buổi sáng thứ Hai rất đông, đề nghị thêm một bàn. Gọi tôi 0912 345 678"
ANSWER = {"tom_tat": "Quầy chứng thực đông", "tra_loi": "Đã thêm một bàn từ 01/12/2026.", "loai": "done"}
ASSIGN = {"don_vi": "Bộ phận Một cửa", "han": "2026-11-30"}


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


def test_the_desk_lists_the_suggestions_of_the_newest_closed_week(site: DeskSite, reference: str) -> None:
    page = words(site.post("ban").text)
    assert "Buổi sáng thứ Hai rất đông" in page
    assert "Góp ý 47-01. Nơi và lĩnh vực ít phiếu hiện ra sau khi có người nhận." in page
    assert "0912" not in page
    assert "[…]" in page


def test_a_small_place_and_service_show_only_once_somebody_has_taken_the_text(
    site: DeskSite, reference: str
) -> None:
    assert not re.search("Bộ phận Tiếp nhận|Hộ tịch|18/11", words(site.post("ban").text))
    taken = words(site.take(reference).text)
    assert "Góp ý 47-01. Bộ phận Tiếp nhận" in taken
    assert "Hộ tịch." in taken


def test_a_place_and_a_service_that_brought_ten_forms_are_shown_to_every_member(site: DeskSite) -> None:
    site.receive(W46, 10, text="Đông quá")
    site.close(W46)
    page = words(site.post("ban").text)
    assert re.search(r"Góp ý 46-\d\d\. Bộ phận Tiếp nhận.*?\. Hộ tịch\.", page)
    assert "Nơi và lĩnh vực ít phiếu" not in page.partition("chỉ hiện sau khi có người nhận")[2]


def test_what_is_not_assigned_yet_is_not_shown(site: DeskSite, reference: str) -> None:
    (fresh,) = site.receive(W48, text="Chưa chốt tuần")
    assert "Chưa chốt tuần" not in site.post("ban").text
    assert site.post("phieu", phieu=site.id_of(fresh)).status_code == 404
    assert site.take(fresh).status_code == 404


def test_another_week_can_be_chosen(site: DeskSite, reference: str) -> None:
    site.receive(W46, text="Góp ý của tuần trước")
    site.close(W46)
    assert "Góp ý của tuần trước" in site.post("ban", tuan="2026-W46").text
    for wrong in ("2026-W40", "x", ""):
        assert "Buổi sáng thứ Hai" in site.post("ban", tuan=wrong).text


def test_a_long_week_is_shown_page_by_page(site: DeskSite) -> None:
    """Forward to the end and back, with every suggestion once and by its own number."""
    site.receive(W47, 2 * PAGE_SIZE + 1, text="Góp ý dài")
    site.close(W47)
    pages, at = [], ""
    while at is not None:
        pages.append(site.post("ban", trang=at).text)
        at = page_behind("Trang sau", pages[-1])
    assert [page.count('class="text">Góp ý dài') for page in pages] == [PAGE_SIZE, PAGE_SIZE, 1]
    numbers = [int(number) for page in pages for number in re.findall(r"Góp ý 47-(\d+)\.", page)]
    assert numbers == list(range(1, 2 * PAGE_SIZE + 2))
    back = [page_behind("Trang trước", page) for page in pages]
    assert back[0] is None
    assert [words(site.post("ban", trang=at).text) for at in back[1:]] == [words(one) for one in pages[:2]]


def page_behind(label: str, page: str) -> str | None:
    """What the form with this button carries."""
    found = re.search(rf'name="trang" value="([^"]*)">\s*<button[^>]*>{label}', page)
    return found and found[1]


@pytest.mark.parametrize("wrong", ["1" * 65, "a..b", "ê", ".".join("ab" * 21), "'"])
def test_a_page_that_no_form_of_ours_names_is_refused(site: DeskSite, reference: str, wrong: str) -> None:
    assert site.post("ban", trang=wrong).status_code == 400


def test_before_the_first_report_the_desk_says_when_to_come_back(site: DeskSite) -> None:
    assert "Chưa có tuần nào đã chốt báo cáo" in site.post("ban").text


def test_a_case_goes_from_received_to_closed_with_its_whole_history(site: DeskSite, reference: str) -> None:
    assert "Đã lưu" in site.take(reference).text
    assert site.act(reference, "assign", seen=1, idempotency_key=f"{ONCE}-1", **ASSIGN).status_code == 200
    assert site.act(reference, "answer", seen=2, idempotency_key=f"{ONCE}-2", **ANSWER).status_code == 200
    assert site.act(reference, "close", seen=3, idempotency_key=f"{ONCE}-3").status_code == 200
    page = words(site.act(reference, "reopen", seen=4, idempotency_key=f"{ONCE}-4").text)
    case = case_of(site, reference)
    assert [step.action.kind for step in case.history] == [
        ActionKind.OPEN,
        ActionKind.ASSIGN,
        ActionKind.ANSWER,
        ActionKind.CLOSE,
        ActionKind.REOPEN,
    ]
    assert {step.who for step in case.history} == {MEMBERS[0].name}
    assert case.state is CaseState.RECEIVED
    for line in ("nhận giải quyết", "giao việc Bộ phận Một cửa, hạn 30/11/2026", "Đã thêm một bàn", "mở lại"):
        assert line in page


def test_an_answer_is_on_the_board_and_a_reopening_takes_it_away(site: DeskSite, reference: str) -> None:
    site.take(reference)
    site.act(reference, "answer", **ANSWER)
    page = site.board.get(RESULTS).text
    assert ANSWER["tra_loi"] in page
    assert "Buổi sáng thứ Hai" not in page
    assert ANSWER["tra_loi"] in site.look_up(reference).text
    site.act(reference, "reopen", seen=2, idempotency_key=f"{ONCE}-2")
    assert ANSWER["tra_loi"] not in site.board.get(RESULTS).text
    assert ANSWER["tra_loi"] not in site.look_up(reference).text


def test_reopening_warns_of_a_public_answer_only_where_there_is_one(site: DeskSite, reference: str) -> None:
    site.take(reference)
    closed = site.act(reference, "close", ly_do="Trùng với việc khác").text
    assert "Mở lại việc này" in closed
    assert "Trả lời cũ được gỡ" not in closed
    site.act(reference, "reopen", seen=2, idempotency_key=f"{ONCE}-2")
    answered = site.act(reference, "answer", seen=3, idempotency_key=f"{ONCE}-3", **ANSWER).text
    assert "Trả lời cũ được gỡ" in answered


def test_a_form_sent_again_is_taken_once(site: DeskSite, reference: str) -> None:
    for _ in range(3):
        assert site.take(reference).status_code == 200
    for _ in range(3):
        assert "Đã lưu" in site.act(reference, "assign", **ASSIGN).text
    assert len(case_of(site, reference).history) == 2


def test_the_same_form_with_other_words_is_not_taken_for_the_same(site: DeskSite, reference: str) -> None:
    site.take(reference)
    site.act(reference, "assign", **ASSIGN)
    changed = site.act(reference, "assign", **{**ASSIGN, "don_vi": "Tổ dân phố 5"})
    assert changed.status_code == 409
    assert case_of(site, reference).assignment.text == "Bộ phận Một cửa"


def test_who_comes_second_sees_the_newer_state_and_keeps_what_they_typed(
    site: DeskSite, reference: str
) -> None:
    site.take(reference)
    other = site.pass_of(MEMBERS[1])
    fields = {"phieu": site.id_of(reference), "viec": "assign", "buoc": "1", **ASSIGN}
    site.post("lam", other, lan=f"{ONCE}-b", **{**fields, "don_vi": "Tổ đô thị"})
    late = site.act(reference, "answer", seen=1, idempotency_key=f"{ONCE}-c", **ANSWER)
    assert late.status_code == 409
    page = words(late.text)
    assert "Văn phòng UBND vừa cập nhật việc này (ngày 24/11/2026)" in page
    assert "Tổ đô thị" in page
    assert ANSWER["tra_loi"] in page
    assert len(case_of(site, reference).history) == 2
    assert 'name="buoc" value="2"' in late.text


def test_two_that_take_a_suggestion_make_one_case(site: DeskSite, reference: str) -> None:
    site.take(reference)
    second = site.act(reference, "open", seen=0, idempotency_key=f"{ONCE}-other")
    assert second.status_code == 409
    assert "Phó Bí thư Đảng ủy vừa cập nhật" in second.text
    assert len(case_of(site, reference).history) == 1


def test_a_change_between_reading_and_writing_is_a_conflict_too(site: DeskSite, reference: str) -> None:
    site.take(reference)
    site.cases = Racing(site)
    late = site.act(reference, "assign", **ASSIGN)
    assert late.status_code == 409
    assert "vừa cập nhật" in late.text


class Racing:
    """A store in which somebody else is always a little faster."""

    def __init__(self, site: DeskSite) -> None:
        self._store = site.store

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def replace_case(self, old: object, new: object) -> object:
        raise Conflict("c")


@pytest.mark.parametrize(
    ("action", "fields", "sentence"),
    [
        ("assign", {"don_vi": "", "han": "2026-11-30"}, "Ô này chưa điền"),
        ("assign", {"don_vi": "x" * 101, "han": "2026-11-30"}, "viết gọn trong 100 ký tự"),
        ("assign", {"don_vi": "Tổ", "han": ""}, "Xin chọn ngày"),
        ("assign", {"don_vi": "Tổ", "han": "31/02/2027"}, "Xin chọn ngày"),
        ("assign", {"don_vi": "Tổ", "han": "2026-11-23"}, "Ngày này đã qua"),
        ("assign", {"don_vi": "Tổ", "han": "2028-11-23"}, "Hạn xa quá"),
        ("answer", {**ANSWER, "tom_tat": " \u200b "}, "Ô này chưa điền"),
        ("answer", {**ANSWER, "tra_loi": "x" * 2001}, "viết gọn trong 2000 ký tự"),
        ("answer", {**ANSWER, "tra_loi": "Gọi 0204 355 5555"}, "có thể có số điện thoại"),
        ("answer", {**ANSWER, "tra_loi": TEXT}, "chép lại lời của người góp ý"),
        ("close", {}, "Ô này chưa điền"),
        ("close", {"ly_do": "x" * 301}, "viết gọn trong 300 ký tự"),
    ],
)
def test_what_cannot_be_taken_comes_back_with_a_reason(
    site: DeskSite, reference: str, action: str, fields: dict[str, str], sentence: str
) -> None:
    site.take(reference)
    answer = site.act(reference, action, **fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert len(case_of(site, reference).history) == 1
    for typed in fields.values():
        assert typed.strip("\u200b ") in answer.text


def test_a_form_that_comes_back_leads_from_its_top_to_every_field_that_is_wrong(
    site: DeskSite, reference: str
) -> None:
    site.take(reference)
    page = site.act(reference, "assign", don_vi="", han="hôm nay").text
    top = page.partition('role="alert"')[2].partition("</div>")[0]
    links = re.findall(r'<a href="#([\w-]+)">([^<]+)</a>', top)
    assert [text.partition(":")[0] for _, text in links] == ["Giao cho", "Hạn giải quyết"]
    for anchor, text in links:
        said = re.search(rf'<p class="err" id="{anchor}">([^<]+)</p>', page)
        assert said
        assert text.endswith(said[1])
    assert "<li>" not in site.take(reference).text.partition('role="status"')[2].partition("</div>")[0]


def test_an_offices_own_number_can_be_confirmed(site: DeskSite, reference: str) -> None:
    site.take(reference)
    fields = {**ANSWER, "tra_loi": "Xin gọi 0204 355 5555 để được hướng dẫn."}
    refused = site.act(reference, "answer", **fields)
    assert 'name="da_kiem"' in refused.text
    assert site.act(reference, "answer", **fields, da_kiem="1").status_code == 200


def test_a_case_without_an_answer_is_closed_only_for_a_reason_which_is_not_public(
    site: DeskSite, reference: str
) -> None:
    site.take(reference)
    assert site.act(reference, "close", ly_do="Trùng với việc khác").status_code == 200
    assert "Trùng với việc khác" not in site.look_up(reference).text
    assert "Trùng với việc khác" not in site.board.get(RESULTS).text


def test_overdue_cases_come_first_and_are_counted(site: DeskSite) -> None:
    first, second = site.receive(W47, text="Việc thứ nhất")[0], site.receive(W47, text="Việc thứ hai")[0]
    site.close(W47)
    for reference in (first, second):
        site.take(reference)
    site.act(second, "assign", **ASSIGN)
    site.now += timedelta(days=7)
    page = words(site.post("ban").text)
    assert "Đang giải quyết: 2 Quá hạn: 1 việc" in page
    assert page.index("Việc thứ hai") < page.index("Việc thứ nhất")


def test_a_petition_is_counted_and_where_it_came_from_is_shown_only_to_who_takes_it(site: DeskSite) -> None:
    site.receive(W47, 12)
    (reference,) = site.receive(W47, text=PETITION + ", gọi 0912 345 678")
    site.close(W47)
    page = words(site.post("ban").text)
    assert "1 góp ý có dấu hiệu khiếu nại, tố cáo" in page
    assert "Luật Tố cáo 2018" in page
    for before in (site.post("ban").text, site.post("phieu", phieu=site.id_of(reference)).text):
        assert "quầy hai" in before
        assert "0912" not in before
        source = re.sub(r"<[^>]*>", " ", before.partition("quầy hai")[2])
        assert "hiện ra sau khi có người nhận" in source, "though twelve others came from the same place"
    taken = site.take(reference).text
    assert "hiện ra sau khi có người nhận" not in words(taken)
    assert "0912" not in taken
    assert "không trả lời công khai" in taken
    assert case_of(site, reference).history[0].who == MEMBERS[0].name


def test_a_petition_cannot_be_answered_in_public(site: DeskSite) -> None:
    (reference,) = site.receive(W47, text=PETITION)
    site.close(W47)
    taken = site.take(reference).text
    assert 'value="answer"' not in taken
    assert site.act(reference, "answer", **ANSWER).status_code == 400
    assert site.act(reference, "assign", **{**ASSIGN, "don_vi": "Nơi tiếp công dân"}).status_code == 200
    assert "gửi đơn hoặc đến nơi tiếp công dân" in site.look_up(reference).text


def test_a_suggestion_without_words_is_no_case(site: DeskSite) -> None:
    (reference,) = site.receive(W47, text="")
    site.close(W47)
    assert site.take(reference).status_code == 404


def test_another_wards_suggestion_and_case_are_not_found(site: DeskSite) -> None:
    (reference,) = site.receive(W47, ward=BAC_GIANG, text="Của phường khác")
    site.close(W47, ward=BAC_GIANG)
    own = {"phieu": site.id_of(reference), "lan": ONCE, "buoc": "0", "viec": "open"}
    assert site.take(reference).status_code == 404
    site.post("lam", site.pass_of(ward=BAC_GIANG), **own)
    before = site.snapshot()
    for action in ActionKind:
        answer = site.act(reference, action.value, seen=1, idempotency_key=f"{ONCE}-x", **ASSIGN, **ANSWER)
        assert answer.status_code == 404
        assert "Của phường khác" not in answer.text
    assert site.post("phieu", phieu=site.id_of(reference)).status_code == 404
    assert "Của phường khác" not in site.post("ban").text
    assert site.snapshot() == before


def test_a_busy_store_lets_the_same_form_be_sent_again(site: DeskSite, reference: str) -> None:
    class Broken:
        def case(self, id: str) -> object:
            raise StoreUnavailable("timeout")

    site.take(reference)
    site.cases = Broken()
    answer = site.act(reference, "answer", **ANSWER)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert ANSWER["tra_loi"] in answer.text
    assert f'name="lan" value="{ONCE}"' in answer.text
    site.cases = site.store
    assert site.act(reference, "answer", **ANSWER).status_code == 200
